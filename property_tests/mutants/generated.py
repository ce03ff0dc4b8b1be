#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks kernel and the security rooms of adapters/ by rule (rules.py), one fault at a time, and says what noticed each.

A mutant is named file:line:column:rule:number. Each is put into a tree of its own and compiled. One that does not compile, or whose objects
are the unchanged ones, is not counted. Then the room's test programs run, the quick tests first; a time-out is noticed too. For a survivor of
kernel/ the proofs follow. What still survives must stand in equivalent.toml, which says why nobody could tell it from the original. The run
fails where a survivor is not listed, a listed one was noticed, or an entry fits nothing any more. The trees are kept: build/mutants, which is
that of adapters.py, and build/mutants_1 for a second worker.

usage: generated.py [--room ROOM...] [--seed TEXT] [--no-proofs] [-j JOBS] [N | all | NAME...]
  N         a sample of so many (default: 20); the same seed and tree give the same sample
  all       every mutant
  NAME      a mutant, or the beginning of some: kernel/throttle.cpp:13, or a file
  --self-test      a scratch room with faults that are seen, unseen, harmless and listed: does each get its verdict?
"""
import argparse
import collections
import concurrent.futures
import contextlib
import dataclasses
import fnmatch
import hashlib
import io
import itertools
import json
import os
import pathlib
import queue
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib

sys.dont_write_bytecode = True
import adapters
import rules
from adapters import junit

ROOT = adapters.ROOT
sys.path.insert(0, str(ROOT / "property_tests/proofs"))
import prove  # noqa: E402

HERE = ROOT / "property_tests/mutants"
PROVE = ROOT / "property_tests/proofs/prove.sh"
SHARDS = 3  # most of the slow tests wait for something
SLOW_MS = 1000
BATCH = 12  # mutants of one file that one worker takes at a time
MEMORY_BYTES = 6 << 30  # a mutant may ask for anything


@dataclasses.dataclass
class Room:
    files: list[str]  # patterns
    programs: list[str]  # in the order in which they are asked
    proofs: bool = False


ROOMS = {
    "kernel": Room(["kernel/*.[ch]pp"], ["kernel_tests", "kernel_layers", "kernel_exhaustive", "kernel_bounds", "kernel_model"], proofs=True),
    "keys": Room(["adapters/keys/*.[ch]pp"], ["keys_tests", "formats_test", "http_test", "gate_test", "service_tests"]),
    "gate": Room(["adapters/gate/*.[ch]pp"], ["gate_test"]),
    "http": Room([f"adapters/http/{name}.[ch]pp" for name in ("cookies", "stamp", "pass")], ["http_test", "formats_test", "gate_test", "pages_test", "api_test"]),
    "service": Room(["adapters/service/*.[ch]pp"], ["service_tests", "gate_test", "pages_test", "api_test", "service_model", "service_swarm"]),
    "fastcgi": Room([f"adapters/fastcgi/{name}.[ch]pp" for name in ("codec", "encoder", "pairs", "cookies", "collector", "connection",
                                                              "connection_input", "connection_time", "crowd")],
                    ["fastcgi_test"]),
    "store": Room(["adapters/store/*.[ch]pp", "adapters/sqlite/*.[ch]pp"], ["store_tests", "service_tests", "store_crash_tests"]),
}

# Verdicts that are not counted, and those that are good.
BROKEN, SAME, KILLED, PROOF, SURVIVED = "does not compile", "same objects", "killed", "killed by a proof", "SURVIVED"


# ---- the mutants of a tree


class Catalogue:
    """The mutants of each file, kept in a folder until the file or what it may include changes."""

    def __init__(self, root, rooms, cache):
        self.root, self.rooms, self.cache = root, rooms, cache
        names = sorted(str(p.relative_to(root)) for part in ("kernel", "adapters") for p in (root / part).rglob("*.[ch]pp"))
        self.room_of = {name: room for name in names for room, what in rooms.items() if any(fnmatch.fnmatch(name, p) for p in what.files)}
        state = hashlib.sha256((HERE / "rules.py").read_bytes())
        for name in names:
            if name.endswith(".hpp"):
                state.update(name.encode() + (root / name).read_bytes())
        self.headers = state.hexdigest()
        self.made = {}

    def files(self, rooms=None):
        return [name for name, room in self.room_of.items() if not rooms or room in rooms]

    def make(self, files, jobs):
        self.cache.mkdir(parents=True, exist_ok=True)
        todo = {}
        for file in files:
            kept = self.cache / (hashlib.sha256(self.headers.encode() + file.encode() + (self.root / file).read_bytes()).hexdigest() + ".json")
            if file in self.made:
                continue
            if kept.exists():
                self.made[file] = [rules.Mutant(**fields) for fields in json.loads(kept.read_text())]
            else:
                todo[file] = kept
        if not todo:
            return [mutant for file in files for mutant in self.made[file]]
        with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
            for (file, kept), mutants in zip(todo.items(), pool.map(rules.of_file, itertools.repeat(self.root), todo)):
                self.made[file] = mutants
                kept.write_text(json.dumps([dataclasses.asdict(m) for m in mutants]))
        return [mutant for file in files for mutant in self.made[file]]

    def sample(self, files, number, seed, jobs):
        """Draws files by their length, then a mutant of each; every draw depends on the seed, its number and the text alone."""
        def drawn(*words):
            return int.from_bytes(hashlib.sha256("\0".join(map(str, words)).encode()).digest()[:8], "big")

        marks = list(itertools.accumulate((self.root / file).stat().st_size for file in files))
        chosen = {}
        for draw in range(20 * number):  # a file may have no mutant, or no other
            at = drawn(seed, draw) % marks[-1]
            file = files[next(i for i, mark in enumerate(marks) if at < mark)]
            free = [m for m in self.make([file], jobs) if m.name not in chosen]
            if free:
                mutant = min(free, key=lambda m: drawn(seed, draw, m.function, m.change))
                chosen[mutant.name] = mutant
            if len(chosen) == number:
                break
        return list(chosen.values())


# ---- one tree, one mutant at a time


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Shards:
    """A test program, run as several processes that share its tests."""

    def __init__(self, program, tests, limit_s, shards=SHARDS, fail_fast=True):
        self.program, self.tests, self.limit_s, self.shards, self.fail_fast = program, tests, limit_s, shards, fail_fast
        self.output = ""

    def red(self):
        """The names of the red tests. Each must be red again alone: on a busy machine a test that waits may be red by chance."""
        for _ in range(3):
            names = self.once()
            sure = [name for name in names if name.endswith("(time-out)") or name.startswith("start")]
            alone = (name for name in names if name not in sure)
            again = [name for name in alone if Shards(self.program, name.split(" ")[0], self.limit_s, shards=1).once()] if not sure else []
            if not names or sure or again:
                return sure or again
        return []

    def once(self):
        """The names of the red tests; a crash has the name of the test that was running."""
        with tempfile.TemporaryDirectory(prefix="tl-", ignore_cleanup_errors=True) as folder:
            logs = [open(pathlib.Path(folder) / f"log{i}", "w+b") for i in range(self.shards)]
            running = [self.start(i, log, folder) for i, log in enumerate(logs)]
            deadline = time.monotonic() + self.limit_s
            late = False
            while any(process.poll() is None for process in running):
                late = time.monotonic() > deadline
                if late or self.fail_fast and any(process.poll() for process in running):
                    break
                time.sleep(0.01)
            stopped = [process.poll() is None for process in running]
            for process in running:  # and what a shard started
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                process.wait()
            names = []
            for log, process, cut in zip(logs, running, stopped):
                log.seek(0)
                text = log.read().decode(errors="replace")
                self.output += text
                failed = re.findall(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)", text, re.M)
                if not failed and (late if cut else process.returncode != 0):
                    running_test = re.findall(r"^\[ RUN      \] ([\w/]+\.[\w/]+)", text, re.M)
                    failed = [(running_test or ["start"])[-1] + (" (time-out)" if cut else " (crash)")]
                names += failed
                log.close()
            return sorted(set(names))

    def start(self, shard, log, folder):
        environment = {**os.environ, "GTEST_TOTAL_SHARDS": str(self.shards), "GTEST_SHARD_INDEX": str(shard), "TMPDIR": folder,
                       "RC_PARAMS": "seed=1 max_success=300", **({"GTEST_FAIL_FAST": "1"} if self.fail_fast else {})}
        return subprocess.Popen([str(self.program), "--gtest_filter=" + self.tests], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                env=environment, cwd=folder, start_new_session=True, preexec_fn=limits)


class Tree(adapters.Copy):
    def __init__(self, folder, root, rooms):
        super().__init__(folder, 1, root)
        self.rooms, self.dirty, self.digests = rooms, None, {}

    def prepare(self, targets):
        complaint = super().prepare(targets)
        if not complaint:
            self.objects = collections.defaultdict(list)
            for entry in json.loads((self.build / "compile_commands.json").read_text()):
                self.objects[os.path.relpath(entry["file"], self.folder)].append(re.search(r" -o (\S+)", entry["command"])[1])
        return complaint

    def ninja(self, targets, mutant):
        environment = {**self.environment, **({"TWINLOCK_MUTANT": "1"} if mutant else {})}
        return adapters.run(["ninja", "-C", self.build, "-j", self.jobs, *targets], env=environment).returncode == 0

    def digest(self, target):
        with tempfile.NamedTemporaryFile() as stripped:
            subprocess.run(["objcopy", "--strip-debug", self.build / target, stripped.name], check=True)
            return hashlib.sha256(pathlib.Path(stripped.name).read_bytes()).hexdigest()

    def restore(self):
        """Puts the unchanged text back, and what was made of it."""
        if self.dirty is not None:
            file, room, original = self.dirty
            (self.folder / file).write_bytes(original)
            if not self.ninja(self.objects.get(file) or self.rooms[room].programs, mutant=False):
                sys.exit(f"{self.folder} does not build any more; remove it")
            self.dirty = None

    def all_objects(self):
        return [str(p.relative_to(self.build)) for p in self.build.rglob("*.o")]

    def base_digests(self, targets):
        for target in targets:
            if target not in self.digests:
                self.digests[target] = self.digest(target)

    def judge(self, mutant, room, plans, proofs):
        """Returns (verdict, what noticed it)."""
        file = mutant.file
        if self.dirty is not None and self.dirty[0] != file:
            self.restore()
        own = self.objects.get(file, [])
        if self.dirty is None:
            self.base_digests(own or self.all_objects())
            self.dirty = (file, room, (self.folder / file).read_bytes())
        original = self.dirty[2]
        (self.folder / file).write_bytes(mutant.applied(original))
        started = time.time()
        if own:
            if not self.ninja(own, mutant=True):
                return BROKEN, ""
            if all(self.digest(target) == self.digests[target] for target in own):
                return SAME, ""
        programs = self.rooms[room].programs
        for program in programs:
            if not self.ninja([program], mutant=True):
                return BROKEN, ""
            red = plans[program].quick(self.build).red()
            if red:
                return KILLED, f"{program} {red[0]}"
        if not own:
            changed = [t for t in self.all_objects() if (self.build / t).stat().st_mtime >= started - 1 and self.digest(t) != self.digests.get(t)]
            if not changed:
                return SAME, ""
        for program in programs:
            slow = plans[program].slow(self.build)
            red = slow.red() if slow else []
            if red:
                return KILLED, f"{program} {red[0]}"
        if proofs and self.rooms[room].proofs:
            return self.proof()
        return SURVIVED, ""

    def proof(self):
        """K21 first: it sees whatever changes an outcome, in a few minutes. What did not come to an end shows nothing."""
        names = list(prove.harnesses())
        for part in ([n for n in names if n.startswith("k21")], [n for n in names if not n.startswith("k21")]):
            with tempfile.TemporaryDirectory(prefix="twinlock-proof-") as work:
                done = adapters.run([PROVE, "--kernel", self.folder / "kernel", "--claims-only", "--jobs", "1", "--work", work, *part])
            red = refuted(done.stdout)
            if red:
                return PROOF, red[0]
            if done.returncode != 0:
                return SURVIVED, "(the prover came to no end: " + " ".join((done.stdout + done.stderr).split())[-200:] + ")"
        return SURVIVED, ""


def refuted(said):
    """The harnesses that prove.py says do not hold."""
    return re.findall(r"^(\w+) +FAILED ", said, re.M)


class Plan:
    """A test program's tests, quick and slow, and how long they may take."""

    def __init__(self, name, build):
        self.name = name
        started = time.monotonic()
        whole = Shards(build / "bin" / name, "*", 300, fail_fast=False)
        self.was_red = whole.red()
        self.limit_s = 10 + 3 * (time.monotonic() - started)
        took = re.findall(r"^\[       OK \] ([\w/]+\.[\w/]+).*\((\d+) ms\)", whole.output, re.M)
        slow = [test for test, ms in took if int(ms) >= SLOW_MS]
        self.slow_tests = ":".join(slow)
        self.all_slow = len(slow) == len(took)

    def quick(self, build):
        return Shards(build / "bin" / self.name, "-" + (self.slow_tests or "none") if not self.all_slow else "none", self.limit_s)

    def slow(self, build):
        return Shards(build / "bin" / self.name, self.slow_tests, self.limit_s) if self.slow_tests else None


# ---- the run


def listed(file):
    entries = tomllib.loads(file.read_text()).get("equivalent", []) if file.exists() else []
    for entry in entries:
        if set(entry) != {"file", "function", "change", "reason"} or not entry["reason"].strip():
            sys.exit(f"{file.name}: each entry has file, function, change and reason: {entry}")
    return {(e["file"], e["function"], e["change"]): e["reason"] for e in entries}


def judged(trees, mutants, catalogue, plans, proofs, on_result):
    batches = queue.Queue()
    by_file = collections.defaultdict(list)
    for mutant in mutants:
        by_file[mutant.file].append(mutant)
    for group in sorted(by_file.values(), key=len, reverse=True):
        for start in range(0, len(group), BATCH):
            batches.put(group[start:start + BATCH])
    lock = threading.Lock()

    def work(tree):
        while True:
            try:
                batch = batches.get_nowait()
            except queue.Empty:
                tree.restore()
                return
            for mutant in batch:
                started = time.monotonic()
                verdict, by = tree.judge(mutant, catalogue.room_of[mutant.file], plans, proofs)
                with lock:
                    on_result(mutant, verdict, by, time.monotonic() - started)

    with concurrent.futures.ThreadPoolExecutor(len(trees)) as pool:
        for done in [pool.submit(work, tree) for tree in trees]:
            done.result()


class Verdicts:
    """What became of each mutant, told line by line and summed up at the end."""

    def __init__(self, known, room_of):
        self.known, self.room_of = known, room_of
        self.counts = collections.defaultdict(collections.Counter)
        self.bad = []
        self.report = junit.Report("generated")

    def take(self, mutant, verdict, by, seconds):
        reason = self.known.get((mutant.file, mutant.function, mutant.change))
        counted = verdict
        if verdict == SURVIVED and reason:
            counted, by = "equivalent", reason
        elif verdict in (KILLED, PROOF) and reason:
            counted = "listed, yet noticed"
        if counted in (SURVIVED, "listed, yet noticed"):
            self.bad.append((mutant, counted))
            by = f"{by + ' ' if by else ''}in {mutant.function}: {mutant.change}"
        self.counts[self.room_of[mutant.file]][counted] += 1
        if counted not in (SAME, BROKEN):
            self.report.case(mutant.name, counted in (KILLED, PROOF, "equivalent"), f"{counted}: {by}")
        print(f"{mutant.name:<48} {counted:<18} {seconds:5.1f} s  {by}", flush=True)

    def summary(self, stale, seconds, building_s):
        kinds = [KILLED, PROOF, "equivalent", SURVIVED, "listed, yet noticed", SAME, BROKEN]
        print(f"\n{'room':<10}" + "".join(f"{kind:>20}" for kind in kinds))
        total = collections.Counter()
        for room, counts in sorted(self.counts.items()):
            total += counts
            print(f"{room:<10}" + "".join(f"{counts[kind]:>20}" for kind in kinds))
        for key in stale:
            self.report.case(f"equivalent.toml: {key}", False, "this entry fits no mutant any more")
            print(f"equivalent.toml: an entry fits no mutant any more: {key[0]}, {key[1]}: {key[2]}")
        for mutant, _ in self.bad:
            print(f"replay: ./test mutants --generated {mutant.name}")
        noticed, counted = total[KILLED] + total[PROOF], sum(total[kind] for kind in kinds[:5])
        print(f"figure: generated: {noticed} of {counted} mutants noticed, {total['equivalent']} listed as equivalent; {total[SAME]} more "
              f"compile to the same objects, {total[BROKEN]} do not compile; {seconds:.0f} s, after {building_s:.0f} s of building")
        self.report.case("there were mutants", counted + total[SAME] + total[BROKEN] > 0)
        return self.report.end()


def built(work, root, rooms, used, jobs):
    """Returns the trees and the plans of the test programs, whose tests must be green."""
    programs = sorted({program for room in used for program in rooms[room].programs})
    trees = [Tree(work.with_name(f"{work.name}_{i}") if i else work, root, rooms) for i in range(jobs)]
    for tree in trees:
        tree.jobs = os.cpu_count() or 1
        complaint = tree.prepare(programs)
        tree.jobs = 1
        if complaint:
            sys.exit("the unchanged tree does not build: " + complaint)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        plans = dict(zip(programs, pool.map(Plan, programs, [trees[0].build] * len(programs))))
    red = [f"{name} {test}" for name, plan in plans.items() for test in plan.was_red]
    if red:
        sys.exit("of the unchanged tree these tests are red: " + ", ".join(red))
    return trees, plans


def stale_entries(catalogue, known, jobs):
    there = {key[0] for key in known if key[0] in catalogue.room_of}
    fits = {(m.file, m.function, m.change) for m in catalogue.make(sorted(there), jobs)}
    return [key for key in known if key not in fits]


def chosen(catalogue, words, rooms, seed, jobs):
    files = catalogue.files(rooms)
    if words == ["all"]:
        return catalogue.make(files, jobs)
    if len(words) == 1 and words[0].isdigit():
        return catalogue.sample(files, int(words[0]), seed, jobs)
    wanted = [file for file in catalogue.files() if any(file == w.split(":")[0] for w in words)]
    return [m for m in catalogue.make(wanted, jobs) if any(m.name == w or m.name.startswith(w + ":") for w in words)]


# ---- the runner's own test

SCRATCH_FOLDER = "adapters/scratch"  # @ below
SCRATCH = {
    "CMakePresets.json": '{"version": 6, "configurePresets": [{"name": "dev", "generator": "Ninja", "cacheVariables": {"CMAKE_BUILD_TYPE": "Debug", '
                         '"CMAKE_CXX_FLAGS_DEBUG": "-O1"}}]}\n',
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.25)
project(scratch LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
find_package(GTest REQUIRED)
add_library(scratch STATIC @/scratch.cpp)
add_executable(scratch_tests @/scratch_test.cc)
target_compile_options(scratch PRIVATE -Wall -Wextra -Werror)
target_link_libraries(scratch_tests PRIVATE scratch GTest::gtest_main)
""",
    "@/scratch.hpp": "constexpr int smallest = 4;  // seen: 5 and 3 and 0\n",
    "@/scratch.cpp": """#include "scratch.hpp"
int at_least(int value) {  // "a < b" in a comment is no place for a fault
  if (value < smallest) return smallest;
  return value;
}
int unseen(int value) { return value + 7; }
unsigned half(unsigned value) { return value / 2U + 0U; }
constexpr int table[] = {1, 2};
static_assert(table[0] < table[1]);
bool spin(unsigned value) {
  while (value > 9U) value /= 10U;
  return value == 9U;
}
""",
    "@/scratch_test.cc": """#include <gtest/gtest.h>
int at_least(int);
unsigned half(unsigned);
bool spin(unsigned);
TEST(Scratch, AtLeast) {
  EXPECT_EQ(at_least(3), 4);
  EXPECT_EQ(at_least(5), 5);
}
TEST(Scratch, Half) { EXPECT_EQ(half(8), 4U); }
TEST(Scratch, Spin) {
  EXPECT_TRUE(spin(97));
  EXPECT_FALSE(spin(71));
}
""",
    "list.toml": """[[equivalent]]
file = "@/scratch.cpp"
function = "spin"
change = "return value [== -> >=] 9U"
reason = "after the loop it is 9 at most"
[[equivalent]]
file = "@/scratch.cpp"
function = "spin"
change = "value > [9U -> 10U]"
reason = "10 becomes 1 or stays: not 9 either way"
[[equivalent]]
file = "@/scratch.cpp"
function = "half"
change = "return value [/ -> *] 2U + 0U"
reason = "a lie: a test sees it"
[[equivalent]]
file = "@/scratch.cpp"
function = "gone"
change = "value [< -> <=] smallest"
reason = "its function is gone"
""",
}


def self_test():
    report, problems = junit.Report("generated_test"), []
    with tempfile.TemporaryDirectory(prefix="twinlock-generated-") as folder:
        root, work = pathlib.Path(folder) / "root", pathlib.Path(folder) / "work"
        for name, text in SCRATCH.items():
            file = root / name.replace("@", SCRATCH_FOLDER)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace("@", SCRATCH_FOLDER))
        rooms = {"scratch": Room([SCRATCH_FOLDER + "/*.[ch]pp"], ["scratch_tests"])}
        catalogue = Catalogue(root, rooms, work / "list")
        mutants = catalogue.make(catalogue.files(), 1)
        known = listed(root / "list.toml")
        trees, plans = built(work, root, rooms, ["scratch"], 2)
        verdicts = Verdicts(known, catalogue.room_of)
        seen = {}

        def on_result(mutant, verdict, by, seconds):
            verdicts.take(mutant, verdict, by, seconds)
            seen[mutant.function, mutant.change] = verdict

        judged(trees, mutants, catalogue, plans, False, on_result)
        wanted = {
            ("at_least", "value [< -> >=] smallest"): KILLED,
            ("spin", "return value [== -> >=] 9U"): SURVIVED,
            ("smallest", "constexpr int smallest = [4 -> 5]"): KILLED,
            ("unseen", "return value [+ -> -] 7"): SURVIVED,
            ("half", "return value / 2U [+ -> -] 0U"): SAME,
            ("half", "return value [/ -> *] 2U + 0U"): KILLED,
            ("table", "constexpr int table[] = { [1, 2 -> 2, 1] }"): BROKEN,
            ("spin", "[value /= 10U -> nothing]"): KILLED,  # by a time-out
        }
        for key, verdict in wanted.items():
            if seen.get(key) != verdict:
                problems.append(f"{key} is {seen.get(key)}, not {verdict}")
        if any("comment" in change for _, change in seen):
            problems.append("a comment was changed")
        marked = {(mutant.function, verdict) for mutant, verdict in verdicts.bad}
        if marked != {("unseen", SURVIVED), ("half", "listed, yet noticed")}:
            problems.append(f"marked as bad: {marked}")
        stale = stale_entries(catalogue, known, 1)
        if [key[1] for key in stale] != ["gone"]:
            problems.append(f"stale: {stale}")
        if verdicts.summary(stale, 0, 0) == 0:
            problems.append("the run with a survivor is green")
        once, again = (catalogue.sample(catalogue.files(), 5, "x", 1) for _ in range(2))
        if once != again or len(once) != 5 or once == catalogue.sample(catalogue.files(), 5, "y", 1):
            problems.append("a sample does not follow its seed")
        with contextlib.redirect_stdout(io.StringIO()) as said:
            for claims in ("proved", "FAILED", "TIME-OUT"):
                prove.report({"name": "k21_" + claims, "claims": claims, "seconds": 1.0, "notes": ["-DKIND=3 [k.assertion.1] FAILED : FAILURE"]})
        if refuted(said.getvalue()) != ["k21_FAILED"]:
            problems.append(f"of the prover's words {refuted(said.getvalue())} are red, not k21_FAILED")
        one = [m.name for m in chosen(catalogue, [mutants[3].name], None, "", 1)]
        if one != [mutants[3].name]:
            problems.append(f"{mutants[3].name} replays as {one}")
    for problem in problems:
        print("self-test: " + problem)
        report.case(problem, False)
    report.case("each kind of verdict is told", not problems)
    return report.end()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS)
    options.add_argument("-j", type=int, help="trees that work side by side (default: 1 for a sample of 40 or fewer, which a second tree's "
                         "building would only delay; otherwise 2)")
    options.add_argument("--room", action="append", choices=sorted(ROOMS))
    options.add_argument("--seed", default="1")
    options.add_argument("--no-proofs", action="store_true")
    options.add_argument("--work", type=lambda folder: pathlib.Path(folder).resolve(), default=ROOT / "build/mutants")
    options.add_argument("--self-test", action="store_true")
    options.add_argument("words", nargs="*")
    wanted = options.parse_args()
    if wanted.self_test:
        return self_test()
    start = time.monotonic()
    cores = os.cpu_count() or 1
    catalogue = Catalogue(ROOT, ROOMS, wanted.work.with_name(wanted.work.name + "_made"))
    known = listed(HERE / "equivalent.toml")
    mutants = chosen(catalogue, wanted.words or ["20"], wanted.room, wanted.seed, cores)
    if not mutants:
        sys.exit("no such mutant; rules.py FILE prints those of a file")
    stale = stale_entries(catalogue, known, cores)
    jobs = wanted.j or (1 if len(mutants) <= 40 else 2)
    trees, plans = built(wanted.work, ROOT, ROOMS, sorted({catalogue.room_of[m.file] for m in mutants}), jobs)
    began = time.monotonic()
    verdicts = Verdicts(known, catalogue.room_of)
    judged(trees, mutants, catalogue, plans, not wanted.no_proofs, verdicts.take)
    return verdicts.summary(stale, time.monotonic() - began, began - start)


if __name__ == "__main__":
    sys.exit(main())
