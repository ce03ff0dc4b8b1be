# SPDX-License-Identifier: Apache-2.0
"""Twinlock's JSON API (docs/api.md), for one application: every operation that its people need.

A call returns only where Twinlock said yes in the expected form. Everything else raises: Refused where it answered no, Unavailable
where it gave no answer that can be read. Nothing is sent twice, and neither the key nor an answer's body goes to a log.
"""

import dataclasses
import http.client
import json
import os
import urllib.parse

TIMEOUT_S = 5
ANSWER_BYTES_MAX = 1 << 20
STATES = {"off", "enrolling", "on", "recovering", "replacing"}
NOES = {"rejected", "misformed", "throttled", "locked", "forbidden", "wrong_state", "undeliverable"}


class Refused(Exception):
    """Twinlock said no: `word` is the problem's, `retry_after_s` counts where it is "throttled"."""

    def __init__(self, status: int, word: str, retry_after_s: int) -> None:
        super().__init__(word)
        self.status, self.word, self.retry_after_s = status, word, retry_after_s


class Unavailable(Exception):
    """No answer, or none that may be read as a yes or a no. Refuse what was asked for."""


@dataclasses.dataclass(frozen=True)
class Standing:
    state: str
    code_required: bool
    locked: bool
    retry_after_s: int

    @property
    def password_is_enough(self) -> bool:
        return self.code_required is False and self.state != "replacing"


def read_key(path: str) -> str:
    """The bearer key that `twinlock api-key add` showed, from a file that only this application may read."""
    if os.stat(path).st_mode & 0o077:
        raise SystemExit(f"{path} is readable by others; chmod 600 it")
    with open(path, encoding="ascii") as file:
        return file.read().strip()


class Client:
    def __init__(self, api: str, key: str, language: str = "") -> None:
        """`api`: where docs/recipes/nginx_api.conf listens, host:port. `language`: the person's Accept-Language, for mail."""
        self._api = api
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        if language:
            self._headers["Accept-Language"] = language

    def standing(self, account: str) -> Standing:
        told = self._ask(200, "GET", _of(account))
        found = [told.get(field.name) for field in dataclasses.fields(Standing)]
        if found[0] not in STATES or [type(value) for value in found[1:]] != [bool, bool, int]:
            raise Unavailable("an account in another form")
        return Standing(*found)

    def verify(self, account: str, code: str, email: str, known: bool) -> None:
        told = self._ask(200, "POST", _of(account, "/verify"), {"code": code, "email": email, "known": known})
        if told.get("verdict") != "accepted":
            raise Unavailable("a 200 without the verdict")

    def begin(self, account: str, label: str, email: str, grant: str | None = None, fresh_s: int | None = None) -> dict:
        body = {"label": label, "email": email} | ({"grant": grant} if grant else {}) | ({} if fresh_s is None else {"fresh_s": fresh_s})
        return _with(self._ask(201, "POST", _of(account, "/enrollment"), body), "enrollment_id", "secret", "qr_svg")

    def confirm(self, account: str, enrollment_id: str, code: str, email: str) -> str:
        body = {"enrollment_id": enrollment_id, "code": code, "email": email}
        return _with(self._ask(200, "POST", _of(account, "/enrollment/confirm"), body), "recovery_code")["recovery_code"]

    def cancel(self, account: str, enrollment_id: str) -> None:
        self._ask(204, "DELETE", _of(account, "/enrollment"), {"enrollment_id": enrollment_id})

    def disable(self, account: str, code: str) -> None:
        self._ask(200, "POST", _of(account, "/disable"), {"code": code})

    def renew(self, account: str, code: str) -> str:
        return _with(self._ask(200, "POST", _of(account, "/recovery-code"), {"code": code}), "recovery_code")["recovery_code"]

    def ask_for_recovery(self, account: str, recovery_code: str) -> str:
        told = self._ask(202, "POST", _of(account, "/recovery"), {"recovery_code": recovery_code})
        return _with(told, "asker_secret")["asker_secret"]

    def settle(self, token: str, proof: dict[str, str]) -> str | None:
        """The mailed token and `proof`, asker_secret or recovery_code. Returns the grant: None where the factor is off."""
        told = self._ask(200, "POST", "/2fa/v1/recovery/confirm", {"token": token, **proof})
        return _with(told, "state").get("grant")

    def _ask(self, wanted: int, method: str, path: str, body: dict | None = None) -> dict:
        # http.client, since it follows no redirect and no http_proxy: the key goes to this one address.
        connection = http.client.HTTPConnection(self._api, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, None if body is None else json.dumps(body).encode(), self._headers)
            answer = connection.getresponse()
            raw = answer.read(ANSWER_BYTES_MAX)
            told = json.loads(raw) if raw else {}
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unavailable(type(error).__name__) from None
        finally:
            connection.close()
        if not isinstance(told, dict):
            raise Unavailable("no object")
        if answer.status == wanted:
            return told
        word = str(told.get("type", "")).removeprefix("urn:twinlock:problem:")
        if word in NOES and 400 <= answer.status < 500:
            wait = told.get("retry_after_s", 0)
            raise Refused(answer.status, word, wait if isinstance(wait, int) else 0)
        raise Unavailable(f"{answer.status} {word if word.isidentifier() else ''}")  # key, scope, address, nginx: the operator's


def _of(account: str, rest: str = "") -> str:
    return "/2fa/v1/accounts/" + urllib.parse.quote(account, safe="") + rest


def _with(told: dict, *members: str) -> dict:
    if not all(isinstance(told.get(member), str) and told[member] for member in members):
        raise Unavailable("an answer without " + ", ".join(members))
    return told
