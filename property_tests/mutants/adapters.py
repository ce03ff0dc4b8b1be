#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Applies each kept mutant of the adapters to a copy of the tree, builds the program that should notice it, and runs its tests.

A mutant is a unified diff over adapters/; its first line says what it breaks, which targets to build and which tests notice:
    # breaks K17: what went wrong; build: store_tests; noticed by: <regular expression over ctest's names>
    # breaks K4: what went wrong; build: gate_test pages_test; noticed by: <expression> and <expression>
Each must apply, compile and turn a test red that its own line names (one for each expression); otherwise the exit code is 1. The copy and its build folder
are kept (build/mutants), so that a second run builds only what the mutants change.

usage: adapters.py [-j JOBS] [--work FOLDER] [NAME...]        NAME: part of a patch's file name
"""

import argparse
import fcntl
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "property_tests" / "support"))
import junit  # noqa: E402

PATCHES = ROOT / "property_tests/mutants/adapters"
PARTS = ("kernel", "adapters", "property_tests", "fuzz", "bench", "docs", "CMakeLists.txt", "CMakePresets.json")
HEADER = re.compile(r"# breaks (?P<what>K\d+): (?P<how>.+); build: (?P<targets>\w+( \w+)*); noticed by: (?P<by>\S+( and \S+)*)$")
# Compiles through ccache; a generated mutant, which comes once, without it and without warnings.
LAUNCHER = '#!/bin/sh\n[ -z "$TWINLOCK_MUTANT" ] || exec "$@" -w\nif command -v ccache >/dev/null; then exec ccache "$@"; fi\nexec "$@"\n'
TESTS_S = 300


def run(command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)


def copy_changed(source, target):
    """Copies what differs and drops what is gone; what is the same keeps its time, so that ninja leaves it alone."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        names = {entry.name for entry in source.iterdir() if entry.name != "__pycache__"}
        for entry in list(target.iterdir()):
            if entry.name not in names:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        for name in names:
            copy_changed(source / name, target / name)
    elif not target.exists() or target.read_bytes() != source.read_bytes():
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


class Copy:
    """A tree of its own (generated.py uses it too): root's sources, and a build folder that is kept."""

    def __init__(self, folder, jobs, root=ROOT):
        self.folder, self.jobs, self.root = folder, jobs, root
        self.build = folder / "build/dev"  # as far from the sources as the tree's own, for ccache
        self.environment = {**os.environ, "CCACHE_BASEDIR": str(folder), "CCACHE_NOHASHDIR": "1"}

    def prepare(self, targets):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = open(self.folder / "lock", "w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)  # one run at a time in this tree
        launcher = self.folder / "launcher"
        launcher.write_text(LAUNCHER)
        launcher.chmod(0o755)
        for part in PARTS:
            if (self.root / part).exists():
                copy_changed(self.root / part, self.folder / part)
        made = run(["cmake", "--preset", "dev", "-B", self.build, f"-DCCACHE={launcher}"], cwd=self.folder, env=self.environment)
        return made.stderr if made.returncode else self.compile(targets)

    def compile(self, targets):
        """Returns "", or the compiler's complaint."""
        made = run(["ninja", "-C", self.build, "-j", self.jobs, *targets], env=self.environment)
        if made.returncode == 0:
            return ""
        return next((line for line in made.stdout.splitlines() if " error: " in line), made.stdout.strip().splitlines()[-1])

    def red(self, tests):
        """The names of the failing tests that match; ["none is named so"] where there is none."""
        done = run(["ctest", "--test-dir", self.build, "-R", tests, "--no-tests=error", "--timeout", "60", "-j", self.jobs], timeout=TESTS_S)
        if "No tests were found" in done.stdout + done.stderr:
            return ["none is named so"]
        return re.findall(r"^\s*\d+ - (\S+)", done.stdout, re.M) if done.returncode else []

    def patch(self, file, *options):
        return run(["patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch", *options, "-i", file], cwd=self.folder)


def judge(copy, patch, header):
    """Returns (killed as said, line for the reader)."""
    applied = copy.patch(patch)
    if applied.returncode != 0:
        return False, "does not apply: " + applied.stdout.strip().splitlines()[-1]
    try:
        complaint = copy.compile(header["targets"].split())
        if complaint:
            return False, "does not compile: " + complaint
        killers = []
        for tests in header["by"].split(" and "):
            red = copy.red(tests)
            if not red or red == ["none is named so"]:
                return False, f"SURVIVED  {header['what']} ({'no such test' if red else 'green'}: {tests}): {header['how']}"
            killers.append(red[0])
        return True, f"killed    {header['what']:4} by {' and '.join(killers)}: {header['how']}"
    finally:
        reverted = copy.patch(patch, "-R")
        if reverted.returncode != 0:
            sys.exit(f"{patch.name} does not come off again; remove {copy.folder}")


def main():
    options = argparse.ArgumentParser(usage=shlex.join(["adapters.py", "-j", "JOBS", "NAME..."]))
    options.add_argument("-j", type=int, default=os.cpu_count() or 1)
    options.add_argument("--work", type=pathlib.Path, default=ROOT / "build/mutants")
    options.add_argument("names", nargs="*")
    wanted = options.parse_args()
    start = time.monotonic()
    patches = [p for p in sorted(PATCHES.glob("*.patch")) if not wanted.names or any(n in p.name for n in wanted.names)]
    headers = {p: HEADER.fullmatch(p.read_text().splitlines()[0]) for p in patches}
    bad = [p.name for p, header in headers.items() if not header]
    if bad or not patches:
        sys.exit("no such patch" if not patches else f"the first line of {', '.join(bad)} is not as adapters.py's help says")
    copy = Copy(wanted.work, wanted.j)
    complaint = copy.prepare(sorted({target for header in headers.values() for target in header["targets"].split()}))
    if complaint:
        sys.exit("the unchanged tree does not build: " + complaint)
    red = copy.red("|".join(sorted({tests for header in headers.values() for tests in header["by"].split(" and ")})))
    if red:
        sys.exit("of the unchanged tree these tests are red: " + ", ".join(red))
    built = time.monotonic()
    report = junit.Report("adapters")
    for patch, header in headers.items():
        good, line = judge(copy, patch, header)
        report.case(patch.stem, good, line)
        print(f"{patch.stem:40} {line}", flush=True)
    print(f"figure: adapters: {len(headers) - report.failed} of {len(headers)} mutants killed in {time.monotonic() - built:.0f} s, after {built - start:.0f} s of building")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
