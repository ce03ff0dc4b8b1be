#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The application's own session as first factor behind nginx: the lines of docs/recipes/nginx.md, as they stand, in the recipe.

The application takes the last of two cookies of one name, as many do. A pass belongs to the session that the application itself
sees: whoever sends an old session's cookie beside a new one's does not keep the old one's pass. --self-test takes nginx's view of the
cookie instead, and must notice.

Ends with "N passed, N failed".
"""

from __future__ import annotations

import argparse
import http.server
import pathlib
import re
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))

from corpus import Answer, Case  # noqa: E402
from people import Connection, stacks  # noqa: E402
import junit  # noqa: E402
from visitor import Visitor  # noqa: E402

PAGE = stacks.ROOT / "docs/recipes/nginx.md"


class Application(http.server.BaseHTTPRequestHandler):
    """Sessions "s1", "s2" are alice's, from the start; everything but /whoami and /login is for whoever comes through."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        sessions = re.findall(r"(?:^|;\s*)session=([^;]+)", self.headers.get("Cookie", ""))
        known = bool(sessions) and sessions[-1] in ("s1", "s2")
        self.send_response(200 if known or self.path != "/whoami" else 401)
        if known and self.path == "/whoami":
            self.send_header("X-Account", "alice")
            self.send_header("X-Session", f"public-{sessions[-1]}")
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"club")

    def log_message(self, *_) -> None:
        """Keeps no log."""


def blocks(text: str) -> list[str]:
    """The indented blocks of the section about sessions, in order: second server, gate, pages."""
    section = text.split("## The application's own session as first factor\n")[1].split("\n## ")[0]
    found = re.findall(r"(?:^    .*\n)+", section, re.M)
    if len(found) != 3:
        raise SystemExit(f"session: {PAGE.name} has {len(found)} blocks there, not 3")
    return found


def edit(app_port: int, spoil: bool):
    """Puts the page's lines into the recipe, at the places that the page names."""
    def write(folder: pathlib.Path) -> None:
        second, gate, pages = (block.replace("127.0.0.1:3000", f"127.0.0.1:{app_port}")
                               .replace("/run/nginx_session.sock", f"{folder}/session.sock") for block in blocks(PAGE.read_text()))
        if spoil:
            second, pages = (text.replace("$upstream_http_x_session", "$cookie_session") for text in (second, pages))
        path = folder / "site.conf"
        text = path.read_text().replace("      auth_basic off;\n", "      auth_request off;\n")
        text = "".join(line for line in text.splitlines(True) if not re.match(r"\s+(auth_basic|set \$twinlock_account \$remote_user)", line))
        text, gates = re.subn(r"  location = /2fa/gate \{\n(?:    .*\n)+  \}\n", lambda _: gate, text)
        text, opened = re.subn(r"(location \^~ /2fa/ \{\n)    auth_request off;[^\n]*\n", lambda found: found.group(1) + pages, text)
        if (gates, opened) != (1, 1):
            raise RuntimeError("the recipe does not have the places that its page names")
        path.write_text(text + second)
    return write


class SignedInStack(stacks.Stack):
    def healthy(self) -> bool:
        from launcher import listens
        return listens(self.port)


def get(stack: stacks.Stack, target: str, cookie: str) -> Answer:
    connection = Connection(stack.port)
    try:
        return connection.send(Case("", "", "GET", target, [("Cookie", cookie)], 0, False, "", {}), [])
    finally:
        connection.close()


def told(answer: Answer) -> str:
    return f"{answer.status} {answer.headers.get('location', '')}".strip()


def play(stack: stacks.Stack, app_port: int, claim) -> None:
    alice = Visitor(stack.port, "alice", 20.0)
    alice.cookies["session"] = "s1"
    alice.enroll(lambda: int(time.time()))
    alice.close()
    kept = "; ".join(f"{name}={value}" for name, value in alice.cookies.items() if name != "session")
    for name, cookie, expected in [("nobody", "", "303 /login"), ("a session that is none", "session=x", "303 /login"),
                                   ("the session and its pass", f"session=s1; {kept}", "200"),
                                   ("the session without a pass", "session=s1", "303 /2fa/challenge?next=/"),
                                   ("another session and the pass", f"session=s2; {kept}", "303 /2fa/challenge?next=/"),
                                   ("the old session's cookie beside a new one's", f"session=s1; session=s2; {kept}", "303 /2fa/challenge?next=/")]:
        answer = get(stack, "/", cookie)
        claim(name, told(answer) == expected, told(answer))
    for target, cookie, status in [("/2fa/challenge", "session=s1", 200), ("/2fa/recover/confirm?token=x", "", 400), ("/2fa/gate", "session=s1", 404),
                                   ("/whoami", "session=s1", 404), ("/login", "", 200)]:
        answer = get(stack, target, cookie)
        claim(target, answer.status == status, told(answer))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    parser.add_argument("--self-test", action="store_true", help="bind passes to nginx's view of the cookie, and see whether it is noticed")
    given = parser.parse_args()
    report, seen = junit.Report("session"), []
    application = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=application.serve_forever, daemon=True).start()
    port = application.server_address[1]
    with SignedInStack(build=given.build.resolve(), web="nginx", tls=False, accounts=("alice",), open_dir="", app=f"http://127.0.0.1:{port}",
                       edit_web=edit(port, given.self_test)) as stack:
        if given.self_test:
            play(stack, port, lambda name, holds, detail: seen.append(name) if not holds else None)
            report.claim("nginx's view of the cookie", seen == ["the old session's cookie beside a new one's"], ", ".join(seen) or "nobody noticed")
        else:
            play(stack, port, report.claim)
    application.shutdown()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
