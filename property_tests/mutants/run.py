#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Applies each kept mutant of the kernel to a copy, builds kernel_tests against it, and says what noticed it.

A mutant is a unified diff over kernel/; its first line says what it breaks and who notices:
    # breaks K7: what went wrong; noticed by: <regular expression over ctest's names>
Each must apply, compile and turn a check red that its own line names; otherwise the exit code is 1. Checks, in order,
until one is red: kernel_tests without its slowest two, all of kernel_tests, kernel_links_nothing, kernel_stack_bound.

usage: run.py [-j JOBS] [NAME...]        NAME: part of a patch's file name
"""

import argparse
import concurrent.futures
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "property_tests" / "support"))
import junit  # noqa: E402

PATCHES = ROOT / "property_tests/mutants/kernel"
SUPPORT = ROOT / "property_tests/support"
BORINGSSL_INCLUDE = "/usr/include/android"
BASE_FLAGS = ["-std=c++20", "-O1", "-fno-omit-frame-pointer", "-fstack-protector-strong", "-isystem", BORINGSSL_INCLUDE]
SLOW = "Truncate.LowSixDigitsOfEveryValue:Totp.AgreesWithOathtool"
HEADER = re.compile(r"# breaks (?P<what>K\d+): (?P<how>.+); noticed by: (?P<by>\S+)$")


def run(command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)


class Tree:
    """A folder with kernel/ and the tests, its objects, and what each object was made from."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.objects, self.made_from = {}, {}

    def copy_sources(self):
        for part in ("kernel", "property_tests/unit/kernel", "property_tests/support"):
            shutil.copytree(ROOT / part, self.folder / part)

    def sources(self):
        return sorted(p.relative_to(self.folder)
                      for part in ("kernel", "property_tests/unit/kernel") for p in (self.folder / part).glob("*.cpp"))

    def compile(self, source):
        """Returns None, or the compiler's complaint."""
        target = self.folder / (str(source).replace("/", "_") + ".o")
        flags = BASE_FLAGS + (["-fno-exceptions", "-fno-rtti"] if source.parts[0] == "kernel" else [])
        made = run(["g++", *flags, "-I.", "-MMD", "-c", source, "-o", target], cwd=self.folder)
        if made.returncode != 0:
            return made.stderr
        listed = target.with_suffix(".d").read_text().split(":", 1)[1].replace("\\\n", " ")
        self.objects[source] = target
        self.made_from[source] = {str(pathlib.PurePath(name)) for name in listed.split()}
        return None

    def link(self):
        crypto = next(pathlib.Path("/usr/lib").glob("*/android/libcrypto.so"))
        kernel = [o for s, o in self.objects.items() if s.parts[0] == "kernel"]
        tests = [o for s, o in self.objects.items() if s.parts[0] != "kernel"]
        archive = self.folder / "libtwinlock_kernel.a"
        run(["ar", "crs", archive, *kernel], check=True)
        return run(["g++", "-o", self.folder / "kernel_tests", *tests, archive, "-lgtest", "-lgtest_main", crypto,
                    f"-Wl,-rpath,{crypto.parent},-z,now"])


def failed_tests(tree, test_filter):
    """Returns the names of the red tests, as ctest has them; a crash has the name of the last test started."""
    try:
        done = run([tree.folder / "kernel_tests", "--gtest_filter=" + test_filter], timeout=120)
    except subprocess.TimeoutExpired:
        return ["kernel.timeout"]
    red = re.findall(r"^\[  FAILED  \] (\w+\.\w+)", done.stdout, re.M)
    if done.returncode != 0 and not red:
        red = re.findall(r"^\[ RUN      \] (\w+\.\w+)", done.stdout, re.M)[-1:] or ["start"]
    return sorted({"kernel." + name for name in red})


def noticed(tree):
    """Yields the names of the checks that are red, cheapest first; stops after the first group that has one."""
    for names in (lambda: failed_tests(tree, "-" + SLOW), lambda: failed_tests(tree, SLOW),
                  lambda: red_script("kernel_links_nothing", "link_check.py", tree.folder / "libtwinlock_kernel.a"),
                  lambda: red_script("kernel_stack_bound", "link_check_stack.py", tree.folder, BORINGSSL_INCLUDE)):
        found = names()
        if found:
            return found
    return []


def red_script(name, script, *arguments):
    return [name] if run([sys.executable, SUPPORT / script, *arguments]).returncode not in (0, 77) else []


def judge(patch, base):
    """Returns (killed as said, line for the reader)."""
    text = patch.read_text()
    header = HEADER.fullmatch(text.splitlines()[0])
    if not header:
        return False, "its first line is not as run.py's help says"
    with tempfile.TemporaryDirectory(prefix="twinlock-mutant-") as folder:
        tree = Tree(folder)
        tree.copy_sources()
        applied = run(["patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch", "-i", patch], cwd=folder)
        if applied.returncode != 0:
            return False, "does not apply: " + applied.stdout.strip().splitlines()[-1]
        changed = set(re.findall(r"^\+\+\+ b/(\S+)", text, re.M))
        tree.objects.update(base.objects)
        for source in tree.sources():
            if base.made_from[source] & changed:
                complaint = tree.compile(source)
                if complaint:
                    return False, "does not compile: " + complaint.strip().splitlines()[0]
        linked = tree.link()
        if linked.returncode != 0:
            return False, "does not link: " + linked.stderr.strip().splitlines()[-1]
        red = noticed(tree)
    if not red:
        return False, f"SURVIVED  {header['what']}: {header['how']}"
    said = [name for name in red if re.search(header["by"], name)]
    if not said:
        return False, f"killed by {', '.join(red[:4])}, but not by {header['by']}"
    return True, f"killed    {header['what']:4} by {said[0]} ({len(red)} red): {header['how']}"


def built_base(folder, jobs):
    base = Tree(folder)
    base.copy_sources()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        complaints = [c for c in pool.map(base.compile, base.sources()) if c]
    linked = None if complaints else base.link()
    if complaints or linked.returncode != 0:
        sys.exit("the unchanged kernel does not build: " + (complaints[0] if complaints else linked.stderr))
    red = noticed(base)
    if red:
        sys.exit("the unchanged kernel is red: " + ", ".join(red))
    return base


def main():
    options = argparse.ArgumentParser(usage=shlex.join(["run.py", "-j", "JOBS", "NAME..."]))
    options.add_argument("-j", type=int, default=2)
    options.add_argument("names", nargs="*")
    wanted = options.parse_args()
    patches = [p for p in sorted(PATCHES.glob("*.patch")) if not wanted.names or any(n in p.name for n in wanted.names)]
    if not patches:
        sys.exit("no such patch")
    start, report = time.monotonic(), junit.Report("mutants")
    with tempfile.TemporaryDirectory(prefix="twinlock-mutants-") as folder:
        base = built_base(folder, wanted.j)
        with concurrent.futures.ThreadPoolExecutor(wanted.j) as pool:
            for patch, (good, line) in zip(patches, pool.map(lambda p: judge(p, base), patches)):
                report.case(patch.stem, good, line)
                print(f"{patch.stem:34} {line}", flush=True)
    print(f"figure: kernel: {len(patches) - report.failed} of {len(patches)} mutants killed in {time.monotonic() - start:.0f} s")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
