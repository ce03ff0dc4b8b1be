#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Thirty people use one browser, one after the other, at a site behind the real nginx: a workstation in a ward.

Each sets up a second factor and comes back to the site. The browser keeps what it is told to keep. nginx refuses a header line above
8 KiB (400), so that the cookies of people who are long gone must not pile up. The four who came last are still signed in.

Ends with "N passed, N failed"; figures stand in lines that begin with "figure:".
"""

from __future__ import annotations

import argparse
import pathlib
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import junit  # noqa: E402
import stack as stacks  # noqa: E402
from visitor import Visitor  # noqa: E402

PEOPLE = [f"nurse{i:02}" for i in range(30)]
KEPT = 5  # the one who came last, and four others
HEADER_BYTES_MAX = 2_000


def site_answers(browser: Visitor) -> int:
    """The status of a page behind the gate; 400 is nginx's word for a header that is too long."""
    status = browser.get("/club/").status
    browser.close()
    return status


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    report = junit.Report("shared_browser")
    cookies: dict[str, str] = {}
    with stacks.Stack(build=parser.parse_args().build.resolve(), tls=False, accounts=PEOPLE) as stack:
        def sits_down(name: str) -> Visitor:
            browser = Visitor(stack.port, name)
            browser.cookies = cookies
            return browser

        refused, longest = [], 0
        for name in PEOPLE:
            browser = sits_down(name)
            try:
                browser.enroll(lambda: int(time.time()))
            except (KeyError, RuntimeError) as fault:
                refused.append(f"{name}: {fault!r}")
            if (status := site_answers(browser)) != 200:
                refused.append(f"{name}: {status}")
            longest = max(longest, len(browser.headers().get("Cookie", "")))
        report.claim("every one of thirty people is served", not refused, refused[:3])
        report.claim("the Cookie header stays short", longest < HEADER_BYTES_MAX, f"{longest} bytes")
        inside = [name for name in PEOPLE if site_answers(sits_down(name)) == 200]
        report.claim("those who came last are still signed in, and nobody else", inside == PEOPLE[-KEPT:], inside)
    print(f"figure: shared browser: {len(PEOPLE)} people, Cookie of at most {longest} bytes")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
