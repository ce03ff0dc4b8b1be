#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what is named by hand against the tree and against ctest's names, in seconds: a renamed test or file is seen by the commit
that renames it, and not by the tier that runs for minutes.

  each kept mutant applies, and the tests that must notice it are there
  each claim of mutants.txt is a harness or a claim, and its patch is kept
  each test, proof, mutant and fuzz target of evidence/properties.toml is there, and each kept mutant is in it
  each pattern of sources that constant_time/run.py watches finds one

usage: names.py --build FOLDER       ends with "N passed, N failed"
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import subprocess
import sys

import junit

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "property_tests"
sys.path.insert(0, str(TESTS / "evidence"))
import judge  # noqa: E402

HEADER = re.compile(r"; noticed by: (\S+(?: and \S+)*)$")


def ctest_names(build: pathlib.Path) -> list[str]:
    told = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True, text=True).stdout
    return [re.sub(r"\s+# GetParam\(\).*", "", test["name"]) for test in json.loads(told)["tests"]]


def patch_fault(text: str, names: list[str]) -> str:
    """What is wrong with a patch, or "". Its first line may name tests."""
    done = subprocess.run(["patch", "-p1", "--dry-run", "--fuzz=0", "--force"], input=text, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        return "it does not apply: " + done.stdout.strip().splitlines()[-1]
    header = HEADER.search(text.splitlines()[0])
    missing = [by for by in (header[1].split(" and ") if header else []) if not any(re.search(by, name) for name in names)]
    return f"no test is named {missing[0]}" if missing else ""


def map_faults(table: dict, names: list[str], kept: judge.Kept) -> list[tuple[str, str]]:
    """Each property of the evidence page, and what is wrong with it."""
    found = []
    for key in judge.IDS:
        faults: list[str] = []
        judge.globbed(table[key]["proofs"], kept.claims, "proof", faults)
        judge.globbed(table[key]["mutants"], kept.patches, "mutant", faults)
        judge.globbed(table[key]["fuzz"], kept.targets, "fuzz target", faults)
        faults += [f"test {pattern}: there is none of that name" for pattern in table[key]["tests"]
                   if not any(re.match(pattern, name) for name in names)]
        found.append((key, "; ".join(faults)))
    return found


def watched() -> list[str]:
    """The patterns of constant_time/run.py."""
    text = (TESTS / "constant_time/run.py").read_text()
    return re.findall(r'"([^"]+)"', re.search(r"WATCHED_ADAPTERS = \(([^)]*)\)", text)[1])


def look(report: junit.Report, names: list[str]) -> None:
    patches = sorted([*TESTS.glob("mutants/*/*.patch"), *TESTS.glob("proofs/mutants/**/*.patch"), *ROOT.glob("fuzz/mutants/*.patch")])
    for patch in patches:
        expect(report, patch.relative_to(ROOT).as_posix(), patch_fault(patch.read_text(), names))
    kept = judge.Kept()
    for claim, rows in judge.prove_mutants.table().items():
        missing = [name for name, _ in rows if not any((folder / f"{name}.patch").exists() for folder in judge.prove_mutants.PATCHES)]
        expect(report, f"mutants.txt: {claim}", "" if claim in kept.claims else "no proof is named so")
        expect(report, f"mutants.txt: patches of {claim}", f"there is no {missing[0]}" if missing else "")
    for key, fault in map_faults(judge.read_map(), names, kept):
        expect(report, f"properties.toml: {key}", fault)
    mapped = judge.globbed([pattern for key in judge.IDS for pattern in judge.read_map()[key]["mutants"]], kept.patches, "mutant", [])
    strangers = [name for name in kept.patches if name not in mapped]
    expect(report, "properties.toml: each kept mutant is in a property", ", ".join(strangers))
    for pattern in watched():
        expect(report, f"constant_time/run.py: {pattern}", "" if list(ROOT.glob(pattern)) else "there is no such file")


def expect(report: junit.Report, name: str, fault: str) -> None:
    if not report.case(name, not fault, fault):
        print(f"FAIL {name}: {fault}")


def look_at_itself(report: junit.Report, names: list[str]) -> None:
    """A fault of each kind is noticed."""
    patch = next(iter(sorted(TESTS.glob("mutants/adapters/*.patch")))).read_text()
    table, kept = judge.read_map(), judge.Kept()
    table["K1"]["tests"] = [*table["K1"]["tests"], "kernel\\.NoSuchTest"]
    for what, fault in (("a patch of lines that are gone", patch_fault(patch.replace("\n-", "\n-gone "), names)),
                        ("a mutant whose test is gone", patch_fault(re.sub("noticed by: .*", "noticed by: NoSuchTest", patch, count=1), names)),
                        ("a property whose test is gone", dict(map_faults(table, names, kept))["K1"])):
        report.case(f"noticed: {what}", fault, "not noticed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    names, report = ctest_names(parser.parse_args().build.resolve()), junit.Report("names")
    look(report, names)
    look_at_itself(report, names)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
