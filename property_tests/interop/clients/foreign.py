# SPDX-License-Identifier: Apache-2.0
"""FastCGI clients that others wrote, behind one face: Client.ask(params, body) -> Answer."""

from __future__ import annotations

import base64
import dataclasses
import email.message
import json
import os
import pathlib
import select
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from visitor import Visitor  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ANSWER_S_MAX = 20.0


@dataclasses.dataclass(frozen=True)
class Place:
    """Where twinlockd listens, and what each request must carry there."""

    transport: str  # "unix" or "tcp"
    where: str  # a path, or 127.0.0.1
    port: int = 0
    secret: str = ""

    def arguments(self) -> list[str]:
        return [self.transport, self.where] + ([str(self.port)] if self.port else [])


class Answer:
    """What came back as standard output: a CGI answer, taken apart."""

    def __init__(self, stdout: bytes, stderr: bytes, exit_status: object) -> None:
        head, _, self.body = stdout.partition(b"\r\n\r\n")
        self.stderr, self.exit_status = stderr, exit_status
        self.headers = email.message.Message()
        for line in head.decode("latin-1").split("\r\n"):
            name, _, value = line.partition(":")
            if name:
                self.headers[name] = value.strip()
        status = self.headers.get("Status", "0").split()[0]
        self.status = int(status) if status.isdigit() else 0


class LineClient:
    """A client program that takes requests as lines of JSON; it lives until close()."""

    def __init__(self, *command: str, interleaves: bool = False) -> None:
        self.interleaves = interleaves  # has several requests under way at once
        self.process = subprocess.Popen(list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask_at_once(self, requests: list[tuple[dict[str, str], bytes]]) -> list[Answer]:
        line = json.dumps({"requests": [{"params": params, "body": base64.b64encode(body).decode()} for params, body in requests]})
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], ANSWER_S_MAX)[0]:
            raise RuntimeError(f"no answer within {ANSWER_S_MAX} s")
        told = self.process.stdout.readline()
        if not told:
            raise RuntimeError(f"the client ended with {self.process.wait()}")
        return [Answer(base64.b64decode(one["stdout"]), base64.b64decode(one["stderr"]), one["exit"])
                for one in json.loads(told)["answers"]]

    def ask(self, params: dict[str, str], body: bytes) -> Answer:
        return self.ask_at_once([(params, body)])[0]

    def close(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(ANSWER_S_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class CgiFcgi:
    """libfcgi's bridge: a program a request, the parameters in its environment."""

    interleaves = False

    def __init__(self, place: Place) -> None:
        self.connect = place.where if place.transport == "unix" else f"{place.where}:{place.port}"

    def ask(self, params: dict[str, str], body: bytes) -> Answer:
        done = subprocess.run(["cgi-fcgi", "-bind", "-connect", self.connect], input=body, capture_output=True, check=False,
                              timeout=ANSWER_S_MAX, env={"PATH": os.environ["PATH"], **params})
        return Answer(done.stdout, done.stderr, done.returncode)

    def close(self) -> None:
        """Nothing lives longer than a request."""


def npm_client(place: Place, modules: pathlib.Path) -> LineClient:
    return LineClient("node", "--no-deprecation", str(HERE / "npm_client.cjs"), str(modules), *place.arguments(),
                      interleaves=True)


def perl_client(place: Place) -> LineClient:
    return LineClient("/usr/bin/perl", str(HERE / "perl_client.pl"), *place.arguments())


def parameters(place: Place, method: str, target: str, base_url: str, account: str | None, body: bytes, **more: str) -> dict[str, str]:
    """What a web server would send. No account: None."""
    path, _, query = target.partition("?")
    given = {"REQUEST_METHOD": method, "SCRIPT_NAME": path, "QUERY_STRING": query, "REMOTE_ADDR": "192.0.2.7",
             "SERVER_PROTOCOL": "HTTP/1.1", "GATEWAY_INTERFACE": "CGI/1.1"}
    if method == "POST":
        given |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_ORIGIN": base_url}
    if account is not None:
        given |= {"TWINLOCK_ACCOUNT": account, "TWINLOCK_EMAIL": f"{account}@example.org", "TWINLOCK_LABEL": account}
    if place.secret:
        given["TWINLOCK_SECRET"] = place.secret
    return given | more


class ForeignVisitor(Visitor):
    """A person's browser whose requests go through a FastCGI client instead of a web server."""

    def __init__(self, client, place: Place, base_url: str, name: str) -> None:
        super().__init__(0, name)
        self.client, self.place, self.base_url = client, place, base_url
        self.last: Answer | None = None  # what a form or get() led to
        self.secret = b""

    def enroll(self, now) -> bytes:
        self.secret = super().enroll(now)
        return self.secret

    def ask(self, method: str, target: str, body: bytes = b"", account: str | None = "", **more: str) -> Answer:
        """Like a request of this browser; `account`: another one than the visitor's, or None."""
        if self.cookies:
            more.setdefault("HTTP_COOKIE", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        who = self.name if account == "" else account
        answer = self.client.ask(parameters(self.place, method, target, self.base_url, who, body, **more), body)
        if answer.exit_status != 0 or answer.stderr:
            raise RuntimeError(f"{method} {target}: exit {answer.exit_status!r}, standard error {answer.stderr!r}")
        return answer

    def _send(self, method: str, path: str, body: str | None) -> Answer:
        self.last = self.ask(method, path, (body or "").encode())
        self._keep(self.last.headers, self.last.body.decode())
        return self.last
