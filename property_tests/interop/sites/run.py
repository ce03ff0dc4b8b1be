#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts each recipe of docs/recipes before a site that is there already, and compares what each visitor reaches before and after.

The site is DokuWiki out of Debian's package with php-fpm, as an owner would set it up (servers.py): rules that deny, static files,
PHP, redirects, headers of its own, HSTS. "Before" is the site alone; "after" is the recipe as its text stands, with the same site in it.
What was denied stays denied to everybody, and what was reached is reached by who has password and pass, with each header that it
had; everybody else gets what the recipe says. --self-test breaks each recipe so that it lifts or loses something, and must notice.

Ends with "N passed, N failed"; figures stand in lines that begin with "figure:".
"""

from __future__ import annotations

import argparse
import dataclasses
import pathlib
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))

import servers  # noqa: E402
from corpus import Answer, Case  # noqa: E402
from people import Connection, Person, passes, stacks  # noqa: E402
import junit  # noqa: E402
from visitor import Visitor  # noqa: E402
from wiki import Wiki  # noqa: E402

# What the site has for everybody, what it denies, and spellings of that.
TARGETS = ["/", "/doku.php?id=start", "/doku.php?id=wiki:welcome&do=index", "/feed.php", "/lib/exe/css.php", "/lib/exe/js.php",
           "/lib/images/fileicons/svg/pdf.svg", "/lib/tpl/dokuwiki/images/logo.png", "/own.txt", "/old", "/variables.php", "/not/there",
           "/either/notes.txt", "/inc/init.php", "/inc/", "/.htaccess", "/inc/.htaccess", "/bin/indexer.php", "/data/pages/start.txt",
           "/conf/local.php", "/conf/users.auth.php", "/vendor/autoload.php", "/VERSION", "/office/plan.txt", "//inc/init.php",
           "/lib/../inc/init.php", "/%69nc/init.php", "/inc/./init.php", "/2fa/../inc/init.php", "/2fa/../data/pages/start.txt"]
VISITORS = ("nobody", "wrong", "password", "other", "off", "pass")  # "off": a person who needs no second factor
NOT_COMPARED = {"date", "content-length", "set-cookie", "connection", "keep-alive", "transfer-encoding", "etag", "last-modified", "expires",
                "server", "location"}
# Names that a server may trip over in its list of mail addresses: another spelling of one, and a long one.
ACCOUNTS = ("alice", "bob", "carla", "ALICE", "w" * 84)
FORM_BYTES = 2_000_000  # what the site takes from a form, though its server takes less elsewhere
PAGES = {"/2fa/style.css": "off", "/2fa/": "off", "/2fa/challenge": "password", "/2fa/recover/confirm?token=x": "nobody"}


@dataclasses.dataclass
class Site:
    """One server with the site, with or without its recipe, and everybody's browsers."""

    stack: stacks.Stack
    people: dict[str, Person]

    def get(self, who: str, target: str, method: str = "GET", body: int = 0) -> Answer:
        connection = Connection(self.stack.port)
        try:
            return connection.send(Case("", who, method, target, [], body, False, "", {}), self.people[who].headers())
        finally:
            connection.close()


class Plain(stacks.Stack):
    """The site alone: the server's own files, without the recipe."""

    def healthy(self) -> bool:
        from launcher import listens
        return listens(self.port)


def start(kind: type, build: pathlib.Path, web: str, wiki: Wiki, edit_web) -> stacks.Stack:
    made = kind(build=build, web=web, tls=False, accounts=ACCOUNTS, open_dir="", app=str(wiki.root), edit_web=edit_web)
    made.site = str(wiki.folder / f"{web}.site")
    pathlib.Path(made.site).write_text(servers.SITES[web](wiki))
    return made


def before(build: pathlib.Path, web: str, wiki: Wiki) -> dict[str, Answer]:
    """What everybody gets of the site alone."""
    def without_recipe(folder: pathlib.Path) -> None:
        (folder / servers.FILE[web]).write_text(servers.PLAIN[web](stack.port, servers.SITES[web](wiki)))
    with (stack := start(Plain, build, web, wiki, without_recipe)):
        here = Site(stack, {"nobody": Person()})
        return {target: here.get("nobody", target) for target in TARGETS}


def signed_in(stack: stacks.Stack, name: str) -> Person:
    browser = Visitor(stack.port, name, 20.0)
    browser.enroll(lambda: int(time.time()))
    browser.close()
    return Person(name, name, dict(browser.cookies))


def people(stack: stacks.Stack) -> dict[str, Person]:
    alice, carla = signed_in(stack, "alice"), signed_in(stack, "carla")
    cookie, carlas = passes(alice)[0], passes(carla)[1]
    return {"nobody": Person(), "wrong": Person("alice", "bob"), "password": Person("alice", "alice"),
            "other": Person("alice", "alice", {**carla.cookies, cookie: carlas}), "off": Person("bob", "bob"), "pass": alice}


def path_of(answer: Answer) -> str:
    return urllib.parse.urlsplit(answer.headers.get("location", "")).path


def lost_headers(was: Answer, now: Answer) -> list[str]:
    """Headers of the site that its answer no longer has. Cache-Control may be joined by the recipe's."""
    lost = []
    for name, value in was.headers.items():
        if name in NOT_COMPARED:
            continue
        have = now.headers.get(name, "")
        same = all(part.strip() in have for part in value.split(",")) if name == "cache-control" else have == value
        if not same:
            lost.append(f"{name}: {value} (now '{have}')")
    return lost


def wrong_with(who: str, was: Answer, now: Answer) -> str:
    """What is wrong with what a visitor gets now, or ""."""
    reached = now.status < 300
    if was.status >= 400 and reached:
        return f"denied before ({was.status}), and now reached ({now.status})"
    if was.headers.get("strict-transport-security") and not now.headers.get("strict-transport-security"):
        return f"HSTS is lost (status {now.status})"
    if was.status in (301, 302) and now.status == was.status and path_of(now) == path_of(was):
        return ""  # a redirect of the site's own, which the server makes before it asks anybody anything
    if who in ("nobody", "wrong"):
        return "" if now.status == 401 or was.status >= 400 and now.status >= 400 else f"{now.status}, not 401"
    if who in ("password", "other"):
        prompt = now.status in (302, 303) and "/2fa/challenge" in now.headers.get("location", "")
        return "" if prompt or was.status >= 400 and now.status >= 400 else f"{now.status}, not the prompt"
    if now.status != was.status:
        return f"{now.status}, not {was.status} as before"
    return "lost: " + ", ".join(lost) if (lost := lost_headers(was, now)) else ""


def compare(build: pathlib.Path, web: str, wiki: Wiki, was: dict[str, Answer], edit: Callable[[pathlib.Path], None] | None = None):
    """Target by visitor, what each gets; and what is wrong. One more row for the pages of Twinlock's own."""
    rows, wrong = {}, []
    with start(stacks.Stack, build, web, wiki, edit) as stack:
        here = Site(stack, people(stack))
        for target in TARGETS:
            now = {who: here.get(who, target) for who in VISITORS}
            rows[target] = (was[target].status, {who: answer.status for who, answer in now.items()})
            wrong += [f"{target} {who}: {said}" for who, answer in now.items() if (said := wrong_with(who, was[target], answer))]
        told = here.get("pass", "/variables.php").body.split()
        if told[-1:] != [b"end"] or b"TWINLOCK_SECRET" in told:
            wrong.append(f"PHP is told {told}")
        if (status := here.get("pass", "/variables.php", "POST", FORM_BYTES).status) != 200:
            wrong.append(f"a form of {FORM_BYTES} bytes is answered with {status}")
        for target, who in PAGES.items():
            answer = here.get(who, target)
            if "frame-ancestors 'none'" not in answer.headers.get("content-security-policy", "") or "no-cache" in answer.headers.get(
                    "cache-control", ""):
                wrong.append(f"{target} is not Twinlock's as Twinlock sent it: {answer.status} {answer.headers}")
            if "strict-transport-security" not in answer.headers:
                wrong.append(f"{target} has no HSTS, unlike the site")
        wrong += [f"the log does not have {target} as it was asked for" for target in ("/", "/doku.php?id=start") if not logged(stack, target, was[target].status)]
        if b"cookie:" in here.get("pass", "/own.txt", "TRACE").body.lower():
            wrong.append("TRACE gives the cookies away")
        stack.kill_twinlockd()
        for target in ("/doku.php?id=start", "/2fa/"):
            answer = here.get("pass", target)
            if answer.status < 500 or b"Not available just now" not in answer.body:
                wrong.append(f"{target} while twinlockd is down: {answer.status} {answer.body[:80]}")
    return rows, wrong


def logged(stack: stacks.Stack, target: str, status: int) -> bool:
    """Whether the access log says that the site answered this target with this status."""
    lines = (stack.web_folder / "access.log").read_text(errors="replace").splitlines()
    return any(f' {target} HTTP/1.1" {status}' in line or f'"uri":"{target}"' in line and f'"status":{status}' in line for line in lines)


def table(web: str, rows: dict) -> str:
    width = max(map(len, rows))
    head = f"{web:{width}}  before | " + "  ".join(f"{who:8}" for who in VISITORS)
    lines = [f"{target:{width}}  {was:6} | " + "  ".join(f"{now[who]:<8}" for who in VISITORS) for target, (was, now) in rows.items()]
    return "\n".join(line.rstrip() for line in [head, *lines])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    parser.add_argument("--web", action="append", choices=list(servers.SITES), help="this server (again: more; default: all)")
    parser.add_argument("--table", type=pathlib.Path, help="write the tables to this file too")
    parser.add_argument("--self-test", action="store_true", help="break each recipe and see whether it is noticed")
    given = parser.parse_args()
    report, tables = junit.Report("sites"), []
    with tempfile.TemporaryDirectory(prefix="twinlock-sites-") as folder, Wiki(pathlib.Path(folder)) as wiki:
        for web in given.web or list(servers.SITES):
            was = before(given.build.resolve(), web, wiki)
            if given.self_test:
                for name, edit in servers.BREAKS[web].items():
                    try:
                        _, wrong = compare(given.build.resolve(), web, wiki, was, edit)
                    except RuntimeError as error:  # it does not even start
                        wrong = [str(error)]
                    report.claim(f"{web}: {name}", wrong, wrong[0] if wrong else "nobody noticed")
                continue
            denied = [target for target, answer in was.items() if answer.status >= 400]
            report.claim(f"{web}: the site alone denies and serves", len(denied) > 10 and len(TARGETS) - len(denied) > 8,
                         f"{len(denied)} of {len(TARGETS)} denied")
            rows, wrong = compare(given.build.resolve(), web, wiki, was)
            tables.append(table(web, rows))
            print(tables[-1], *wrong, sep="\n", flush=True)
            report.claim(f"{web}: nothing lifted, nothing lost", not wrong, f"{len(wrong)} of {len(TARGETS) * len(VISITORS)}")
            print(f"figure: {web}: {len(TARGETS)} targets, {len(VISITORS)} visitors, {len(wrong)} differences that matter", flush=True)
    if given.table and tables:
        given.table.write_text("\n\n".join(tables) + "\n")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
