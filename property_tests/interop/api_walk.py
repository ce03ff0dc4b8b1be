#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Walks docs/openapi.json against a running twinlockd behind nginx: every path, method and status of the file, and no other.

The API has a listener of its own and is reached through docs/recipes/nginx_api.conf. Each answer is checked against the file:
status, headers, the body's schema. Each operation gets its good requests and the bad ones: missing and wrong key, wrong scope,
wrong type, unknown member, duplicate key, bad UTF-8, 1 MB body, wrong content type, wrong method, bad percent-encoding, header of
15 KB, an API that is off, a keys' file that cannot be trusted. A status that the file does not declare fails; so does a declared
one that no request brought about.

Ends with "N passed, N failed" (one per kind of check and operation); figures stand in lines that begin with "figure:".
"""

from __future__ import annotations

import argparse
import base64
import collections
import dataclasses
import http.client
import json
import pathlib
import re
import subprocess
import sys
import time

import jsonschema

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import junit  # noqa: E402
import stack as stacks  # noqa: E402
from visitor import totp  # noqa: E402

SPEC = json.loads((stacks.ROOT / "docs" / "openapi.json").read_text())
RESOLVER = jsonschema.RefResolver("", SPEC)
RECIPE = stacks.ROOT / "docs" / "recipes" / "nginx_api.conf"
NOBODY = "nobody-at-all"
WRONG_RECOVERY_CODE = "0000-0000-0000-0000-0000-0000-000"  # well-formed, and nobody's
DAY_S = 86_400
MISFORMED = {"code": "12345", "email": "nobody", "issuer": "a:b", "label": "", "grant": "0000", "enrollment_id": "00",
             "recovery_code": "0000", "token": "x", "asker_secret": "00", "ticket": "0000", "operator": "", "reason": ""}

results: dict[str, list[str]] = collections.defaultdict(list)  # name of a check -> what went wrong


def claim(name: str, holds: bool, detail: object = "") -> None:
    wrong = results[name]
    if not holds:
        wrong.append(str(detail)[:300])


def resolved(node: dict) -> dict:
    while "$ref" in node:
        node = RESOLVER.resolve(node["$ref"])[1]
    return node


def schema_fault(instance: object, schema: dict) -> str:
    validator = jsonschema.Draft202012Validator(schema, resolver=RESOLVER)
    return "; ".join(error.message[:120] for error in validator.iter_errors(instance))


@dataclasses.dataclass(frozen=True)
class Operation:
    path: str
    method: str
    id: str
    scope: str
    body: dict | None  # the example
    schema: dict | None
    responses: tuple

    @property
    def other_scope(self) -> str:
        return "operator" if self.scope == "app" else "app"

    def response(self, status: int) -> dict | None:
        found = dict(self.responses).get(str(status))
        return found and resolved(found)


def operations() -> dict[str, Operation]:
    out = {}
    for path, item in SPEC["paths"].items():
        for method, told in item.items():
            if method == "parameters":
                continue
            content = told.get("requestBody", {}).get("content", {}).get("application/json")
            out[told["operationId"]] = Operation(
                path, method.upper(), told["operationId"], next(iter(told["security"][0])), content and content["example"],
                content and resolved(content["schema"]), tuple(told["responses"].items()))
    return out


OPERATIONS = operations()


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.raw = response.status, response.headers, response.read()
        self.type = self.headers.get("Content-Type", "").split(";")[0]

    def json(self) -> dict:
        """The body's object; {} where it is none, which the body's own check tells."""
        try:
            return json.loads(self.raw)
        except ValueError:
            return {}


class Api:
    """Sends requests and holds every answer against the file."""

    def __init__(self, port: int) -> None:
        self.port, self.keys = port, {}
        self.exercised: set[tuple[str, int]] = set()
        self.secrets: set[str] = set()
        self.requests = 0
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        self.requests += 1
        try:
            self._connection.request(method, "/2fa/v1" + path, body, headers)
            return Answer(self._connection.getresponse())
        except (OSError, http.client.HTTPException):
            self._connection.close()  # nginx closes a kept connection when it likes; nothing was answered
            self._connection.request(method, "/2fa/v1" + path, body, headers)
            return Answer(self._connection.getresponse())

    def call(self, id: str, status: int, account: str = NOBODY, *, body: object = ..., query: str = "", method: str = "",
             more: dict[str, str] | None = None, key: str | None = ...) -> Answer:
        """`body`: an object, bytes as they are, or the file's example. `key`: None shows none."""
        op = OPERATIONS[id]
        headers = {"Content-Type": "application/json"} if op.body is not None else {}
        key = self.keys[op.scope] if key is ... else key
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        headers |= more or {}
        if body is ...:
            body = op.body
        raw = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        answer = self.send(method or op.method, op.path.replace("{account}", account) + query, headers, raw)
        self._check(op, status, answer, method, f"{method or op.method} {op.path} {account} {query} {str(raw)[:80]}")
        return answer

    def _check(self, op: Operation, status: int, answer: Answer, method: str, what: str) -> None:
        claim(f"{op.id}: the status", status is ... or answer.status == status, f"{what}: {answer.status}, not {status}: {answer.raw[:160]!r}")
        declared = op.response(answer.status)
        if method and answer.status == 405:
            declared = SPEC["components"]["responses"]["MethodNotAllowed"]
        claim(f"{op.id}: only declared statuses", declared is not None, f"{what}: {answer.status}")
        if declared is None:
            return
        if not method:
            self.exercised.add((op.id, answer.status))
        for name, header in declared.get("headers", {}).items():
            header, value = resolved(header), answer.headers.get(name)
            if value is None:
                claim(f"{op.id}: the headers", not header.get("required"), f"{what}: no {name}")
            else:
                claim(f"{op.id}: the headers", not schema_fault(value, header["schema"]), f"{what}: {name}: {value}")
        if method != "HEAD":
            self._check_body(op, declared, answer, what)

    def _check_body(self, op: Operation, declared: dict, answer: Answer, what: str) -> None:
        name, content = f"{op.id}: the body", declared.get("content")
        if content is None:
            return claim(name, answer.raw == b"", f"{what}: {answer.raw[:80]!r}")
        if "application/x-ndjson" in content and answer.raw == b"":
            return None  # no line at all
        claim(name, answer.type in content, f"{what}: {answer.type}")
        schema = content.get(answer.type, {}).get("schema", {})
        try:
            if answer.type == "text/plain":
                instances = [answer.raw.decode()]
            elif answer.type == "application/x-ndjson":
                instances = [json.loads(line) for line in answer.raw.splitlines()]
            else:
                instances = [json.loads(answer.raw)]
        except ValueError as error:
            return claim(name, False, f"{what}: {error}")
        for instance in instances:
            claim(name, not schema_fault(instance, schema), f"{what}: {schema_fault(instance, schema)}")
            if isinstance(instance, dict):
                self.secrets |= {value for member, value in instance.items() if isinstance(value, str) and
                                 member in {"secret", "recovery_code", "asker_secret", "grant", "ticket", "enrollment_id"}}
                claim(name, instance.get("status", answer.status) == answer.status, f"{what}: {instance}")

    def unexercised(self) -> list[str]:
        return [f"{op.id} {status}" for op in OPERATIONS.values() for status, _ in op.responses
                if (op.id, int(status)) not in self.exercised]


class Person:
    """An account with an authenticator app, over the API."""

    def __init__(self, api: Api, stack: stacks.Stack, account: str) -> None:
        self.api, self.stack, self.account = api, stack, account
        self.secret, self.recovery_code = b"", ""

    offset = 0  # of the fake clock, for all

    def advance(self, seconds: int) -> None:
        Person.offset += seconds
        self.stack.set_offset(Person.offset)

    def code(self) -> dict[str, str]:
        return {"code": totp(self.secret, int(time.time()) + Person.offset)}

    def wrong(self) -> dict[str, str]:
        now = int(time.time()) + Person.offset
        near = {totp(self.secret, now + 30 * shift) for shift in range(-3, 4)}
        return {"code": next(f"{n:06d}" for n in range(1_000_000) if f"{n:06d}" not in near)}

    def call(self, id: str, status: int, body: object = ...) -> Answer:
        return self.api.call(id, status, self.account, body=body)

    def begin(self, **more: str) -> str:
        begun = self.call("beginEnrollment", 201, {"email": "person@example.org", **more}).json()
        self.secret = base64.b32decode(begun["secret"])
        return begun["enrollment_id"]

    def enroll(self, **more: str) -> Person:
        id = self.begin(**more)
        self.recovery_code = self.call("confirmEnrollment", 200, {"enrollment_id": id, **self.code()}).json()["recovery_code"]
        self.advance(30)
        return self

    def state(self) -> str:
        return self.call("getAccount", 200).json()["state"]


# -- what every operation refuses


def bad_keys(api: Api, op: Operation) -> None:
    api.call(op.id, 401, key=None)
    for shown in ("twl_" + "0" * 64, api.keys[op.scope][:-1], api.keys[op.scope] + "0", ""):
        api.call(op.id, 401, key=shown)
    api.call(op.id, 401, key=None, more={"Authorization": "Basic " + base64.b64encode(b"nobody:nobody").decode()})
    api.call(op.id, 403, key=api.keys[op.other_scope])


def bad_targets(api: Api, op: Operation) -> None:
    if "{account}" in op.path:
        for account in ("%1F", "%7F", "%41" * 129):  # nginx itself refuses %00 and a '%' without digits
            claim(f"{op.id}: the field is named", api.call(op.id, 400, account).json().get("field") == "account", account)
    claim(f"{op.id}: the field is named", api.call(op.id, 400, query="?wrong=1").json().get("field") == "wrong")
    for method in ("PUT", "PATCH", "OPTIONS"):
        allowed = api.call(op.id, 405, method=method).headers.get("Allow", "")
        claim(f"{op.id}: Allow", op.method in allowed.split(", "), allowed)
    api.call(op.id, 431, more={"Accept-Language": "x" * 15_000})  # above 64 KiB in all, nginx itself answers 500
    api.call(op.id, 413, body=b"{" + b" " * 1_000_000 + b"}")
    if op.method == "GET":
        got, head = api.call(op.id, 200), api.call(op.id, 200, method="HEAD")
        claim(f"{op.id}: HEAD", head.raw == b"" and head.headers.get("Content-Type") == got.headers.get("Content-Type"))


def bad_bodies(api: Api, op: Operation) -> None:
    if op.body is None:
        return
    for type in ("", "text/plain", "application/x-www-form-urlencoded"):
        api.call(op.id, 415, body=json.dumps(op.body or {}).encode() or b"{}", more={"Content-Type": type})

    def named(field: str, body: object) -> None:
        told = api.call(op.id, 400, body=body).json()
        claim(f"{op.id}: the field is named", told.get("field", "") == field, f"{field}: {told}")

    for body in (b"[]", b"{", b"null", b"\xff"):
        named("", body)
    named("wrong", {**op.body, "wrong": 1})
    for member, schema in op.schema["properties"].items():
        value = op.body.get(member, "x")
        one = json.dumps(value).encode()
        rest = b"".join(b",%s:%s" % (json.dumps(name).encode(), json.dumps(other).encode())
                        for name, other in op.body.items() if name != member)
        named(member, b'{"%s":%s,"%s":%s%s}' % (member.encode(), one, member.encode(), one, rest))
        named(member, b'{"%s":"\xc3\x28"%s}' % (member.encode(), rest))
        for wrong in (-1 if schema.get("type") == "integer" else 7, None, [], {}):
            named(member, {**op.body, member: wrong})
        if member in op.schema["required"]:
            named(member, {name: other for name, other in op.body.items() if name != member})
        if member in MISFORMED and resolved(schema).get("type") != "boolean" and op.id != "confirmRecovery":
            told = api.call(op.id, 422, body={**op.body, member: MISFORMED[member]}).json()
            claim(f"{op.id}: misformed", told["type"].endswith(":misformed") and told["field"] == member, told)


def bad_days(api: Api, stack: stacks.Stack) -> None:
    """The keys' file is away, then unsafe: for every operation, and back at once."""
    keys, away = stack.folder / "twinlock.api_keys", stack.folder / "away"
    keys.rename(away)
    for op in OPERATIONS.values():
        api.call(op.id, 404)
    away.rename(keys)
    keys.chmod(0o644)
    for op in OPERATIONS.values():
        api.call(op.id, 503)
    keys.chmod(0o600)
    api.call("getAccount", 200)


# -- what each operation is for


def codes(api: Api, stack: stacks.Stack) -> None:
    person = Person(api, stack, "alice%2F%C3%A9").enroll(issuer="Förde", label="Alice")
    accepted = person.code()
    person.call("verify", 200, accepted)
    used, wrong = person.call("verify", 422, accepted).raw, person.call("verify", 422, person.wrong()).raw
    claim("verify: used and wrong read the same", used == wrong, (used, wrong))
    person.advance(30)
    person.call("verify", 200, {**person.code(), "email": "new@example.org", "known": False})
    person.advance(30)
    old = person.recovery_code
    person.recovery_code = person.call("renewRecoveryCode", 200, person.code()).json()["recovery_code"]
    person.call("askForRecovery", 422, {"recovery_code": old})
    person.call("beginEnrollment", 409, {})
    person.call("revokePasses", 204, None)
    person.call("revokePasses", 204, {})
    for id in ("disable", "renewRecoveryCode", "verify"):
        person.call(id, 422, person.wrong())
    while person.call("getAccount", 200).json()["retry_after_s"] == 0:
        person.call("verify", 422, person.wrong())
    for id in ("verify", "disable", "renewRecoveryCode"):
        person.call(id, 429, person.code())
    told = person.call("unlock", 200, {"operator": "bob", "reason": "called back"}).json()
    person.call("verify", 429, person.code())
    dead = person.call("verify", 429, {**person.code(), "ticket": WRONG_RECOVERY_CODE}).json()
    claim("verify: a dead ticket is said", "does not count" in dead["detail"], dead)
    person.call("verify", 422, {**person.wrong(), "ticket": told["ticket"]})
    person.advance(30)
    person.call("verify", 200, {**person.code(), "ticket": told["ticket"], "required": True})
    person.advance(30)
    person.call("disable", 403, person.code())
    person.call("verify", 200, {**person.code(), "required": False})
    person.advance(30)
    person.call("disable", 200, person.code())
    claim("disable: off", person.state() == "off")


def enrollments(api: Api, stack: stacks.Stack) -> None:
    person = Person(api, stack, "enrolls")
    id = person.begin()
    person.call("confirmEnrollment", 422, {"enrollment_id": id, **person.wrong()})
    person.call("confirmEnrollment", 409, {"enrollment_id": "0" * 32, **person.code()})
    person.call("cancelEnrollment", 409, {"enrollment_id": "0" * 32})
    again = person.call("beginEnrollment", 201, {"enrollment_id": id}).json()
    claim("beginEnrollment: the same again", (again["enrollment_id"], base64.b32decode(again["secret"])) == (id, person.secret))
    person.call("cancelEnrollment", 204, {"enrollment_id": id})
    person.call("confirmEnrollment", 409, {"enrollment_id": id, **person.code()})
    claim("cancelEnrollment: off", person.state() == "off")
    for _ in range(19):
        person.begin()
    person.call("beginEnrollment", 429, {})


def mailed_token(stack: stacks.Stack, seen: set[str]) -> str:
    """The token of the next link that the mail sink gets."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for path in sorted(stack.mail.glob("*")):
            found = re.search(r"recover/confirm\?token=3?D?([\w-]+)", path.read_text(errors="replace").replace("=\n", ""))
            if found and found[1] not in seen:
                seen.add(found[1])
                return found[1]
        time.sleep(0.05)
    raise RuntimeError("no link was mailed")


def recoveries(api: Api, stack: stacks.Stack) -> None:
    person, seen = Person(api, stack, "loses").enroll(), set()
    asked = person.call("askForRecovery", 202, {"recovery_code": person.recovery_code}).json()
    token = mailed_token(stack, seen)
    api.call("confirmRecovery", 422, body={"token": token, "asker_secret": "0" * 32})
    api.call("confirmRecovery", 422, body={"token": "x", "asker_secret": "0" * 32})
    api.call("confirmRecovery", 400, body={"token": token})
    settled = api.call("confirmRecovery", 200, body={"token": token, "asker_secret": asked["asker_secret"]}).json()
    claim("confirmRecovery: settled", settled == {"state": "off", "grant": None}, settled)
    api.call("confirmRecovery", 422, body={"token": token, "asker_secret": asked["asker_secret"]})
    person.enroll()
    for _ in range(3):
        person.call("askForRecovery", 202, {"recovery_code": person.recovery_code})
        token = mailed_token(stack, seen)
    person.call("askForRecovery", 429, {"recovery_code": person.recovery_code})
    api.secrets |= seen
    person = Person(api, stack, "guessed").enroll()
    person.call("askForRecovery", 202, {"recovery_code": person.recovery_code})
    token = mailed_token(stack, seen)
    person.call("confirmSaved", 422, {"recovery_code": WRONG_RECOVERY_CODE})
    saved = person.call("confirmSaved", 200, {"recovery_code": person.recovery_code}).json()
    claim("getAccount: saved", person.call("getAccount", 200).json()["recovery_code"] == saved, saved)
    for _ in range(12):
        api.call("confirmRecovery", 422, body={"token": token, "recovery_code": WRONG_RECOVERY_CODE})
    api.call("confirmRecovery", 200, body={"token": token, "recovery_code": person.recovery_code})


def operators(api: Api, stack: stacks.Stack) -> None:
    person = Person(api, stack, "calls").enroll()
    note = {"operator": "bob", "reason": "lost phone, ticket 4711"}
    person.call("unlock", 200, note)
    claim("reset: off", person.call("reset", 200, note).json() == {"state": "off", "grant": None})
    lines = person.call("getAudit", 200, None).raw.splitlines()
    entries = [json.loads(line)["entry"] for line in lines]
    claim("getAudit: who and why", (entries[-1]["operator"], entries[-1]["reason"]) == ("bob", note["reason"]), entries[-1])
    page = api.call("getAudit", 200, person.account, query="?limit=2", body=None)
    more = api.call("getAudit", 200, person.account, query=page.headers["Link"].partition(">")[0][1:], body=None)
    claim("getAudit: pages", page.raw.splitlines() + more.raw.splitlines() == lines[:4], page.headers["Link"])
    told = stack.twinlock("audit", "show", person.account, "--json").stdout
    claim("getAudit: as the command line has it", told.encode().splitlines() == lines, told)
    metrics = api.call("getMetrics", 200, body=None).raw.decode()
    claim("getMetrics: both listeners", 'listener="main"' in metrics and 'listener="api"' in metrics)


def locked(api: Api, stack: stacks.Stack) -> None:
    person = Person(api, stack, "locked").enroll()
    for _ in range(100):
        person.call("verify", 422, person.wrong())
        person.advance(30 * DAY_S)
    for id in ("verify", "disable", "renewRecoveryCode"):
        told = person.call(id, 403, person.code()).json()
        claim(f"{id}: locked", told["verdict"] == "locked", told)
    person.call("unlock", 403, {"operator": "bob", "reason": "asked"})
    claim("getAccount: locked", person.call("getAccount", 200).json()["locked"] is True)
    person.call("reset", 200, {"operator": "bob", "reason": "asked"})


def look_alikes(api: Api, stack: stacks.Stack) -> None:
    """Where everybody must have a factor, so that a reset would make the other spelling need a code too."""
    stack.config.write_text(stack.config.read_text(encoding="utf-8").replace("\nrequired = false\n", "\nrequired = true\n"))
    stack.kill_twinlockd()
    stack.start_twinlockd()
    stack.wait_healthy()
    Person(api, stack, "demo").enroll()
    for spelling in ("Demo", "demo%20", "d%C3%A9mo"):
        other = Person(api, stack, spelling)
        for told in (other.call("getAccount", 409, None), other.call("beginEnrollment", 409, {}),
                     other.call("reset", 409, {"operator": "bob", "reason": "asked"})):
            claim(f"{spelling}: look_alike", told.json()["verdict"] == "look_alike", told.raw)


def nothing_happened(api: Api) -> None:
    for op in OPERATIONS.values():
        if "409" in dict(op.responses) and op.id not in {"beginEnrollment", "confirmRecovery", "getAccount", "reset"}:
            api.call(op.id, 409)
    told = api.call("beginEnrollment", 403, body={"fresh_s": 301}).json()
    claim("beginEnrollment: a sign-in that is too old", told["type"].endswith(":stale_sign_in"), told)
    claim("refusals: nothing happened", api.call("getAudit", 200, body=None).raw == b"")


def keys_and_listeners(api: Api, stack: stacks.Stack) -> None:
    made = json.loads(stack.twinlock("api-key", "add", "--scope", "app", "--json").stdout)
    api.secrets.add(made["key"])
    api.call("getAccount", 200, key=made["key"])
    stack.twinlock("api-key", "remove", made["id"])
    api.call("getAccount", 401, key=made["key"])
    listed = json.loads(stack.twinlock("api-key", "list", "--json").stdout)
    claim("api-key: list", sorted(row["scope"] for row in listed) == ["app", "operator"], listed)
    main = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=20)
    basic = base64.b64encode(f"{stack.accounts[0]}:{stack.accounts[0]}".encode()).decode()
    for key in (f"Basic {basic}",):
        main.request("GET", f"/2fa/v1/accounts/{NOBODY}", headers={"Authorization": key, "Host": f"localhost:{stack.port}"})
        answer = Answer(main.getresponse())
        claim("listeners: the main one has no API", answer.status == 404 and answer.type == "text/html", answer.status)
    own = api.send("GET", "/../health", {}, None)
    claim("listeners: the API's own has nothing else", own.status == 404, own.status)


def unsaid(api: Api, stack: stacks.Stack) -> None:
    """K20: no secret that was handed out, and no key, stands in a log or in the keys' file."""
    api.secrets |= set(api.keys.values())
    written = [*stack.logs(), stack.folder / "twinlock.api_keys"]
    for path in written:
        text = path.read_text(errors="replace")
        found = [secret for secret in api.secrets if secret in text]
        claim("unsaid: no secret in logs or the keys' file", not found, f"{path.name}: {found}")
    metrics = api.call("getMetrics", 200, body=None).raw.decode()
    claim("unsaid: no secret in the metrics", not any(secret in metrics for secret in api.secrets))
    print(f"figure: {len(api.secrets)} secrets, none in {len(written)} files")


def examples() -> None:
    for op in OPERATIONS.values():
        if op.body is not None:
            claim(f"{op.id}: the file's examples", not schema_fault(op.body, op.schema), schema_fault(op.body, op.schema))
        for status in dict(op.responses):
            for media in op.response(int(status)).get("content", {}).values():
                fault = schema_fault(media["example"], media["schema"])
                claim(f"{op.id}: the file's examples", not fault, f"{status}: {fault}")


def api_server(port: int, folder: pathlib.Path):
    """Adds the API's recipe to the web server's site."""
    def edit(web_folder: pathlib.Path) -> None:
        lines = {"api_socket": f"  server unix:{folder()}/api.sock;", "api_listen": f"  listen 127.0.0.1:{port};",
                 "api_more": "  large_client_header_buffers 16 16k;"}
        filled = subprocess.run([str(stacks.DEMO / "fill_recipe.sh"), str(RECIPE), *(f"{n}={l}" for n, l in lines.items())],
                                check=True, capture_output=True, text=True).stdout
        with open(web_folder / "site.conf", "a", encoding="utf-8") as site:
            site.write(filled)
    return edit


def walk(stack: stacks.Stack, port: int) -> Api:
    with open(stack.config, "a", encoding="utf-8") as config:
        config.write('\n[api]\nlisten = ["api.sock"]\n')
    stack.kill_twinlockd()
    stack.start_twinlockd()
    stack.wait_healthy()
    api = Api(port)
    for scope in ("app", "operator"):
        api.keys[scope] = json.loads(stack.twinlock("api-key", "add", "--scope", scope, "--json").stdout)["key"]
    examples()
    for op in OPERATIONS.values():
        for bad in (bad_keys, bad_targets, bad_bodies):
            bad(api, op)
    nothing_happened(api)
    bad_days(api, stack)
    for story in (codes, enrollments, recoveries, operators, locked, keys_and_listeners, look_alikes, unsaid):
        story(api, stack)
    return api


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    given = parser.parse_args()
    port, started = stacks.free_port(), time.monotonic()
    stack = None
    stack = stacks.Stack(build=given.build.resolve(), tls=False, fake_clock=True,
                         edit_web=api_server(port, lambda: stack.folder))
    with stack:
        api = walk(stack, port)
    declared = sum(len(op.responses) for op in OPERATIONS.values())
    claim("the file: every declared status was brought about", not api.unexercised(), ", ".join(api.unexercised()))
    print(f"figure: {len(OPERATIONS)} operations, {declared - len(api.unexercised())} of {declared} declared statuses, "
          f"{api.requests} requests in {time.monotonic() - started:.0f} s")
    report = junit.Report("api")
    for name, wrong in results.items():
        if not report.case(name, not wrong, "\n".join(wrong)):
            print(f"FAIL {name}: {len(wrong)} times; first: {wrong[0]}")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
