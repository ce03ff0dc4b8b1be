#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the kernel's archive may ask of the world (K13, and the room's rule): hash functions of BoringSSL and what the
compiler itself calls. Anything else, and any writable data, is a failure.

usage: link_check.py libtwinlock_kernel.a
"""

import re
import subprocess
import sys

ALLOWED = re.compile(
    r"SHA1_(Init|Update|Final)|SHA256_(Init|Update|Final)|memset|memcpy|memmove|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_")
INSTRUMENTATION = re.compile(r"__(asan|ubsan|sanitizer|llvm|gcov|tsan|msan)_")


def symbols(archive):
    """Yields (type letter, mangled name) of every symbol of every member."""
    listing = subprocess.run(["nm", "--format=posix", archive], check=True, capture_output=True, text=True).stdout
    for line in listing.splitlines():
        fields = line.split()
        if len(fields) >= 2 and len(fields[1]) == 1:
            yield fields[1], fields[0]


def main():
    found = list(symbols(sys.argv[1]))
    defined = {name for letter, name in found if letter not in "Uwv"}
    if not {name for name in defined if "twinlock6handle" in name}:
        sys.exit("no twinlock::handle in the archive: nothing was checked")
    if any(INSTRUMENTATION.match(name) for _, name in found):
        print("skipped: an instrumented build asks for its run-time library")
        return 77
    wanted = {name for letter, name in found if letter in "Uwv"} - defined
    foreign = sorted(name for name in wanted if not ALLOWED.fullmatch(name))
    writable = sorted(name for letter, name in found if letter in "BbDdGgSsCc")
    for name in foreign:
        print(f"asks for {name}")
    for name in writable:
        print(f"has writable data: {name}")
    print(f"figure: link: {len(defined)} symbols defined; asks for: {' '.join(sorted(wanted))}; writable: {len(writable)}")
    return 1 if foreign or writable else 0


if __name__ == "__main__":
    sys.exit(main())
