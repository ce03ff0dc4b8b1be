#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""K13, in one place: what the kernel asks of the world, its heap, its stack, its sizes; and the part of K11 that is the
stack's. What ships is looked at: kernel/*.cpp as the release preset compiles it, by g++.

Each look is itself shown to notice: an archive that asks for a forbidden symbol or has a variable, a frame that is too
deep, a recursion, a frame without a bound, a call through a pointer, an allocation in this program and in BoringSSL.

usage: run.py --build FOLDER        FOLDER: built with the preset `dev` (kernel_bounds, kernel_tests)
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "property_tests" / "support"))
import junit  # noqa: E402

SUPPORT = ROOT / "property_tests/support"
BORINGSSL_INCLUDE = "/usr/include/android"
SHIPPED = ["g++", "-std=c++20", "-O2", "-DNDEBUG", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3", "-fstack-clash-protection", "-fcf-protection", "-fno-exceptions", "-fno-rtti",
           "-fstack-protector-strong", "-fno-omit-frame-pointer", f"-I{ROOT}", "-isystem", BORINGSSL_INCLUDE]

# Stands in for twinlock::handle; `%s` is what it should not do.
TWIN = """#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sys/random.h>
#include <unistd.h>
namespace twinlock { %s }
"""
LINK_TWINS = {
    "malloc": "void* handle() { return std::malloc(1); }",
    "operator new": "int* handle() { return new int; }",
    "clock": "std::time_t handle() { return std::time(nullptr); }",
    "randomness": "long handle(void* p) { return ::getrandom(p, 1, 0); }",
    "output": "void handle() { std::puts(\"\"); }",
    "a file": "long handle(void* p) { return ::read(0, p, 1); }",
    "a variable": "static int calls; int handle() { return ++calls; }",
}
STACK_TWINS = {
    "a deep frame": "void use(void*); int handle() { volatile char a[5000]; a[0] = 1; return a[0]; }",
    "a recursion": "int handle(int n) { volatile int k = n; return k > 0 ? handle(k - 1) + k : 0; }",
    "a frame without a bound": "int handle(unsigned n) { volatile char* a = static_cast<char*>(__builtin_alloca(n)); a[0] = 1; return a[0]; }",
    "a call through a pointer": "int handle(int (*f)(int)) { return f(1) + 1; }",
}

report = junit.Report("bounds")


def check(good, name, detail=""):
    if not report.case(name, good, detail):
        print(f"failed: {name}: {detail}", flush=True)


def run(command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


def compiled(source, folder, flags=()):
    target = folder / (source.stem + ".o")
    done = run([*SHIPPED, *flags, "-c", source, "-o", target])
    if done.returncode != 0:
        sys.exit(done.stderr)
    return target


def archive(sources, folder):
    made = folder / "kernel.a"
    made.unlink(missing_ok=True)
    subprocess.run(["ar", "crs", made, *(compiled(source, folder) for source in sources)], check=True)
    return made


def figures(text):
    for line in text.splitlines():
        if line.startswith("figure: "):
            print(line)


def link(folder):
    shipped = archive(sorted((ROOT / "kernel").glob("*.cpp")), folder)
    done = run([sys.executable, SUPPORT / "link_check.py", shipped])
    check(done.returncode == 0, "the link check", done.stdout + done.stderr)
    figures(done.stdout)
    sizes = run(["size", "--totals", shipped]).stdout.splitlines()
    rows = [line.split() for line in sizes[1:]]
    check(all(int(row[1]) == 0 and int(row[2]) == 0 for row in rows), "no object of the kernel has writable data", "; ".join(map(str, rows)))
    objects = ", ".join(f"{row[5].removesuffix('.o')} {row[0]}" for row in rows[:-1])
    print(f"figure: code and constants: {rows[-1][0]} bytes ({objects}); writable 0")
    for what, text in LINK_TWINS.items():
        twin = folder / "twin.cpp"
        twin.write_text(TWIN % text)
        done = run([sys.executable, SUPPORT / "link_check.py", archive([twin], folder)])
        check(done.returncode == 1, f"the link check notices {what}", done.stdout)


def stack(folder):
    done = run([sys.executable, SUPPORT / "link_check_stack.py", ROOT, BORINGSSL_INCLUDE])
    check(done.returncode == 0, "the stack check", done.stdout + done.stderr)
    figures(done.stdout)
    for what, text in STACK_TWINS.items():
        (folder / "kernel").mkdir(exist_ok=True)
        (folder / "kernel" / "twin.cpp").write_text(TWIN % text)
        done = run([sys.executable, SUPPORT / "link_check_stack.py", folder, BORINGSSL_INCLUDE])
        check(done.returncode == 1, f"the stack check notices {what}", done.stdout + done.stderr)


def suite(program, test_filter):
    done = run([program, f"--gtest_filter={test_filter}"])
    good = re.findall(r"^\[       OK \] (\S+)", done.stdout, re.M)
    for name in good:
        check(True, name)
    check(done.returncode == 0 and good, f"{program.name} {test_filter}", done.stdout[-1500:])
    figures(done.stdout)


def main():
    options = argparse.ArgumentParser(usage="run.py --build FOLDER")
    options.add_argument("--build", type=pathlib.Path, required=True)
    programs = options.parse_args().build / "bin"
    with tempfile.TemporaryDirectory(prefix="twinlock-bounds-") as folder:
        link(pathlib.Path(folder))
        stack(pathlib.Path(folder))
    suite(programs / "kernel_bounds", "*")
    suite(programs / "kernel_tests", "PaintedStack.*")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
