# SPDX-License-Identifier: Apache-2.0
"""The page's own test: of doctored results each must turn it red, at the property that they touch. Ends with "N passed, N failed"."""

import re
import tempfile
import tomllib
from pathlib import Path

import judge
import junit
import render
from results import Results

HEAD = {"commit": "0", "changed": [], "began": 0.0, "spec": "spec.md", "processor": "", "system": "", "tools": ""}


def example_of(pattern: str) -> str:
    """Some name that the regular expression of a test matches."""
    return re.sub(r"\(([^)|]*)[^)]*\)", r"\1", pattern).replace("\\", "")


def write_all_good(folder: Path, table: dict, kept: judge.Kept) -> None:
    """What the runners would leave if all that the map and the tree name had passed."""
    steps = [name for names in table["tiers"].values() for name in names]
    tests = sorted({example_of(pattern) for k in judge.IDS for pattern in table[k]["tests"]})
    harness = [name for name in kept.claims if name in judge.prove.harnesses()]
    logs = {name: ["1 passed, 0 failed"] for name in steps}
    logs["proofs"] = [f"{name:<44} proved    3/3 reached       1.5 s " for name in harness]
    logs["proof_mutants"] = [f"{name:<44} red          some_patch      1.0 s" for name in kept.claims if name != "step_claims"]
    for step, room in (("mutants", "kernel"), ("adapters", "adapters")):
        logs[step] = [f"{patch.split('/')[1]:34} killed    K1   by some.Test: how" for patch in kept.patches if patch.startswith(room + "/")]
    logs["fuzz"] = ["figure: canary          found within 20000 runs (about 5105, 0.4 s)"]
    logs["fuzz"] += [f"figure: {name:15}    3117 execs/s      35189 execs  edges 4125 from seeds, 4647 in all  features 8984"
                     "  corpus 653 (+67 kept)  findings 0" for name in kept.targets]
    logs["fuzz-mutants"] = [f"{name:28} noticed by some from its seeds (a.cpp:1): how" for name in kept.fuzz_patches]
    for name, lines in logs.items():
        (folder / f"{name}.log").write_text("\n".join(lines) + "\n")
    (folder / "junit").mkdir(exist_ok=True)
    (folder / "steps.tsv").write_text("".join(f"{name}\t1\t0\t0\t1.0\n" for name in steps))
    cases = "".join(f'<testcase name="{name}" time="0.1" status="run"/>\n' for name in tests)
    (folder / "junit/browser.xml").write_text('<testsuite><testcase name="a"/></testsuite>')
    (folder / "junit/unit.xml").write_text(f"<testsuite>\n{cases}</testsuite>\n")


# What is done to which file of a run in which all is good, and where it must be seen.
DOCTORED = [
    ("a failing test", "junit/unit.xml", r'(name="StoreKill\..*")/>', r'\1><failure/></testcase>', "K17"),
    ("a skipped test", "junit/unit.xml", r'(name="Failing\.k16_".*)status="run"/>', r'\1status="notrun"><skipped/></testcase>', "K16"),
    ("a test that is gone", "junit/unit.xml", r'<testcase name="Tampered.*\n', "", "K18"),
    ("a disabled test", "junit/unit.xml", r'(name="Unsaid\..*)status="run"', r'\1status="disabled"', "K20"),
    ("a report that is cut off", "junit/unit.xml", r"</testsuite>\n", "", "K15"),
    ("a missing proof", "proofs.log", r"k14_decode_encode .*\n", "", "K14"),
    ("a proof that failed", "proofs.log", r"(k13_loops_are_bounded +)proved   ", r"\1FAILED   ", "K13"),
    ("a proof about nothing", "proofs.log", r"(k10_advance +)proved   ", r"\1VACUOUS  ", "K10"),
    ("a situation that is not reached", "proofs.log", r"(step_claims .*)3/3", r"\g<1>2/3", "K3"),
    ("a proof that ran out of time", "proofs.log", r"(step_claims +)proved   ", r"\1TIME-OUT ", "K2"),
    ("a proof that its mutant does not turn red", "proof_mutants.log", r"(k12_truncate +)red        ", r"\1STILL GREEN", "K12"),
    ("a proof whose mutant was not run", "proof_mutants.log", r"k11_wiped .*\n", "", "K11"),
    ("a surviving mutant", "mutants.log", r"(k07_lock_one_late +).*", r"\1SURVIVED  K7: how", "K7"),
    ("a mutant that another test killed", "mutants.log", r"(k08_refusal_settles_the_record +).*", r"\1killed by a, but not by b", "K8"),
    ("a mutant that does not apply", "adapters.log", r"(k15_seal_without_version +).*", r"\1does not apply: hunk", "K15"),
    ("a mutant that was not run", "adapters.log", r"k17_commits_are_not_synced .*\n", "", "K17"),
    ("a fuzz target that was not run", "fuzz.log", r"figure: record_codec .*\n", "", "K14"),
    ("a finding", "fuzz.log", r"(figure: token .*findings )0", r"\g<1>1", "K15"),
    ("a fuzz target below its floor", "fuzz.log", r"\Z", "kernel_history: FAILED: it reached 1 edges\n", "K6"),
    ("a fuzz target of no property that was not run", "fuzz.log", r"figure: json .*\n", "", None),
    ("a planted bug that is not found", "fuzz.log", r"(figure: canary +)found", r"\1FAILED: not found", None),
    ("a fuzz target that does not notice its mutant", "fuzz-mutants.log", r"(code_check_blanks +).*", r"\1SURVIVED  code_check: how", "K1"),
    ("a step that failed", "steps.tsv", r"crash\t1\t0\t0", r"crash\t1\t1\t1", "K5"),
    ("a step that ended badly and counted nothing", "steps.tsv", r"bounds\t1\t0\t0", r"bounds\t1\t0\t1", "K13"),
    ("a browser test that was skipped", "junit/browser.xml", r"/></testsuite>", "><skipped/></testcase></testsuite>", "K19"),
    ("a step that was not run, with its old log still there", "steps.tsv", r"adapters\t.*\n", "", "K18"),
    ("a tier of no property that was not run", "steps.tsv", r"coverage\t.*\n", "", None),
    ("a build that failed", "steps.tsv", r"\Z", "build dev\t0\t1\t1\t0\n", None),
]

# What is done to the property map.
DOCTORED_MAP = [
    ("a property without a mutant", r'(\[K20\][\s\S]*?mutants = )\[.*\]', r"\1[]", "K20"),
    ("a mutant that nobody kept", r'"kernel/k07_\*"', '"kernel/k07_none"', "K7"),
    ("a proof that nobody wrote", r'"k14_\*"', '"k14_none"', "K14"),
    ("a property that is left out", r"\[K19\]", "[none]", None),
]

# What is done to docs/spec.md.
DOCTORED_SPEC = [
    ("a property that the specification does not state", r"(?m)^### K7 .*\n", "", "K7"),
    ("a property without a sentence", r"(?m)^(### K12 .*\n\n)(?:.+\n)+", r"\1", "K12"),
    ("a property of the specification that the page does not know", r"(?m)^### K20 ", "### K9" "9 new\n\nIt is new.\n\n### K20 ", None),
]


def looked(folder: Path, table: dict, kept: judge.Kept, spec: str) -> tuple[judge.Verdict, str]:
    results = Results(folder)
    verdict = judge.judge(table, results, kept, judge.read_spec(spec))
    return verdict, render.page(HEAD, verdict, results)


def complaint(verdict: judge.Verdict, page: str, where: str | None) -> str:
    """What is wrong with a page that should be red; "" if nothing."""
    if verdict.good or 'class="verdict ok"' in page or "Everything passed" in page:
        return "the page is green"
    if where is None:
        return ""
    if next(p for p in verdict.properties if p.id == where).good:
        return f"{where} is green"
    section = re.search(rf'<section id="{where}">.*?</section>', page, re.S)[0]
    return "" if "not shown" in section and 'class="bad"' in section else f"{where} does not look red"


def run() -> int:
    text, spec, kept = judge.MAP.read_text(), judge.SPEC.read_text(), judge.Kept()
    table = tomllib.loads(text)
    report = junit.Report("page_test")

    def count(name: str, wrong: str) -> None:
        report.claim(name, not wrong, wrong)

    with tempfile.TemporaryDirectory(prefix="twinlock-evidence-") as name:
        folder = Path(name)
        write_all_good(folder, table, kept)
        verdict, page = looked(folder, table, kept, spec)
        red = verdict.complaints + [p.id for p in verdict.properties if not p.good]
        count("all that passed is green", "; ".join(red[:5]) if red or "class=red" in page or 'class="red"' in page else "")
        for what, file, pattern, instead, where in DOCTORED:
            good = (folder / file).read_text()
            doctored, times = re.subn(pattern, instead, good)
            (folder / file).write_text(doctored)
            count(what, complaint(*looked(folder, table, kept, spec), where) if times else "this test changes nothing")
            (folder / file).write_text(good)
        for what, pattern, instead, where in DOCTORED_MAP:
            doctored, times = re.subn(pattern, instead, text)
            count(what, complaint(*looked(folder, tomllib.loads(doctored), kept, spec), where) if times else "this test changes nothing")
        for what, pattern, instead, where in DOCTORED_SPEC:
            doctored, times = re.subn(pattern, instead, spec)
            count(what, complaint(*looked(folder, table, kept, doctored), where) if times else "this test changes nothing")
        verdict, page = looked(folder, table, kept, spec)
        unquoted = [p.id for p in verdict.properties
                    if f'<p>{render.inline(p.statement)} <a href="spec.md#{p.id.lower()}-' not in page]
        count("each property quotes its sentence and links to it", ", ".join(unquoted))
        (folder / "steps.tsv").unlink()
        verdict, page = looked(folder, table, kept, spec)
        green = [p.id for p in verdict.properties if p.good]
        count("no run at all", f"green: {', '.join(green)}" if green else complaint(verdict, page, "K1"))
    return report.end()
