#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the linker left in a program against one who overwrites its memory:

  PIE        it is loaded at another address each time
  RELRO      the tables of outside functions are read-only
  BIND_NOW   all of them are filled in before that, so no table stays writable
  stack      never executable
  canary     functions notice an overwritten return address
  fortified  with --release: the C library's checked functions are called (_FORTIFY_SOURCE)
  clash      with --release: a stack that grows by more than a page touches each page (-fstack-clash-protection)
  branches   with --release: main() begins with the mark of an allowed target of a jump (-fcf-protection)

usage: check.py [--release] PROGRAM...
       check.py --self-test COMPILER       builds programs that lack one each, and asks whether it is missed
"""

import pathlib
import re
import subprocess
import sys
import tempfile

PROBE = re.compile(r"\bsub +\$0x1000,%rsp\n.*\b(or|mov)q +\$0x0,\(%rsp\)")
CHECKED = re.compile(r"\b__\w+_chk\b")

# Has all of it, built with SOUND: a buffer on the stack, and a copy whose size only the run knows.
SOURCE = """#include <cstring>
int main(int count, char** words) {
  char copy[64];
  char pages[65536];
  std::strcpy(copy, words[count - 1]);
  std::strcpy(pages, words[0]);
  return copy[0] + pages[1];
}
"""
SOUND = ["-O2", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3", "-fstack-protector-strong", "-fstack-clash-protection",
         "-fcf-protection", "-fPIE", "-pie", "-Wl,-z,relro,-z,now"]
LACKING = {
    "PIE": ["-no-pie", "-fno-PIE"],
    "RELRO": ["-Wl,-z,norelro"],
    "BIND_NOW": ["-Wl,-z,lazy"],
    "stack": ["-Wl,-z,execstack"],
    "canary": ["-fno-stack-protector"],
    "fortified": ["-U_FORTIFY_SOURCE"],
    "clash": ["-fno-stack-clash-protection"],
    "branches": ["-fcf-protection=none"],
}


def readelf(*arguments):
    return subprocess.run(["readelf", "--wide", *arguments], check=True, capture_output=True, text=True).stdout


def disassembled(program, *options):
    return subprocess.run(["objdump", "--disassemble" + "".join(options), "--no-show-raw-insn", program], check=True, capture_output=True, text=True).stdout


def missing(program, release):
    """Returns the names of what `program` lacks."""
    segments, dynamic, symbols = (readelf(what, program) for what in ("--segments", "--dynamic", "--dyn-syms"))
    stack = re.search(r"GNU_STACK(?:\s+0x[0-9a-f]+){5}\s+(\S+)", segments)
    found = {
        "PIE": re.search(r"FLAGS_1.*\bPIE\b", dynamic),
        "RELRO": "GNU_RELRO" in segments,
        "BIND_NOW": re.search(r"FLAGS_1.*\bNOW\b", dynamic),
        "stack": stack and "E" not in stack.group(1),
        "canary": "__stack_chk_fail" in symbols,
        "fortified": not release or any(name != "__stack_chk" for name in CHECKED.findall(symbols)),
        "clash": not release or PROBE.search(disassembled(program)),
        "branches": not release or "endbr64" in disassembled(program, "=main"),
    }
    return {name for name, there in found.items() if not there}


def self_test(compiler):
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        source, program = pathlib.Path(folder, "twin.cpp"), pathlib.Path(folder, "twin")
        source.write_text(SOURCE, encoding="utf-8")
        for lacking, flags in {"nothing": [], **LACKING}.items():
            subprocess.run([compiler, *SOUND, *flags, "-o", program, source], check=True)
            found = missing(program, release=True)
            if found != ({lacking} & set(LACKING)):
                print(f"a program that lacks {lacking}: missed {' '.join(sorted(found)) or 'nothing'}")
                failed += 1
    print(f"self-test: {len(LACKING) + 1 - failed} passed, {failed} failed")
    return failed


def main():
    if sys.argv[1] == "--self-test":
        return self_test(sys.argv[2])
    programs = [word for word in sys.argv[1:] if word != "--release"]
    lacking = {program: missing(program, "--release" in sys.argv) for program in programs}
    for program, names in lacking.items():
        if names:
            print(f"{program} lacks {' '.join(sorted(names))}")
    return 1 if any(lacking.values()) or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
