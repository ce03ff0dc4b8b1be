#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""K11: no public function of the kernel leaves a secret on the stack, in what g++ and clang make of it at -O0, -O1, -O2
and -O3 and with the flags of the release.

For each compiler and level, kernel/*.cpp is compiled alone and linked with the painted-stack tests
(property_tests/unit/kernel/painted_stack_test.cpp), which must pass; and once more with a leaky twin, in which
scrub_stack() does nothing: there each function that scrubs must be noticed, and secrets and tokens be found on the stack
below those whose frames hold them.

usage: run.py [--build FOLDER] [-j JOBS] [COMPILER-LEVEL...]        e.g. run.py g++-O2 clang++-19-shipped
"""

import argparse
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "property_tests" / "support"))
import junit  # noqa: E402

TEST = "property_tests/unit/kernel/painted_stack_test.cpp"
TWIN = "property_tests/erased/twin.cpp"
COMPILERS = ("g++", "clang++-19")
LEVELS = {"-O0": ["-O0"], "-O1": ["-O1"], "-O2": ["-O2"], "-O3": ["-O3"],
          "-shipped": ["-O2", "-g1", "-DNDEBUG", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3", "-fstack-clash-protection",
                       "-fcf-protection", "-fPIC"]}
COMMON = ["-std=c++20", "-fstack-protector-strong", "-fno-omit-frame-pointer", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
          "-Wshadow", "-Werror", "-I.", "-isystem", "/usr/include/android"]
KERNEL = ["-fno-exceptions", "-fno-rtti"]
# Red in the twin: these miss the scrub; of the first three the frames hold secrets, which must be found there.
HOLD_SECRETS = ("HandleLeavesNothing", "HandleOfCLeavesNothing", "ViewLeavesNothing")
SCRUB = (*HOLD_SECRETS, "EncodeLeavesNothing", "DecodeLeavesNothing")
FOUND = (re.compile(r"secret \+\d+, \d+ below"), re.compile(r"token \+\d+, \d+ below"))


def run(command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT, timeout=300, **options)


def compiled(compiler, source, target, flags):
    cache = [shutil.which("ccache")] if shutil.which("ccache") else []
    done = run([*cache, compiler, *COMMON, *flags, "-c", source, "-o", target])
    if done.returncode != 0:
        sys.exit(f"{source} does not compile:\n{done.stderr}")
    return target


class Configuration:
    """One compiler at one level: two programs, and what they said."""

    def __init__(self, compiler, level, build):
        self.compiler, self.level, self.name, self.folder = compiler, level, compiler + level, build / (compiler + level)
        self.cases, self.said, self.fact = [], [], ""

    def check(self, good, complaint):
        self.cases.append((f"{self.name}: {len(self.cases)}", good, complaint))
        if not good:
            self.said.append(complaint)

    def link(self):
        """Returns the program and its leaky twin. The test itself is at -O1 always: it is not what is looked at."""
        self.folder.mkdir(parents=True, exist_ok=True)
        sources = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "kernel").glob("*.cpp"))
        objects = [compiled(self.compiler, s, self.folder / (pathlib.PurePath(s).stem + ".o"), [*LEVELS[self.level], *KERNEL])
                   for s in sources]
        test = compiled(self.compiler, TEST, self.folder / "test.o", ["-O1"])
        twin = compiled(self.compiler, TWIN, self.folder / "twin.o", ["-O1"])
        crypto = next(pathlib.Path("/usr/lib").glob("*/android/libcrypto.so"))
        rest = ["-lgtest", "-lgtest_main", crypto, f"-Wl,-rpath,{crypto.parent}"]
        symbol = re.search(r"__wrap_(\w+)", (ROOT / TWIN).read_text())[1]
        for name, more in (("painted", []), ("twin", [twin, f"-Wl,--wrap={symbol}"])):
            done = run([self.compiler, "-o", self.folder / name, *objects, test, *more, *rest])
            if done.returncode != 0:
                sys.exit(f"{self.name} does not link:\n{done.stderr}")
        return self.folder / "painted", self.folder / "twin"

    def judge(self):
        painted, twin = self.link()
        done = run([painted])
        good = re.findall(r"^\[       OK \] PaintedStack\.(\w+)", done.stdout, re.M)
        red = re.findall(r"^\[  FAILED  \] PaintedStack\.(\w+) \(", done.stdout, re.M)
        self.cases += [(f"{self.name}: {name}", True, "") for name in good]
        self.check(done.returncode == 0 and set(SCRUB) < set(good), f"not all hold: {red}\n" + done.stdout[-3000:])
        figure = re.search(r"^figure: painted stack: (.*)$", done.stdout, re.M)
        for name in SCRUB:
            done = run([twin, f"--gtest_filter=PaintedStack.{name}"])
            self.check(done.returncode == 1 and f"[  FAILED  ] PaintedStack.{name}" in done.stdout, f"the twin passes {name}")
            if name in HOLD_SECRETS:
                self.check(all(kind.search(done.stdout) for kind in FOUND), f"in the twin {name} finds no secret or no token")
        self.fact = figure[1] if figure else ""
        return self


def main():
    options = argparse.ArgumentParser(usage=__doc__.strip().splitlines()[-1].split(":", 1)[1].strip())
    options.add_argument("--build", type=pathlib.Path, default=ROOT / "build/erased")
    options.add_argument("-j", type=int, default=2)
    options.add_argument("names", nargs="*")
    wanted = options.parse_args()
    report = junit.Report("erased")
    known = [Configuration(c, level, wanted.build.resolve()) for c in COMPILERS for level in LEVELS]
    chosen = [c for c in known if not wanted.names or c.name in wanted.names]
    if not chosen or any(shutil.which(tool) is None for tool in COMPILERS):
        sys.exit(f"there are: {' '.join(c.name for c in known)}; needed: {', '.join(COMPILERS)}")
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(wanted.j) as pool:
        for c in pool.map(Configuration.judge, chosen):
            print(f"figure: {c.name:18} {c.fact}", flush=True)
            print("".join(f"  {line}\n" for line in c.said), end="")
    print(f"figure: {len(chosen)} builds in {time.monotonic() - start:.0f} s")
    for c in chosen:
        for name, good, detail in c.cases:
            report.case(name, good, detail)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
