# SPDX-License-Identifier: Apache-2.0
"""DokuWiki, a web application that somebody else wrote, out of Debian's package: a copy of its own in a folder, run by php-fpm."""

from __future__ import annotations

import glob
import os
import pathlib
import shutil
import subprocess
import time

START_S_MAX = 20.0
PACKAGE = pathlib.Path("/usr/share/dokuwiki")
SETTINGS = pathlib.Path("/etc/dokuwiki")
DATA = pathlib.Path("/var/lib/dokuwiki/data")

# Names only: what it may not hold are the words that Twinlock trusts.
VARIABLES = """<?php
header("Content-Type: text/plain");
foreach (array_keys($_SERVER) as $name) if (strncmp($name, "TWINLOCK", 8) == 0) echo $name, "\\n";
echo "end\\n";
"""


def php_fpm() -> str:
    """The path of php-fpm (Debian package php-fpm)."""
    found = sorted(glob.glob("/usr/sbin/php-fpm[0-9]*"))
    if not found:
        raise SystemExit("sites: php-fpm is missing; install the Debian packages php-fpm, php-xml and dokuwiki")
    return found[-1]


class Wiki:
    """Starts in __enter__ and stops in __exit__. `root` is what a web server serves, `socket` where php-fpm listens.

    The tree is as the application's own releases have it, with conf/ and data/ in the served folder: what keeps them private are the
    denials that come with it.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.root, self.socket = folder, folder / "wiki", folder / "php.sock"
        self.process: subprocess.Popen | None = None

    def _copy(self) -> None:
        shutil.copytree(PACKAGE, self.root, ignore=shutil.ignore_patterns(".htaccess.dist*"))
        shutil.copytree(SETTINGS, self.root / "conf", ignore=lambda *_: ["htaccess", "apache.conf", "lighttpd.conf"])
        shutil.copytree(DATA, self.root / "data", ignore=shutil.ignore_patterns("*.xcf"), dirs_exist_ok=True)
        (self.root / "conf" / "local.php").write_text(
            f"<?php\n$conf['title'] = 'Harbour log';\n$conf['useacl'] = 0;\n$conf['savedir'] = '{self.root}/data';\n")
        start = self.root / "data" / "pages" / "start.txt"
        start.parent.mkdir(parents=True, exist_ok=True)
        start.write_text("====== Harbour log ======\nTide tables, 08:12 and 20:40.\n")
        (self.root / "variables.php").write_text(VARIABLES)
        (self.root / "own.txt").write_text("a file with a header of its own\n")
        (self.root / "office").mkdir()
        (self.root / "office" / "plan.txt").write_text("for the office alone\n")
        # An old rule of the kind that lets people in by any one of its conditions.
        (self.root / "either").mkdir()
        (self.root / "either" / "notes.txt").write_text("open to all, the old way\n")

    def _settings(self) -> pathlib.Path:
        before = self.folder / "before.php"
        before.write_text(f"<?php\ndefine('DOKU_MAIN_CONF', '{self.root}/conf/');\ndefine('DOKU_CONF', '{self.root}/conf/');\n")
        file = self.folder / "php-fpm.conf"
        account = "user = root\ngroup = root\n" if os.geteuid() == 0 else ""
        file.write_text(f"[global]\nerror_log = {self.folder}/php.log\ndaemonize = no\n[wiki]\n{account}listen = {self.socket}\n"
                        f"listen.mode = 0666\npm = static\npm.max_children = 3\nphp_admin_value[auto_prepend_file] = {before}\n"
                        "php_admin_value[session.save_path] = " + str(self.folder / "sessions") + "\n")
        (self.folder / "sessions").mkdir()
        return file

    def __enter__(self) -> Wiki:
        self._copy()
        command = [php_fpm(), "--nodaemonize", "--fpm-config", str(self._settings())] + (["-R"] if os.geteuid() == 0 else [])
        with open(self.folder / "php.out", "wb") as log:
            self.process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_S_MAX
        while not self.socket.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("php-fpm did not start: " + (self.folder / "php.out").read_text())
            time.sleep(0.02)
        return self

    def __exit__(self, *_) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
