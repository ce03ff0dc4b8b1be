#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every source file says its licence: an SPDX line, first in the file, or second below a `#!` line.

usage: lint_licence.py               prints the files that lack it, and exits 1 if there is one
       lint_licence.py --add         writes the line into those files
       lint_licence.py --self-test   shows that a missing, a misplaced and another licence's line are seen

Without a line: what a browser or a mailbox gets (pages, style sheets, script.js), what an operator copies (recipes,
configuration), seeds, captures, patches, pictures, and formats without comments. LICENSE holds for them all the same.
"""

import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINE = "SPDX-License-Identifier: Apache-2.0"
MARKS = {".cpp": "//", ".hpp": "//", ".c": "//", ".h": "//", ".in": "//", ".mjs": "//", ".cjs": "//", ".js": "//", ".py": "#", ".sh": "#", ".pl": "#",
         ".cmake": "#", ".sed": "#"}
NAMED = {"CMakeLists.txt": "#", ".ci/run": "#", "run": "#", "test": "#"}
SENT = ("script.js",)  # a browser gets it
BYTES = ("property_tests/captures/", "fuzz/seeds/")


def mark_of(name: str) -> str | None:
    """How a comment begins in this file; None: it needs no line."""
    path = pathlib.PurePosixPath(name)
    if name.startswith(BYTES) or path.name in SENT:
        return None
    return NAMED.get(name) or NAMED.get(path.name if path.name == "CMakeLists.txt" else "") or MARKS.get(path.suffix)


def place_of(lines: list[str]) -> int:
    return 1 if lines and lines[0].startswith("#!") else 0


def says_it(text: str, mark: str) -> bool:
    lines = text.splitlines()
    at = place_of(lines)
    return len(lines) > at and lines[at] == f"{mark} {LINE}"


def with_line(text: str, mark: str) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(place_of(lines), f"{mark} {LINE}\n")
    return "".join(lines)


def files() -> list[str]:
    """What git keeps or would keep; on a machine or in a tree without git, all but what is built."""
    if shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
        if listed.returncode == 0:
            return sorted(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())
    return sorted(name for path in ROOT.rglob("*") if path.is_file()
                  and not (name := path.relative_to(ROOT).as_posix()).startswith(("build/", ".git/")))


def self_test() -> int:
    shown = {
        "a file without the line": not says_it("int a;\n", "//"),
        "an empty file": not says_it("", "//"),
        "a line that is not the first": not says_it(f"int a;\n// {LINE}\n", "//"),
        "another licence": not says_it("// SPDX-License-Identifier: MIT\n", "//"),
        "a line above #!": not says_it(f"# {LINE}\n#!/bin/sh\n", "//"),
        "a source file is looked at": mark_of("kernel/decide.cpp") == "//" and mark_of("adapters/CMakeLists.txt") == "#",
        "a seed, a page and a patch are not": not any(map(mark_of, (BYTES[1] + "a.py", "a/b.html", "a/b.patch"))),
        "what was added is found": all(says_it(with_line(text, "#"), "#") for text in ("", "a\n", "#!/bin/sh\na\n")),
    }
    wrong = [name for name, holds in shown.items() if not holds]
    print("\n".join(f"self-test: not so: {name}" for name in wrong))
    print(f"licence: {len(shown) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    bare = [(name, mark) for name in files() if (mark := mark_of(name)) and not says_it((ROOT / name).read_text(), mark)]
    if sys.argv[1:] == ["--add"]:
        for name, mark in bare:
            (ROOT / name).write_text(with_line((ROOT / name).read_text(), mark))
        return 0
    print("\n".join(f"{name}: no licence line; property_tests/support/lint_licence.py --add writes it" for name, _ in bare))
    return 1 if bare else 0


if __name__ == "__main__":
    sys.exit(main())
