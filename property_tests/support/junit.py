#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes and counts results as JUnit XML: what ./test's table is made of.

./test names a file for each step in the environment variable TWINLOCK_JUNIT. The step's runner writes it there: ctest, node and
Google Test by their own option, our Python runners with Report, our shell scripts with `junit.py lines`. A runner that is started
by hand writes no file; its last line says the same: "N passed, N failed".

usage: junit.py count FILE STATUS     prints "PASSED FAILED" of a runner that ended with STATUS and should have written FILE
       junit.py lines SUITE           writes what the lines on standard input say: passed or failed, a tab, the case's name
       junit.py merge SUITE FILE...   writes all cases of some files as one
       junit.py --self-test

A file that is missing, malformed or without a case counts as one failure, and so does a runner that fails without a failed case.
A skipped case counts as nothing.
"""

import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Callable

VARIABLE = "TWINLOCK_JUNIT"
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Malformed(Exception):
    """There is no result, and why."""


class Report:
    """The result of one runner, case by case. The programs that it starts do not write to its file."""

    def __init__(self, suite: str) -> None:
        self.suite, self.cases = suite, []
        self.file = os.environ.pop(VARIABLE, "")

    def case(self, name: str, good: object, detail: object = "") -> bool:
        """Keeps one case; `detail` is what the reader of a failure is told."""
        self.cases.append((name, bool(good), str(detail)))
        return bool(good)

    def claim(self, name: str, holds: object, detail: object = "") -> bool:
        """Keeps one case and prints it."""
        print(f"{'ok  ' if holds else 'FAIL'} {name}{f': {detail}' if detail != '' else ''}", flush=True)
        return self.case(name, holds, detail)

    @property
    def failed(self) -> int:
        return sum(not good for _, good, _ in self.cases)

    def end(self, say: Callable[[str], object] = print) -> int:
        """Writes the file and says "N passed, N failed"; returns the status to end with. A runner without a case fails."""
        if self.file:
            self.write(Path(self.file))
        say(f"{len(self.cases) - self.failed} passed, {self.failed} failed")
        return 1 if self.failed or not self.cases else 0

    def write(self, path: Path) -> None:
        """Renamed into place, so that nobody reads half a file."""
        suite = ElementTree.Element("testsuite", name=self.suite, tests=str(len(self.cases)), failures=str(self.failed))
        for name, good, detail in self.cases:
            case = ElementTree.SubElement(suite, "testcase", classname=self.suite, name=NOT_XML.sub("?", name))
            if not good:
                ElementTree.SubElement(case, "failure").text = NOT_XML.sub("?", detail)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        ElementTree.ElementTree(suite).write(new, encoding="utf-8", xml_declaration=True)
        new.replace(path)


def state(case: ElementTree.Element) -> str:
    """Reads one <testcase>. ctest and Google Test say in attributes what was not run, node in an element."""
    if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
        return FAILED
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled") or case.get("result") in ("skipped", "suppressed"):
        return SKIPPED
    return PASSED


def read(path: Path) -> list[ElementTree.Element]:
    """Returns the test cases of a file, at least one. Throws Malformed."""
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise Malformed(f"{path}: {error}") from error
    if root.tag not in ("testsuite", "testsuites"):
        raise Malformed(f"{path}: its root element is <{root.tag}>, not <testsuites>")
    cases = list(root.iter("testcase"))
    if not cases:
        raise Malformed(f"{path}: it has no test case")
    return cases


def skipped(path: Path) -> int:
    """Returns how many cases a runner left out; none where there is no result."""
    try:
        return sum(state(case) == SKIPPED for case in read(path))
    except Malformed:
        return 0


def count(path: Path, status: int) -> tuple[int, int]:
    """Returns the passed and failed cases of a runner that ended with `status`; never 0 and 0."""
    try:
        states = [state(case) for case in read(path)]
    except Malformed as malformed:
        print(f"junit: {malformed}", file=sys.stderr)
        return 0, 1
    passed, failed = states.count(PASSED), states.count(FAILED)
    if failed == 0 and (status != 0 or passed == 0):
        failed = 1
    return passed, failed


def lines(suite: str, text: str) -> int:
    report = Report(suite)
    for line in text.splitlines():
        word, _, name = line.partition("\t")
        if word not in (PASSED, FAILED) or not name:
            sys.exit(f"junit: this line says neither passed nor failed and a name: {line}")
        report.case(name, word == PASSED)
    return report.end()


def merge(suite: str, paths: list[Path]) -> int:
    """A file that has no result is a failed case."""
    report = Report(suite)
    for path in paths:
        try:
            for case in read(path):
                if state(case) != SKIPPED:
                    report.case(f"{path.stem}: {case.get('name', '')}", state(case) == PASSED, "see the log of this step")
        except Malformed as malformed:
            report.case(path.stem, False, malformed)
    return report.end()


CTEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux-c++" tests="4" failures="1" disabled="1" skipped="1">
  <testcase name="a" classname="a" time="0.1" status="run"><system-out/></testcase>
  <testcase name="b" classname="b" time="0.1" status="fail"><failure message=""/></testcase>
  <testcase name="c" classname="c" time="0" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
  <testcase name="d" classname="d" time="0" status="disabled"/>
</testsuite>"""
NODE = """<?xml version="1.0" encoding="utf-8"?>
<testsuites>
  <testsuite name="story" tests="3" failures="1" skipped="1">
    <testcase name="enrolls" time="1.2" classname="test"/>
    <testcase name="recovers" time="0.2" classname="test" failure="no"><failure type="testCodeFailure">no</failure></testcase>
    <testcase name="later" time="0" classname="test"><skipped type="skipped" message="true"/></testcase>
  </testsuite>
  <testcase name="alone" time="0.1" classname="test"/>
  <!-- tests 4 -->
</testsuites>"""
GTEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" name="AllTests">
  <testsuite name="Model" tests="3" failures="1">
    <testcase name="A" status="run" result="completed" time="0.1" classname="Model"/>
    <testcase name="B" status="run" result="completed" time="0.1" classname="Model"><failure message="no" type=""/></testcase>
    <testcase name="C" status="notrun" result="suppressed" time="0" classname="Model"/>
  </testsuite>
</testsuites>"""
ONE = '<testsuite><testcase name="a"/></testsuite>'
COUNTED = (  # (what it is, the file's text or None, the runner's status, passed, failed)
    ("ctest's report", CTEST, 8, 1, 1),
    ("node's report", NODE, 1, 2, 1),
    ("Google Test's report", GTEST, 1, 1, 1),
    ("a runner that died before it wrote", None, 139, 0, 1),
    ("a runner that ended well and wrote nothing", None, 0, 0, 1),
    ("an empty file", "", 0, 0, 1),
    ("a file that is cut off", CTEST[:-20], 0, 0, 1),
    ("a file that is no JUnit", "<html/>", 0, 0, 1),
    ("a file without a case", "<testsuites/>", 0, 0, 1),
    ("a file of skipped cases alone", '<testsuite><testcase name="a"><skipped/></testcase></testsuite>', 0, 0, 1),
    ("a runner that fails after it wrote that all is well", ONE, 1, 1, 1),
    ("a case that could not be run", '<testsuite><testcase name="a"><error/></testcase></testsuite>', 1, 0, 1),
)


def own(file: Path, *arguments: str, text: str = "") -> tuple[int, tuple[int, int]]:
    """Runs this program with TWINLOCK_JUNIT set to `file`; returns its status and what the file then counts."""
    file.unlink(missing_ok=True)
    status = subprocess.run([sys.executable, __file__, *arguments], input=text, text=True, capture_output=True, check=False,
                            env={**os.environ, VARIABLE: str(file)}).returncode
    return status, count(file, status)


def self_test() -> int:
    report = Report("junit")

    def expect(what: str, seen: object, right: object) -> None:
        report.claim(what, seen == right, "" if seen == right else f"{seen} instead of {right}")

    with tempfile.TemporaryDirectory(prefix="twinlock-junit-") as folder:
        file, bad = Path(folder) / "step.xml", Path(folder) / "bad.xml"
        for what, text, status, passed, failed in COUNTED:
            file.unlink(missing_ok=True)
            if text is not None:
                file.write_text(text)
            expect(what, count(file, status), (passed, failed))
        expect("lines that passed", own(file, "lines", "a", text="passed\tone\npassed\ttwo & <three>\n"), (0, (2, 0)))
        expect("a line that failed", own(file, "lines", "a", text="passed\tone\nfailed\ttwo\x1b[0m\n"), (1, (1, 1)))
        expect("no line at all", own(file, "lines", "a"), (1, (0, 1)))
        expect("a line that says neither", own(file, "lines", "a", text="perhaps\tone\n"), (1, (0, 1)))
        bad.write_text(CTEST)
        expect("files as one", own(file, "merge", "all", str(bad)), (1, (1, 1)))
        bad.write_text(ONE)
        expect("a good and a missing file as one", own(file, "merge", "all", str(bad), str(file)), (1, (1, 1)))
    return report.end()


def main() -> int:
    match sys.argv[1:]:
        case ["count", file, status]:
            print(*count(Path(file), int(status)))
            return 0
        case ["lines", suite]:
            return lines(suite, sys.stdin.read())
        case ["merge", suite, *files]:
            return merge(suite, [Path(file) for file in files])
        case ["--self-test"]:
            return self_test()
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
