# SPDX-License-Identifier: Apache-2.0
"""Reads what the runners of one `./test evidence` left in build/test: item by item, with its state and what was said of it.

Only a step that steps.tsv names has run in this run: another's log, left from an earlier one, is not looked at.
"""

import dataclasses
import re
import xml.etree.ElementTree
from pathlib import Path

import junit

PASS, FAIL, SKIP, MISSING = "passed", "failed", "skipped", "not run"


@dataclasses.dataclass
class Item:
    name: str
    state: str
    note: str = ""


@dataclasses.dataclass
class Step:
    name: str
    passed: int
    failed: int
    status: int
    seconds: float

    @property
    def good(self) -> bool:
        return self.status == 0 and self.failed == 0 and self.passed > 0


class Results:
    """Each kind of result by name; what is not in one of these was not seen."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.steps = read_steps(folder / "steps.tsv")
        self.tests = read_tests(folder / "junit/unit.xml") if "unit" in self.steps else {}
        self.proofs = by_lines(self.log("proofs"), PROOF, proof_item)
        self.proof_mutants = by_lines(self.log("proof_mutants"), PROOF_MUTANT, proof_mutant_item)
        self.mutants = {}
        for room, step in (("kernel", "mutants"), ("adapters", "adapters")):
            for item in by_lines(self.log(step), MUTANT, mutant_item).values():
                item.name = f"{room}/{item.name}"
                self.mutants[item.name] = item
        self.fuzz = read_fuzz(self.log("fuzz"))
        self.fuzz_mutants = by_lines(self.log("fuzz-mutants"), FUZZ_MUTANT, fuzz_mutant_item)

    def log(self, step: str) -> list[str]:
        path = self.folder / f"{step}.log"
        return path.read_text(errors="replace").splitlines() if step in self.steps and path.exists() else []

    def skipped(self, step: str) -> int:
        """How many tests a runner says it left out."""
        return junit.skipped(self.folder / "junit" / f"{step}.xml") if step in self.steps else 0

    def figures(self, step: str) -> list[str]:
        return [line.removeprefix("figure: ") for line in self.log(step) if line.startswith("figure: ")]


def read_steps(path: Path) -> dict[str, Step]:
    found = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        name, passed, failed, status, seconds = line.split("\t")
        found[name] = Step(name, int(passed), int(failed), int(status), float(seconds))
    return found


def read_tests(path: Path) -> dict[str, Item]:
    """ctest's own report (--output-junit). A file that is cut off is no result at all."""
    found = {}
    try:
        suite = xml.etree.ElementTree.parse(path).getroot()
    except (OSError, xml.etree.ElementTree.ParseError):
        return found
    for case in suite.iter("testcase"):
        name = re.sub(r"\s+# GetParam\(\).*", "", case.get("name", ""))
        seconds = float(case.get("time") or 0)
        skipped, failed = case.find("skipped") is not None, case.find("failure") is not None
        state = FAIL if failed else SKIP if skipped or case.get("status") != "run" else PASS
        if name in found and found[name].state != PASS:
            state = found[name].state
        found[name] = Item(name, state, f"{seconds:.1f}\u00a0s" if seconds >= 0.1 else "")
    return found


def by_lines(lines: list[str], pattern: re.Pattern, item) -> dict[str, Item]:
    found = {}
    for line in lines:
        match = pattern.match(line)
        if match:
            made = item(match)
            found[made.name] = made
    return found


PROOF = re.compile(r"(\w+) +(proved|FAILED|VACUOUS|TIME-OUT|ERROR)\s+(?:(\d+)/(\d+) reached)?\s+([\d.]+) s ?(.*)")
PROOF_MUTANT = re.compile(r"(\w+) +(red|STILL GREEN|NO MUTANT)\b *(\S*)")
MUTANT = re.compile(r"(\w+) +(killed    K\d+ +by |SURVIVED|does not |killed by |its first )(.*)")
FUZZ = re.compile(r"figure: (\w+) +(\d+) execs/s +(\d+) execs  edges (\d+) from seeds, (\d+) in all .* findings (\d+)$")
FUZZ_BAD = re.compile(r"(\w+): FAILED: (.*)")
CANARY = re.compile(r"figure: canary +(found|FAILED)(.*)")
FUZZ_MUTANT = re.compile(r"(\w+) +(noticed by|silent unharmed|SURVIVED|FAILED|does not|its first)(.*)")


def proof_item(match: re.Match) -> Item:
    name, said, reached, situations, seconds, note = match.groups()
    good = said == "proved" and reached == situations and reached not in (None, "0")
    return Item(name, PASS if good else FAIL, f"{said}, {reached or 0} of {situations or '?'} situations reached, {seconds} s {note}".strip())


def proof_mutant_item(match: re.Match) -> Item:
    name, said, patch = match.groups()
    return Item(name, PASS if said == "red" else FAIL, f"turned red by {patch}" if said == "red" else f"{said} {patch}".strip())


def mutant_item(match: re.Match) -> Item:
    name, said, rest = match.groups()
    killed = said.startswith("killed    ")
    return Item(name, PASS if killed else FAIL, ("killed by " if killed else said.strip() + " ") + rest)


def fuzz_mutant_item(match: re.Match) -> Item:
    name, said, rest = match.groups()
    good = said in ("noticed by", "silent unharmed") and "FAILED" not in rest
    return Item(name, PASS if good else FAIL, said + rest)


def read_fuzz(lines: list[str]) -> dict[str, Item]:
    found = {}
    for line in lines:
        if match := FUZZ.match(line):
            name, rate, runs, seeds, edges, findings = match.groups()
            note = f"{int(runs):,} runs, {int(rate):,} a second, {seeds} edges from seeds, {edges} in all, findings {findings}"
            found[name] = Item(name, PASS if findings == "0" and int(runs) > 0 else FAIL, note)
        elif match := CANARY.match(line):
            found["canary"] = Item("canary", PASS if match[1] == "found" else FAIL, match[1] + match[2])
    for line in lines:
        if match := FUZZ_BAD.match(line):
            found[match[1]] = Item(match[1], FAIL, match[2])
    return found
