#!/usr/bin/env python3
"""Checks what the folders promise: which room may include which, how long a file may be, and what no file may say.

Prints one line per finding and exits 1 if there is one. The rooms and their reasons are in docs/design.md.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE_LINES_MAX = {"kernel": 300}  # read in one sitting
FILE_LINES_MAX_ELSE = 330
TABLES = {"adapters/text/en.cpp", "adapters/text/de.cpp"}  # one sentence a line: as long as they are

# What each room may include besides itself and the standard library; a room below never names one above.
ROOMS = {
    "kernel": set(),
    "adapters/text": {"kernel"},
    "adapters/fastcgi": set(),
    "adapters/config": {"adapters/text"},
    "adapters/store": {"kernel"},
    "adapters/keys": {"kernel", "adapters/store"},
    "adapters/helper": set(),
    "adapters/mail": {"adapters/helper", "kernel", "adapters/text", "adapters/store", "adapters/keys"},
    "adapters/probe": {"adapters/helper"},
    "adapters/memory_store": {"adapters/store"},
    "adapters/sqlite": {"adapters/store"},
    "adapters/service": {"kernel", "adapters/store", "adapters/keys", "adapters/mail", "adapters/text"},
    "adapters/http": {"kernel", "adapters/service", "adapters/store", "adapters/keys", "adapters/fastcgi", "adapters/text",
                      "adapters/mail", "adapters/config"},
    "adapters/api": {"kernel", "adapters/service", "adapters/store", "adapters/keys", "adapters/fastcgi", "adapters/text",
                     "adapters/mail", "adapters/config", "adapters/http"},
    "adapters/daemon": {"kernel", "adapters"},
    "adapters/cli": {"kernel", "adapters"},
}

# One outside library each: only these rooms may name it.
LIBRARIES = {
    "sqlite3.h": {"adapters/sqlite", "adapters/cli"},  # doctor tells its version
    "curl/": {"adapters/mail", "adapters/probe"},
    "toml++/": {"adapters/config"},
    "qrencode.h": {"adapters/http"},
}

KERNEL_SYSTEM = {"cstdint", "cstddef", "openssl/sha.h", "openssl/mem.h"}
WORDS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
REGISTRIES = re.compile(r"(registry\.np" r"mjs|deb\.debian\.o" r"rg|security\.debian\.o" r"rg|py" r"pi\.org|files\.pythonh" r"osted)")
TEXT = {".cpp", ".hpp", ".py", ".sh", ".mjs", ".js", ".md", ".html", ".css", ".conf", ".txt", ".toml", ".json", ".yaml", ".cmake"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path: str) -> str | None:
    return next((room for room in ROOMS if path == room or path.startswith(room + "/")), None)


def includes(path: pathlib.Path, relative: str) -> list[str]:
    room, found = room_of(relative), []
    if room is None:
        return found
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        bracket, name = match.groups()
        where = f"{relative}:{number}"
        if bracket == '"':
            other = room_of(name)
            allowed = ROOMS[room] | {room}
            if other is None and name.startswith(("kernel", "adapters")):
                found.append(f"{where}: includes {name}, which is in no known room")
            elif other is not None and not any(other == a or other.startswith(a + "/") for a in allowed):
                found.append(f"{where}: {room} may not include {name}")
        elif room == "kernel" and name not in KERNEL_SYSTEM:
            found.append(f"{where}: the kernel may not include <{name}>")
        for library, rooms in LIBRARIES.items():
            if name.startswith(library) and room not in rooms:
                found.append(f"{where}: {room} may not name <{name}>")
    return found


def text(path: pathlib.Path, relative: str) -> list[str]:
    found = []
    try:
        lines = path.read_text().splitlines()
    except UnicodeDecodeError:
        return [f"{relative}: not UTF-8"]
    lines_max = FILE_LINES_MAX.get(room_of(relative) or "", FILE_LINES_MAX_ELSE)
    if path.suffix in {".cpp", ".hpp"} and len(lines) > lines_max and relative not in TABLES:
        found.append(f"{relative}: {len(lines)} lines, more than {lines_max}")
    for number, line in enumerate(lines, 1):
        if WORDS.search(line) and path != pathlib.Path(__file__).resolve():
            found.append(f"{relative}:{number}: unfinished: {line.strip()[:80]}")
        if REGISTRIES.search(line):
            found.append(f"{relative}:{number}: names a registry's host")
        if line != line.rstrip() and path.suffix != ".md":
            found.append(f"{relative}:{number}: white space at the end of the line")
    return found


def main() -> int:
    found = []
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT).as_posix()
        if relative.startswith(("build/", ".git/", "node_modules/", "property_tests/captures/")) or not path.is_file():
            continue
        if path.suffix in {".cpp", ".hpp"}:
            found += includes(path, relative)
        if path.suffix in TEXT or path.name in {"run", "test", "CMakeLists.txt"}:
            found += text(path, relative)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
