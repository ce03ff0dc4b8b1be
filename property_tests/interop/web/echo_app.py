#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The application behind the web servers in the interop tests: says what reached it, and keeps a journal of it.

usage: echo_app.py PORT JOURNAL

Answers every request on 127.0.0.1:PORT with 200 and JSON: method, target (as it was sent), headers (pairs, in order), body length and
sha256; `/status/NNN` answers with that status instead. Each request is appended to the file JOURNAL as one such line before it is
answered, so that a test can see that a request never came. Ends on SIGTERM.
"""

import hashlib
import http.server
import json
import re
import signal
import socketserver
import sys


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    journal = ""

    def body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def answer(self) -> None:
        body = self.body()
        seen = {"method": self.command, "target": self.path, "headers": self.headers.items(), "body": len(body),
                "sha256": hashlib.sha256(body).hexdigest()}
        text = json.dumps(seen).encode() + b"\n"
        with open(self.journal, "ab") as file:
            file.write(text)
        asked = re.search(r"/status/(\d{3})$", self.path)
        self.send_response(int(asked.group(1)) if asked else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = answer  # noqa: N815

    def log_message(self, *_) -> None:
        pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    Echo.journal = sys.argv[2]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Server(("127.0.0.1", int(sys.argv[1])), Echo) as server:
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
