#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs corpus.txt against real web servers, each with its own recipe of docs/recipes, twinlockd and an application behind it.

Prints what failed, then a table, case by server: pass, limit (the server does what its limit says), or FAIL; the limits with their
reasons; and "N passed, N failed". --self-test takes out of each server's files the line by which the gate is asked ("# the gate"),
and must notice.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import secrets
import sys
import time

sys.dont_write_bytecode = True

import corpus  # noqa: E402
from corpus import Case  # noqa: E402
from people import World, sha256, stacks  # noqa: E402
import junit  # noqa: E402
from scenarios import SCENARIOS, Broken  # noqa: E402

LONG_TARGET = "x" * 20_000


def outcome(world: World, case: Case) -> str:
    """What is wrong with how one case went, or nothing."""
    world.case = case.name
    world.reached()
    try:
        if case.method == "do":
            name, _, argument = case.target.partition(" ")
            case.target = argument
            answer, seen, judged = SCENARIOS[name](world, case)
        else:
            answer, judged = world.send(case), case
            seen = world.reached()
    except Broken as broken:
        return str(broken)
    except (OSError, RuntimeError) as error:
        return f"{type(error).__name__}: {error}"
    return corpus.complaint(case.expected_of(world.web), judged, sha256(judged), world.stack.base_url, answer, seen)


def cases_for(world: World, token: str) -> list[Case]:
    return corpus.read({"port": str(world.stack.port), "token": token, "long": LONG_TARGET})


def run(build: pathlib.Path, web: str, wanted: re.Pattern, edit_web=None) -> dict[str, str]:
    """Case by case behind one server: "pass", "limit", or what is wrong."""
    results, started, token = {}, time.monotonic(), "tkn" + secrets.token_hex(12)
    with World(build, web, edit_web) as world:
        world.unsaid[token] = "the token of a mailed link"
        for case in cases_for(world, token):
            if not wanted.search(case.name):
                continue
            wrong = outcome(world, case)
            results[case.name] = wrong or ("limit" if web in case.limits else "pass")
            if wrong:
                print(f"FAIL {web} {case.name}: {wrong}", flush=True)
    good = sum(result in ("pass", "limit") for result in results.values())
    print(f"figure: {web}: {good} of {len(results)} cases in {time.monotonic() - started:.1f} s", flush=True)
    return results


def without_gate(folder: pathlib.Path) -> None:
    """Takes the gate out of the files that a server was given."""
    found = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        lines, kept, skip = path.read_text().splitlines(), [], False
        for line in lines:
            alone, here = line.endswith("# the gate (next line)"), line.endswith("# the gate")
            if not (alone or here or skip):
                kept.append(line)
            found += alone or here
            skip = alone
        if len(kept) != len(lines):
            path.write_text("\n".join(kept) + "\n")
    if not found:
        raise SystemExit(f"{folder}: no line ends in '# the gate'")


def self_test(build: pathlib.Path, webs: list[str]) -> int:
    """Each server without its gate: what was refused must fail, and what was allowed still pass; else the runner sees nothing."""
    report = junit.Report("gate_removed")
    for web in webs:
        results = run(build, web, re.compile(r"^(denied|allowed)\b"), without_gate)
        blind = [name for name, result in results.items() if name.startswith("denied") and result in ("pass", "limit")]
        idle = [name for name, result in results.items() if name.startswith("allowed") and result != "pass"]
        good = results and not blind and not idle
        report.claim(f"{web} without its gate", good, ", ".join(blind + idle) or "every refusal failed, as it should")
    return report.end()


def table(all_results: dict[str, dict[str, str]]) -> str:
    """Cases by servers, then the limits and why they are."""
    webs = list(all_results)
    width = max(len(name) for results in all_results.values() for name in results)
    lines = [f"{'case':{width}}  " + "  ".join(f"{web:8}" for web in webs)]
    for name in next(iter(all_results.values())):
        shown = [all_results[web].get(name, "-") for web in webs]
        lines.append(f"{name:{width}}  " + "  ".join(f"{result if result in ('pass', 'limit', '-') else 'FAIL':8}" for result in shown))
    limits = [f"limit  {web}  {case.name}: {instead}: {why}" for case in corpus.read({}) for web, (instead, why) in case.limits.items()
              if web in webs]
    return "\n".join([line.rstrip() for line in lines] + ([""] + limits if limits else []))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    parser.add_argument("--web", action="append", choices=stacks.web_servers(), help="this server (again: more; default: all)")
    parser.add_argument("--case", default="", help="only cases in whose name this regular expression is found")
    parser.add_argument("--table", type=pathlib.Path, help="write the table to this file too")
    parser.add_argument("--self-test", action="store_true", help="break each server's gate and see whether it is noticed")
    given = parser.parse_args()
    webs, build = given.web or stacks.web_servers(), given.build.resolve()
    if given.self_test:
        return self_test(build, webs)
    all_results = {web: run(build, web, re.compile(given.case)) for web in webs}
    shown = table(all_results)
    print(f"\n{shown}\n")
    if given.table:
        given.table.write_text(shown + "\n")
    report = junit.Report("interop")
    for web, results in all_results.items():
        for name, result in results.items():
            report.case(f"{web} {name}", result in ("pass", "limit"), result)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
