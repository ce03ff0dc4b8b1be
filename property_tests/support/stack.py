#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A whole Twinlock on loopback for one test: twinlockd, a web server with its recipe of docs/recipes, an SMTP sink.

Folder and ports are its own. The web server is one of docs/examples/demo/web/*.sh, which know how to fill in a recipe and how to
start its server; --web names it.

As a program: starts the stack, prints one line of JSON that says where everything is, and stops it all when its standard
input ends. As a module: `with Stack(...) as stack`. Time, for twinlockd and twinlock alone, is the machine's plus the offset
in the file `clock` (libfaketime), where --fake-clock is given.
"""

from __future__ import annotations

import argparse
import base64
import glob
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "docs" / "examples" / "demo"
WEB = DEMO / "web"
PYTHON = "/usr/bin/python3"  # the one that Debian's python3-aiosmtpd is for
START_S_MAX = 30.0
STOP_S_MAX = 10.0


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fake_clock_library() -> str:
    """The path of libfaketime for programs with threads (Debian package libfaketime)."""
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        raise SystemExit("stack: libfaketime is missing; install the Debian package libfaketime")
    return found[0]


def web_servers() -> list[str]:
    """The names of the web servers that a stack can be had behind; nginx first."""
    return sorted((path.stem for path in WEB.glob("*.sh")), key=lambda name: (name != "nginx", name))


def web_facts(web: str) -> dict[str, str]:
    """What twinlockd's configuration needs for that web server."""
    told = subprocess.run([str(WEB / f"{web}.sh"), "facts"], check=True, capture_output=True, text=True).stdout
    return dict(line.split("=", 1) for line in told.split())


class Stack:
    """Starts in __enter__ and stops in __exit__. Passwords equal names.

    `app` is what the web server protects (a folder, or http://127.0.0.1:N to proxy to), `open_dir` what it leaves open;
    `edit_web`, where given, is called with the web server's folder after its files are written and before it starts.
    """

    def __init__(self, *, build: pathlib.Path, web: str = "nginx", required: bool = False, language: str = "en",
                 accounts=("demo",), tls: bool = True, fake_clock: bool = False, after_recovery: str = "off",
                 app: str = str(DEMO / "site"), open_dir: str = str(DEMO), requests_max: int = 1000,
                 edit_web: Callable[[pathlib.Path], None] | None = None) -> None:
        if web not in web_servers():
            raise SystemExit(f"stack: no web server '{web}'; there are: {' '.join(web_servers())}")
        self.bin, self.web, self.facts = build / "bin", web, web_facts(web)
        self.required, self.language, self.accounts = required, language, tuple(accounts)
        self.tls, self.fake_clock, self.after_recovery = tls, fake_clock, after_recovery
        self.app, self.open_dir, self.requests_max, self.edit_web = app, open_dir, requests_max, edit_web
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="twinlock-"))
        self.mail = self.folder / "mail"
        self.config = self.folder / "twinlock.toml"
        self.clock = self.folder / "clock"
        self.web_folder = self.folder / "web"
        self.secret_file = self.folder / "host.secret" if self.facts["listen"] != "unix" else None
        self.tcp_port = free_port() if self.secret_file else 0
        self.port, self.smtp_port = free_port(), 0
        self.base_url = f"{'https' if tls else 'http'}://localhost:{self.port}"
        self.processes: dict[str, subprocess.Popen] = {}

    # -- what is written before the start

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
        """Has the web server's files written; returns the command that runs it."""
        here = self.folder
        (here / "members").write_text("".join(f"{name}:{name}\n" for name in self.accounts))
        (here / "addresses").write_text("".join(f"{name} {name}@example.org\n" for name in self.accounts))
        if self.secret_file:
            self.secret_file.touch(mode=0o600)
            self.secret_file.write_text(secrets.token_hex(16) + "\n")
        given = {"PORT": self.port, "SOCKET": here / "twinlock.sock", "TCP_PORT": self.tcp_port or "",
                 "SECRET_FILE": self.secret_file or "", "CERT": here / "site.crt" if self.tls else "",
                 "KEY": here / "site.key" if self.tls else "", "MEMBERS": here / "members", "ADDRESSES": here / "addresses",
                 "APP": self.app, "OPEN_DIR": self.open_dir, "INBOX": ""}
        written = subprocess.run([str(WEB / f"{self.web}.sh"), "write", str(self.web_folder)], capture_output=True, text=True,
                                 check=False, env={**os.environ, **{name: str(value) for name, value in given.items()}})
        if written.returncode != 0:
            raise RuntimeError(f"{self.web}.sh: {written.stderr.strip()}")
        if self.edit_web:
            self.edit_web(self.web_folder)
        return written.stdout.splitlines()

    def _toml(self) -> None:
        self.config.write_text(f"""[site]
base_url = "{self.base_url}"
dev = {'false' if self.tls else 'true'}
issuer = "Harbour Row"
contact = "the harbour master"
language = "{self.language}"

[policy]
required = {'true' if self.required else 'false'}
after_recovery = "{self.after_recovery}"

[mail]
smtp = "smtp://127.0.0.1:{self.smtp_port}"
tls = "none"
from = "security@example.org"

[gate]
refusal = "{self.facts['refusal']}"

[host]
account = "{self.facts['account']}"
secret_file = "{self.secret_file or ''}"

[listen]
tcp = "{f'127.0.0.1:{self.tcp_port}' if self.tcp_port else ''}"
requests_max = {self.requests_max}
""")

    # -- processes

    def _start(self, name: str, *command: str, environment: dict[str, str] | None = None) -> None:
        log = open(self.folder / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command], stdin=subprocess.DEVNULL,
                                                stdout=log, stderr=log, cwd=self.folder,
                                                env={**os.environ, **(environment or {})})
        log.close()

    def _start_sink(self) -> None:
        """On a port that the sink picks itself and writes to a file."""
        file = self.folder / "smtp_port"
        self._start("smtp_sink", PYTHON, str(DEMO / "smtp_sink.py"), "--port-file", str(file), str(self.mail))
        deadline = time.monotonic() + START_S_MAX
        while not (file.exists() and file.read_text().strip()):
            if self.processes["smtp_sink"].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the mail sink did not start: {self._tails()}")
            time.sleep(0.02)
        self.smtp_port = int(file.read_text())

    def start_twinlockd(self) -> None:
        self._start("twinlockd", str(self.bin / "twinlockd"), "--config", str(self.config), environment=self.environment())

    def kill_twinlockd(self) -> None:
        """kill -9, as a power cut would; returns when it is gone."""
        process = self.processes.pop("twinlockd")
        process.kill()
        process.wait()

    def twinlock(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """The operator's command line, on this stack's configuration and clock."""
        return subprocess.run([str(self.bin / "twinlock"), "--config", str(self.config), *arguments], capture_output=True,
                              text=True, check=check, env={**os.environ, **self.environment()})

    def set_offset(self, seconds: int) -> None:
        """Moves the fake clock; renamed into place, so that no reader sees half a file."""
        fresh = self.folder / "clock.new"
        fresh.write_text(f"+{seconds}\n")
        fresh.rename(self.clock)

    def healthy(self) -> bool:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        request = urllib.request.Request(f"{self.base_url}/2fa/health")
        name = self.accounts[0]
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{name}:{name}".encode()).decode())
        try:
            with urllib.request.urlopen(request, timeout=2, context=context) as answer:
                return answer.status == 200
        except OSError:
            return False

    def wait_healthy(self) -> None:
        deadline = time.monotonic() + START_S_MAX
        while not self.healthy():
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} ended: {self._tails()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"the stack in {self.folder} did not come up: {self._tails()}")
            time.sleep(0.05)

    def _tails(self) -> str:
        return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-800:]}" for path in self.logs())

    def logs(self) -> list[pathlib.Path]:
        """Everything that this stack's programs have written for an operator to read."""
        return sorted([*self.folder.glob("*.log"), *self.web_folder.glob("*.log")])

    def __enter__(self) -> Stack:
        try:
            self.mail.mkdir()
            self.set_offset(0)
            if self.tls:
                self._certificate()
            command = self._web()
            self._start_sink()
            self._toml()
            self.twinlock("init")  # with a configuration file, twinlockd makes no database by itself
            self.start_twinlockd()
            self._start("web", *command)
            self.wait_healthy()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_) -> None:
        for process in reversed(self.processes.values()):
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
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
