#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiler and prover agree on generated cases: the compiled kernel plays random histories, and CBMC, given the same records, events,
clocks and random bytes, must compute the same answers from the re-spelled text. Every answer is one number over the verdict, the next
record, its encoding and the view. HMAC and digests are replaced on both sides by the same simple functions.

That it can fail is shown each time: one answer is tampered with, and one line of the prover's text is spelled in a way that its front
end misreads (the compiler does not); both must be noticed.

usage: agree.py [--cases N] [--seed S] [--jobs J]      needs cbmc in PATH: prove.sh --agree
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import prove

CHUNK = 8  # cases in one run of the prover
LIMIT_S = 300  # for one run
VERDICTS_MIN = 7  # of 13, among the cases: the generator sees to it
BORINGSSL_INCLUDE = "/usr/include/android"
FLAGS = ["--cpp11", "--drop-unused-functions", "--no-array-field-sensitivity", "--no-standard-checks", "--object-bits", "16", "--unwind", "500", "--unwinding-assertions"]
# `auto` is read as int there: a clock above 2^31 is cut.
MISREAD = ("clock.cpp", "  n.seen = now_s;\n", "  const auto at_now = now_s;\n  n.seen = at_now;\n")


def compiled(work: Path) -> Path:
    """The generator, linked with the shipped kernel, less hash.cpp, as g++ compiles it."""
    generator = work / "generate"
    sources = [s for s in sorted((prove.ROOT / "kernel").glob("*.cpp")) if s.name != "hash.cpp"]
    subprocess.run(["g++", "-std=c++20", "-O2", "-I", prove.ROOT, "-I", prove.HERE, "-isystem", BORINGSSL_INCLUDE,
                    prove.HERE / "agree/generate.cpp", *sources, "-o", generator], check=True)
    return generator


def prover_text(folder: Path, chunks: list[str]) -> Path:
    prove.respelled(prove.ROOT / "kernel", folder)
    (folder / "agree").mkdir()
    for name in ("case.hpp", "prove_case.cpp"):
        (folder / "agree" / name).write_text((prove.HERE / "agree" / name).read_text())
    for number, text in enumerate(chunks):
        (folder / f"chunk_{number}.inc").write_text(text)
    return folder


def in_chunks(cases: str) -> list[str]:
    """CHUNK cases each, and a function that asserts their answers."""
    lines = cases.splitlines()  # two for each case
    chunks = []
    for first in range(0, len(lines) // 2, CHUNK):
        numbers = range(first, min(first + CHUNK, len(lines) // 2))
        claims = "".join(f'  __CPROVER_assert(answer(case_{n}) == answer_{n}, "case {n}");\n' for n in numbers)
        chunks.append("\n".join(lines[2 * first:2 * (first + CHUNK)]) + '\nextern "C" {\nvoid agree_with_the_compiler() {\n' + claims + "}\n}\n")
    return chunks


def differing(folder: Path, chunk: int) -> list[str]:
    """The cases of a chunk on which the two differ; an error of the prover is one."""
    try:
        run = subprocess.run(["cbmc", "agree/prove_case.cpp", "-I", ".", f'-DCASES="chunk_{chunk}.inc"', "--function", "agree_with_the_compiler", *FLAGS],
                             cwd=folder, capture_output=True, text=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return [f"chunk {chunk} ran out of time"]
    if run.returncode == 0:
        return []
    if run.returncode != 10:
        return [f"chunk {chunk}: the prover stopped: " + (run.stdout + run.stderr).strip().splitlines()[-1]]
    return re.findall(r"\] line \d+ (case \d+): FAILURE", run.stdout) or [f"chunk {chunk}: a loop goes on"]


def notices(folder: Path, chunks: list[str], change) -> bool:
    """Whether a chunk turns red after `change` was made to the prover's folder."""
    change(prover_text(folder, chunks))
    return any(found.startswith("case ") for chunk in range(len(chunks)) for found in differing(folder, chunk)[:1])


def tampered(folder: Path) -> None:
    file = folder / "chunk_0.inc"
    text = file.read_text()
    answer = re.search(r"answer_3 = (\d+)ULL", text)
    file.write_text(text[:answer.start(1)] + str(int(answer[1]) ^ 1) + text[answer.end(1):])


def misspelled(folder: Path) -> None:
    name, right, wrong = MISREAD
    file = folder / "kernel" / name
    text = file.read_text()
    if right not in text:
        sys.exit(f"agree: {name} has no longer the line that is to be misread")
    file.write_text(text.replace(right, wrong))


def main() -> int:
    parser = argparse.ArgumentParser(prog="prove.sh --agree", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=48)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="twinlock-agree-") as temporary:
        work = Path(temporary)
        run = subprocess.run([compiled(work), str(options.cases), str(options.seed)], capture_output=True, text=True, check=True)
        *verdicts, wide = (int(n) for n in run.stderr.split())
        chunks = in_chunks(run.stdout)
        folder = prover_text(work / "text", chunks)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            seen = {"a tampered answer": pool.submit(notices, work / "tampered", chunks[:1], tampered),
                    "a line that the prover's front end misreads": pool.submit(notices, work / "misread", chunks, misspelled)}
            differ = [case for found in pool.map(lambda chunk: differing(folder, chunk), range(len(chunks))) for case in found]
            blind = [name for name, noticed in seen.items() if not noticed.result()]
    for case in differ:
        print(f"compiler and prover differ: {case}; again: property_tests/proofs/prove.sh --agree --cases {options.cases} --seed {options.seed}")
    for name in blind:
        print(f"not noticed: {name}")
    reached = sum(n > 0 for n in verdicts)
    print(f"figure: compiler and prover: {options.cases} cases, seed {options.seed}, {reached} of {len(verdicts)} verdicts, {wide} clocks above 2^32")
    narrow = reached < VERDICTS_MIN
    if narrow:
        print(f"the cases have {reached} verdicts, fewer than {VERDICTS_MIN}: take more cases")
    report = prove.junit.Report("agree")
    for case in sorted({f"case {number}" for number in range(options.cases)} | set(differ)):
        report.case(case, case not in differ)
    for name in seen:
        report.case(f"{name} is noticed", name not in blind)
    report.case("the cases reach enough verdicts", not narrow, f"{reached} of {len(verdicts)}, at least {VERDICTS_MIN}")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
