#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""K12: no branch and no address depends on a secret, as valgrind's memcheck sees it, in what g++ and clang make of the
kernel (and of the adapters' compares) at -O0, -O1, -O2 and -O3.

For each compiler and level: every case must be quiet, every leaky twin must be reported in every case that it concerns,
and no division instruction, whose time depends on its operands and which memcheck does not see, may be in the kernel's
objects (a twin that divides must be found by the same look). What becomes public, and why, is listed at the end.

usage: run.py [--build FOLDER] [-j JOBS] [COMPILER-LEVEL...]        e.g. run.py g++-O2
"""

import argparse
import collections
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

HERE = "property_tests/constant_time"
COMPILERS = ("g++", "clang++-19")
LEVELS = ("-O0", "-O1", "-O2", "-O3")

# -gdwarf-4: valgrind 3.19 does not read clang's DWARF 5.
SHIPPED = ["-std=c++20", "-fstack-protector-strong", "-fno-omit-frame-pointer"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
COMMON = [*SHIPPED, *WARNINGS, "-g1", "-gdwarf-4", "-I.", "-isystem", "/usr/include/android"]
KERNEL = ["-fno-exceptions", "-fno-rtti"]
WATCHED_ADAPTERS = ("adapters/keys/*.cpp", "adapters/text/encoding.cpp", "adapters/pages/form_token.cpp",
                    "adapters/http/host.cpp", "adapters/http/pass.cpp", "adapters/http/stamp.cpp",
                    "adapters/fastcgi/message.cpp", "adapters/store/account.cpp", "adapters/api/key_*.cpp",
                    "adapters/service/public_text.cpp", "adapters/http/cookies.cpp", "adapters/system/*.cpp",
                    "adapters/text/utf8.cpp", "adapters/text/mail_address.cpp")
DIVISION = re.compile(r"^\s*[0-9a-f]+:\s+i?div|^\s*[0-9a-f]+:\s+v?(div|sqrt)[sp][sd]")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\s+\S")


def sources(*patterns):
    found = [p.relative_to(ROOT).as_posix() for pattern in patterns for p in sorted(ROOT.glob(pattern))]
    assert found, patterns
    return found


TEST_SOURCES = [*(s for s in sources(f"{HERE}/*.cpp") if not s.endswith("/twins.cpp")),
                "property_tests/unit/kernel/kernel_world.cpp"]


def run(command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT, **options)


def wrapped():
    """The symbols that boundaries.cpp stands between."""
    return re.findall(r'^#define \w+ "(\w+)"$', (ROOT / HERE / "boundaries.cpp").read_text(), re.M)


class Configuration:
    """One compiler at one level; its folder, its objects, what went wrong."""

    def __init__(self, compiler, level, build):
        self.compiler, self.level, self.name = compiler, level, compiler + level
        self.folder = build / self.name
        self.shared = build / compiler  # what is not watched is compiled once
        self.results, self.said, self.public, self.facts = [], [], [], ""

    def jobs(self):
        """Yields (source, object, flags). The test around it is at -O1 always: it is not what is looked at."""
        for source in TEST_SOURCES:
            yield source, self.shared, ["-O1"]
        for source in sources("kernel/*.cpp"):
            yield source, self.folder, [self.level, *KERNEL]
        for source in [*sources(*WATCHED_ADAPTERS), f"{HERE}/twins.cpp"]:
            yield source, self.folder, [self.level]

    def count(self, name, good, complaint):
        self.results.append((f"{self.name} {name}", good, complaint))
        if not good:
            self.said.append(complaint)

    def link(self):
        crypto = next(pathlib.Path("/usr/lib").glob("*/android/libcrypto.so"))
        objects = [target(source, folder) for source, folder, _ in self.jobs()]
        wraps = [f"-Wl,--wrap={symbol}" for symbol in wrapped()]
        done = run([self.compiler, "-o", self.folder / "constant_time", *objects, *wraps, "-lgtest", "-lfmt", crypto,
                    f"-Wl,-rpath,{crypto.parent}", "-Wl,--fatal-warnings"])
        if done.returncode != 0:
            sys.exit(f"{self.name} does not link:\n{done.stderr}")

    def watch(self, part):
        done = run(["valgrind", "--quiet", "--error-limit=no", "--track-origins=no", "--num-callers=12",
                    self.folder / "constant_time", part], timeout=600)
        (self.folder / f"{part}.log").write_text(done.stdout + done.stderr)
        total = re.search(r"^(\d+) passed, (\d+) failed$", done.stdout, re.M)
        failures = re.findall(r"^failed: .*$", done.stdout, re.M)
        if not total or int(total[2]) != len(failures) or (done.returncode == 0) != (not failures):
            self.count(part, False, f"{part}: ended with {done.returncode}: {done.stderr[-600:]}")
            return 0
        self.results += [(f"{self.name} {part} {number}", True, "") for number in range(int(total[1]))]
        self.results += [(f"{self.name} {part} {line}", False, line) for line in failures]
        self.said += failures
        if part == "cases" and failures:
            self.said.append(done.stderr[-4000:])
        self.public = re.findall(r"^public: (.*), \d+ times: (.*)$", done.stdout, re.M) or self.public
        return int(total[1])

    def divisions(self, objects):
        text = run(["objdump", "-d", "--no-show-raw-insn", "-C", *objects], check=True).stdout
        where, found, seen = "", [], 0
        for line in text.splitlines():
            if line.endswith(">:"):
                where = line.split("<", 1)[1][:-2]
            seen += bool(INSTRUCTION.match(line))
            if DIVISION.match(line):
                found.append(f"{where}: {line.split(':', 1)[1].strip()}")
        return found, seen

    def look(self):
        found, seen = self.divisions([target(s, self.folder) for s in sources("kernel/*.cpp")])
        self.count("the kernel does not divide", not found and seen > 1000, "the kernel divides: " + "; ".join(found[:5]) + f" ({seen} instructions)")
        twin, _ = self.divisions([target(f"{HERE}/twins.cpp", self.folder)])
        self.count("a division is seen", any("leaky_remainder" in line for line in twin), "the look at instructions misses a division")
        return seen

    def judge(self):
        self.link()
        quiet, leaky = self.watch("cases"), self.watch("twins")
        self.facts = f"{quiet} cases quiet, {leaky} twins reported, no division in {self.look()} instructions"
        return self


def target(source, folder):
    return folder / (source.replace("/", "_")[:-len(".cpp")] + ".o")


def compile_all(configurations, pool):
    jobs = collections.OrderedDict()
    for c in configurations:
        c.folder.mkdir(parents=True, exist_ok=True)
        c.shared.mkdir(parents=True, exist_ok=True)
        for source, folder, flags in c.jobs():
            jobs[target(source, folder)] = [*([shutil.which("ccache")] if shutil.which("ccache") else []), c.compiler, *COMMON,
                                            *flags, "-c", source, "-o", target(source, folder)]
    for source, done in zip(jobs, pool.map(run, jobs.values())):
        if done.returncode != 0:
            sys.exit(f"{source} does not compile:\n{done.stderr}")


def main():
    options = argparse.ArgumentParser(usage=__doc__.strip().splitlines()[-1].split(":", 1)[1].strip())
    options.add_argument("--build", type=pathlib.Path, default=ROOT / "build/constant_time")
    options.add_argument("-j", type=int, default=2)
    options.add_argument("names", nargs="*")
    wanted = options.parse_args()
    known = [Configuration(c, level, wanted.build) for c in COMPILERS for level in LEVELS]
    chosen = [c for c in known if not wanted.names or c.name in wanted.names]
    if not chosen or any(shutil.which(tool) is None for tool in ("valgrind", "objdump", *COMPILERS)):
        sys.exit(f"there are: {' '.join(c.name for c in known)}; needed: valgrind, objdump, {', '.join(COMPILERS)}")
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(wanted.j) as pool:
        compile_all(chosen, pool)
        for c in pool.map(Configuration.judge, chosen):
            print(f"figure: {c.name:14} {c.facts}", flush=True)
            print("".join(f"  {line}\n" for line in c.said), end="")
    print("What becomes public, and why (property_tests/constant_time/secrets.cpp):")
    for what, why in chosen[0].public:
        print(f"  {what}: {why}")
    report = junit.Report("constant-time")
    for case in (case for c in chosen for case in c.results):
        report.case(*case)
    print(f"figure: {len(chosen[0].public)} facts become public, each with its reason; {time.monotonic() - start:.0f} s")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
