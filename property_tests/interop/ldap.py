#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real directory (OpenLDAP's slapd) as the first factor: it takes many spellings for one person, and Twinlock must not wave them through.

Behind each web server that can ask a directory, with its recipe: before `demo` has a second factor, every spelling of the name
reaches the application; afterwards none does, neither at the application nor on the pages, and `twinlock doctor --url` names
them. Behind Apache also with AuthLDAPRemoteUserAttribute, where every spelling is `demo` and gets the prompt.

Everything is in the test's folder and on loopback. Ends with "N passed, N failed".
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import junit  # noqa: E402
import stack as stacks  # noqa: E402
from visitor import Visitor  # noqa: E402

Edit = Callable[[pathlib.Path], None]

PATH = "/club/"
SPELLINGS = ["Demo", "DEMO", "demo ", " demo", "d\N{COMBINING ACUTE ACCENT}emo", "\N{FULLWIDTH LATIN SMALL LETTER D}emo"]
REGISTERED = "exactly as you registered"
START_S_MAX = 20.0

report = junit.Report("ldap")
claim = report.claim


class Directory:
    """slapd with one person, uid=demo, whose password is `demo`."""

    SUFFIX = "dc=example,dc=org"

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.port = folder, stacks.free_port()
        (folder / "data").mkdir()
        schemas = "\n".join(f"include /etc/ldap/schema/{name}.schema" for name in ("core", "cosine", "inetorgperson"))
        (folder / "slapd.conf").write_text(f"""{schemas}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
database mdb
suffix "{self.SUFFIX}"
directory {folder}/data
maxsize 10485760
""")
        (folder / "people.ldif").write_text(f"""dn: {self.SUFFIX}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: uid=demo,{self.SUFFIX}
objectClass: inetOrgPerson
cn: Demo
sn: Demo
uid: demo
userPassword: demo
""")
        slapd = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
        if slapd is None:
            raise SystemExit("ldap: slapd is missing; install the Debian package slapd")
        self.slapd = slapd
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    def __enter__(self) -> Directory:
        slapadd = pathlib.Path(self.slapd).with_name("slapadd")
        subprocess.run([str(slapadd), "-f", str(self.folder / "slapd.conf"), "-l", str(self.folder / "people.ldif")],
                       check=True, capture_output=True, timeout=30)
        with open(self.folder / "slapd.log", "wb") as log:
            self.process = subprocess.Popen([self.slapd, "-f", str(self.folder / "slapd.conf"), "-h", f"{self.url}/", "-d", "0"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_S_MAX
        while time.monotonic() < deadline and self.process.poll() is None:
            if (self.folder / "slapd.pid").exists():
                return self
            time.sleep(0.05)
        self.__exit__(None, None, None)
        raise SystemExit(f"ldap: slapd did not start: {(self.folder / 'slapd.log').read_text(errors='replace')[-500:]}")

    def __exit__(self, *_) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def replaced(file: pathlib.Path, pairs: list[tuple[str, str]]) -> None:
    """Replaces whole lines that begin so; a line that is not there is a fault of this test."""
    lines = file.read_text(encoding="utf-8").splitlines()
    for beginning, instead in pairs:
        at = [n for n, line in enumerate(lines) if line.strip().startswith(beginning)]
        if not at:
            raise SystemExit(f"ldap: no line of {file.name} begins with {beginning!r}")
        for n in at:
            lines[n] = instead
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def apache(directory: Directory, canonical: bool) -> Edit:
    def edit(folder: pathlib.Path) -> None:
        more = "\n    AuthLDAPRemoteUserAttribute uid" if canonical else ""
        replaced(folder / "site.conf", [("AuthBasicProvider file", "    AuthBasicProvider ldap"),
                                        ("AuthUserFile", f"    AuthLDAPURL {directory.url}/{directory.SUFFIX}?uid{more}")])
        site = folder / "apache.conf"
        lines = site.read_text(encoding="utf-8")
        modules = pathlib.Path(next(line.split()[2] for line in lines.splitlines() if line.startswith("LoadModule"))).parent
        site.write_text("".join(f"LoadModule {name}_module {modules}/mod_{name}.so\n" for name in ("ldap", "authnz_ldap")) + lines,
                        encoding="utf-8")
    return edit


def lighttpd(directory: Directory, _canonical: bool) -> Edit:
    def edit(folder: pathlib.Path) -> None:
        site = next(file for file in folder.glob("*.conf") if "auth.backend" in file.read_text(encoding="utf-8"))
        text = site.read_text(encoding="utf-8").replace("mod_authn_file", "mod_authn_ldap")
        site.write_text(text, encoding="utf-8")
        ldap = "\n".join(f'auth.backend.ldap.{name} = "{value}"' for name, value in
                         {"hostname": directory.url, "base-dn": directory.SUFFIX, "filter": "(uid=?)"}.items())
        replaced(site, [("auth.backend =", 'auth.backend = "ldap"'), ("auth.backend.htpasswd.userfile", ldap)])
    return edit


SERVERS = {"apache": apache, "lighttpd": lighttpd}


def ask(stack: stacks.Stack, name: str, path: str, password: str = "demo") -> tuple[int, str]:
    """Status and text of one request of a browser without cookies."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=20)
    try:
        basic = base64.b64encode(f"{name}:{password}".encode()).decode()
        connection.request("GET", path, headers={"Authorization": f"Basic {basic}", "Host": f"localhost:{stack.port}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()


def doctor(stack: stacks.Stack) -> dict[str, tuple[str, str]]:
    password = stack.folder / "demo.password"
    password.write_text("demo\n")
    password.chmod(0o600)
    told = stack.twinlock("doctor", "--url", stack.base_url, "--path", PATH, "--user", "demo", "--password-file", str(password),
                          "--json", check=False).stdout
    return {line["check"]: (line["level"], line["finding"]) for line in json.loads(told)}


def behind(web: str, build: pathlib.Path, directory: Directory, canonical: bool) -> None:
    where = f"{web}, canonical" if canonical else web
    with stacks.Stack(build=build, web=web, tls=False, edit_web=SERVERS[web](directory, canonical)) as stack:
        claim(f"{where}: the directory checks the password", ask(stack, "demo", PATH, "other")[0] == 401)
        signed_in = [name for name in SPELLINGS if ask(stack, name, PATH)[0] == 200]
        claim(f"{where}: before, spellings reach the application", {"Demo", "DEMO", "demo ", " demo"} <= set(signed_in), signed_in)
        person = Visitor(stack.port, "demo")
        person.enroll(lambda: int(time.time()))
        claim(f"{where}: demo with a pass reaches it", person.get(PATH).status == 200)
        person.close()
        for name in signed_in:
            status, _ = ask(stack, name, PATH)
            claim(f"{where}: '{name}' is refused", status != 200, status)
            _, page = ask(stack, name, "/2fa/challenge")
            told = REGISTERED in page if not canonical else 'name="code"' in page
            claim(f"{where}: '{name}' is told what to do", told, "" if told else page[:300])
        level, finding = doctor(stack)["spellings"]
        claim(f"{where}: doctor", level == "ok" if canonical else level == "warn" and "'DEMO'" in finding, finding)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    parser.add_argument("--web", action="append", choices=sorted(SERVERS))
    given = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="twinlock-ldap-"))
    try:
        with Directory(folder) as directory:
            for web in given.web or sorted(SERVERS):
                behind(web, given.build.resolve(), directory, canonical=False)
            if "apache" in (given.web or SERVERS):
                behind("apache", given.build.resolve(), directory, canonical=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
