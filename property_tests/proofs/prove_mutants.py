#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that every proof can fail: for each claim, a kernel broken by a kept mutant must turn that claim red.

mutants.txt names for each claim a patch of property_tests/mutants/kernel (or of mutants/ beside this file) and, for claims about one step,
the kinds of event to look at; a claim may have several. A claim without a mutant fails too. Exit code 0: every claim was seen red; 1: one was not.

A patch of mutants/common puts the same fault into kernel and specification: one misreading, twice. K21 cannot see it, so another claim
must. In a row of a k21 claim the fault is in the kernel alone, and K21 must see it.

usage: prove_mutants.py [--jobs N] [--part K/N] [CLAIM...]      needs cbmc in PATH: prove.sh --mutants
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import prove

PATCHES = [prove.ROOT / "property_tests" / "mutants" / "kernel", prove.HERE / "mutants"]


def claims() -> list[str]:
    """Every harness and every claim function, as the harness files name them."""
    names = []
    for path in sorted((prove.HERE / "harness").glob("*.cpp")):
        names += re.findall(r"^(?:static )?void ((?:k\d\d|view)_\w+)\(\) \{", path.read_text(), re.M)
    return names


def assertions(claim: str) -> list[str]:
    """The prover's names for the CHECKs of a claim function, in order."""
    for path in (prove.HERE / "harness").glob("*.cpp"):
        body = re.search(rf"^(?:static )?void {claim}\(\) \{{[^\n}}]*\n(.*?)^\}}", path.read_text(), re.M | re.S)
        if body:
            return [f"{claim}.assertion.{n + 1}" for n in range(len(re.findall(r"\bCHECK\(", body[1])))]
    return []


def table() -> dict[str, list[tuple[str, list[str]]]]:
    rows = {}
    for line in (prove.HERE / "mutants.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            claim, patch, kinds = line.split()
            rows.setdefault(claim, []).append((patch, [] if kinds == "-" else kinds.split(",")))
    return rows


def apply(patch: str, into: Path, kernel_alone: bool) -> str:
    """Copies kernel and specification into `into` with the patch applied, or with its part for the kernel; returns what went wrong."""
    for room in ("kernel", prove.SPECIFICATION):
        shutil.copytree(prove.ROOT / room, into / room)
    found = next((folder / f"{patch}.patch" for folder in PATCHES if (folder / f"{patch}.patch").exists()), None)
    if not found:
        return f"there is no mutant {patch}"
    run = subprocess.run(["patch", "-p1", "--fuzz=0", "-s", "-i", found], cwd=into, capture_output=True, text=True)
    if run.returncode == 0 and kernel_alone:
        shutil.copytree(prove.ROOT / prove.SPECIFICATION, into / prove.SPECIFICATION, dirs_exist_ok=True)
    return "" if run.returncode == 0 else f"{patch} does not apply: {run.stdout.strip()}"


def look(claim: str, patch: str, kinds: list[str], limit: int) -> tuple[str, str, bool, float, str]:
    started = time.monotonic()
    harness = prove.harnesses().get(claim, ("step.cpp", 0))[0]
    name = claim if claim in prove.harnesses() else "step_claims"
    with tempfile.TemporaryDirectory(prefix="twinlock-mutant-") as folder:
        work = Path(folder)
        problem = apply(patch, work, kernel_alone=claim.startswith("k21_"))
        if problem:
            return claim, patch, False, 0, problem
        prove.respelled(work / "kernel", work / "text", work / prove.SPECIFICATION)
        checks = prove.checks_of(name) + prove.SOLVER
        if name != claim:  # of the one walk over all claims, this claim's alone
            checks = ["--no-standard-checks", "--stop-on-fail", *(word for a in assertions(claim) for word in ("--property", a))]
        red = False
        for kind in [f"-DKIND={kind}" for kind in kinds] or [None]:
            code, output = prove.cbmc(work / "text", harness, name, [*([kind] if kind else []), *checks], limit, solver=[])
            if code not in (0, 10):
                return claim, patch, False, time.monotonic() - started, output.strip().splitlines()[-1]
            red = red or code == 10
        return claim, patch, red, time.monotonic() - started, "nothing turned red"


def part(text: str) -> tuple[int, int]:
    first, each = (int(word) for word in text.split("/"))
    if not 0 <= first < each:
        raise argparse.ArgumentTypeError("K must be below N")
    return first, each


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claims", nargs="*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--limit", type=int, default=900, help="seconds for one run of the prover")
    parser.add_argument("--part", metavar="K/N", type=part, default=(0, 1), help="every N-th row of the table, from the K-th on (0 to N - 1)")
    options = parser.parse_args()
    rows, report = table(), prove.junit.Report("proof_mutants")
    wanted = [c for c in claims() if not options.claims or c in options.claims]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        all_rows = [(c, row) for c in wanted for row in rows.get(c, [])]
        first, each = options.part
        running = [pool.submit(look, c, *row, options.limit) for c, row in all_rows[first::each]]
        for done in concurrent.futures.as_completed(running):
            claim, patch, hit, seconds, note = done.result()
            print(f"{claim:<44} {'red' if hit else 'STILL GREEN':<12} {patch:<36} {seconds:>6.1f} s", flush=True)
            if not hit:
                print(f"      {note}")
            report.case(f"{claim} {patch}", hit, note)
    for claim in wanted:
        if claim not in rows:
            print(f"{claim:<44} NO MUTANT")
            report.case(claim, False, "it has no mutant")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
