#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that every target can fail: breaks a copy of the tree with each kept mutant, builds the mutant's target against it
and runs that from its seeds, then for a bounded number of runs.

A mutant is a unified diff; its first line names the target that must notice it, and what it breaks:
    # form: a field may be sent twice
The unchanged copy must be silent, every mutant must apply, build and be noticed, and every target must have one.

usage: check_mutants.py --work FOLDER [--compiler CXX] [NAME...]        NAME: part of a patch's file name
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

FUZZ = pathlib.Path(__file__).resolve().parent
ROOT = FUZZ.parent
sys.path.insert(0, str(ROOT / "property_tests" / "support"))
import junit  # noqa: E402

PARTS = ("CMakeLists.txt", "CMakePresets.json", "kernel", "adapters", "docs", "fuzz", "property_tests/model",
         "property_tests/specification", "property_tests/proofs/harness", "property_tests/support", "property_tests/captures")
HEADER = re.compile(r"# (?P<target>\w+): (?P<breaks>.+)")
RUNS, SECONDS_MAX, SEED = 100_000, 40, 1


def run(command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace", **options)


class Copy:
    """A copy of the tree, built; one mutant at a time is in it."""

    def __init__(self, work, compiler):
        self.tree, self.build = work / "tree", work / "tree/build/fuzz"
        self.bin = self.build / "bin"
        self.compiler = compiler
        self.environment = dict(os.environ, CCACHE_BASEDIR=str(self.tree), CCACHE_NOHASHDIR="1")

    def make(self):
        for part in PARTS:
            source, target = ROOT / part, self.tree / part
            if source.is_dir():
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(source, target)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        made = run(["cmake", "--preset", "fuzz", f"-DCMAKE_CXX_COMPILER={self.compiler}"], cwd=self.tree)
        return made if made.returncode else self.ninja("fuzz_targets")

    def ninja(self, target):
        return run(["ninja", "-C", self.build, target], env=self.environment)

    def patch(self, patch, *options):
        return run(["patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch", *options, "-i", patch], cwd=self.tree)

    def targets(self):
        return sorted(p.stem.removeprefix("fuzz_") for p in self.bin.glob("fuzz_*.seeds") if p.stem != "fuzz_canary")

    def noticed(self, target):
        """What noticed: "its seeds", "N runs", or "" for nothing; and the claim's line."""
        seeds = [s for s in (self.bin / f"fuzz_{target}.seeds").read_text().split("\n") if s]
        common = [self.bin / f"fuzz_{target}", f"-artifact_prefix={self.build}/{target}.", "-timeout=25"]
        dictionary = self.tree / "fuzz" / f"{target}.dict"
        done = run([*common, "-runs=0", *seeds])
        how = "its seeds"
        if done.returncode == 0:
            words = [f"-dict={dictionary}"] if dictionary.exists() else []
            done = run([*common, *words, f"-runs={RUNS}", f"-max_total_time={SECONDS_MAX}", f"-seed={SEED}", *self.scratch(), *seeds])
            counts = re.findall(r"^#(\d+)", done.stderr, re.M)
            how = f"about {counts[-1] if counts else '?'} runs"
        reason = re.search(r"^(claim does not hold|does not hold): (.+)$|ERROR: (.+)$", done.stderr, re.M)
        text = next((part for part in reason.groups()[1:] if part), "") if reason else "without a word"
        return ("", "") if done.returncode == 0 else (how, pathlib.PurePath(text).name[:70])

    def scratch(self):
        folder = self.build / "scratch"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return [folder]


def judge(copy, patch):
    """Returns (noticed, line for the reader)."""
    header = HEADER.fullmatch(patch.read_text().splitlines()[0])
    if not header or header["target"] not in copy.targets():
        return False, "its first line names no target"
    if copy.patch(patch).returncode:
        return False, "does not apply"
    try:
        made = copy.ninja(f"fuzz_{header['target']}")
        if made.returncode:
            return False, "does not build: " + next((line for line in made.stdout.splitlines() if "error" in line), "")
        how, claim = copy.noticed(header["target"])
    finally:
        copy.patch(patch, "-R")
    if not how:
        return False, f"SURVIVED  {header['target']}: {header['breaks']}"
    return True, f"noticed by {header['target']} from {how} ({claim}): {header['breaks']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True)
    parser.add_argument("--compiler", default="clang++-19")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    patches = [p for p in sorted((FUZZ / "mutants").glob("*.patch"))
               if not options.names or any(n in p.name for n in options.names)]
    if not patches:
        sys.exit("no such mutant")
    start = time.monotonic()
    copy = Copy(pathlib.Path(options.work).resolve(), options.compiler)
    made = copy.make()
    if made.returncode:
        sys.exit("the unchanged tree does not build:\n" + (made.stderr or made.stdout)[-2000:])
    report = junit.Report("fuzz-mutants")
    for patch in patches:
        held, line = judge(copy, patch)
        report.case(patch.stem, held, line)
        print(f"{patch.stem:28} {line}", flush=True)
    if not options.names:
        for target in copy.targets():
            report.case(f"{target} unharmed", unharmed(copy, target, patches), "red without a mutant, or it has no mutant")
    print(f"figure: {time.monotonic() - start:.0f} s")
    return report.end()


def unharmed(copy, target, patches):
    """The unchanged target is silent on its seeds, and has a mutant."""
    seeds = [s for s in (copy.bin / f"fuzz_{target}.seeds").read_text().split("\n") if s]
    copy.ninja(f"fuzz_{target}")
    silent = run([copy.bin / f"fuzz_{target}", "-runs=0", *seeds]).returncode == 0
    has = any(patch.read_text().startswith(f"# {target}:") for patch in patches)
    print(f"{target:28} {'silent unharmed' if silent else 'FAILED: red without a mutant'}"
          f"{'' if has else '; FAILED: it has no mutant'}", flush=True)
    return silent and has


if __name__ == "__main__":
    sys.exit(main())
