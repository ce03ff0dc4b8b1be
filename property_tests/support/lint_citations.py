#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that what the tree cites is in the tree. Prints one line per finding and exits 1 if there is one.

  spec 2.4, spec 2.2.9   a section of docs/spec.md, or a numbered point of one: in every text file
  K7                     a property of docs/spec.md, in every text file; properties.toml and the page name the same ones
  docs/page.md           a file of a folder of the tree, in every text file
  #include "kernel/..."  a file of the tree, in C++
  [text](page.md#head)   a relative link of a Markdown page: the file and the heading
  `kernel/record.hpp`    a path of the tree in a Markdown page, with * or NAME for any name

usage: lint_citations.py               checks the tree
       lint_citations.py --self-test   breaks one citation at a time and must see each
"""

import fnmatch
import pathlib
import posixpath
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SELF = pathlib.Path(__file__).resolve().relative_to(ROOT).as_posix()
SPEC, MAP = "docs/spec.md", "property_tests/evidence/properties.toml"
SKIPPED = ("build/", ".git/")
BYTES = ("property_tests/captures/", "fuzz/seeds/")  # what they hold cites nothing
TEXT = {".cpp", ".hpp", ".c", ".h", ".py", ".rb", ".sh", ".mjs", ".js", ".md", ".html", ".css", ".conf", ".txt", ".toml", ".json", ".yaml", ".yml",
        ".cmake", ".patch", ".sed", ".in", ".lua", ".service", ".socket", ".dict", ".options", ""}

SECTION = re.compile(r"\bspec (\d+(?:\.\d+)*)")
OTHER_SPELLING = re.compile(r"\b(?:(?:SPEC|Spec|NOTES|DESIGN|STYLE|REVIEW)(?:\.md|,? (?:sections? )?\d)|spec (?:sections?|chapter) \d|spec\d)")
PROPERTY = re.compile(r"\bK(\d+)\b")
FILE = re.compile(r"(?<![\w/.$}-])(\w+)/[\w./-]*\w\.(?:cpp|hpp|md|py|sh|mjs|cmake|toml|txt|json|conf|lua|svg|png|sed)\b(?![*/])")
INCLUDE = re.compile(r'^\s*#\s*include "([^"]+)"')
LINK = re.compile(r"\]\(([^()\s]+)\)")
TICKED = re.compile(r"`([^`\s]+)`")


def headings(page: str) -> list[str]:
    """The text of each heading; lines of fenced code are none."""
    return re.findall(r"^#+ +(.+?) *$", re.sub(r"^```.*?^```", "", page, flags=re.M | re.S), re.M)


def anchors(page: str) -> set[str]:
    """The headings' anchors, as GitHub makes them."""
    found: set[str] = set()
    for heading in headings(page):
        name = re.sub(r"[^\w\- ]", "", re.sub(r"`|\*\*|\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        times = 0
        while (name if not times else f"{name}-{times}") in found:
            times += 1
        found.add(name if not times else f"{name}-{times}")
    return found


def sections(spec: str) -> set[str]:
    """The numbers of the sections, and of the numbered points in each."""
    found: set[str] = set()
    section = ""
    for line in spec.splitlines():
        if head := re.match(r"#+ +(\d+(?:\.\d+)*) ", line):
            section = head[1]
            found.add(section)
        elif line.startswith("#"):
            section = ""
        elif section and (point := re.match(r"(\d+)\. ", line)):
            found.add(f"{section}.{point[1]}")
    return found


def properties(spec: str) -> set[str]:
    return {name for heading in headings(spec) for name in re.findall(r"^K(\d+) \w", heading)}


class Tree:
    def __init__(self, texts: dict[str, str], files: set[str]):
        self.texts, self.files = texts, files
        self.places = files | {parent for name in files for parent in map(str, pathlib.PurePosixPath(name).parents)}
        self.rooms = {name.split("/")[0] for name in files if "/" in name}
        self.anchors = {name: anchors(text) for name, text in texts.items() if name.endswith(".md")}
        self.sections, self.properties = sections(texts[SPEC]), properties(texts[SPEC])

    def holds(self, path: str) -> bool:
        path = path.rstrip("/").replace("NAME", "*")
        return path in self.places or ("*" in path and any(fnmatch.fnmatchcase(name, path) for name in self.places))


def link_fault(tree: Tree, page: str, target: str) -> str:
    if re.match(r"[a-z]+:", target):
        return ""
    path, _, anchor = target.partition("#")
    name = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    if not tree.holds(name):
        return f"links {target}, which is not there"
    if anchor and anchor not in tree.anchors.get(name, set()):
        return f"links {target}, but {name} has no such heading"
    return ""


def line_faults(tree: Tree, name: str, line: str) -> list[str]:
    found = [f"cites spec {number}, which {SPEC} does not have" for number in SECTION.findall(line) if number not in tree.sections]
    found += [f"cites '{other[0]}': write 'spec' and the number of a section of {SPEC}" for other in OTHER_SPELLING.finditer(line)]
    found += [f"cites K{number}, which {SPEC} does not state" for number in PROPERTY.findall(line) if number not in tree.properties]
    found += [f"names {path[0]}, which is not there" for path in FILE.finditer(line) if path[1] in tree.rooms and not tree.holds(path[0])]
    if (include := INCLUDE.match(line)) and include[1].split("/")[0] in tree.rooms and not tree.holds(include[1]):
        found.append(f"includes {include[1]}, which is not there")
    if name.endswith(".md"):
        found += filter(None, (link_fault(tree, name, target) for target in LINK.findall(line)))
        found += [f"names {path}, which is not there" for path in TICKED.findall(line)
                  if path.split("/")[0] in tree.rooms and "/" in path and re.fullmatch(r"[\w./*-]+", path) and not tree.holds(path)]
    return found


def findings(texts: dict[str, str], files: set[str]) -> list[str]:
    tree = Tree(texts, files)
    found = [f"{name}:{number}: {fault}" for name, text in texts.items() for number, line in enumerate(text.splitlines(), 1)
             for fault in line_faults(tree, name, line)]
    mapped = set(re.findall(r"^\[K(\d+)\]", texts[MAP], re.M))
    found += [f"{MAP}: K{number} is not stated in {SPEC}" for number in sorted(mapped - tree.properties)]
    found += [f"{SPEC}: K{number} is not in {MAP}" for number in sorted(tree.properties - mapped)]
    return found


def read_tree() -> tuple[dict[str, str], set[str]]:
    texts, files = {}, set()
    for path in sorted(ROOT.rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if not path.is_file() or name.startswith(SKIPPED) or "node_modules" in path.parts or "__pycache__" in path.parts:
            continue
        files.add(name)
        if path.suffix in TEXT and name != SELF and not name.startswith(BYTES):
            try:
                texts[name] = path.read_text()
            except UnicodeDecodeError:
                pass  # a picture or a capture
    return texts, files


# What is done to which file of a tree in which all is good, and what the finding says.
BROKEN = [
    ("a section that the specification lacks", "kernel/limits.hpp", r"\A", "// spec 2.99\n", "cites spec 2.99"),
    ("a point that a section lacks", "kernel/limits.hpp", r"\A", "// spec 2.2.16\n", "cites spec 2.2.16"),
    ("a section that gets another number", SPEC, r"(?m)^### 5\.4 ", "### 5.9 ", "cites spec 5.4"),
    ("another spelling", "kernel/limits.hpp", r"\A", "// SPEC 4\n", "cites 'SPEC 4'"),
    ("a page that is not in the tree", "kernel/limits.hpp", r"\A", "// NOTES 3\n", "cites 'NOTES 3'"),
    ("a property that nobody stated", "kernel/limits.hpp", r"\A", "// K99\n", "cites K99"),
    ("a property that is gone from the specification", SPEC, r"(?m)^### K7 ", "### ", "K7 is not stated"),
    ("a property that is gone from the map", MAP, r"(?m)^\[K7\]", "[seven]", "K7 is not in"),
    ("a docs page named in a comment", "kernel/limits.hpp", r"\A", "// docs/nowhere.md\n", "names docs/nowhere.md"),
    ("an include of a file that moved", "kernel/digest.hpp", r"\A", '#include "kernel/' 'moved.hpp"\n', "includes kernel/" "moved.hpp"),
    ("a link to a page that is not there", "README.md", r"\]\(docs/spec\.md\)", "](docs/specs.md)", "links docs/specs.md"),
    ("a link to a heading that is not there", "README.md", r"\]\(docs/spec\.md\)", "](docs/spec.md#nowhere)", "no such heading"),
    ("a heading that is renamed under a link", "docs/operating.md", r"(?m)^## Trying the site from outside", "## Trying it", "no such heading"),
    ("a test named in a comment", "kernel/limits.hpp", r"\A", "// property_tests/unit/nothing_test.cpp\n", "names property_tests/unit/nothing"),
    ("a path in backticks", "docs/caveats.md", r"\Z", "`kernel/nothing.cpp`\n", "names kernel/nothing.cpp"),
    ("a pattern in backticks", "docs/caveats.md", r"\Z", "`kernel/*.rs`\n", "names kernel/*.rs"),
    ("a place for a name in backticks", "docs/caveats.md", r"\Z", "`kernel/NAME.rs`\n", "names kernel/NAME.rs"),
]


def self_test() -> int:
    texts, files = read_tree()
    failed = 0
    for what, name, pattern, instead, wanted in BROKEN:
        broken, times = re.subn(pattern, lambda _: instead, texts[name], count=1)
        said = findings(texts | {name: broken}, files)
        wrong = "this test changes nothing" if not times else "" if any(wanted in line for line in said) else "not seen"
        failed += bool(wrong)
        print(f"{'ok  ' if not wrong else 'FAIL'} {what}{': ' + wrong if wrong else ''}")
    print(f"{len(BROKEN) - failed} of {len(BROKEN)} broken citations seen")
    return 1 if failed else 0


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if sys.argv[1:]:
        print(__doc__)
        return 2
    found = findings(*read_tree())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
