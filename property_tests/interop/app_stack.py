#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/examples/app on a whole stack: the application behind nginx with TLS, Twinlock's API behind nginx on loopback.

Both nginx files are the ones of docs/, filled in. Prints one line of JSON that says where everything is; then takes lines on its
standard input ("kill twinlockd", "start twinlockd"), answers each with "done", and stops it all when that input ends.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import signal
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import stack as stacks  # noqa: E402

APP = stacks.ROOT / "docs" / "examples" / "app"
API_RECIPE = stacks.ROOT / "docs" / "recipes" / "nginx_api.conf"


def filled(recipe: pathlib.Path, **lines: str) -> str:
    return subprocess.run([str(stacks.DEMO / "fill_recipe.sh"), str(recipe), *(f"{n}={line}" for n, line in lines.items())],
                          check=True, capture_output=True, text=True).stdout


class AppStack(stacks.Stack):
    """Twinlock's own pages stay on the stack's port, unused; `site` is the application's address, `api` the API's."""

    def __init__(self, build: pathlib.Path, after_recovery: str) -> None:
        self.site_port, self.api_port, self.app_port = (stacks.free_port() for _ in range(3))
        self.site = f"https://localhost:{self.site_port}"
        super().__init__(build=build, fake_clock=True, after_recovery=after_recovery, edit_web=self._add_sites)

    def _add_sites(self, web_folder: pathlib.Path) -> None:
        here, proxy = self.folder, f"    proxy_pass http://127.0.0.1:{self.app_port};"
        with open(web_folder / "site.conf", "a", encoding="utf-8") as config:
            config.write(filled(API_RECIPE, api_socket=f"  server unix:{here}/api.sock;",
                                api_listen=f"  listen 127.0.0.1:{self.api_port};", api_more=""))
            config.write(filled(APP / "nginx.conf", app_listen=f"  listen 127.0.0.1:{self.site_port} ssl;",
                                app_name="  server_name localhost;", app_certificate=f"  ssl_certificate {here}/site.crt;",
                                app_certificate_key=f"  ssl_certificate_key {here}/site.key;",
                                app_log=f"  access_log {here}/app_access.log;", app=proxy, app_link=proxy))

    def _toml(self) -> None:
        super()._toml()
        text = self.config.read_text().replace(f'base_url = "{self.base_url}"', f'base_url = "{self.site}"')
        self.config.write_text(text + '\n[api]\nlisten = ["api.sock"]\n')

    def start_app(self) -> None:
        made = json.loads(self.twinlock("api-key", "add", "--scope", "app", "--json").stdout)
        key = self.folder / "app.key"
        key.touch(mode=0o600)
        key.write_text(made["key"] + "\n")
        command = [stacks.PYTHON, "-B", str(APP / "app.py"), "--database", str(self.folder / "app.db"), "--key", str(key)]
        subprocess.run([*command, "add", "demo", "demo@example.org"], input="demo\n", text=True, check=True)
        self._start("app", *command, "--api", f"127.0.0.1:{self.api_port}", "--listen", f"127.0.0.1:{self.app_port}", "serve")
        deadline = time.monotonic() + stacks.START_S_MAX
        while socket.socket().connect_ex(("127.0.0.1", self.app_port)) != 0:
            if self.processes["app"].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the application did not start: {self._tails(self.logs())}")
            time.sleep(0.05)

    def described(self) -> dict:
        return super().described() | {"base_url": self.site}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=stacks.ROOT / "build" / "dev")
    parser.add_argument("--after-recovery", default="off", choices=("off", "replace"))
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with AppStack(given.build.resolve(), given.after_recovery) as stack:
        stack.start_app()
        print(json.dumps(stack.described()), flush=True)
        does = {"kill twinlockd": stack.kill_twinlockd, "start twinlockd": lambda: (stack.start_twinlockd(), stack.wait_healthy())}
        for line in sys.stdin:
            does[line.strip()]()
            print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
