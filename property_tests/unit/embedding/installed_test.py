#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs the kernel into an empty folder and builds docs/examples/kernel against it, as an embedder would: with a copy of
the example alone and find_package(). Then runs it, with codes from Python's HMAC.

usage: installed_test.py CMAKE BUILD REPOSITORY
"""

import hmac
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HEADERS = {"codec.hpp", "event.hpp", "limits.hpp", "record.hpp", "twinlock.h", "twinlock.hpp", "wipe.hpp"}
SAID = ["confirm: verdict 12, accepted", "verify: verdict 12, accepted", "the same code again: verdict 10"]


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")


def code(secret, step):
    mac = hmac.new(secret, step.to_bytes(8, "big"), "sha1").digest()
    at = mac[19] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def play(program):
    """Returns what the program said after its secret, and its exit code."""
    child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    first, second = child.stdout.readline().strip(), child.stdout.readline().strip()
    if first != "begin: verdict 12, accepted" or not second.startswith("secret: "):
        sys.exit(f"the example says: {first} {second}")
    secret, step = bytes.fromhex(second.removeprefix("secret: ")), int(time.time()) // 30
    said, _ = child.communicate(f"{code(secret, step)}\n{code(secret, step + 1)}\n", timeout=20)
    return said.splitlines(), child.returncode


def main():
    cmake, build, root = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    with tempfile.TemporaryDirectory(prefix="twinlock-installed-") as name:
        folder = pathlib.Path(name)
        run(cmake, "--install", build, "--component", "kernel", "--prefix", folder / "root")
        installed = {p.name for p in (folder / "root/include/twinlock/kernel").iterdir()}
        if installed != HEADERS:
            sys.exit(f"installs other headers: {sorted(installed ^ HEADERS)}")
        header = folder / "header.cpp"  # the C++ interface, from what is installed alone
        header.write_text('#include "kernel/twinlock.hpp"\nint main() { return twinlock::valid(twinlock::new_record()) ? 0 : 1; }\n')
        shutil.copytree(root / "docs/examples/kernel", folder / "example")
        with (folder / "example/CMakeLists.txt").open("a") as lists:
            lists.write(f"enable_language(CXX)\nadd_executable(header {header})\nset_target_properties(header PROPERTIES CXX_STANDARD 20)\n"
                        "target_link_libraries(header PRIVATE TwinlockKernel::kernel)\n")
        run(cmake, "-S", folder / "example", "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={folder / 'root'}",
            "-DCMAKE_C_FLAGS=-Wall -Wextra -pedantic -Werror")
        run(cmake, "--build", folder / "build")
        run(folder / "build/header")
        said, code_of_exit = play(folder / "build/example")
    good = said == SAID and code_of_exit == 0
    print("\n".join(said))
    print(f"{int(good)} passed, {int(not good)} failed")
    return 0 if good else 1


sys.exit(main())
