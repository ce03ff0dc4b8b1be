# SPDX-License-Identifier: Apache-2.0
"""A person's browser, as far as the pages need one: cookies, forms, codes. For load and crash tests; standard library only."""

from __future__ import annotations

import base64
import email.message
import hashlib
import hmac
import html.parser
import http.client
import urllib.parse


def totp(secret: bytes, now: int) -> str:
    """The six digits of RFC 6238 at `now`, seconds since the epoch."""
    digest = hmac.new(secret, (now // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


class _Page(html.parser.HTMLParser):
    """Collects the forms (action -> hidden fields) and the texts of elements with an id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.texts: dict[str, str] = {}
        self._form: dict[str, str] | None = None
        self._id: str | None = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action", ""), {})
        elif tag == "input" and self._form is not None and given.get("type") == "hidden":
            self._form[given["name"]] = given.get("value", "")
        self._id = given.get("id")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        self._id = None

    def handle_data(self, data):
        if self._id:
            self.texts[self._id] = self.texts.get(self._id, "") + data


class Visitor:
    """One browser of one account, without TLS; passwords equal names. Not for use by several threads at once."""

    def __init__(self, port: int, name: str, timeout: float = 10.0) -> None:
        self.port, self.name, self.timeout = port, name, timeout
        self.cookies: dict[str, str] = {}
        self.page = _Page("")
        self._connection: http.client.HTTPConnection | None = None

    def headers(self) -> dict[str, str]:
        given = {"Authorization": "Basic " + base64.b64encode(f"{self.name}:{self.name}".encode()).decode(),
                 "Host": f"localhost:{self.port}", "Origin": f"http://localhost:{self.port}", "Sec-Fetch-Site": "same-origin"}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return given

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: str | None) -> http.client.HTTPResponse:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        headers = self.headers()
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        self._keep(answer.headers, text)
        return answer

    def _keep(self, headers: email.message.Message, text: str) -> None:
        """What a browser remembers of an answer: cookies, and the page that it shows."""
        for field in headers.get_all("Set-Cookie") or []:
            name, _, value = field.split(";")[0].partition("=")
            self.cookies[name] = value
            if field.endswith("; Max-Age=0"):
                del self.cookies[name]
        if headers.get("Content-Type", "").startswith("text/html"):
            self.page = _Page(text)

    def get(self, path: str) -> http.client.HTTPResponse:
        return self._send("GET", path, None)

    def body(self, action: str, fields: dict[str, str]) -> str:
        """What the form of the page last seen sends: its hidden fields, then `fields`; `next` stays last."""
        hidden = dict(self.page.forms[f"/2fa/{action}"])
        onward = hidden.pop("next", None)
        together = {**hidden, **fields, **({"next": onward} if onward is not None else {})}
        return urllib.parse.urlencode(together)

    def submit(self, action: str, **fields: str) -> http.client.HTTPResponse:
        return self._send("POST", f"/2fa/{action}", self.body(action, fields))

    def enroll(self, now) -> bytes:
        """Sets up a second factor and returns its secret; `now` gives twinlockd's time. Uses up the present step."""
        self.get("/2fa/")
        self.submit("enroll")
        self.get("/2fa/enroll")
        secret = base64.b32decode(self.page.texts["key"].replace(" ", ""))
        answer = self.submit("enroll/confirm", code=totp(secret, now()))
        if answer.status != 200:
            raise RuntimeError(f"enrollment of {self.name}: {answer.status}")
        return secret
