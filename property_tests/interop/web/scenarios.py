# SPDX-License-Identifier: Apache-2.0
"""What "do NAME ARGUMENTS" means in corpus.txt. Each returns the answer that is judged, and what the application saw of it."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import os
import signal
import socket
import struct
import time
from collections.abc import Callable

from corpus import Answer, Case
from people import Connection, Person, World
from visitor import Visitor

RECOVERY_S_MAX = 15.0
SILENCE_S = 2.0


class Broken(Exception):
    """What is wrong inside a scenario."""


def claim(holds: bool, reason: str) -> None:
    if not holds:
        raise Broken(reason)


def get(case: Case, target: str, method: str = "GET") -> Case:
    return dataclasses.replace(case, method=method, target=target, headers=[])


def until_recovered(world: World, target: str = "/a") -> None:
    """Until the application answers again, through the gate."""
    probe = Case("probe", "alice+pass", "GET", target, [], 0, False, "app", {})
    deadline = time.monotonic() + RECOVERY_S_MAX
    while (answer := world.send(probe)).status != 200:
        claim(time.monotonic() < deadline, f"{RECOVERY_S_MAX:.0f} s later it still answers {answer.status}")
        time.sleep(0.1)
    world.reached()


def signed_in(world: World, browser: Visitor, method: str, target: str) -> None:
    """From a refused request over the prompt to where its Location leads; `browser` then has a pass."""
    refused = browser._send(method, target, None if method == "GET" else "a=b")  # noqa: SLF001
    prompt = refused.headers.get("Location", "").removeprefix(world.stack.base_url)
    claim(prompt.startswith("/2fa/challenge"), f"status {refused.status}, Location '{prompt}': not the prompt")
    browser.get(prompt)
    accepted = browser.submit("challenge", code=world.code(browser.name))
    onward = accepted.headers.get("Location", "")
    claim(accepted.status == 303 and onward == target, f"after the code: status {accepted.status}, to '{onward}'")


def _returned(world: World, case: Case, method: str) -> tuple[Answer, list[dict], Case]:
    """Refused, asked for the code, sent back to the page asked for; a POST comes back as a GET."""
    browser = world.browser(case.who)
    signed_in(world, browser, method, case.target)
    claim(not world.reached(), "the application was reached before the code")
    world.people["returned"] = Person(case.who, case.who, dict(browser.cookies))
    last = get(dataclasses.replace(case, who="returned"), case.target)
    return world.send(last), world.reached(), last


def return_(world: World, case: Case):
    return _returned(world, case, "GET")


def return_post(world: World, case: Case):
    return _returned(world, case, "POST")


def mail_goes_home(world: World, case: Case):
    """Whoever enrolls with headers that name another address: mail goes to the one that the web server knows."""
    claimed = ("Twinlock-Email", "Twinlock_Email", "TWINLOCK_EMAIL", "X-Email")

    class Liar(Visitor):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), **{name: "mallory@example.net" for name in claimed}}

    Liar(world.stack.port, case.who).enroll(world.now)
    deadline, found = time.monotonic() + RECOVERY_S_MAX, []
    while not any(f"{case.who}@example.org" in mail for mail in found):
        claim(time.monotonic() < deadline, f"no mail for {case.who}@example.org")
        time.sleep(0.1)
        found = [path.read_text(errors="replace").split("\n\n")[0] for path in world.stack.mail.glob("*.eml")]
    claim(not any("mallory" in mail for mail in found), "mail went to an address that a header claimed")
    last = get(dataclasses.replace(case, who="bob"), "/2fa/")
    return world.send(last), world.reached(), last


def kept_alive(world: World, case: Case):
    """So many requests, one after the other, on one connection: to the application, to a page, and to both once more."""
    last, connection = get(case, "/a"), Connection(world.stack.port)
    answers = []
    for number in range(int(case.target)):
        answers.append(connection.send(get(case, "/2fa/challenge") if number % 2 else last, world.people[case.who].headers(), last=False))
        claim(not connection.closed_by_server, f"the connection was closed after {number + 1} requests")
    connection.close()
    claim([answer.status for answer in answers[::2]] == [200] * len(answers[::2]), "not every request came through")
    claim({answer.status for answer in answers[1::2]} == {303}, "not every page came through")
    return answers[0], world.reached()[:1], last


def parallel(world: World, case: Case):
    """So many at once, half of them without a pass: each gets the answer that is its own."""
    passing, refused = get(case, "/a"), dataclasses.replace(get(case, "/a"), who="alice")
    with concurrent.futures.ThreadPoolExecutor(int(case.target)) as pool:
        answers = list(pool.map(world.send, [passing, refused] * (int(case.target) // 2)))
    claim({answer.status for answer in answers[::2]} == {200}, f"with a pass: {sorted({a.status for a in answers[::2]})}")
    claim({answer.status for answer in answers[1::2]} <= {302, 303}, f"without: {sorted({a.status for a in answers[1::2]})}")
    seen = world.reached()
    claim(len(seen) == int(case.target) // 2, f"the application saw {len(seen)} requests")
    return answers[0], seen[:1], passing


def application_down(world: World, case: Case):
    """While the application is gone: an error, and Twinlock's pages work. Afterwards all is as before."""
    world.stop_application()
    last = get(case, "/a")
    answer = world.send(last)
    claim(answer.status >= 500, f"status {answer.status} while the application is down")
    page = world.send(get(case, "/2fa/"))
    claim(page.status == 200, f"Twinlock's page has status {page.status} while the application is down")
    world.start_application()
    until_recovered(world)
    return answer, [], last


def twinlock_down(world: World, case: Case):
    """While twinlockd is gone: refused. Afterwards all is as before."""
    last = get(case, case.target or "/a")
    world.stack.kill_twinlockd()
    try:
        answer = world.send(last)
        claim(answer.status >= 500 or answer.status in (0, 403), f"status {answer.status} while twinlockd is down")
    finally:
        world.stack.start_twinlockd()
    seen = world.reached()
    until_recovered(world)
    return answer, seen, last


def twinlock_silent(world: World, case: Case):
    """While twinlockd accepts and says nothing: nobody passes. (How long a server waits is its own affair.)"""
    process, last = world.stack.processes["twinlockd"], get(case, "/a")
    os.kill(process.pid, signal.SIGSTOP)
    try:
        answer = world.send(last, SILENCE_S)
    except TimeoutError:
        answer = Answer(0, {}, b"")
    finally:
        seen = world.reached()
        os.kill(process.pid, signal.SIGCONT)
    until_recovered(world)
    return answer, seen, last


CROWD = 700  # more than may be incomplete (listen.receiving_max)
BEGUN = struct.pack(">BBHHBB", 1, 1, 1, 8, 0, 0) + struct.pack(">HB5x", 1, 1)
HALF = struct.pack(">BBHHBB", 1, 4, 1, 8, 0, 0) + b"\x01\x01ab"  # parameters that announce more than comes


def crowded(world: World, case: Case):
    """While more requests to twinlockd than it has room for never end: as ever."""
    last, held = get(case, "/a"), []
    try:
        for _ in range(CROWD):
            held.append(socket.socket(socket.AF_UNIX))
            held[-1].connect(str(world.stack.folder / "twinlock.sock"))
            held[-1].sendall(BEGUN + HALF)
        answer, seen = world.send(last), world.reached()
    finally:
        for place in held:
            place.close()
    return answer, seen, last


def nothing_said(world: World, case: Case):
    """After all that went before: no log holds a token, a secret or a pass."""
    for log in world.stack.logs():
        text = log.read_text(errors="replace")
        for word, what in world.unsaid.items():
            line = next((line for line in text.splitlines() if word in line), "")
            claim(not line, f"{log.name} holds {what}: {line[:300]}")
        claim(log.name != "access.log" or text.count("\n") > 50, "the access log is not where the access is written down")
    last = get(case, "/2fa/recover/confirm")
    return world.send(last), world.reached(), last


SCENARIOS: dict[str, Callable] = {
    "return": return_, "return_post": return_post, "mail_goes_home": mail_goes_home, "kept_alive": kept_alive, "parallel": parallel,
    "application_down": application_down, "twinlock_down": twinlock_down, "twinlock_silent": twinlock_silent,
    "crowded": crowded, "nothing_said": nothing_said,
}
