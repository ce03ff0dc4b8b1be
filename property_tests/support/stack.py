#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A whole Twinlock on loopback for one test: what ./run starts (docs/examples/demo/launcher.py), in a folder that goes away, with TLS.

Folder and ports are its own. The web server is one of docs/examples/demo/web/*.sh, which know how to fill in a recipe and how to
start its server; --web names it.

As a program: starts the stack, prints one line of JSON that says where everything is, and stops it all when its standard
input ends. As a module: `with Stack(...) as stack`. Time, for twinlockd and twinlock alone, is the machine's plus the offset
in the file `clock` (libfaketime), where --fake-clock is given.
"""

from __future__ import annotations

import argparse
import glob
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "docs/examples/demo"))
from launcher import DEMO, PYTHON, ROOT, START_S_MAX, WEB, Launcher, free_port  # noqa: E402, F401


def fake_clock_library() -> str:
    """The path of libfaketime for programs with threads (Debian package libfaketime)."""
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        raise SystemExit("stack: libfaketime is missing; install the Debian package libfaketime")
    return found[0]


def web_servers() -> list[str]:
    """The names of the web servers that a stack can be had behind; nginx first."""
    return sorted((path.stem for path in WEB.glob("*.sh")), key=lambda name: (name != "nginx", name))


class Stack(Launcher):
    """Starts in __enter__ and stops in __exit__.

    `app` is what the web server protects (a folder, or http://127.0.0.1:N to proxy to), `open_dir` what it leaves open;
    `edit_web`, where given, is called with the web server's folder after its files are written and before it starts.
    """

    domain = "example.org"

    def __init__(self, *, build: pathlib.Path, web: str = "nginx", required: bool = False, language: str = "en",
                 accounts=("demo",), tls: bool = True, fake_clock: bool = False, after_recovery: str = "off",
                 app: str = Launcher.app, open_dir: str = Launcher.open_dir,
                 edit_web: Callable[[pathlib.Path], None] | None = None) -> None:
        if web not in web_servers():
            raise SystemExit(f"stack: no web server '{web}'; there are: {' '.join(web_servers())}")
        super().__init__(build / "bin", pathlib.Path(tempfile.mkdtemp(prefix="twinlock-")), web, free_port())
        self.required, self.language, self.accounts = required, language, tuple(accounts)
        self.tls, self.fake_clock, self.after_recovery = tls, fake_clock, after_recovery
        self.app, self.open_dir, self.edit_web = app, open_dir, edit_web
        self.clock = self.folder / "clock"

    def environment(self) -> dict[str, str]:
        """For twinlockd and twinlock: the fake clock, if there is one."""
        extra = {}
        if self.fake_clock:
            extra = {"LD_PRELOAD": fake_clock_library(), "FAKETIME_TIMESTAMP_FILE": str(self.clock),
                     "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        return extra

    def _certificate(self) -> None:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", str(self.folder / "site.key"), "-out", str(self.folder / "site.crt")],
                       check=True, capture_output=True)

    def _web(self) -> list[str]:
        command = super()._web()
        if self.edit_web:
            self.edit_web(self.web_folder)
        return command

    def kill_twinlockd(self) -> None:
        """kill -9, as a power cut would; returns when it is gone."""
        process = self.processes.pop("twinlockd")
        process.kill()
        process.wait()

    def set_offset(self, seconds: int) -> None:
        """Moves the fake clock; renamed into place, so that no reader sees half a file."""
        fresh = self.folder / "clock.new"
        fresh.write_text(f"+{seconds}\n")
        fresh.rename(self.clock)

    def __enter__(self) -> Stack:
        try:
            self.set_offset(0)
            if self.tls:
                self._certificate()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_) -> None:
        self.stop()
        if os.environ.get("TWINLOCK_KEEP") is None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def described(self) -> dict:
        return {"base_url": self.base_url, "web": self.web, "folder": str(self.folder), "mail": str(self.mail), "clock": str(self.clock),
                "config": str(self.config), "bin": str(self.bin), "environment": self.environment()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--web", default="nginx", choices=web_servers())
    parser.add_argument("--required", action="store_true")
    parser.add_argument("--after-recovery", default="off", choices=("off", "replace"))
    parser.add_argument("--language", default="en")
    parser.add_argument("--account", action="append", help="a name that may sign in (default: demo)")
    parser.add_argument("--plain", action="store_true", help="no TLS, dev = true")
    parser.add_argument("--fake-clock", action="store_true")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Stack(build=given.build.resolve(), web=given.web, required=given.required, language=given.language, tls=not given.plain,
               accounts=given.account or ["demo"], fake_clock=given.fake_clock,
               after_recovery=given.after_recovery) as stack:
        print(json.dumps(stack.described()), flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
