#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""1,000 parallel submissions for one account through the real nginx: one acceptance per step, failures within the throttle.

Each round opens 1,000 forms (each with a cookie and a form token of its own), then sends all of them at once. Afterwards it
compares what the browsers saw with what the audit chain says. Rounds, a step and more apart:

  right    1,000 times the same right code, in browsers that never passed
  known    500 right codes in browsers that passed before, 500 wrong ones in others: the lanes do not disturb each other
  mixed    500 right and 500 wrong in browsers that never passed: at most one acceptance, since five wrong may come first

Ends with "N passed, N failed" (one per claim and round); figures stand in lines that begin with "figure:".
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import pathlib
import random
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import junit  # noqa: E402
import stack as stacks  # noqa: E402
from visitor import Visitor, totp  # noqa: E402

SUBMISSIONS = 1000
LANE_FREE_FAILURES = 5  # evaluated before a lane waits: 4 free ones and the one that starts the first wait
SECONDS_BETWEEN_ROUNDS = 4000  # longer than the longest wait
FORM_FETCHERS = 16

report = junit.Report("load")


class Clock:
    """twinlockd's time: the machine's plus an offset."""

    def __init__(self, stack: stacks.Stack) -> None:
        self.stack, self.offset = stack, 0

    def now(self) -> int:
        return int(time.time()) + self.offset

    def advance(self, seconds: int) -> None:
        self.offset += seconds
        self.stack.set_offset(self.offset)


def wrong_code(secret: bytes, now: int, rng: random.Random) -> str:
    near = {totp(secret, now + 30 * shift) for shift in range(-2, 4)}
    while True:
        code = f"{rng.randrange(1_000_000):06d}"
        if code not in near:
            return code


def prepared(stack: stacks.Stack, cookies: dict[str, str], count: int) -> list[Visitor]:
    """Browsers that have each opened the prompt; with `cookies` they are known ones that have signed out."""
    visitors = []
    for _ in range(count):
        visitor = Visitor(stack.port, "demo")
        visitor.cookies = dict(cookies)
        visitors.append(visitor)

    def open_all(part: list[Visitor]) -> None:
        for visitor in part:
            answer = visitor.get("/2fa/challenge?next=/club/")
            visitor.close()
            if answer.status != 200:
                raise RuntimeError(f"the prompt answers {answer.status}")

    async def share() -> None:
        await asyncio.gather(*(asyncio.to_thread(open_all, visitors[i::FORM_FETCHERS]) for i in range(FORM_FETCHERS)))

    asyncio.run(share())
    return visitors


def raw_post(visitor: Visitor, code: str) -> bytes:
    body = visitor.body("challenge", {"code": code}).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in visitor.headers().items())
    return (f"POST /2fa/challenge HTTP/1.1\r\n{head}Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n").encode() + body


async def send_all(port: int, requests: list[bytes]) -> list[int]:
    """Connects all, then sends all at once; the statuses, 0 where the connection broke."""
    ready = asyncio.Event()
    connected = 0

    async def one(request: bytes) -> int:
        nonlocal connected
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            connected += 1
            if connected == len(requests):
                ready.set()
            await ready.wait()
            writer.write(request)
            await writer.drain()
            line = await reader.readline()
            await reader.read()
            writer.close()
            return int(line.split()[1])
        except (OSError, IndexError):
            return 0

    return await asyncio.wait_for(asyncio.gather(*(one(request) for request in requests)), 120)


def audit(stack: stacks.Stack) -> collections.Counter:
    """How many evaluated sign-ins the chain holds, by verdict."""
    lines = stack.twinlock("audit", "show", "demo", "--json").stdout.splitlines()
    entries = [json.loads(line)["entry"] for line in lines]
    return collections.Counter(entry["verdict"] for entry in entries if entry["event"] == "verify")


def round_of(stack: stacks.Stack, clock: Clock, name: str, visitors: list[Visitor], codes: list[str], *, accepted: range,
             evaluated_max: int) -> None:
    before = audit(stack)
    requests = [raw_post(visitor, code) for visitor, code in zip(visitors, codes)]
    random.Random(7).shuffle(requests)
    started = time.monotonic()
    statuses = collections.Counter(asyncio.run(send_all(stack.port, requests)))
    seconds = time.monotonic() - started
    delta = audit(stack)
    delta.subtract(before)
    print(f"figure: {name}: {len(requests)} at once, answered in {seconds:.2f} s ({len(requests) / seconds:.0f}/s): "
          f"{statuses[303]} accepted, {statuses[422]} evaluated and refused, {statuses[429]} not evaluated")
    report.claim(f"{name}: every submission has an answer that means something", set(statuses) <= {303, 422, 429}, str(dict(statuses)))
    report.claim(f"{name}: one acceptance per step", statuses[303] in accepted, f"{statuses[303]} accepted")
    report.claim(f"{name}: failures within the throttle", statuses[422] <= evaluated_max, f"{statuses[422]} of at most {evaluated_max}")
    report.claim(f"{name}: the audit chain says what the browsers saw",
          delta["accepted"] == statuses[303] and delta["rejected"] == statuses[422],
          f"{delta['accepted']} accepted, {delta['rejected']} rejected")
    clock.advance(SECONDS_BETWEEN_ROUNDS)


def rounds(stack: stacks.Stack) -> None:
    clock, rng = Clock(stack), random.Random(1)
    owner = Visitor(stack.port, "demo")
    secret = owner.enroll(clock.now)
    owner.get("/2fa/")
    owner.submit("sign-out")
    clock.advance(60)
    half = SUBMISSIONS // 2

    strangers = prepared(stack, {}, SUBMISSIONS)
    right = totp(secret, clock.now())
    round_of(stack, clock, "right", strangers, [right] * SUBMISSIONS, accepted=range(1, 2), evaluated_max=LANE_FREE_FAILURES)

    known, strangers = prepared(stack, owner.cookies, half), prepared(stack, {}, half)
    right, wrong = totp(secret, clock.now()), [wrong_code(secret, clock.now(), rng) for _ in range(half)]
    # An acceptance clears both lanes: each may run full once before it (only strangers here) and once after it.
    round_of(stack, clock, "known", known + strangers, [right] * half + wrong, accepted=range(1, 2),
             evaluated_max=3 * LANE_FREE_FAILURES)

    strangers = prepared(stack, {}, SUBMISSIONS)
    right, wrong = totp(secret, clock.now()), [wrong_code(secret, clock.now(), rng) for _ in range(half)]
    round_of(stack, clock, "mixed", strangers, [right] * half + wrong, accepted=range(0, 2),
             evaluated_max=2 * LANE_FREE_FAILURES)

    verified = stack.twinlock("audit", "verify", check=False)
    report.claim("the audit chain is whole", verified.returncode == 0, verified.stdout.strip())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    given = parser.parse_args()
    with stacks.Stack(build=given.build.resolve(), tls=False, fake_clock=True) as stack:
        rounds(stack)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
