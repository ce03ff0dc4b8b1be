#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tests reach, as clang counts it in the sources: the kernel must have 100 % of its lines, branches and MC/DC
conditions, each room of the adapters 90 % of its lines. What is missing of the kernel is listed as file:line.

MC/DC: for every condition of a decision there are two runs that differ in it alone and in the decision's result. Nothing
is excluded; a decision that clang does not instrument is a failure too.

With --self-test the kernel is counted again without one test, and without one suite: what only those reach must show.

The adapters are counted over all of ctest and over twinlockd, twinlock and the probe as LIVE drives them behind nginx.

usage: run.py --build FOLDER [--kernel] [--self-test]      FOLDER: built with the preset `coverage`; --kernel: no adapters
"""

import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "property_tests" / "support"))
import junit  # noqa: E402

KERNEL_SUITES = ("kernel_tests", "kernel_layers", "kernel_exhaustive", "kernel_model", "replay_record_codec", "replay_c_interface",
                 "replay_kernel_history", "replay_kernel_model", "replay_code_check")
KERNEL_CTEST = r"^(kernel\.|exhaustive\.|KernelModel\.|replay_(record_codec|c_interface|kernel_history|kernel_model|code_check)$)"
LIVE = (("interop/web/run.py", "--web", "nginx"), ("interop/doctor_url.py", "--web", "nginx"), ("interop/api_walk.py",))
SLOW_TEST = "Truncate.LowSixDigitsOfEveryValue"  # 2^31 values: reaches nothing that others do not
ROOM_LINES_PERCENT_MIN = 90.0
SELF_TESTS = (  # (what is left out, its filter for kernel_tests, the other suites, where the gaps must be)
    ("one test", "-Ladder.EveryDrawnValueMustBeThere:" + SLOW_TEST, ("kernel_layers",), {"kernel/twinlock.cpp"}),
    ("one suite", "-" + SLOW_TEST, (), {"kernel/decide.cpp", "kernel/gather.cpp"}))

Gap = collections.namedtuple("Gap", "file line what")


def run(command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)


class Counted:
    """What the profiles of some folders say about a set of programs."""

    def __init__(self, folders, programs):
        merged = folders[0] / "all.profdata"
        files = sorted(file for folder in folders for file in folder.glob("*.profraw"))
        if not files:
            sys.exit("no test wrote a profile: is this folder built with the preset 'coverage'?")
        made = run(["llvm-profdata-19", "merge", "-o", merged, *files])
        objects = [part for program in programs[1:] for part in ("-object", program)]
        told = run(["llvm-cov-19", "export", "-instr-profile", merged, programs[0], *objects, ROOT / "kernel", ROOT / "adapters"])
        if made.returncode or told.returncode:
            sys.exit(made.stderr + told.stderr)
        self.files = {pathlib.Path(f["filename"]).relative_to(ROOT).as_posix(): f
                      for f in json.loads(told.stdout)["data"][0]["files"]}

    def kernel(self):
        return {name: f for name, f in self.files.items() if name.startswith("kernel/")}

    def gaps(self):
        """Everything of the kernel that no test reached."""
        found = set()
        for name, f in self.kernel().items():
            found |= {Gap(name, line, "never runs") for line in dark_lines(f["segments"])}
            for line, column, _, _, true, false, *_ in f["branches"]:
                if true == 0 or false == 0:
                    found.add(Gap(name, line, f"column {column}: never {'true' if true == 0 else 'false'}"))
            for line, column, *_, conditions in f.get("mcdc_records", []):
                missing = [str(i + 1) for i, shown in enumerate(conditions) if not shown]
                if missing:
                    found.add(Gap(name, line, f"column {column}: MC/DC of condition {', '.join(missing)}"))
        missing_files = {p.relative_to(ROOT).as_posix() for p in (ROOT / "kernel").glob("*.cpp")} - set(self.files)
        return sorted(found | {Gap(name, 1, "nothing of it was counted") for name in missing_files})

    def totals(self, kind):
        counts = [f["summary"][kind] for f in self.kernel().values()]
        return sum(c["covered"] for c in counts), sum(c["count"] for c in counts)

    def rooms(self):
        """Yields (room, lines reached, lines, the files that miss most)."""
        rooms = collections.defaultdict(list)
        for name, f in self.files.items():
            if name.startswith("adapters/"):
                rooms["/".join(name.split("/")[:2])].append((name, f["summary"]["lines"]))
        for room, files in sorted(rooms.items()):
            worst = sorted(files, key=lambda file: file[1]["covered"] - file[1]["count"])[:3]
            said = [f"{name} {lines['count'] - lines['covered']}" for name, lines in worst if lines["covered"] < lines["count"]]
            yield room, sum(lines["covered"] for _, lines in files), sum(lines["count"] for _, lines in files), said


def dark_lines(segments):
    """The lines that begin, or lie wholly, in a region that never ran. A segment: line, column, count, has a count, ..."""
    for here, after in zip(segments, segments[1:]):
        if here[3] and here[2] == 0 and not here[5]:
            yield from range(here[0], max(here[0], after[0] - 1) + 1)


def uninstrumented():
    """The kernel's decisions that clang does not count."""
    found = []
    for source in sorted((ROOT / "kernel").glob("*.cpp")):
        done = run(["clang++-19", "-std=c++20", "-fprofile-instr-generate", "-fcoverage-mapping", "-fcoverage-mcdc", f"-I{ROOT}",
                    "-isystem", "/usr/include/android", "-c", source, "-o", "/dev/null"])
        found += re.findall(r"^\S+: warning: unsupported MC/DC .*", done.stderr, re.M)
    return found


def with_profiles(folder):
    return {**os.environ, "LLVM_PROFILE_FILE": str(folder / "%4m.profraw"), "RC_PARAMS": "max_success=500"}


class Count(junit.Report):
    def check(self, good, name, detail=""):
        if not self.case(name, good, detail):
            print(f"failed: {name}: {detail}", flush=True)


def tested(build, profiles, selection, count):
    profiles.mkdir(parents=True)
    tests = run(["ctest", "--test-dir", build, "--output-on-failure", "-j", "2", "--no-tests=error", *selection], env=with_profiles(profiles))
    profiles.with_suffix(".log").write_text(tests.stdout + tests.stderr)
    count.check(tests.returncode == 0, "ctest " + " ".join(selection), tests.stdout[-1500:])


def driven(build, profiles, count):
    """One that is red counts: what it did not reach would be missing without a reason."""
    for script, *arguments in LIVE:
        done = run([sys.executable, ROOT / "property_tests" / script, "--build", build, *arguments], env=with_profiles(profiles), timeout=600)
        count.check(done.returncode == 0, script, (done.stdout + done.stderr).strip()[-1500:])


def self_test(programs, count):
    for what, test_filter, others, expected in SELF_TESTS:
        with tempfile.TemporaryDirectory(prefix="twinlock-coverage-") as folder:
            profiles = pathlib.Path(folder)
            suites = ["kernel_tests", *others]
            for suite in suites:
                filters = [f"--gtest_filter={test_filter}"] if suite == "kernel_tests" else []
                run([programs[suite], *filters], env=with_profiles(profiles), cwd=folder)
            gaps = Counted([profiles], [programs[suite] for suite in suites]).gaps()
        where = {gap.file for gap in gaps}
        print(f"self-test: without {what}: {len(gaps)} gaps, in {', '.join(sorted(where)) or 'nothing'}")
        count.check(where == expected, f"without {what} the gaps are in {', '.join(sorted(expected))}", ", ".join(sorted(where)))


def main():
    options = argparse.ArgumentParser(usage=__doc__.strip().splitlines()[-1].split("usage: ")[1])
    options.add_argument("--build", type=pathlib.Path, required=True)
    options.add_argument("--kernel", action="store_true")
    options.add_argument("--self-test", action="store_true")
    wanted = options.parse_args()
    build, count = wanted.build.resolve(), Count("coverage")
    programs = {p.name: p for p in sorted((build / "bin").iterdir()) if os.access(p, os.X_OK) and p.is_file()}
    absent = [name for name in KERNEL_SUITES if name not in programs]
    if absent:
        sys.exit(f"not built in {build}: {', '.join(absent)}")
    of_kernel, of_others = build / "profiles/kernel", build / "profiles/others"
    shutil.rmtree(build / "profiles", ignore_errors=True)
    tested(build, of_kernel, ["-R", KERNEL_CTEST], count)
    for line in uninstrumented():
        count.check(False, line)
    kernel = Counted([of_kernel], [programs[name] for name in KERNEL_SUITES])
    for gap in kernel.gaps():
        count.check(False, f"{gap.file}:{gap.line}: {gap.what}")
    for kind in ("lines", "branches", "mcdc"):
        covered, total = kernel.totals(kind)
        count.check(covered == total > 0, f"kernel {kind}", f"{covered} of {total}")
        print(f"figure: kernel {kind.replace('mcdc', 'MC/DC conditions'):18} {covered:5} of {total:5}")
    if not wanted.kernel:
        tested(build, of_others, ["-E", KERNEL_CTEST], count)
        driven(build, of_others, count)
        for room, covered, total, worst in Counted([of_others, of_kernel], list(programs.values())).rooms():
            percent = 100.0 * covered / total
            print(f"figure: {room:22} {percent:5.1f} % of {total:5} lines; most missing: {', '.join(worst) or 'none'}")
            count.check(percent >= ROOM_LINES_PERCENT_MIN, f"{room}", f"{percent:.1f} % of its lines, less than {ROOM_LINES_PERCENT_MIN:.0f} %")
    if wanted.self_test:
        self_test(programs, count)
    return count.end()


if __name__ == "__main__":
    sys.exit(main())
