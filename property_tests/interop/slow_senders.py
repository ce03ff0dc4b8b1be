#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Thousands of slow senders behind real web servers, and whether honest people are answered beside them.

The senders know no password. Three kinds, one after another; each opens a connection to the web server and, when it is closed,
opens it again:

  body      posts to the page of the mailed link, which needs no password, and sends its body a byte at a time
  headers   sends the header of a request a byte at a time
  idle      connects and says nothing

They come from many addresses of loopback. Beside them one honest person, on a new connection each time, asks for a page behind the
gate, for the Security page, and posts to the page of the mailed link. Prints one row a server and kind, with times for the reader;
the claim is that each honest request has an answer that is Twinlock's or the application's own. Ends with "N passed, N failed".
"""

from __future__ import annotations

import argparse
import dataclasses
import multiprocessing
import pathlib
import resource
import selectors
import signal
import socket
import statistics
import sys
import time
from collections.abc import Callable

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import junit  # noqa: E402
import stack as stacks  # noqa: E402
from visitor import Visitor  # noqa: E402

KINDS = ("none", "body", "headers", "idle")
PIECE_S = 1.0  # between two bytes of one sender
SETTLE_S_MAX = 20.0  # for the senders to connect
HONEST = 30  # requests of each sort
PAUSE_S = 0.1  # between them
ANSWER_S_MAX = 10.0
FAILURES_MAX = 2  # of one sort; it is not asked more often then
BODY_BYTES = 200

report = junit.Report("slow_senders")


# -- the senders, in a process of their own

def head(kind: str, port: int) -> bytes:
    if kind == "body":
        return (f"POST /2fa/recover/confirm HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {BODY_BYTES}\r\n\r\ntoken=").encode()
    return f"GET / HTTP/1.1\r\nHost: localhost:{port}\r\nX-Slow: ".encode() if kind == "headers" else b""


class Senders:
    """`count` connections, each slow in the same way, from `clients` addresses."""

    def __init__(self, kind: str, port: int, count: int, clients: int, connected) -> None:
        self.kind, self.port, self.clients, self.connected = kind, port, clients, connected
        self.selector = selectors.DefaultSelector()
        self.due: list[tuple[float, int]] = [(0.0, number) for number in range(count)]
        self.sockets: dict[int, socket.socket] = {}

    def open(self, number: int) -> None:
        plain = socket.socket()
        plain.setblocking(False)
        client = number % self.clients
        plain.bind((f"127.0.{1 + client // 250}.{1 + client % 250}", 0))
        plain.connect_ex(("127.0.0.1", self.port))
        self.sockets[number] = plain
        self.selector.register(plain, selectors.EVENT_WRITE, number)

    def close(self, number: int) -> None:
        plain = self.sockets.pop(number)
        self.selector.unregister(plain)
        plain.close()

    def send(self, number: int) -> None:
        try:
            self.sockets[number].send(b"x" if self.kind != "idle" else b"")
        except BlockingIOError:
            pass
        except OSError:
            self.close(number)

    def ready(self, number: int, events: int) -> None:
        """Connected, answered or closed."""
        plain = self.sockets[number]
        try:
            if events & selectors.EVENT_WRITE:
                plain.send(head(self.kind, self.port))
                self.selector.modify(plain, selectors.EVENT_READ, number)
            elif not plain.recv(65536):
                self.close(number)
        except BlockingIOError:
            pass
        except OSError:
            self.close(number)

    def run(self) -> None:
        while True:
            now = time.monotonic()
            while self.due and self.due[0][0] <= now:
                _, number = self.due.pop(0)
                if number in self.sockets:
                    self.send(number)
                if number not in self.sockets:
                    self.open(number)
                self.due.append((now + PIECE_S, number))
            for key, events in self.selector.select(0.02):
                if key.data in self.sockets:
                    self.ready(key.data, events)
            self.connected.value = len(self.sockets)


def send_slowly(*given) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Senders(*given).run()


# -- the honest

@dataclasses.dataclass
class Seen:
    """The answers to one sort of honest request: milliseconds of those that count, words for the others."""

    times: list[float] = dataclasses.field(default_factory=list)
    others: list[str] = dataclasses.field(default_factory=list)

    def told(self) -> str:
        if not self.times:
            return f"0/{len(self.others)}"
        ordered = sorted(self.times)
        return (f"{len(ordered)}/{len(ordered) + len(self.others)} {statistics.median(ordered):.0f}/"
                f"{ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]:.0f}")


def ask(stack: stacks.Stack, seen: Seen, path: str, body: str | None, good: range) -> None:
    if len(seen.others) >= FAILURES_MAX:
        return
    visitor = Visitor(stack.port, "demo", ANSWER_S_MAX)
    begun = time.monotonic()
    try:
        answer = visitor._send("GET" if body is None else "POST", path, body)
        status = answer.status
    except (OSError, ValueError) as error:
        seen.others.append(type(error).__name__)
        return
    finally:
        visitor.close()
    if status in good:
        seen.times.append(1000 * (time.monotonic() - begun))
    else:
        seen.others.append(str(status))


def honest(stack: stacks.Stack) -> dict[str, Seen]:
    seen = {"gate": Seen(), "page": Seen(), "post": Seen()}
    for _ in range(HONEST):
        ask(stack, seen["gate"], "/club/", None, range(200, 201))
        ask(stack, seen["page"], "/2fa/", None, range(200, 201))
        ask(stack, seen["post"], "/2fa/recover/confirm", "token=" + "A" * 43, range(400, 500))
        time.sleep(PAUSE_S)
    return seen


# -- one web server

def widened(web: str, count: int) -> Callable[[pathlib.Path], None]:
    """Gives the web server itself room for all senders: what it does without is its own affair, and its recipe says so."""
    room = 2 * count

    def edit(folder: pathlib.Path) -> None:
        if web == "lighttpd":
            file = folder / "lighttpd.conf"
            file.write_text(file.read_text().replace("server.max-fds = 4096", f"server.max-fds = {4 * room}\nserver.max-connections = {room}"))
        elif web == "h2o":
            file = folder / "h2o.conf"
            file.write_text(f"max-connections: {room}\n" + file.read_text())
        elif web == "apache":
            file = folder / "apache.conf"
            file.write_text(f"ThreadLimit 1000\nServerLimit {room // 1000 + 1}\nThreadsPerChild 1000\n"
                            f"MaxRequestWorkers {1000 * (room // 1000 + 1)}\n" + file.read_text())

    return edit


def round_of(stack: stacks.Stack, kind: str, count: int, clients: int, rows: list[str]) -> None:
    connected = multiprocessing.Value("i", 0)
    senders = multiprocessing.Process(target=send_slowly, args=(kind, stack.port, count, clients, connected), daemon=True)
    if kind != "none":
        senders.start()
        deadline = time.monotonic() + SETTLE_S_MAX
        while connected.value < count and time.monotonic() < deadline:
            time.sleep(0.1)
    try:
        before = connected.value
        seen = honest(stack)
    finally:
        if kind != "none":
            senders.terminate()
            senders.join()
    rows.append(f"{stack.web:9} {kind:8} {before:6}   " + "   ".join(f"{seen[sort].told():>16}" for sort in seen))
    print(rows[-1], flush=True)
    for sort, what in seen.items():
        report.claim(f"{stack.web}, {kind}: every honest {sort} request is answered", not what.others, " ".join(what.others[:5]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    parser.add_argument("--table", type=pathlib.Path, help="where the table goes too")
    parser.add_argument("--web", action="append", choices=stacks.web_servers(), help="default: all")
    parser.add_argument("--senders", type=int, default=2300)
    parser.add_argument("--clients", type=int, default=100, help="addresses that they come from")
    parser.add_argument("--kind", action="append", choices=KINDS, help="default: all")
    given = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))  # the web servers inherit it
    rows: list[str] = []
    rows.append(f"{'server':9} {'senders':8} {'open':>6}   " +
                "   ".join(f"{sort + ' p50/p99 ms':>16}" for sort in ("gate", "page", "post")))
    print(rows[0], flush=True)
    for web in given.web or stacks.web_servers():
        with stacks.Stack(build=given.build.resolve(), web=web, tls=False, edit_web=widened(web, given.senders)) as stack:
            for kind in given.kind or KINDS:
                round_of(stack, kind, given.senders, given.clients, rows)
    if given.table:
        given.table.write_text("\n".join(rows) + "\n")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
