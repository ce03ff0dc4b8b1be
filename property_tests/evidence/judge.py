# SPDX-License-Identifier: Apache-2.0
"""Holds the results of a run against the property map: what is named there and was not seen to pass is red."""

import dataclasses
import fnmatch
import re
import sys
import tomllib
from pathlib import Path

from results import FAIL, MISSING, PASS, SKIP, Item, Results

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "property_tests" / "proofs"))
import prove  # noqa: E402
import prove_mutants  # noqa: E402

MAP = Path(__file__).with_name("properties.toml")
SPEC = ROOT / "docs/spec.md"
IDS = [f"K{number}" for number in range(1, 22)]
KINDS = ("proofs", "proof mutants", "tests", "mutants", "fuzz", "fuzz mutants", "steps")


@dataclasses.dataclass
class Property:
    id: str
    title: str
    statement: str
    items: dict[str, list[Item]]
    complaints: list[str]

    @property
    def good(self) -> bool:
        return not self.complaints and all(item.state == PASS for items in self.items.values() for item in items)


@dataclasses.dataclass
class Verdict:
    properties: list[Property]
    steps: dict[str, list[Item]]  # by tier
    complaints: list[str]  # of the run as a whole

    @property
    def good(self) -> bool:
        rows = [item for items in self.steps.values() for item in items]
        return not self.complaints and all(p.good for p in self.properties) and all(item.state == PASS for item in rows)


def read_map(path: Path = MAP) -> dict:
    return tomllib.loads(path.read_text())


def read_spec(text: str) -> dict[str, tuple[str, str]]:
    """What docs/spec.md states: title and sentence of each property. Its heading is "### K7 lock", the sentence stands below."""
    found = re.findall(r"^### (K\d+) (\S.*)\n\n((?:[^\n#].*\n)+)", text, re.M)
    return {name: (title, " ".join(sentence.split())) for name, title, sentence in found}


class Kept:
    """What the tree holds, so that a result that is missing is known to be."""

    def __init__(self):
        self.claims = sorted(prove_mutants.claims())
        self.claims += [name for name in prove.harnesses() if name not in self.claims]
        self.patches = [f"{folder}/{path.stem}" for folder in ("kernel", "adapters")
                        for path in sorted((ROOT / "property_tests/mutants" / folder).glob("*.patch"))]
        self.targets = sorted(line.split()[0] for line in (ROOT / "fuzz/floors.txt").read_text().splitlines()
                              if line.strip() and not line.startswith("#"))
        self.fuzz_patches = {path.stem: path.read_text().split(":")[0].removeprefix("# ")
                             for path in sorted((ROOT / "fuzz/mutants").glob("*.patch"))}


def seen(name: str, results: dict[str, Item]) -> Item:
    return results.get(name, Item(name, MISSING, "no result in this run"))


def step_item(name: str, results: Results) -> Item:
    step = results.steps.get(name)
    if step is None:
        return Item(name, MISSING, "no such row in this run")
    skipped = results.skipped(name)
    note = f"{step.passed} passed, {step.failed} failed, " + (f"{skipped} skipped, " if skipped else "") + f"{step.seconds:.1f} s"
    return Item(name, FAIL if not step.good else SKIP if skipped else PASS, note)


def claim_item(claim: str, results: Results) -> Item:
    """A claim about one step is proved with the others, in one walk (step_claims)."""
    if claim in prove.harnesses():
        return seen(claim, results.proofs)
    walk = seen("step_claims", results.proofs)
    return Item(claim, walk.state, "with step_claims: " + walk.note)


def globbed(patterns: list[str], names: list[str], what: str, complaints: list[str]) -> list[str]:
    found = []
    for pattern in patterns:
        hits = fnmatch.filter(names, pattern)
        if not hits:
            complaints.append(f"{what} {pattern}: there is none of that name")
        found += [name for name in hits if name not in found]
    return found


def tests_of(patterns: list[str], results: Results) -> list[Item]:
    found: dict[str, Item] = {}
    for pattern in patterns:
        hits = {name: item for name, item in results.tests.items() if re.match(pattern, name)}
        found |= hits or {pattern: Item(pattern, MISSING, "no test of that name in this run")}
    return list(found.values())


def property_of(name: str, entry: dict, kept: Kept, results: Results, spec: dict[str, tuple[str, str]]) -> Property:
    complaints: list[str] = []
    title, statement = spec.get(name, ("", ""))
    if not statement:
        complaints.append("docs/spec.md does not state it")
    claims = globbed(entry["proofs"], kept.claims, "proof", complaints)
    patches = globbed(entry["mutants"], kept.patches, "mutant", complaints)
    items = {
        "proofs": [claim_item(claim, results) for claim in claims],
        "proof mutants": [seen(claim, results.proof_mutants) for claim in claims],
        "tests": tests_of(entry["tests"], results),
        "mutants": [seen(patch, results.mutants) for patch in patches],
        "fuzz": [seen(target, results.fuzz) for target in entry["fuzz"]],
        "fuzz mutants": [seen(patch, results.fuzz_mutants) for patch, target in kept.fuzz_patches.items() if target in entry["fuzz"]],
        "steps": [step_item(step, results) for step in entry["steps"]],
    }
    if not claims and not items["tests"]:
        complaints.append("no proof and no test is named")
    if not patches:
        complaints.append("no mutant is named")
    return Property(name, title, statement, items, complaints)


def judge(table: dict, results: Results, kept: Kept, spec: dict[str, tuple[str, str]]) -> Verdict:
    complaints = [f"{name} is in docs/spec.md, and this page knows nothing of it" for name in spec if name not in IDS]
    properties = []
    for name in IDS:
        if name in table:
            properties.append(property_of(name, table[name], kept, results, spec))
        else:
            complaints.append(f"{name} is not in the property map")
    steps = {tier: [step_item(name, results) for name in names] for tier, names in table["tiers"].items()}
    known = {name for names in table["tiers"].values() for name in names}
    complaints += [f"the step {name} failed" for name, step in results.steps.items() if name not in known and not step.good]
    for kind, names in (("proofs", kept.claims), ("mutants", kept.patches)):
        mapped = {item.name for p in properties for item in p.items[kind]}
        complaints += [f"{name} belongs to no property" for name in names if name not in mapped and name not in ("step_claims", *prove.OF_SPECIFICATION)]
    mapped = [("target", seen(name, results.fuzz)) for name in [*kept.targets, "canary"]]
    mapped += [("fuzz mutant", seen(name, results.fuzz_mutants)) for name in kept.fuzz_patches]
    mapped += [("test", item) for item in results.tests.values()]
    complaints += [f"{what} {item.name}: {item.state}" for what, item in mapped if item.state != PASS]
    if not results.tests:
        complaints.append("there is no result of any unit test (junit/unit.xml)")
    return Verdict(properties, steps, complaints)
