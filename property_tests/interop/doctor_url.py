#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`twinlock doctor --url` against real web servers: the recipe as it stands passes, and each way to break it is found and named.

Every server whose recipe can be started here is tried with its recipe and once without its gate; nginx in a dozen broken ways
more. A finding must stand under the right check, at the right level, and name the line of the recipe.

Ends with "N passed, N failed"; figures stand in lines that begin with "figure:".
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import junit  # noqa: E402
import stack as stacks  # noqa: E402
from visitor import Visitor  # noqa: E402

PATH = "/club/"
EXIT = {"ok": 0, "warn": 1, "fail": 2}
RANK = ["ok", "warn", "fail"]

report = junit.Report("doctor_url")


class TlsVisitor(Visitor):
    """A Visitor of a site with TLS, whose certificate it does not look at."""

    def headers(self) -> dict[str, str]:
        return {name: value.replace("http://", "https://") for name, value in super().headers().items()}

    def _send(self, method, path, body):
        if self._connection is None:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self._connection = http.client.HTTPSConnection("localhost", self.port, timeout=self.timeout, context=context)
        return super()._send(method, path, body)


class Site:
    """A stack. Alice needs a second factor, which she has set up, or lost where the site may be too broken to set one up; bob
    has none."""

    def __init__(self, stack: stacks.Stack, enrolled: bool) -> None:
        self.stack = stack
        if enrolled:
            visitor = (TlsVisitor if stack.tls else Visitor)(stack.port, "alice")
            visitor.enroll(lambda: int(time.time()))
            visitor.close()
        else:
            stack.twinlock("reset", "alice", "--replace", "--reason", "lost phone")
        for name in ("alice", "bob"):
            file = self.password_file(name)
            file.touch(mode=0o600)
            file.write_text(f"{name}\n")

    def password_file(self, name: str) -> pathlib.Path:
        return self.stack.folder / f"{name}.password"

    def doctor(self, *more: str, user: str | None = "alice", ca: bool = True, url: str = "",
               config: pathlib.Path | None = None, path: str = PATH) -> tuple[dict[str, tuple[str, str]], int]:
        """What it finds, by check; and its exit code."""
        words = ["--url", url or self.stack.base_url, "--path", path, "--json", *more]
        if ca and self.stack.tls:
            words += ["--ca-file", str(self.stack.folder / "site.crt")]
        if user:
            words += ["--user", user, "--password-file", str(self.password_file(user))]
        done = subprocess.run([str(self.stack.bin / "twinlock"), "--config", str(config or self.stack.config), "doctor", *words],
                              capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL)
        if not done.stdout.startswith("["):
            return {"usage": ("fail", done.stderr.strip())}, done.returncode
        return {row["check"]: (row["level"], row["finding"]) for row in json.loads(done.stdout)}, done.returncode


@contextlib.contextmanager
def site(build: pathlib.Path, *, enrolled: bool = True, **options):
    with stacks.Stack(build=build, accounts=("alice", "bob"), open_dir="", **options) as stack:
        yield Site(stack, enrolled)


def finds(name: str, found: tuple[dict[str, tuple[str, str]], int], **expected: tuple[str, str]) -> None:
    """`expected`: check (with _ for blanks and hyphens) -> its level and a part of what it says. All other checks are ok, save
    where a level of "*" lets one be anything. Spellings are tried only where the second factor is found good."""
    rows, code = found
    wanted = {key.replace("_", " "): value for key, value in expected.items()}
    if "spellings" in rows and wanted.get("second factor", ("ok", ""))[0] != "ok":
        wanted.setdefault("spellings", ("*", "" if rows["spellings"][0] == "ok" else "not tried"))
    wrong = []
    for check, (level, text) in rows.items():
        level_wanted, part = wanted.pop(check.replace("-", " "), ("ok", ""))
        if level_wanted != "*" and level != level_wanted or part not in text:
            wrong.append(f"{check} is {level}: {text}")
    wrong += [f"{check} is not said" for check in wanted]
    worst = max((level for level, _ in rows.values()), key=RANK.index)
    if code != EXIT[worst]:
        wrong.append(f"exit code {code}")
    said = "; ".join(f"{check}: {text}" for check, (level, text) in rows.items() if level != "ok")
    report.claim(name, not wrong, "; ".join(wrong) or said or f"{len(rows)} checks ok")


# -- the recipes as they stand

def good(build: pathlib.Path, web: str) -> None:
    with site(build, web=web) as here:
        started = time.monotonic()
        found = here.doctor()
        print(f"figure: {web}: {len(found[0])} checks in {time.monotonic() - started:.2f} s")
        finds(f"{web}: the recipe passes", found)
        finds(f"{web}: without an account, the gate is not tried", here.doctor(user=None), second_factor=("warn", "not tried"))
        finds(f"{web}: with an account that is off, it is not either", here.doctor(user="bob"),
              second_factor=("warn", "bob has none"))


def without_gate(folder: pathlib.Path) -> None:
    """Takes out the lines that web_lib.sh has the recipes mark."""
    for path in folder.iterdir():
        if not path.is_file() or "# the gate" not in (text := path.read_text(errors="replace")):
            continue
        kept, skip = [], False
        for line in text.splitlines():
            marked = line.rstrip().endswith("# the gate") or skip
            skip = line.rstrip().endswith("# the gate (next line)")
            if not marked:
                kept.append(line)
        path.write_text("\n".join(kept) + "\n")


GATE_WORDS = {"nginx": "`auth_request /2fa/gate;`", "apache": "`Require Twinlock`", "lighttpd": "`\"mode\" => \"authorizer\"`",
              "caddy": "`forward_auth`", "h2o": "`mruby.handler` `gate`"}


def gateless(build: pathlib.Path, web: str) -> None:
    with site(build, web=web, edit_web=without_gate) as here:
        finds(f"{web}: the gate is missing", here.doctor(), second_factor=("fail", GATE_WORDS[web]))
        rows, _ = here.doctor("--web", "caddy" if web == "nginx" else "nginx")
        other = GATE_WORDS["caddy" if web == "nginx" else "nginx"]
        report.claim(f"{web}: --web has the last word", other in rows["second factor"][1], rows["second factor"][1])


# -- nginx, broken

def edited(*changes: tuple[str, str]):
    """Replaces each first text by the second one, once, in nginx's site."""
    def edit(folder: pathlib.Path) -> None:
        path = folder / "site.conf"
        text = path.read_text()
        for old, new in changes:
            if old not in text:
                raise RuntimeError(f"the recipe has no {old!r}")
            text = text.replace(old, new, 1)
        path.write_text(text)
    return edit


PAGES = "  location ^~ /2fa/ {\n"
APPLICATION = "  location / { "
LINK = "    location = /2fa/recover/confirm {\n"
ACCOUNT = "    fastcgi_param TWINLOCK_ACCOUNT $twinlock_account if_not_empty;\n    fastcgi_param TWINLOCK_EMAIL"
FROM_HEADER = "    fastcgi_param TWINLOCK_ACCOUNT $http_twinlock_account if_not_empty;\n    fastcgi_param TWINLOCK_EMAIL"
GATE_ACCOUNT = "    fastcgi_param TWINLOCK_ACCOUNT $twinlock_account if_not_empty;\n  }"
GATE_FROM_HEADER = "    fastcgi_param TWINLOCK_ACCOUNT $http_twinlock_account if_not_empty;\n  }"

BROKEN = {
    "auth_basic off before the application": (
        [(APPLICATION, APPLICATION + "auth_basic off; ")],
        {"password": ("fail", "`auth_basic` is off, or"), "second_factor": ("*", ""), "forged_name": ("*", "")}),
    "auth_basic off before Twinlock's pages": (
        [(PAGES, PAGES + "    auth_basic off;\n")],
        {"password": ("fail", "/2fa/ lets a false password in"), "look_alikes": ("*", ""), "health": ("*", ""),
         "spellings": ("*", "")}),
    "neither password nor gate": (
        [(APPLICATION, APPLICATION + "auth_basic off; auth_request off; ")],
        {"application": ("fail", "`auth_request /2fa/gate;`"), "second_factor": ("fail", "let in without a pass")}),
    "password or gate": (
        [(APPLICATION, APPLICATION + "satisfy any; ")],
        {"second_factor": ("fail", "`satisfy any`"), "password": ("fail", "`satisfy any`")}),
    "the account out of a header": (
        [(ACCOUNT, FROM_HEADER)],
        {"account": ("fail", "takes the name out of `$http_...`"), "second_factor": ("fail", "`set $twinlock_account")}),
    "the gate's account out of a header": (
        [(GATE_ACCOUNT, GATE_FROM_HEADER)],
        {"forged_name": ("fail", "who sends Twinlock-Account"), "second_factor": ("fail", "`set $twinlock_account")}),
    "the mailed link exempt as a prefix": (
        [(LINK, "    location ^~ /2fa/recover/confirm {\n")],
        {"look_alikes": ("fail", "`location = /2fa/recover/confirm`")}),
    "the mailed link exempt by an expression": (
        [(LINK, "    location ~ /recover/confirm {\n")],
        {"look_alikes": ("fail", "/2fa/recover/confirm/x")}),
    "the mailed link not exempt": (
        [(LINK + "      auth_basic off;\n", LINK)],
        {"link": ("fail", "`auth_basic off;`"), "cookies": ("warn", ""), "headers": ("warn", "")}),
    "the mailed link with a name": (
        [('      set $twinlock_account "";\n', "      set $twinlock_account $remote_user;\n")],
        {"link": ("fail", '`set $twinlock_account "";`')}),
    "the gate open to outsiders": (
        [("    internal;\n", "    auth_request off;\n")],
        {"gate": ("warn", "`internal;`")}),
    "the gate open to outsiders, with any name": (
        [("    internal;\n", "    auth_basic off;\n    auth_request off;\n")],
        {"gate": ("fail", "`internal;`")}),
    "no way to the prompt": (
        [("  error_page 403 = @twinlock_challenge;\n", "")],
        {"second_factor": ("warn", "`error_page 403 = @twinlock_challenge;`")}),
    "cookies dropped": (
        [(LINK, LINK + "    fastcgi_hide_header Set-Cookie;\n")],
        {"cookies": ("fail", "Set-Cookie")}),
    "a header overwritten": (
        [(LINK, LINK + "    fastcgi_hide_header Referrer-Policy;\n    add_header Referrer-Policy no-referrer always;\n")],
        {"headers": ("fail", "Referrer-Policy")}),
}


def broken(build: pathlib.Path) -> None:
    for name, (changes, expected) in BROKEN.items():
        with site(build, enrolled=False, edit_web=edited(*changes)) as here:
            finds(f"nginx: {name}", here.doctor(), **expected)


def bad_days(build: pathlib.Path) -> None:
    """What is not the recipe's fault."""
    with site(build) as here:
        finds("a certificate that nobody vouches for", here.doctor(ca=False), tls=("fail", "--ca-file"))
        finds("--insecure is said", here.doctor("--insecure", ca=False), tls=("warn", "--insecure"))
        finds("a path that is not there", here.doctor(user="bob", path="/none"), second_factor=("warn", "--path"))
        here.password_file("bob").write_text("false\n")
        finds("a test account's password that is false", here.doctor(user="bob"), second_factor=("fail", "correct --user"),
              health=("warn", "correct --user"))
        other = here.stack.folder / "other.toml"
        other.write_text(here.stack.config.read_text().replace("https://localhost", "https://example.org"))
        finds("a base URL that is not the site's", here.doctor(config=other), configuration=("fail", "base_url"))
        here.password_file("alice").chmod(0o640)
        finds("a password that others can read", here.doctor(), usage=("fail", "chmod 0600"))
        here.password_file("alice").chmod(0o600)
        here.stack.kill_twinlockd()
        rows, code = here.doctor()
        report.claim("twinlockd is not there", code == 2 and rows["link"][0] == "fail" and "`upstream twinlock`" in rows["link"][1],
              rows["link"][1])
        finds("nothing listens", here.doctor(url="https://localhost:1"), tls=("fail", "start the web server"), configuration=("*", ""))
        for words in (["--url", "ftp://localhost"], ["--url", "https://u@localhost"], ["--url", "https://localhost/2fa"],
                      ["--path", "/x"], ["--url", "https://example.org", "--insecure"]):
            done = here.stack.twinlock("doctor", *words, check=False)
            report.claim(f"usage: {' '.join(words)}", done.returncode == 2 and done.stderr != "", done.stderr.strip()[:120])


def plain(build: pathlib.Path) -> None:
    with site(build, tls=False) as here:
        finds("without TLS, on this machine", here.doctor(), tls=("ok", "this machine"))


def startable(web: str) -> bool:
    """Whether that server's programs are installed."""
    return shutil.which({"apache": "apache2"}.get(web, web), path="/usr/sbin:/usr/bin:/sbin:/bin") is not None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    parser.add_argument("--web", action="append", help="only these web servers (default: all that are installed)")
    given = parser.parse_args()
    build = given.build.resolve()
    for web in given.web or [web for web in stacks.web_servers() if startable(web)]:
        good(build, web)
        gateless(build, web)
    if not given.web or "nginx" in given.web:
        broken(build)
        bad_days(build)
        plain(build)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
