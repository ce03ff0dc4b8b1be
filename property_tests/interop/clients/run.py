#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""FastCGI clients that others wrote drive twinlockd directly, without a web server between.

    npm         fastcgi-client (GET_VALUES first, then requests interleaved over one kept connection)
    perl        FCGI::Client (a connection a request)
    cgi-fcgi    libfcgi's bridge (a process a request)

Each over a Unix socket, over TCP with the shared secret, and over a descriptor 0 that Debian's spawn-fcgi hands over. None of
them can ask as an Authorizer. Every twinlockd has a folder of its own. Ends with a table, clients by case, and "N passed, N failed".
"""

from __future__ import annotations

import argparse
import contextlib
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import foreign  # noqa: E402
import junit  # noqa: E402
from visitor import totp  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[3]
BASE_URL = "http://localhost:8080"
START_S_MAX = 30.0
BODY_BYTES_MAX = 16_384
HEADER_BYTES_OVER = 70_000
AT_ONCE = 12


# ---- the programs

def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connects(place: foreign.Place) -> bool:
    with socket.socket(socket.AF_UNIX if place.transport == "unix" else socket.AF_INET) as probe:
        with contextlib.suppress(OSError):
            probe.connect(place.where if place.transport == "unix" else (place.where, place.port))
            return True
    return False


@contextlib.contextmanager
def twinlockd(build: pathlib.Path, how: str):
    """A twinlockd of its own, listening in the way `how`: unix, tcp or spawned. Yields the place."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="twinlock-"))
    path, secret = str(folder / "twinlock.sock"), secrets.token_hex(16) if how == "tcp" else ""
    place = foreign.Place("tcp", "127.0.0.1", free_port(), secret) if how == "tcp" else foreign.Place("unix", path)
    if secret:
        (folder / "host.secret").touch(mode=0o600)
        (folder / "host.secret").write_text(secret + "\n")
    listen = {"unix": f'socket = "{path}"', "tcp": f'socket = ""\ntcp = "127.0.0.1:{place.port}"', "spawned": 'socket = ""'}[how]
    (folder / "twinlock.toml").write_text(f'[site]\nbase_url = "{BASE_URL}"\ndev = true\n\n[listen]\n{listen}\n'
                                          + ('\n[host]\nsecret_file = "host.secret"\n' if secret else ""))
    subprocess.run([str(build / "bin" / "twinlock"), "--config", str(folder / "twinlock.toml"), "init"], check=True,
                   capture_output=True)  # with a configuration file, twinlockd makes no database by itself
    command = [str(build / "bin" / "twinlockd"), "--config", str(folder / "twinlock.toml")]
    if how == "spawned":
        command = ["spawn-fcgi", "-n", "-s", path, "-M", "0600", "--", *command]
    with open(folder / "twinlockd.log", "wb") as log:
        process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   cwd=folder)
    try:
        deadline = time.monotonic() + START_S_MAX
        while not connects(place):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"twinlockd ({how}) did not start: {(folder / 'twinlockd.log').read_text()[-2000:]}")
            time.sleep(0.02)
        yield place
    finally:
        process.terminate()
        try:
            process.wait(START_S_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


# ---- the cases, in the order in which one visitor lives through them; each says what it saw and whether that was right

Visitor = foreign.ForeignVisitor


def health(v: Visitor) -> tuple[bool, str]:
    answer = v.ask("GET", "/2fa/health", account=None)
    return answer.status == 200 and answer.body == b"ready\n", f"{answer.status} {answer.body!r}"


def no_account(v: Visitor) -> tuple[bool, str]:
    page, gate = v.ask("GET", "/2fa/", account=None), v.ask("GET", "/2fa/gate", account=None)
    return (page.status, gate.status) == (401, 401), f"page {page.status}, gate {gate.status}"


def security_page(v: Visitor) -> tuple[bool, str]:
    answer = v.ask("GET", "/2fa/")
    whole = str(len(answer.body)) == answer.headers["Content-Length"]
    return answer.status == 200 and whole and b'action="/2fa/enroll"' in answer.body, f"{answer.status}, {len(answer.body)} bytes"


def head(v: Visitor) -> tuple[bool, str]:
    got, asked = v.ask("GET", "/2fa/"), v.ask("HEAD", "/2fa/")
    same = (asked.status, asked.headers["Content-Length"]) == (got.status, got.headers["Content-Length"])
    return same and asked.body == b"" != got.body, f"{asked.status}, Content-Length {asked.headers['Content-Length']}, {asked.body!r}"


def gate_while_off(v: Visitor) -> tuple[bool, str]:
    answer = v.ask("GET", "/2fa/gate")
    return answer.status == 200, str(answer.status)


def forms(v: Visitor) -> tuple[bool, str]:
    """Sets up a second factor: two pages, two forms with bodies, and the answer with the recovery code."""
    secret = v.enroll(lambda: int(time.time()))
    return b"recovery" in v.last.body.lower() and len(secret) == 20, f"{v.last.status}, {len(v.last.body)} bytes"


def gate_refused(v: Visitor) -> tuple[bool, str]:
    stranger = Visitor(v.client, v.place, BASE_URL, v.name)
    answer = stranger.ask("GET", "/2fa/gate")
    return (answer.status, answer.headers["Twinlock-Location"]) == (403, "/2fa/challenge"), str(answer.status)


def gate_allowed(v: Visitor) -> tuple[bool, str]:
    own, other = v.ask("GET", "/2fa/gate"), v.ask("POST", "/2fa/gate", b"x" * 5000)
    return (own.status, other.status) == (200, 200), f"GET {own.status}, POST {other.status}"


def wrong_code(v: Visitor) -> tuple[bool, str]:
    stranger = Visitor(v.client, v.place, BASE_URL, v.name)
    stranger.get("/2fa/challenge?next=/club/")
    near = {totp(v.secret, int(time.time()) + 30 * shift) for shift in range(-2, 4)}
    answer = stranger.submit("challenge", code=next(code for code in map("{:06d}".format, range(10)) if code not in near))
    return answer.status == 422, str(answer.status)


def body_too_large(v: Visitor) -> tuple[bool, str]:
    sizes = (BODY_BYTES_MAX + 1, 1 << 20)
    seen = [v.ask("POST", "/2fa/challenge", b"code=" + b"1" * (size - 5)).status for size in sizes]
    return seen == [413, 413], " ".join(f"{size}: {status}" for size, status in zip(sizes, seen))


def header_too_large(v: Visitor) -> tuple[bool, str]:
    answer = v.ask("GET", "/2fa/", HTTP_X_LONG="x" * HEADER_BYTES_OVER)
    return answer.status == 431, str(answer.status)


def secret_missing(v: Visitor) -> tuple[bool, str] | None:
    if not v.place.secret:
        return None
    bare = foreign.Place(v.place.transport, v.place.where, v.place.port)
    wrong = foreign.Place(v.place.transport, v.place.where, v.place.port, "0" * 32)
    seen = [Visitor(v.client, place, BASE_URL, v.name).ask("GET", target).status
            for place in (bare, wrong) for target in ("/2fa/", "/2fa/gate")]
    return seen == [403] * 4, str(seen)


def at_once(v: Visitor) -> tuple[bool, str] | None:
    """Several requests under way at the same time, each with another right answer."""
    if not v.client.interleaves:
        return None
    cookie = "; ".join(f"{name}={value}" for name, value in v.cookies.items())
    kinds = [(200, v.name, "/2fa/gate", {"HTTP_COOKIE": cookie}), (403, v.name, "/2fa/gate", {}), (401, None, "/2fa/", {}),
             (404, v.name, "/2fa/nothing", {})]
    asked = [kinds[number % len(kinds)] for number in range(AT_ONCE)]
    answers = v.client.ask_at_once([(foreign.parameters(v.place, "GET", target, BASE_URL, account, b"", **more), b"")
                                    for _, account, target, more in asked])
    seen = [answer.status for answer in answers]
    return seen == [status for status, *_ in asked], str(seen)


CASES = (health, no_account, security_page, head, gate_while_off, forms, gate_refused, gate_allowed, wrong_code, body_too_large,
         header_too_large, secret_missing, at_once)


# ---- the table

def live(v: Visitor) -> dict[str, str]:
    """All cases of one client; "ok", "-" (does not apply) or what went wrong."""
    seen = {}
    for case in CASES:
        try:
            result = case(v)
        except (RuntimeError, OSError, KeyError, UnicodeDecodeError, subprocess.TimeoutExpired) as error:
            result = (False, f"{type(error).__name__}: {error}")
        seen[case.__name__] = "-" if result is None else "ok" if result[0] else result[1]
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--modules", type=pathlib.Path, default=ROOT / "build" / "clients",
                        help="the folder in which package.json was installed (./test interop does it)")
    given = parser.parse_args()
    modules, build = given.modules.resolve(), given.build.resolve()
    if not (modules / "node_modules" / "fastcgi-client").exists():
        raise SystemExit(f"run.py: fastcgi-client is not in {modules}; copy package.json there and call npm install")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    columns: dict[str, dict[str, str]] = {}
    for how in ("unix", "tcp", "spawned"):
        with twinlockd(build, how) as place:
            for name, made in (("npm", lambda: foreign.npm_client(place, modules)), ("perl", lambda: foreign.perl_client(place)),
                               ("cgi-fcgi", lambda: foreign.CgiFcgi(place))):
                with contextlib.closing(made()) as client:
                    columns[f"{name} {how}"] = live(Visitor(client, place, BASE_URL, name))
    width = max(map(len, columns)) + 2
    print("case".ljust(18) + "".join(name.ljust(width) for name in columns))
    for case in CASES:
        cells = [column[case.__name__] for column in columns.values()]
        print(case.__name__.ljust(18) + "".join((cell if cell in ("ok", "-") else "FAIL").ljust(width) for cell in cells))
    report = junit.Report("clients")
    for name, column in columns.items():
        for case, cell in column.items():
            if cell != "-" and not report.case(f"{name}: {case}", cell == "ok", cell):
                print(f"FAIL {name}: {case}: {cell}")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
