#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo's inbox: shows the mails that the SMTP sink has received, newest first.

usage: inbox.py SOCKET FOLDER

Serves HTTP on the Unix socket SOCKET (nginx stands before it) and reads the *.eml files of FOLDER. Everything of a mail is
escaped; the only thing that becomes markup is an http or https address, as a link. Ends on SIGTERM.
"""

import email
import email.policy
import html
import http.server
import os
import pathlib
import re
import signal
import socketserver
import sys

MAILS_SHOWN_MAX = 50
MAIL_BYTES_MAX = 262_144
LINK = re.compile(r"https?://[^\s<>\"']+")

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Inbox ({count}): Twinlock demo</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/demo.css">
</head>
<body>
<div class="bar"><div class="inner">
  <strong>Twinlock demo</strong>
  <nav aria-label="Demo"><a href="/">Start</a> <a href="/club/">Sailing club</a> <a href="/2fa/">Security</a>
  <a href="/inbox/" aria-current="page">Inbox</a></nav>
</div></div>
<main class="page">
<header class="lead"><h1>Inbox</h1>
<p>What Twinlock has mailed in this demo, newest first. New mail appears by itself.</p></header>
{mails}
</main>
</body>
</html>
"""

MAIL = """<article class="card mail">
<h2>{subject}</h2>
<dl class="facts plain"><dt>To</dt><dd>{to}</dd><dt>From</dt><dd>{sender}</dd><dt>Sent</dt><dd>{date}</dd></dl>
<div class="letter">{text}</div>
</article>
"""

EMPTY = """<div class="card empty"><h2>No mail yet</h2>
<p class="soft">Turn on two-factor authentication on the <a href="/2fa/">Security page</a>, and the first one arrives.</p></div>
"""


def linked(text: str) -> str:
    """The escaped text with its addresses as links; a full stop at an address's end belongs to the sentence."""
    out, end = [], 0
    for found in LINK.finditer(text):
        url = found.group().rstrip(".,;:!?)")
        out.append(html.escape(text[end : found.start()]))
        shown = html.escape(url, quote=True)
        out.append(f'<a href="{shown}" rel="noreferrer">{shown}</a>')
        end = found.start() + len(url)
    out.append(html.escape(text[end:]))
    return "".join(out)


def mail_text(message: email.message.EmailMessage) -> str:
    """The plain text of a mail, whatever its encoding; a sentence where it has none that can be read."""
    try:
        body = message.get_body(preferencelist=("plain",))
        return body.get_content() if body is not None else "(no text)"
    except (LookupError, ValueError, KeyError):
        return "(unreadable text)"


def rendered(path: pathlib.Path) -> str:
    """One mail as HTML."""
    with path.open("rb") as source:
        message = email.message_from_bytes(source.read(MAIL_BYTES_MAX), policy=email.policy.default)
    field = lambda name: html.escape(str(message.get(name, "")))  # noqa: E731
    return MAIL.format(
        subject=field("Subject") or "(no subject)",
        to=field("To"),
        sender=field("From"),
        date=field("Date"),
        text=linked(mail_text(message).strip()),
    )


def newest(folder: pathlib.Path) -> list[pathlib.Path]:
    """The mail files, newest first; one that vanishes meanwhile is left out."""
    found = []
    for path in folder.glob("*.eml"):
        try:
            found.append((path.stat().st_mtime_ns, path.name, path))
        except FileNotFoundError:
            continue
    return [entry[2] for entry in sorted(found, reverse=True)]


class Inbox(http.server.BaseHTTPRequestHandler):
    """GET and HEAD of the one page."""

    folder = pathlib.Path()
    timeout = 10

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        paths = newest(self.folder)
        mails = "".join(rendered(path) for path in paths[:MAILS_SHOWN_MAX]) or EMPTY
        page = PAGE.format(count=len(paths), mails=mails).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(page)

    do_HEAD = do_GET  # noqa: N815

    def address_string(self) -> str:
        return "nginx"

    def log_message(self, *_) -> None:
        pass


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    socket_path, Inbox.folder = sys.argv[1], pathlib.Path(sys.argv[2])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if os.path.exists(socket_path):
        os.unlink(socket_path)
    with Server(socket_path, Inbox) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
