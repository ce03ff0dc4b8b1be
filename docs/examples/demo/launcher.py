#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the configuration of a whole Twinlock on loopback, starts its programs, and stops them: what a person starts with ./run is
what the tests start (property_tests/support/stack.py). The programs: twinlockd, a web server with its recipe of docs/recipes, a mail
sink, and, where it is asked for, the inbox that shows the sink's mail.

As a program, it is ./run after the build: stays in the foreground until somebody stops it. It imports no module that takes long.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

DEMO = pathlib.Path(__file__).resolve().parent
ROOT = DEMO.parents[2]
WEB = DEMO / "web"
PYTHON = "/usr/bin/python3"  # the one that Debian's python3-aiosmtpd is for
START_S_MAX = 30.0
STOP_S_MAX = 10.0
TAIL_LINES = 15


def free_port() -> int:
    """Returns a TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def web_facts(web: str) -> dict[str, str]:
    """Returns what twinlockd's configuration needs for that web server."""
    told = subprocess.run([str(WEB / f"{web}.sh"), "facts"], check=True, capture_output=True, text=True).stdout
    return dict(line.split("=", 1) for line in told.split())


def quoted(text: object) -> str:
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


class Launcher:
    """One Twinlock in a folder of its own. Passwords equal names.

    Database, key, members and mail in the folder are kept where they are there already; all other files are written anew.
    """

    accounts: tuple[str, ...] = ("demo",)
    domain = "harbour-row.example"  # of the members' mail addresses
    required = False
    language = "en"
    after_recovery = "off"
    app = str(DEMO / "site")  # what the web server protects: a folder, or http://127.0.0.1:N to proxy to
    open_dir = str(DEMO)  # what it leaves open
    site = ""  # a file with the server's own lines that stand for the application, or ""
    tls = False
    inbox = False

    def __init__(self, binaries: pathlib.Path, folder: pathlib.Path, web: str, port: int) -> None:
        self.bin, self.folder, self.web, self.port = binaries, folder, web, port
        self.facts = web_facts(web)
        self.mail, self.config = folder / "mail", folder / "twinlock.toml"
        self.web_folder, self.log_folder = folder / web, folder / "log"
        self.secret_file = folder / "host.secret" if self.facts["listen"] != "unix" else None
        self.tcp_port = free_port() if self.secret_file else 0
        self.smtp_port = free_port()
        self.processes: dict[str, subprocess.Popen] = {}
        self.started: set[str] = set()  # by start(), also what has ended since

    @property
    def base_url(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"

    # -- what is written before the start

    def environment(self) -> dict[str, str]:
        """Returns what twinlockd and twinlock get besides this program's own environment."""
        return {}

    def _members(self) -> None:
        members = self.folder / "members"
        if not members.exists() or not members.stat().st_size:
            members.write_text("".join(f"{name}:{name}\n" for name in self.accounts))
        (self.folder / "addresses").write_text("".join(f"{name} {name}@{self.domain}\n" for name in self.accounts))
        if self.secret_file and not (self.secret_file.exists() and self.secret_file.stat().st_size):
            self.secret_file.touch(mode=0o600)
            self.secret_file.write_text(secrets.token_hex(16) + "\n")

    def _web(self) -> list[str]:
        """Has the web server's files written; returns the command that runs it."""
        here = self.folder
        given = {"PORT": self.port, "SOCKET": here / "twinlock.sock", "TCP_PORT": self.tcp_port or "",
                 "SECRET_FILE": self.secret_file or "", "CERT": here / "site.crt" if self.tls else "",
                 "KEY": here / "site.key" if self.tls else "", "MEMBERS": here / "members", "ADDRESSES": here / "addresses",
                 "APP": self.app, "SITE": self.site, "OPEN_DIR": self.open_dir, "INBOX": here / "inbox.sock" if self.inbox else ""}
        written = subprocess.run([str(WEB / f"{self.web}.sh"), "write", str(self.web_folder)], capture_output=True, text=True,
                                 check=False, env={**os.environ, **{name: str(value) for name, value in given.items()}})
        if written.returncode != 0:
            raise RuntimeError(written.stderr.strip())
        return written.stdout.splitlines()

    def _toml(self) -> None:
        self.config.write_text(f"""# Written at every start, by docs/examples/demo/launcher.py.
[site]
base_url = {quoted(self.base_url)}
dev = {'false' if self.tls else 'true  # plain HTTP, on loopback only'}
issuer = "Harbour Row"
contact = "the harbour master, at the slip hut in the mornings"
language = {quoted(self.language)}

[policy]
required = {'true' if self.required else 'false'}
after_recovery = {quoted(self.after_recovery)}

[mail]
smtp = "smtp://127.0.0.1:{self.smtp_port}"
tls = "none"  # loopback only
from = {quoted('security@' + self.domain)}

# What {self.web} needs; docs/recipes/{self.web}.md says why.
[gate]
refusal = {quoted(self.facts['refusal'])}

[host]
account = {quoted(self.facts['account'])}
secret_file = {quoted(self.secret_file or '')}

[listen]
tcp = {quoted(f'127.0.0.1:{self.tcp_port}' if self.tcp_port else '')}
""")

    # -- processes

    def _start(self, name: str, *command: str, environment: dict[str, str] | None = None) -> None:
        with open(self._log(name), "ab" if name in self.started else "wb") as log:
            self.started.add(name)
            self.processes[name] = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command], stdin=subprocess.DEVNULL,
                                                    stdout=log, stderr=log, cwd=self.folder,
                                                    env={**os.environ, **(environment or {})})

    def _log(self, name: str) -> pathlib.Path:
        return self.log_folder / f"{name}.log"

    def start_twinlockd(self) -> None:
        self._start("twinlockd", str(self.bin / "twinlockd"), "--config", str(self.config), environment=self.environment())

    def twinlock(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Runs the operator's command line on this configuration."""
        return subprocess.run([str(self.bin / "twinlock"), "--config", str(self.config), *arguments], capture_output=True,
                              text=True, check=check, env={**os.environ, **self.environment()})

    def start(self) -> None:
        """Writes all files and starts all programs; returns when a commit could be made. Throws RuntimeError, and then stops all."""
        try:
            for folder in (self.mail, self.log_folder):
                folder.mkdir(exist_ok=True)
            self._members()
            command = self._web()
            self._toml()
            self._start("smtp_sink", PYTHON, str(DEMO / "smtp_sink.py"), "--port", str(self.smtp_port), str(self.mail))
            if self.inbox:
                (self.folder / "inbox.sock").unlink(missing_ok=True)
                self._start("inbox", PYTHON, str(DEMO / "inbox.py"), str(self.folder / "inbox.sock"), str(self.mail))
            made = self.twinlock("init", check=False)  # with a configuration file, twinlockd makes no database by itself
            if made.returncode != 0:
                raise RuntimeError(f"no database: {(made.stderr or made.stdout).strip()}")
            self.start_twinlockd()
            self._start(self.web, *command)
            self.wait_healthy()
            self._wait(lambda: listens(self.smtp_port))
            self._wait(lambda: not self.inbox or (self.folder / "inbox.sock").exists())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends what was started, in the other order; by force what has not ended after STOP_S_MAX."""
        for process in reversed(self.processes.values()):
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_S_MAX
        for process in self.processes.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def healthy(self) -> bool:
        """Whether the web server answers a member with twinlockd's "a commit could be made"."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as plain:
                with self._secured(plain) as connection:
                    connection.sendall(f"GET /2fa/health HTTP/1.0\r\nHost: localhost:{self.port}\r\n"
                                       f"Authorization: Basic {self._password()}\r\n\r\n".encode())
                    return b" 200 " in connection.makefile("rb").readline(200)
        except OSError:
            return False

    def _password(self) -> str:
        import base64
        return base64.b64encode(f"{self.accounts[0]}:{self.accounts[0]}".encode()).decode()

    def _secured(self, connection: socket.socket) -> socket.socket:
        if not self.tls:
            return connection
        import ssl
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(connection, server_hostname="localhost")

    def ended(self) -> str:
        """Returns what a program that ended by itself said last, or ""."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                return f"{name} ended; its last lines:\n{self._tails([self._log(name)])}"
        return ""

    def wait_healthy(self) -> None:
        self._wait(self.healthy)

    def _wait(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_S_MAX
        while not ready():
            if said := self.ended():
                raise RuntimeError(said)
            if time.monotonic() > deadline:
                raise RuntimeError(f"it did not come up within {START_S_MAX:.0f} s; the last lines of all logs:\n{self._tails(self.logs())}")
            time.sleep(0.02)

    def _tails(self, paths: list[pathlib.Path]) -> str:
        tails = ((path, path.read_text(errors="replace").splitlines()[-TAIL_LINES:]) for path in paths)
        return "\n".join(f"{path}:\n" + "\n".join(lines) for path, lines in tails if lines)

    def logs(self) -> list[pathlib.Path]:
        """Everything that these programs have written for an operator to read."""
        return sorted([*map(self._log, self.started), *self.web_folder.glob("*.log")])


BOX = """
  +--------------------------------------------------------------------
  |  Open     {url}
  |  Sign in  name demo, password demo   (your browser's grey box)
  |  Inbox    {url}/inbox/
  |  Behind   {web}, with docs/recipes/{web}.conf
  +--------------------------------------------------------------------
  |  1  Enter the members' site:  {policy}
  |  2  Security page: turn on two-factor authentication; keep the recovery code.
  |  3  Sign out there, open the site again: now it asks for a code.
  |  4  Lose your phone: choose "Enter recovery code", then the link in the inbox.
  |  5  As the operator:  build/release/bin/twinlock --config {config} show demo
  |
  |  No phone?  oathtool -b --totp "KEY"     with the key that the set-up page shows
  |  Ctrl-C stops everything.   Data and logs: {data}
  +--------------------------------------------------------------------
"""


class Stopped(Exception):
    """Somebody asked this program to end."""


def stopped(*_) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # once is enough: stopping is not to be interrupted
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def demo(launcher: Launcher) -> int:
    began, policy = time.monotonic(), "policy sends you to set up a second factor." if launcher.required else "the password alone opens it."
    try:
        launcher.start()
        print(f"  {'start':12} {time.monotonic() - began:6.1f} s")
        shown = launcher.config.relative_to(ROOT) if launcher.config.is_relative_to(ROOT) else launcher.config
        print(BOX.format(url=launcher.base_url, web=launcher.web, policy=policy, config=shown, data=launcher.folder), flush=True)
        while not (said := launcher.ended()):  # a program that ends takes the rest along
            time.sleep(0.2)
        print(said, file=sys.stderr)
        return 1
    except RuntimeError as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    except Stopped:
        print("\n  stopped")
        return 0
    finally:
        launcher.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="the folder with twinlockd and twinlock")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="where everything is kept")
    parser.add_argument("--web", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--required", action="store_true")
    given = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
    launcher = Launcher(given.bin.resolve(), given.data.resolve(), given.web, given.port)
    launcher.required, launcher.inbox = given.required, True
    return demo(launcher)


if __name__ == "__main__":
    sys.exit(main())
