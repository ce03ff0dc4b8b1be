#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
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
    "adapters/fastcgi": {"adapters/system"},
    "adapters/config": {"adapters/system", "adapters/text"},
    "adapters/store": {"kernel"},
    "adapters/keys": {"adapters/system", "kernel", "adapters/store"},
    "adapters/system": set(),
    "adapters/helper": {"adapters/system"},
    "adapters/mail": {"adapters/system", "adapters/helper", "kernel", "adapters/text", "adapters/store", "adapters/keys"},
    "adapters/probe": {"adapters/text", "adapters/system", "adapters/helper"},
    "adapters/memory_store": {"adapters/store"},
    "adapters/sqlite": {"adapters/system", "adapters/store"},
    "adapters/service": {"kernel", "adapters/store", "adapters/keys", "adapters/mail", "adapters/text"},
    "adapters/http": {"kernel", "adapters/service", "adapters/store", "adapters/keys", "adapters/fastcgi", "adapters/text",
                      "adapters/config"},
    # Who changes a page cannot touch the gate's yes: neither of the two knows of the other.
    "adapters/gate": {"kernel", "adapters/service", "adapters/store", "adapters/keys", "adapters/fastcgi", "adapters/config",
                      "adapters/http"},
    "adapters/pages": {"kernel", "adapters/service", "adapters/store", "adapters/keys", "adapters/fastcgi", "adapters/text",
                       "adapters/config", "adapters/http"},
    "adapters/api": {"adapters/system", "kernel", "adapters/service", "adapters/store", "adapters/keys", "adapters/fastcgi", "adapters/text",
                     "adapters/mail", "adapters/config", "adapters/http"},
    "adapters/daemon": {"adapters/system", "kernel", "adapters/service", "adapters/store", "adapters/sqlite", "adapters/keys",
                        "adapters/fastcgi", "adapters/mail", "adapters/config", "adapters/http", "adapters/gate", "adapters/pages",
                        "adapters/api"},
    "adapters/console": {"kernel", "adapters/system", "adapters/text", "adapters/store", "adapters/keys", "adapters/config",
                         "adapters/service", "adapters/daemon"},
    "adapters/doctor": {"kernel", "adapters/system", "adapters/helper", "adapters/text", "adapters/fastcgi", "adapters/store",
                        "adapters/keys", "adapters/mail", "adapters/probe", "adapters/config", "adapters/service", "adapters/daemon",
                        "adapters/console"},
    "adapters/cli": {"kernel", "adapters"},
}

# One outside library each: only these rooms may name it.
LIBRARIES = {
    "sqlite3.h": {"adapters/sqlite", "adapters/doctor"},  # doctor tells its version
    "curl/": {"adapters/mail", "adapters/probe"},
    "toml++/": {"adapters/config"},
    "qrencode.h": {"adapters/http"},
    "utf8proc.h": {"adapters/text"},
}

# One copy of each decision: what only these rooms may write, each with the place that has it.
COPIES = {
    r"PR_SET_DUMPABLE|RLIMIT_CORE": ({"adapters/system"}, "system::forbid_core_dumps()"),
    r"PR_SET_NO_NEW_PRIVS": ({"adapters/system"}, "system::forbid_new_rights()"),
    r"SIGPIPE|SIGXFSZ|SIGUSR": ({"adapters/system"}, "system::outlive_stray_signals()"),
    r"RLIMIT_NOFILE": ({"adapters/system"}, "system::allow_open_files()"),
    r"\bflock\s*\(": ({"adapters/system"}, "system::FolderLock"),
    r"\bF_(OFD_)?SETLKW?\b|\blockf\s*\(": ({"adapters/sqlite"}, "sqlite::CommitLock"),
    r"\b0?7177U?\b": ({"adapters/system"}, "system::read_private_file()"),
    r"\bO_NOFOLLOW\b": ({"adapters/system", "adapters/sqlite"}, "system::read_private_file()"),
    r"\bposix_spawnp?\s*\(|\bv?fork\s*\(|\bexec[lv]p?e?\s*\(|\bpopen\s*\(": ({"adapters/helper"}, "helper::spawn()"),
    r"'A' \+ 'a'|\b(tolower|toupper)\s*\(": ({"adapters/text"}, "text::lower() or text::upper()"),
    r"\b(0xD800|0xC0U?)\b": ({"adapters/text"}, "text::first_character()"),
    r"\\\\u\{:04x\}": ({"adapters/text"}, "text::json_string()"),
    r"IN6_IS_ADDR_LOOPBACK|INADDR_LOOPBACK|starts_with\(\"127|\"\[::1\]\"": ({"adapters/system"}, "system::is_loopback_host()"),
    r">> 4U\]|%\{:02X\}|(?<!x)\{:02x\}": ({"adapters/text"}, "text::to_hex() or text::percent_encode()"),
    r"fmt::print\(stderr|std::cerr|write\(STDERR_FILENO": ({"adapters/system"}, "system::log(): a line that is lost must not throw"),
    r"\bsocketpair\s*\(": ({"adapters/helper"}, "helper::Child"),
}

KERNEL_SYSTEM = {"cstdint", "cstddef", "stdint.h", "stddef.h", "openssl/sha.h", "openssl/mem.h"}
WORDS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
REGISTRIES = re.compile(r"(registry\.np" r"mjs|deb\.debian\.o" r"rg|security\.debian\.o" r"rg|py" r"pi\.org|files\.pythonh" r"osted)")
TEXT = {".cpp", ".hpp", ".c", ".h", ".py", ".sh", ".mjs", ".js", ".md", ".html", ".css", ".conf", ".txt", ".toml", ".json", ".yaml", ".cmake"}
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


def copies(relative: str, lines: list[str]) -> list[str]:
    """Calls outside the room that has the one copy of the decision; comments do not count."""
    room, found = room_of(relative), []
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        for pattern, (rooms, instead) in COPIES.items():
            if room is not None and room not in rooms and re.search(pattern, code):
                found.append(f"{relative}:{number}: only {' and '.join(sorted(rooms))} may do this; call {instead}")
    return found


def self_test() -> int:
    """Each kind of second copy is seen, and the one copy is not."""
    rows = [("prctl(PR_SET_DUMPABLE, 0);", "adapters/cli/main.cpp", "adapters/system/process.cpp"),
            ("prctl(PR_SET_NO_NEW_PRIVS, 1);", "adapters/probe/main.cpp", "adapters/system/process.cpp"),
            ("signal(SIGPIPE, SIG_IGN);", "adapters/probe/main.cpp", "adapters/system/process.cpp"),
            ("getrlimit(RLIMIT_NOFILE, &limit);", "adapters/daemon/listeners.cpp", "adapters/system/process.cpp"),
            ("::flock(fd, LOCK_EX)", "adapters/api/key_file.cpp", "adapters/system/folder_lock.cpp"),
            ("fcntl(fd, F_OFD_SETLK, &range)", "adapters/keys/key_file.cpp", "adapters/sqlite/commit_lock.cpp"),
            ("if ((status.st_mode & 07177U) != 0)", "adapters/config/load.cpp", "adapters/system/private_file.cpp"),
            ("open(path, O_RDONLY | O_NOFOLLOW)", "adapters/config/load.cpp", "adapters/system/private_file.cpp"),
            ("posix_spawn(&pid, path)", "adapters/mail/pump.cpp", "adapters/helper/spawn.cpp"),
            ("const pid_t pid = fork();", "adapters/mail/pump.cpp", "adapters/helper/spawn.cpp"),
            ("static_cast<char>(c - 'A' + 'a')", "adapters/api/body.cpp", "adapters/text/ascii.hpp"),
            ("if (point >= 0xD800)", "adapters/mail/clean.cpp", "adapters/text/utf8.cpp"),
            (r'fmt::format("\\u{:04x}", byte)', "adapters/mail/wire.cpp", "adapters/text/json.cpp"),
            ('host.starts_with("127.")', "adapters/mail/mailer/smtp.cpp", "adapters/system/loopback.cpp"),
            ('fmt::format("%{:02X}", byte)', "adapters/console/printable.cpp", "adapters/text/encoding.cpp"),
            ('fmt::print(stderr, "{}\\n", line);', "adapters/daemon/main.cpp", "adapters/system/log.cpp"),
            ("socketpair(AF_UNIX, SOCK_STREAM, 0, ends)", "adapters/mail/pump.cpp", "adapters/helper/child.cpp")]
    wrong = [line for line, elsewhere, home in rows if len(copies(elsewhere, [line])) != 1 or copies(home, [line])]
    wrong += [line for line in ("// not fork()", "locked = take_flock") if copies("adapters/mail/pump.cpp", [line])]
    unused = [p for p in COPIES if not any(re.search(p, line) for line, _, _ in rows)]
    print(f"copies: {len(rows)} kinds of second copy seen" if not wrong + unused else f"copies: wrong: {wrong} unused: {unused}")
    return 1 if wrong + unused else 0


def text(path: pathlib.Path, relative: str) -> list[str]:
    found = []
    try:
        lines = path.read_text().splitlines()
    except UnicodeDecodeError:
        return [f"{relative}: not UTF-8"]
    lines_max = FILE_LINES_MAX.get(room_of(relative) or "", FILE_LINES_MAX_ELSE)
    if path.suffix in {".cpp", ".hpp", ".c", ".h"} and len(lines) > lines_max and relative not in TABLES:
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
        if path.suffix in {".cpp", ".hpp", ".c", ".h"}:
            found += includes(path, relative)
            found += copies(relative, path.read_text(errors="replace").splitlines())
        if path.suffix in TEXT or path.name in {"run", "test", "CMakeLists.txt"}:
            found += text(path, relative)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(self_test() if "--self-test" in sys.argv[1:] else main())
