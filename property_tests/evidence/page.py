#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the page of evidence of one `./test evidence`: each property K1 to K21 with its proofs, tests, mutants and fuzz targets, and
what this run saw of each. What properties.toml names and the run did not see pass is red, and then the exit code is 1.

usage: page.py --begin --logs FOLDER               notes commit and tree, before the first tier
       page.py --logs FOLDER --out FILE [--map FILE]
       page.py --self-test                         doctored results must be seen red, each by its name
"""

import argparse
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "support")]
import judge  # noqa: E402
import junit  # noqa: E402
import render  # noqa: E402
from results import Results  # noqa: E402

ROOT = judge.ROOT


def said(*command: str) -> str:
    """What a command prints, or "" where there is no such command."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip("\n") if done.returncode == 0 else ""
    except OSError:
        return ""


def tree() -> dict:
    """Commit, changed files, and a digest of every tracked or new file: whether it is still the tree that the run began with."""
    state = hashlib.sha256()
    for name in sorted(said("git", "ls-files", "-coz", "--exclude-standard").split("\0")):
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            state.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    commit = said("git", "log", "-1", "--format=%H %cs %s")
    return {"commit": commit, "changed": said("git", "status", "--porcelain", "-uall").splitlines(),
            "digest": state.hexdigest()}


def machine(proved: bool) -> dict[str, str]:
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith(("model name", "Model"))), platform.machine())
    name = re.search(r'^PRETTY_NAME="?([^"\n]+)', Path("/etc/os-release").read_text(), re.M)
    tools = {tool: said(tool, "--version").split("\n")[0] for tool in ("g++", "clang++-19", "valgrind")}
    if proved:
        cbmc = said(f"{said('property_tests/proofs/get_prover.sh')}/cbmc", "--version")
        tools["cbmc"] = f"CBMC {cbmc}" if cbmc else ""
    return {"processor": f"{cpu}, {len(os.sched_getaffinity(0))} cores, {platform.machine()}",
            "system": f"{name[1] if name else platform.system()}, Linux {platform.release()}",
            "tools": "; ".join(line for line in tools.values() if line)}


def begin(folder: Path, out: Path) -> None:
    """An older page goes too: a run that is cut off leaves none."""
    folder.mkdir(parents=True, exist_ok=True)
    out.unlink(missing_ok=True)
    for old in ("steps.tsv", "junit/unit.xml"):
        (folder / old).unlink(missing_ok=True)
    (folder / "begin.json").write_text(json.dumps({"time": time.time(), **tree()}))


def write(folder: Path, out: Path, table: Path) -> bool:
    began = folder / "begin.json"
    then = json.loads(began.read_text()) if began.exists() else None
    now = tree()
    results = Results(folder)
    verdict = judge.judge(judge.read_map(table), results, judge.Kept(), judge.read_spec(judge.SPEC.read_text()))
    if then is None:
        verdict.complaints.insert(0, "no run was begun here: ./test evidence does that")
    elif not now["commit"]:
        verdict.complaints.insert(0, "there is no git repository here, so that this page cannot say which tree it is of")
    elif then["digest"] != now["digest"]:
        verdict.complaints.insert(0, "the tree changed while this run was made: it is not of one tree")
    head = {"commit": now["commit"], "changed": now["changed"], "began": then["time"] if then else None,
            "spec": os.path.relpath(judge.SPEC, out.parent), **machine(bool(results.proofs))}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(render.page(head, verdict, results))
    good = sum(p.good for p in verdict.properties)
    for item in verdict.properties:
        if not item.good:
            red = [f"{i.name}: {i.state}" for items in item.items.values() for i in items if i.state != "passed"]
            print(f"{item.id} is not shown: " + "; ".join((item.complaints + red)[:6]))
    for complaint in verdict.complaints:
        print(f"of the run: {complaint}")
    print(f"figure: {good} of {len(judge.IDS)} properties shown, {'everything passed' if verdict.good else 'NOT everything passed'}: {out}")
    report = junit.Report("evidence")
    for item in verdict.properties:
        report.case(item.id, item.good, "; ".join(item.complaints))
    report.case("the run as a whole", verdict.good, "; ".join(verdict.complaints))
    return report.end() == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logs", type=Path, default=ROOT / "build/test")
    parser.add_argument("--out", type=Path, default=ROOT / "build/evidence.html")
    parser.add_argument("--map", type=Path, default=judge.MAP)
    parser.add_argument("--begin", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        import self_test
        return self_test.run()
    if options.begin:
        begin(options.logs, options.out)
        return 0
    return 0 if write(options.logs, options.out, options.map) else 1


if __name__ == "__main__":
    sys.exit(main())
