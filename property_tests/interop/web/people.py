# SPDX-License-Identifier: Apache-2.0
"""The people of corpus.txt, their browsers, and a client that sends a request exactly as it is told."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import http.client
import json
import pathlib
import random
import socket
import subprocess
import sys
import time

from corpus import Answer, Case

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import stack as stacks  # noqa: E402
from visitor import Visitor, totp  # noqa: E402

ACCOUNTS = ("alice", "bob", "carla", "dora", "erin", "frank")
ANSWER_S_MAX = 20.0
PASS_S = 13 * 3600  # longer than a pass lives


def random_bytes(count: int) -> bytes:
    return random.Random(count).randbytes(count)


class Connection:
    """One HTTP/1.1 connection. Nothing that is sent is corrected."""

    def __init__(self, port: int, timeout_s: float = ANSWER_S_MAX) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
        self.port, self.closed_by_server = port, False

    def send(self, case: Case, headers: list[tuple[str, str]], last: bool = True) -> Answer:
        body = random_bytes(case.body)
        fields = [("Host", f"localhost:{self.port}"), *headers, *case.headers]
        if case.chunked:
            fields.append(("Transfer-Encoding", "chunked"))
            body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces(body)) + b"0\r\n\r\n"
        elif case.body or case.method in ("POST", "PUT"):
            fields.append(("Content-Length", str(len(body))))
        if last:
            fields.append(("Connection", "close"))
        head = f"{case.method} {case.target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
        try:
            self.socket.sendall(head.encode("latin-1") + body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before it was all sent: the answer, if any, is there already
        return self.receive(case.method)

    def receive(self, method: str) -> Answer:
        answer = http.client.HTTPResponse(self.socket, method=method)
        try:
            answer.begin()
            headers: dict[str, str] = {}
            for name, value in answer.getheaders():  # a name that comes twice: both, as RFC 9110 5.3 joins them
                headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
            body = answer.read()
        except (http.client.HTTPException, ConnectionResetError, BrokenPipeError):
            self.closed_by_server = True
            return Answer(0, {}, b"")
        self.closed_by_server = answer.will_close
        return Answer(answer.status, headers, body)

    def close(self) -> None:
        self.socket.close()


def pieces(body: bytes, size: int = 10_000) -> list[bytes]:
    return [body[i:i + size] for i in range(0, len(body), size)]


@dataclasses.dataclass
class Person:
    """Who sends: a name, a password, the cookies of one browser."""

    name: str = ""
    password: str = ""
    cookies: dict[str, str] = dataclasses.field(default_factory=dict)

    def headers(self) -> list[tuple[str, str]]:
        given = []
        if self.name:
            given.append(("Authorization", "Basic " + base64.b64encode(f"{self.name}:{self.password}".encode()).decode()))
        if self.cookies:
            given.append(("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())))
        return given


class World:
    """A stack behind one web server, the echo application, and everybody's browsers."""

    def __init__(self, build: pathlib.Path, web: str, edit_web=None) -> None:
        self.app_port, self.offset, self.secrets = stacks.free_port(), 0, {}
        self.stack = stacks.Stack(build=build, web=web, tls=False, fake_clock=True, accounts=ACCOUNTS, open_dir="",
                                  app=f"http://127.0.0.1:{self.app_port}", edit_web=edit_web)
        self.web, self.journal = web, self.stack.folder / "journal"
        self.application: subprocess.Popen | None = None
        self.people: dict[str, Person] = {}
        self.case = ""  # the name of the case that runs; its requests carry it
        self.unsaid: dict[str, str] = {}  # what no log may hold: the words and what they are

    # -- time, and the application

    def now(self) -> int:
        return int(time.time()) + self.offset

    def advance(self, seconds: int) -> None:
        self.offset += seconds
        self.stack.set_offset(self.offset)

    def start_application(self) -> None:
        echo = pathlib.Path(__file__).with_name("echo_app.py")
        self.application = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", stacks.PYTHON, str(echo), str(self.app_port),
                                             str(self.journal)], stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + ANSWER_S_MAX
        while not listening(self.app_port):
            if self.application.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the echo application did not start")
            time.sleep(0.02)

    def stop_application(self) -> None:
        if self.application is not None:
            self.application.terminate()
            self.application.wait()
            self.application = None

    def reached(self) -> list[dict]:
        """What the application has seen since it was last asked, but for what an earlier case sent and a server kept until now."""
        lines = self.journal.read_text().splitlines() if self.journal.exists() else []
        self.journal.write_text("")
        seen = [json.loads(line) for line in lines]
        return [one for one in seen if all(value == self.case for name, value in one["headers"] if name.lower() == "x-case")]

    # -- people

    def browser(self, name: str) -> Visitor:
        return Visitor(self.stack.port, name, ANSWER_S_MAX)

    def enrolled(self, name: str) -> Visitor:
        browser = self.browser(name)
        self.secrets[name] = browser.enroll(self.now)
        self.advance(30)
        self.unsaid[base64.b32encode(self.secrets[name]).decode()] = f"the secret of {name}"
        self.unsaid[passes(browser)[1]] = f"a pass of {name}"
        return browser

    def code(self, name: str) -> str:
        """A fresh code, whose step nobody has used."""
        self.advance(30)
        return totp(self.secrets[name], self.now())

    def _everybody(self) -> None:
        erin = self.enrolled("erin")
        self.advance(PASS_S)
        alice, carla, dora = (self.enrolled(name) for name in ("alice", "carla", "dora"))
        dora_kept = dict(dora.cookies)
        dora.get("/2fa/")
        dora.submit("sign-out-everywhere")
        cookie, pass_ = passes(alice)
        flipped = pass_[:-1] + ("0" if pass_[-1] != "0" else "1")
        some = {"nobody": Person(), "wrong": Person("alice", "bob")}
        for name in ACCOUNTS:
            some[name] = Person(name, name)
        some["alice+pass"] = Person("alice", "alice", dict(alice.cookies))
        some["alice+carlas"] = Person("alice", "alice", {**carla.cookies, cookie: passes(carla)[1]})
        some["alice+forged"] = Person("alice", "alice", {**alice.cookies, cookie: flipped})
        some["erin+expired"] = Person("erin", "erin", dict(erin.cookies))
        some["dora+revoked"] = Person("dora", "dora", dora_kept)
        self.people = some
        for browser in (alice, carla, dora, erin):
            browser.close()

    def send(self, case: Case, timeout_s: float = ANSWER_S_MAX) -> Answer:
        connection = Connection(self.stack.port, timeout_s)
        try:
            return connection.send(case, [*self.people[case.who].headers(), ("X-Case", self.case)])
        finally:
            connection.close()

    def __enter__(self) -> World:
        self.start_application()
        try:
            self.stack.__enter__()
            self._everybody()
            self.reached()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_) -> None:
        self.stop_application()
        self.stack.__exit__(None, None, None)


def passes(browser: Visitor) -> tuple[str, str]:
    """Name and value of a browser's pass."""
    found = [(name, value) for name, value in browser.cookies.items() if "pass" in name and value]
    if len(found) != 1:
        raise RuntimeError(f"a browser of {browser.name} has {len(found)} passes")
    return found[0]


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def sha256(case: Case) -> str:
    return hashlib.sha256(random_bytes(case.body)).hexdigest()
