# SPDX-License-Identifier: Apache-2.0
"""Reads corpus.txt, whose head explains the columns, and says what an expectation means."""

from __future__ import annotations

import dataclasses
import pathlib
import re
import urllib.parse

CORPUS = pathlib.Path(__file__).with_name("corpus.txt")
LIMIT = re.compile(r"limit\((\w+): (.+?): (.+)\)$")


@dataclasses.dataclass
class Case:
    name: str
    who: str
    method: str  # "do": a scenario, whose name and arguments are in `target`
    target: str
    headers: list[tuple[str, str]]
    body: int
    chunked: bool
    expected: str
    limits: dict[str, tuple[str, str]]  # by server: what happens there instead, and why

    def expected_of(self, web: str) -> str:
        return self.limits[web][0] if web in self.limits else self.expected


@dataclasses.dataclass
class Answer:
    """What a browser got: status 0 where the connection ended without an answer."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes


def read(replace: dict[str, str], text: str | None = None) -> list[Case]:
    """All cases in order; words in {} are replaced. Raises ValueError with the line where one cannot be read."""
    cases: list[Case] = []
    for number, line in enumerate((text if text is not None else CORPUS.read_text()).splitlines(), 1):
        for word, value in replace.items():
            line = line.replace(f"{{{word}}}", value)
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if line.lstrip().startswith("limit("):
                web, instead, why = LIMIT.match(line.strip()).groups()
                cases[-1].limits[web] = (instead.strip(), why)
            else:
                cases.append(_case([column.strip() for column in line.split(" | ")]))
        except (ValueError, AttributeError, IndexError) as error:
            raise ValueError(f"corpus.txt:{number}: {line}: {error}") from error
    names = [case.name for case in cases]
    if len(set(names)) != len(names):
        raise ValueError("corpus.txt: two cases have one name")
    return cases


def _case(columns: list[str]) -> Case:
    name, who, request, expected = columns
    request, *fields = request.split(" ; ")
    method, target = request.split(" ", 1)
    case = Case(name, who, method, target, [], 0, False, expected, {})
    for field in fields:
        if sized := re.fullmatch(r"(body|chunked)=(\d+)", field.strip()):
            case.body, case.chunked = int(sized.group(2)), sized.group(1) == "chunked"
        else:
            header, value = field.split(": ", 1)
            case.headers.append((header.strip(), value.strip()))
    return case


def _app(words: list[str], case: Case, sent_sha256: str, answer: Answer, reached: list[dict]) -> str:
    if len(reached) != 1:
        return f"the application saw {len(reached)} requests, not 1 (status {answer.status})"
    seen, given = reached[0], dict(word.split("=", 1) for word in words)
    status = int(given.pop("status", "200"))
    if answer.status != status:
        return f"status {answer.status}, not {status}"
    if (seen["body"], seen["sha256"]) != (case.body, sent_sha256):
        return f"the application got {seen['body']} bytes, not the {case.body} that were sent"
    for name in ("content-security-policy", "permissions-policy", "twinlock-location", *ARMOUR):
        if name in answer.headers:
            return f"the gate's own header {name} went into the application's answer"
    if "no-store" in answer.headers.get("cache-control", ""):
        return "the gate's own Cache-Control went into the application's answer"
    for name, value in {"method": case.method, **given}.items():
        if seen[name] != value:
            return f"the application saw {name} {seen[name]}, not {value}"
    return ""


def _challenge(words: list[str], case: Case, base_url: str, answer: Answer) -> str:
    wanted = words[0].removeprefix("next=") if words else case.target
    location = answer.headers.get("location", "").removeprefix(base_url)
    if answer.status not in (302, 303) or not location.startswith("/2fa/challenge"):
        return f"status {answer.status}, Location '{location}': not the prompt"
    onward = location.partition("?next=")[2]
    if wanted == "*" or onward == wanted:
        return ""
    return f"the way back is '{onward}', not '{wanted}'"


ARMOUR = {"x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp",
          "cross-origin-resource-policy": "same-origin", "x-content-type-options": "nosniff", "referrer-policy": "same-origin"}


def _twinlock(words: list[str], answer: Answer) -> str:
    """Only Twinlock's own answers carry its content security policy; with it come the other headers that a browser obeys."""
    lost = [name for name, value in ARMOUR.items() if answer.headers.get(name) != value]
    if "frame-ancestors 'none'" not in answer.headers.get("content-security-policy", ""):
        return f"status {answer.status}: not a page of Twinlock's"
    if lost:
        return f"status {answer.status}: without {', '.join(lost)}"
    return "" if not words or str(answer.status) in words else f"a page with status {answer.status}, not {words[0]}"


def complaint(expected: str, case: Case, sent_sha256: str, base_url: str, answer: Answer, reached: list[dict]) -> str:
    """What is wrong with an answer, or nothing. Whatever is expected but `app`: the application must not have been reached."""
    reasons = []
    for one in expected.split(" or "):
        kind, *words = one.split()
        if kind == "app":
            reasons.append(_app(words, case, sent_sha256, answer, reached))
        elif reached:
            reasons.append(f"the application was reached (status {answer.status})")
        elif kind == "challenge":
            reasons.append(_challenge(words, case, base_url, answer))
        elif kind == "page":
            reasons.append(_twinlock(words, answer))
        elif kind == "refused":
            reasons.append("" if answer.status == 0 or answer.status >= 400 else f"status {answer.status} is no refusal")
        else:
            path = urllib.parse.urlsplit(answer.headers.get("location", "")).path
            reasons.append("" if str(answer.status) == kind else f"status {answer.status} {path}, not {kind}")
        if not reasons[-1]:
            return ""
    return "; ".join(reasons)
