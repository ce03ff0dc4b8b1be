#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 under load, through the real nginx: no decision that a browser was told of is lost, and no code is accepted twice.

Browsers of several accounts sign in without pause, with right and wrong codes, while twinlockd's clock moves on a step again
and again. At random instants twinlockd is killed and started anew. What each browser saw is then held against the audit
chain: every acceptance (303) and every charged failure (422) must be in it, in at least that number; every accepted code is
sent again and must be refused; the chains must be whole. An answer that never came (502, a broken connection) promises nothing;
on a fast machine every request in flight may still be answered, so none is asked for. That there was load is checked where it
happens: each kill waits for a code in flight, and between two kills decisions reach the browsers.

Ends with "N passed, N failed"; figures stand in lines that begin with "figure:".
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import http.client
import itertools
import json
import pathlib
import random
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import junit  # noqa: E402
import stack as stacks  # noqa: E402
from visitor import Visitor, totp  # noqa: E402

ACCOUNTS = [f"person{i}" for i in range(12)]
KILLS = 8
LOAD_S_BEFORE_KILL = (0.4, 1.6)
IN_FLIGHT_S_MAX = 10  # how long a kill waits for a code in flight
STEP_EVERY_S = 0.25  # how often twinlockd's clock moves on by one step
WRONG_EVERY = 6  # about one code in so many is a wrong one: well inside the long-run budget

report = junit.Report("crash")


@dataclasses.dataclass
class Seen:
    """What one account's browser was told."""

    secret: bytes
    accepted: list[tuple[str, int]] = dataclasses.field(default_factory=list)  # codes and the steps they were sent at, in order
    charged: int = 0
    waits: int = 0
    unanswered: int = 0


class Load:
    """Browsers that sign in until they are told to stop, and the clock that moves meanwhile."""

    def __init__(self, stack: stacks.Stack) -> None:
        self.stack, self.offset = stack, 0
        self.ending = threading.Event()
        self.seen: dict[str, Seen] = {}
        self.threads: list[threading.Thread] = []
        self.in_flight: set[str] = set()  # accounts whose code is with the server now

    def now(self) -> int:
        return int(time.time()) + self.offset

    def advance(self, seconds: int) -> None:
        self.offset += seconds
        self.stack.set_offset(self.offset)

    def attempt(self, visitor: Visitor, seen: Seen, code: str) -> int:
        """One fresh browser's sign-in; its status, 0 for no answer."""
        visitor.cookies.clear()
        try:
            opened = visitor.get("/2fa/challenge?next=/club/")
            if opened.status == 429:
                seen.waits += 1
                return 429
            if opened.status != 200:
                return 0
            status = visitor.submit("challenge", code=code).status
        except (OSError, http.client.HTTPException, KeyError):
            return 0
        return status

    def sign_in_forever(self, name: str) -> None:
        visitor, seen, rng = Visitor(self.stack.port, name), self.seen[name], random.Random(name)
        while not self.ending.is_set():
            now = self.now()
            code = totp(seen.secret, now)
            if rng.randrange(WRONG_EVERY) == 0:
                code = f"{(int(code) + 1 + rng.randrange(900_000)) % 1_000_000:06d}"
                if code in {totp(seen.secret, now + 30 * shift) for shift in range(-3, 6)}:
                    continue
            self.in_flight.add(name)
            status = self.attempt(visitor, seen, code)
            self.in_flight.discard(name)
            if status == 303:
                seen.accepted.append((code, now // 30))
                self.ending.wait(STEP_EVERY_S)
            elif status == 422:
                seen.charged += 1
                self.ending.wait(STEP_EVERY_S)
            elif status == 429:
                self.ending.wait(STEP_EVERY_S)
            else:
                seen.unanswered += 1
                time.sleep(0.01)
        visitor.close()

    def move_clock(self) -> None:
        while not self.ending.wait(STEP_EVERY_S):
            self.advance(30)

    def told(self) -> int:
        """Decisions that browsers have been told of so far."""
        return sum(len(seen.accepted) + seen.charged for seen in self.seen.values())

    def wait_in_flight(self) -> bool:
        """Waits until a code is with the server; False if none came within IN_FLIGHT_S_MAX."""
        deadline = time.monotonic() + IN_FLIGHT_S_MAX
        while not self.in_flight and time.monotonic() < deadline:
            time.sleep(0.0005)
        return bool(self.in_flight)

    def __enter__(self) -> Load:
        for name in ACCOUNTS:
            self.seen[name] = Seen(Visitor(self.stack.port, name).enroll(self.now))
        self.advance(60)
        self.threads = [threading.Thread(target=self.sign_in_forever, args=(name,)) for name in ACCOUNTS]
        self.threads.append(threading.Thread(target=self.move_clock))
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join()


def kills(stack: stacks.Stack) -> Load:
    rng, back_s, told, idle_kills = random.Random(2), [], [0], 0
    with Load(stack) as load:
        for _ in range(KILLS):
            time.sleep(rng.uniform(*LOAD_S_BEFORE_KILL))
            idle_kills += not load.wait_in_flight()
            stack.kill_twinlockd()
            told.append(load.told())
            started = time.monotonic()
            stack.start_twinlockd()
            stack.wait_healthy()
            back_s.append(time.monotonic() - started)
        time.sleep(LOAD_S_BEFORE_KILL[1])
    print(f"figure: {KILLS} kills under load; back at work after {max(back_s):.2f} s at most")
    decided = [later - earlier for earlier, later in itertools.pairwise(told)]
    report.claim("every kill met a code in flight", idle_kills == 0, f"{KILLS - idle_kills} of {KILLS}")
    report.claim("decisions reached browsers before every kill", min(decided) >= 1, f"at least {min(decided)} each time")
    return load


def compare(stack: stacks.Stack, load: Load) -> None:
    lost_acceptances = lost_charges = twice = 0
    for name, seen in load.seen.items():
        lines = stack.twinlock("audit", "show", name, "--json").stdout.splitlines()
        entries = [json.loads(line)["entry"] for line in lines]
        verdicts = collections.Counter(entry["verdict"] for entry in entries if entry["event"] == "verify")
        lost_acceptances += max(0, len(seen.accepted) - verdicts["accepted"])
        lost_charges += max(0, seen.charged - verdicts["rejected"])
        visitor = Visitor(stack.port, name)
        for code, _ in seen.accepted[-2:]:
            twice += load.attempt(visitor, seen, code) == 303
        visitor.close()
        for (code, step), (later_code, later_step) in itertools.combinations(seen.accepted, 2):
            twice += code == later_code and later_step - step < 4  # farther apart, equal codes are chance
    told = sum(len(seen.accepted) for seen in load.seen.values())
    charged = sum(seen.charged for seen in load.seen.values())
    unanswered = sum(seen.unanswered for seen in load.seen.values())
    print(f"figure: browsers were told of {told} acceptances and {charged} charged failures; {unanswered} got no answer")
    report.claim("both verdicts were many", told >= 50 and charged >= 5, f"{told}, {charged}")
    report.claim("no acknowledged acceptance is lost", lost_acceptances == 0, f"{lost_acceptances} of {told}")
    report.claim("no acknowledged charge is lost", lost_charges == 0, f"{lost_charges} of {charged}")
    report.claim("no accepted code is accepted again", twice == 0, f"{twice}")
    verified = stack.twinlock("audit", "verify", check=False)
    report.claim("the audit chains are whole", verified.returncode == 0, verified.stdout.strip())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    given = parser.parse_args()
    with stacks.Stack(build=given.build.resolve(), tls=False, fake_clock=True, accounts=ACCOUNTS) as stack:
        compare(stack, kills(stack))
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
