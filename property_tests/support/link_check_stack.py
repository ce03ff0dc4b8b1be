#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The deepest stack of the kernel's public functions (K13): at most 4096 bytes.

Compiles kernel/*.cpp with the shipped flags and -fcallgraph-info=su, then adds up frames along the deepest call path;
8 bytes for each return address. Left out: scrub_stack(), whose 4096-byte area exists to overwrite what the others used,
and BoringSSL's hash functions, whose frames only the painted-stack test sees (it fails when they reach below the area).
A frame of unknown size, a recursion or a call through a pointer is a failure.

usage: link_check_stack.py REPOSITORY BORINGSSL_INCLUDE [COMPILER]
"""

import pathlib
import re
import subprocess
import sys
import tempfile

LIMIT_BYTES = 4096
CALL_BYTES = 8
FLAGS = ["-std=c++20", "-O2", "-DNDEBUG", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3", "-fstack-clash-protection", "-fcf-protection", "-fno-exceptions", "-fno-rtti",
         "-fstack-protector-strong", "-fno-omit-frame-pointer"]
ENTRIES = ("_ZN8twinlock6handleE", "_ZN8twinlock4viewE", "_ZN8twinlock6encodeE", "_ZN8twinlock6decodeE",
           "_ZN8twinlock4wipeE", "_ZN8twinlock10new_recordE", "_ZN8twinlock5validE", "twinlock_handle", "twinlock_view",
           "twinlock_new_record", "twinlock_wipe", "twinlock_compatible")
OUTSIDE = re.compile(r"SHA(1|256)_(Init|Update|Final)|mem(set|cpy|move)|__stack_chk_fail")
EXCLUDED = re.compile(r"scrub_stack")

NODE = re.compile(r'node: \{ title: "([^"]*)" label: "([^"]*)"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"')
FRAME = re.compile(r"(\d+) bytes \(([^)]*)\)")


class Graph:
    """Frames in bytes and calls, by symbol."""

    def __init__(self):
        self.frames, self.calls, self.done = {}, {}, {}

    def read(self, text):
        for title, label in NODE.findall(text):
            frame = FRAME.search(label)
            if not frame:
                continue
            if frame.group(2) not in ("static", "dynamic,bounded"):  # bounded: the figure is a maximum (GCC's manual)
                sys.exit(f"{title}: a frame of {frame.group(2)} size")
            self.frames[title] = int(frame.group(1))
        for caller, callee in EDGE.findall(text):
            self.calls.setdefault(caller, set()).add(callee)

    def deepest(self, symbol, above=()):
        """Returns (bytes, path) of the deepest path that starts with `symbol`."""
        if symbol in above:
            sys.exit("recursion: " + " -> ".join(plain(s) for s in (*above, symbol)))
        if symbol in self.done:
            return self.done[symbol]
        if symbol not in self.frames:
            if not OUTSIDE.fullmatch(symbol):
                sys.exit(f"{plain(above[-1])} calls {symbol}, whose frame is unknown")
            return 0, []
        below = (0, [])
        for callee in sorted(self.calls.get(symbol, ())):
            if not EXCLUDED.search(callee):
                below = max(below, self.deepest(callee, (*above, symbol)), key=lambda path: path[0])
        self.done[symbol] = (self.frames[symbol] + CALL_BYTES + below[0], [symbol, *below[1]])
        return self.done[symbol]


def plain(symbol):
    short = symbol.rsplit(":", 1)[-1]
    text = subprocess.run(["c++filt", short], check=True, capture_output=True, text=True).stdout.strip()
    return text.split("(")[0]


def compiled(root, include, compiler):
    graph = Graph()
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted((root / "kernel").glob("*.cpp")):
            target = pathlib.Path(folder) / (source.stem + ".o")
            subprocess.run([compiler, *FLAGS, "-fcallgraph-info=su", f"-I{root}", "-isystem", include, "-c", source, "-o", target],
                           check=True)
            graph.read(target.with_suffix(".ci").read_text())
    return graph


def main():
    graph = compiled(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "g++")
    entries = [symbol for symbol in graph.frames if symbol.startswith(ENTRIES)]
    if not any(symbol.startswith(ENTRIES[0]) for symbol in entries):
        sys.exit("twinlock::handle was not compiled: nothing was checked")
    worst = 0
    for size, path in sorted((graph.deepest(entry) for entry in entries), reverse=True):
        print(f"{size:5} bytes  " + " -> ".join(f"{plain(s)} {graph.frames[s]}" for s in path))
        worst = max(worst, size)
    print(f"figure: stack: deepest {worst} of {LIMIT_BYTES} bytes, without the scrub area and BoringSSL")
    return 0 if worst <= LIMIT_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
