#!/usr/bin/env python3
"""A whole Twinlock on loopback for one test: twinlockd, nginx with docs/recipes/nginx.conf, an SMTP sink; folder and ports of its own.

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
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "docs" / "examples" / "demo"
SUPPORT = ROOT / "property_tests" / "support"
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


class Stack:
    """Starts in __enter__ and stops in __exit__. Passwords equal names."""

    def __init__(self, *, build: pathlib.Path, required: bool = False, language: str = "en", accounts=("demo",),
                 tls: bool = True, fake_clock: bool = False, after_recovery: str = "off") -> None:
        self.bin = build / "bin"
        self.required, self.language, self.accounts = required, language, tuple(accounts)
        self.tls, self.fake_clock, self.after_recovery = tls, fake_clock, after_recovery
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="twinlock-"))
        self.mail = self.folder / "mail"
        self.config = self.folder / "twinlock.toml"
        self.clock = self.folder / "clock"
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

    def _nginx(self) -> None:
        here = self.folder
        lines = {
            "socket": f"  server unix:{here}/twinlock.sock;",
            "addresses": f"  include {here}/addresses.map;",
            "listen": f"  listen 127.0.0.1:{self.port}{' ssl http2' if self.tls else ''} backlog=2048;",
            "name": "  server_name localhost;",
            "certificate": f"  ssl_certificate {here}/site.crt;" if self.tls else "",
            "certificate_key": f"  ssl_certificate_key {here}/site.key;" if self.tls else "",
            "log": f"  access_log {here}/nginx.access.log twinlock;",
            "passwords": f"  auth_basic_user_file {here}/members.htpasswd;",
            "application": f"    root {DEMO}/site;",
            "more": f"  include {here}/open.conf;",
        }
        filled = subprocess.run([str(DEMO / "fill_recipe.sh"), str(ROOT / "docs/recipes/nginx.conf"),
                                 *(f"{name}={line}" for name, line in lines.items())],
                                check=True, capture_output=True, text=True).stdout
        (here / "site.conf").write_text(filled)
        outer = (SUPPORT / "nginx.conf").read_text()
        for word, value in {"user_line": "user root;" if os.getuid() == 0 else "", "folder": here, "demo": DEMO}.items():
            outer = outer.replace(f"@{word}@", str(value))
        (here / "nginx.conf").write_text(outer)
        (here / "open.conf").write_text("".join(
            f"location = /{name} {{ auth_basic off; root {DEMO}; }}\n" for name in ("demo.css", "favicon.svg")))
        (here / "members.htpasswd").write_text("".join(f"{name}:{{PLAIN}}{name}\n" for name in self.accounts))
        (here / "addresses.map").write_text("".join(f"{name} {name}@example.org;\n" for name in self.accounts))

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
                    raise RuntimeError(f"{name} ended: {(self.folder / (name + '.log')).read_text()[-2000:]}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"the stack in {self.folder} did not come up: {self._tails()}")
            time.sleep(0.05)

    def _tails(self) -> str:
        return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-800:]}" for path in self.folder.glob("*.log"))

    def __enter__(self) -> Stack:
        try:
            self.mail.mkdir()
            self.set_offset(0)
            if self.tls:
                self._certificate()
            self._nginx()
            self._start_sink()
            self._toml()
            self.start_twinlockd()
            nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") or "nginx"
            self._start("nginx", nginx, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"),
                        "-e", str(self.folder / "nginx.error.log"))
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
        return {"base_url": self.base_url, "folder": str(self.folder), "mail": str(self.mail), "clock": str(self.clock),
                "config": str(self.config), "bin": str(self.bin), "environment": self.environment()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--required", action="store_true")
    parser.add_argument("--after-recovery", default="off", choices=("off", "replace"))
    parser.add_argument("--language", default="en")
    parser.add_argument("--account", action="append", help="a name that may sign in (default: demo)")
    parser.add_argument("--plain", action="store_true", help="no TLS, dev = true")
    parser.add_argument("--fake-clock", action="store_true")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Stack(build=given.build.resolve(), required=given.required, language=given.language, tls=not given.plain,
               accounts=given.account or ["demo"], fake_clock=given.fake_clock,
               after_recovery=given.after_recovery) as stack:
        print(json.dumps(stack.described()), flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
