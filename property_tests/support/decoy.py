#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that the tests leave the machine's own Twinlock alone: with a working site in /etc/twinlock, the tests that start our
programs pass, and nothing there is opened, changed or added.

usage: decoy.py --build FOLDER       ends with "N passed, N failed"

The decoy stands in a copy of /etc in a mount namespace of its own, so the machine's /etc is never written. The check must be able
to fail: `twinlock show` without --config must be seen to open the decoy.
"""

import argparse
import ctypes
import hashlib
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

import junit

HERE = pathlib.Path(__file__).resolve()
DECOY = pathlib.Path("/etc/twinlock")
LABELS = "^(cli|config|helper|interop)$"  # of ctest: whose tests start programs of ours
IN_ALL_EVENTS, IN_NONBLOCK = 0xFFF, 0o4000
EVENTS = {0x1: "read", 0x2: "written", 0x4: "attributes changed", 0x20: "opened", 0x40: "moved away", 0x80: "moved in",
          0x100: "created", 0x200: "deleted", 0x400: "deleted itself"}


class Watch:
    """Notes each use of the decoy's folder and of the files in it (inotify)."""

    def __init__(self) -> None:
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(IN_NONBLOCK)
        self.names = {}
        for path in (DECOY, *DECOY.iterdir()):
            number = self.libc.inotify_add_watch(self.fd, os.fsencode(path), IN_ALL_EVENTS)
            if number < 0:
                raise OSError(ctypes.get_errno(), f"inotify on {path}")
            self.names[number] = path

    def seen(self) -> list[str]:
        """What happened since the last call, each thing once."""
        found = []
        while True:
            try:
                events = os.read(self.fd, 65536)
            except BlockingIOError:
                return sorted(set(found))
            at = 0
            while at < len(events):
                number, mask, _, size = struct.unpack_from("iIII", events, at)
                name = events[at + 16:at + 16 + size].rstrip(b"\0").decode(errors="replace")
                at += 16 + size
                path = self.names.get(number, DECOY) / name
                found += [f"{path}: {what}" for bit, what in EVENTS.items() if mask & bit]


def state() -> dict[str, tuple]:
    """Each file of the decoy with its bytes' digest, owner, mode and time of change."""
    found = {}
    for path in (DECOY, *DECOY.rglob("*")):
        st = path.lstat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path)] = (digest, st.st_uid, st.st_gid, st.st_mode, st.st_mtime_ns)
    return found


def copy_of_etc() -> None:
    """Mounts a copy of /etc over it, in this namespace alone. What may not be read is left out."""
    with tempfile.TemporaryDirectory(prefix="twinlock-etc-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "etc", folder], check=True)
        subprocess.run(["cp", "-a", "/etc/.", folder], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", f"{folder}/twinlock"], check=True)
        subprocess.run(["mount", "--move", folder, "/etc"], check=True)


def make_decoy(twinlock: str) -> None:
    DECOY.mkdir(mode=0o755)
    config = DECOY / "twinlock.toml"
    config.write_text("[site]\ndev = true\n")
    subprocess.run([twinlock, "--config", str(config), "init"], check=True, capture_output=True, cwd="/")


def inside(build: pathlib.Path) -> int:
    twinlock = str(build / "bin/twinlock")
    copy_of_etc()
    make_decoy(twinlock)
    report = junit.Report("decoy")
    before, watch = state(), Watch()
    watch.seen()  # what this program did itself
    done = subprocess.run(["ctest", "--test-dir", str(build), "-L", LABELS, "--output-on-failure", "-j", "2", "--no-tests=error"],
                          check=False, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout, done.stderr, sep="\n")
    report.claim("the tests pass beside a working /etc/twinlock", done.returncode == 0, f"ctest ended with {done.returncode}")
    used = watch.seen()
    report.claim("nothing in /etc/twinlock was used", not used, "; ".join(used))
    report.claim("/etc/twinlock is what it was", state() == before, sorted(name for name, was in before.items() if state().get(name) != was))
    watch.seen()
    with tempfile.TemporaryDirectory() as empty:
        subprocess.run([twinlock, "show", "nobody"], check=False, capture_output=True, cwd=empty)
    report.claim("a program that is given no configuration is seen to use it", any("opened" in line for line in watch.seen()))
    return report.end()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return inside(given.build.resolve())
    rights = [] if os.geteuid() == 0 else ["--map-root-user"]
    return subprocess.run(["unshare", "--mount", *rights, "--", sys.executable, str(HERE), "--inside", "--build",
                           str(given.build.resolve())], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
