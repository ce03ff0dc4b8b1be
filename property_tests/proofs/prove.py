#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the proof harnesses over the shipped kernel, re-spelled for CBMC, and says what each one showed.

Each harness runs twice: once for its claims (with overflow, conversion, pointer, bounds and unwinding checks on), once for
reachability: every CAN(...) in it must be found possible. Exit code 0: all proved; 1: something is not; 2: wrong use.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "property_tests" / "support"))
import junit  # noqa: E402

SPECIFICATION = "property_tests/specification"
SPLIT = ("step_claims", "specification_claims", "k21_step")  # walked once for each kind of event
LONGEST = ("k10_advance", "k07_admission_ignores_secrets", "k21_time", "k12_truncate", "k21_entry", "k14_decode_encode", "k14_encode_decode")
OF_SPECIFICATION = ("specification_claims",)  # step_claims looks for the situations
KINDS = 16  # the fifteen events, and all that are out of range: the harnesses in SPLIT are run for each
CHECKS = ["--unsigned-overflow-check", "--conversion-check", "--pointer-overflow-check", "--unwinding-assertions"]
SIZES = ["--cpp11", "--drop-unused-functions", "--unwind", "65", "--no-array-field-sensitivity", "--slice-formula"]
SOLVER = ["--external-sat-solver", "cadical"]  # for claims; to find situations the built-in one is quicker
EXAMPLES = """examples:
  prove.sh                       all harnesses
  prove.sh k01 k06               those whose name begins so
  prove.sh --kernel DIR k05      over another kernel's text (the mutants use this)
  prove.sh --fresh --jobs 1      nothing from the cache, one at a time
"""


def respelled(kernel: Path, into: Path, specification: Path | None = None) -> None:
    """Writes the re-spelled kernel and specification to folders of these names in `into`, and the harnesses to `into`."""
    (into / "kernel").mkdir(parents=True, exist_ok=True)
    for source in sorted(kernel.glob("*.[ch]pp")):
        text = subprocess.run(["sed", "-E", "-f", HERE / "respell.sed", source], capture_output=True, text=True, check=True).stdout
        (into / "kernel" / source.name).write_text(text)
    (into / SPECIFICATION).mkdir(parents=True, exist_ok=True)
    for source in sorted((specification or ROOT / SPECIFICATION).glob("*.[ch]pp")):
        text = subprocess.run(["sed", "-E", "-f", HERE / "respell.sed", source], capture_output=True, text=True, check=True).stdout
        (into / SPECIFICATION / source.name).write_text(text)
    for harness in sorted((HERE / "harness").glob("*.[ch]pp")):
        (into / harness.name).write_text(harness.read_text())


def harnesses() -> dict[str, tuple[str, int]]:
    """name -> (file, number of CAN situations)."""
    found = {}
    texts = {path.name: path.read_text() for path in sorted((HERE / "harness").glob("*.cpp"))}
    for file, text in texts.items():
        for match in re.finditer(r"^void (\w+)\(\) \{[^\n}]*\n(.*?)^\}", text, re.M | re.S):
            situations = len(re.findall(r"\bCAN\(", match[2]))
            if match[1] == "step_claims":  # it calls the claim functions of the files it includes, which name the situations
                situations = sum(len(re.findall(r"\bCAN\(", claims))
                                 for name in re.findall(r'#include "(\w+\.cpp)"', text)
                                 for claims in re.findall(r"^static void \w+\(\) \{[^\n}]*\n(.*?)^\}", texts[name], re.M | re.S))
            found[match[1]] = (file, situations)
    return found


def digest_of(folder: Path, harness_file: str) -> str:
    state = hashlib.sha256()
    included = [folder / name for name in re.findall(r'#include "(\w+\.cpp)"', (folder / harness_file).read_text())]
    for path in [*sorted((folder / "kernel").glob("*")), *sorted((folder / SPECIFICATION).glob("*")), *sorted(folder.glob("*.hpp")), *included, folder / harness_file]:
        state.update(path.name.encode() + b"\0" + path.read_bytes())
    state.update(" ".join(CHECKS + SIZES).encode())
    return state.hexdigest()


def cbmc(folder: Path, file: str, name: str, extra: list[str], limit: int, solver: list[str]) -> tuple[int, str]:
    command = ["cbmc", file, "-I", ".", "--function", name, *SIZES, *solver, *extra]
    try:
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=limit)
        return run.returncode, run.stdout + run.stderr
    except subprocess.TimeoutExpired:
        return 124, "ran out of time"


def checks_of(name: str) -> list[str]:
    """k09_step_is_defined has the checks for a step; k13_* is about unwinding alone."""
    return ["--no-standard-checks", "--unwinding-assertions"] if name in SPLIT or name.startswith("k13") else CHECKS


def prove(folder: Path, name: str, file: str, situations: int, kind: int | None, options: argparse.Namespace) -> dict:
    """Runs one harness, of one split by kind for one kind; returns what judged() puts together."""
    started = time.monotonic()
    extra = [] if kind is None else [f"-DKIND={kind}"]
    code, output = cbmc(folder, file, name, [*extra, *checks_of(name)], options.limit, SOLVER)
    found = "" if options.claims_only or code != 0 or situations == 0 else cbmc(folder, file, name, [*extra, "-DREACH", "--no-standard-checks"], options.limit, [])[1]
    return {"kind": kind or 0, "code": code, "output": output, "seconds": time.monotonic() - started,
            "reached": set(re.findall(r"^\[(\S+)\] .*REACH .*: FAILURE$", found, re.M))}


def judged(name: str, situations: int, runs: list[dict], options: argparse.Namespace) -> dict:
    """What the runs of one harness show: a claim holds when it does for each kind, a situation is possible when it is for some."""
    result = {"name": name, "claims": "proved", "notes": []}
    for run in sorted(runs, key=lambda run: run["kind"]):
        if run["code"] != 0:
            if result["claims"] != "FAILED":
                result["claims"] = {10: "FAILED", 124: "TIME-OUT"}.get(run["code"], "ERROR")
            said = run["output"].splitlines()
            lines = [line.strip() for line in said if line.rstrip().endswith(": FAILURE")] or run["output"].strip().splitlines()[-3:]
            of_kind = f"kind {run['kind']}: " if name in SPLIT else ""
            result["notes"] += [of_kind + line for line in lines[:8]]
    if not options.claims_only:
        reached = set().union(*(run["reached"] for run in runs))
        result["reached"], result["situations"] = len(reached), situations
        if result["claims"] == "proved" and (len(reached) != situations or situations == 0 and name not in OF_SPECIFICATION):
            result["claims"] = "VACUOUS"
            result["notes"] = sorted(reached)
    result["seconds"] = round(sum(run["seconds"] for run in runs), 1)
    return result


def in_order(names: list[str], kinds: list[int]) -> list[tuple[str, int | None]]:
    """The runs, the longest first, so that no core waits at the end for the other."""
    runs = [(name, kind) for name in names for kind in (kinds if name in SPLIT else [None])]
    return sorted(runs, key=lambda run: LONGEST.index(run[0]) if run[0] in LONGEST else len(LONGEST) + (run[0] not in SPLIT))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="prove.sh", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="harnesses, or beginnings of their names")
    parser.add_argument("--kernel", type=Path, default=ROOT / "kernel", help="the kernel's folder")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--limit", type=int, default=600, help="seconds for one run of the prover")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "proofs", help="where re-spelled text and results are kept")
    parser.add_argument("--fresh", action="store_true", help="prove again what the cache says is proved")
    parser.add_argument("--kinds", type=int, nargs="+", default=range(KINDS), help="step_claims: these kinds of event only")
    parser.add_argument("--claims-only", action="store_true", help="no reachability (the mutants use this)")
    return parser.parse_args()


def report(result: dict, note: str = "") -> None:
    reach = f"{result['reached']}/{result['situations']} reached" if "reached" in result else ""
    print(f"{result['name']:<44} {result['claims']:<9} {reach:<14} {result['seconds']:>6.1f} s {note}", flush=True)
    for line in result["notes"]:
        print("      " + line)


def main() -> int:
    options = arguments()
    chosen = {name: where for name, where in harnesses().items()
              if not options.names or any(name.startswith(wanted) for wanted in options.names)}
    if not chosen:
        print("prove: no harness of that name; without names all are run", file=sys.stderr)
        return 2
    folder = options.work / hashlib.sha256(str(options.kernel.resolve()).encode()).hexdigest()[:12]
    respelled(options.kernel, folder)
    cache_file = options.work / "proved.json"
    cache = json.loads(cache_file.read_text()) if cache_file.exists() and not options.fresh else {}
    results, todo = [], {}
    for name, (file, situations) in chosen.items():
        key = name + ":" + digest_of(folder, file)
        if key in cache and not options.claims_only:
            results.append(cache[key])
            report(cache[key], "(unchanged since)")
        else:
            todo[name] = (file, situations, key)
    whole = not options.claims_only and len(options.kinds) == KINDS

    def finished(result: dict, key: str) -> None:
        results.append(result)
        report(result)
        if result["claims"] == "proved" and whole:
            cache[key] = result
            cache_file.write_text(json.dumps(cache, indent=1))

    runs = {name: [] for name in todo}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = {pool.submit(prove, folder, name, *todo[name][:2], kind, options): name for name, kind in in_order(list(todo), list(options.kinds))}
        for done in concurrent.futures.as_completed(running):
            name = running[done]
            _, situations, key = todo[name]
            runs[name].append(done.result())
            if len(runs[name]) == (len(options.kinds) if name in SPLIT else 1):
                finished(judged(name, situations, runs[name], options), key)
    outcome = junit.Report("proofs")
    for result in results:
        outcome.case(result["name"], result["claims"] == "proved", "\n".join([result["claims"], *result["notes"]]))
    return outcome.end()


if __name__ == "__main__":
    sys.exit(main())
