# SPDX-License-Identifier: Apache-2.0
"""An ordinary site of each web server, around DokuWiki: its own locations, denials, headers and redirects.

For each server `site` is what its owner wrote, and `plain` the file in which that stands without Twinlock, in place of the recipe.
"""

from __future__ import annotations

import os
import pathlib

from wiki import Wiki

HSTS = "max-age=31536000"


def _apache_site(wiki: Wiki) -> str:
    return f"""
  DocumentRoot {wiki.root}
  DirectoryIndex doku.php
  Header always set Strict-Transport-Security "{HSTS}"
  Header set X-Site "harbour"
  Redirect 302 "/old" "/doku.php"
  <Directory {wiki.root}>
    AllowOverride All
    Options +FollowSymLinks
    Require all granted
  </Directory>
  <FilesMatch "\\.php$">
    SetHandler "proxy:unix:{wiki.socket}|fcgi://localhost/"
  </FilesMatch>
  <Files "own.txt">
    Header set X-Own "yes"
  </Files>
  <Directory {wiki.root}/office>
    Require ip 192.0.2.0/24
  </Directory>
  <Directory {wiki.root}/either>
    Allow from all
    Satisfy Any
  </Directory>
"""


def _apache_plain(port: int, site: str) -> str:
    return f"<VirtualHost 127.0.0.1:{port}>\n  ServerName localhost\n{site}\n</VirtualHost>\n"


def _nginx_site(wiki: Wiki) -> str:
    return f"""
  root {wiki.root};
  index doku.php;
  add_header Strict-Transport-Security "{HSTS}" always;
  add_header X-Site "harbour";
  location / {{ try_files $uri $uri/ =404; }}
  location ~ /(conf|bin|inc|vendor|data)/ {{ deny all; }}
  location ~ /(\\.ht|VERSION$) {{ deny all; }}
  location /old {{ return 302 /doku.php; }}
  location = /own.txt {{
    add_header Strict-Transport-Security "{HSTS}" always;
    add_header X-Site "harbour";
    add_header X-Own "yes";
  }}
  location /office/ {{ allow 192.0.2.0/24; deny all; }}
  location ~* \\.(css|js|svg|png|gif|ico)$ {{ expires 1h; }}
  location ~ \\.php$ {{
    try_files $uri =404;
    client_max_body_size 8m;
    include /etc/nginx/fastcgi_params;
    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
    fastcgi_pass unix:{wiki.socket};
  }}
"""


def _nginx_plain(port: int, site: str) -> str:
    return f"server {{\n  listen 127.0.0.1:{port};\n  server_name localhost;\n  absolute_redirect off;\n{site}\n}}\n"


def _lighttpd_site(wiki: Wiki) -> str:
    return f"""
server.modules += ( "mod_fastcgi" )
index-file.names := ( "doku.php" )
static-file.exclude-extensions = ( ".php" )
mimetype.assign += ( ".txt" => "text/plain", ".png" => "image/png" )
fastcgi.server = ( ".php" => (( "socket" => "{wiki.socket}" )) )
setenv.add-response-header = ( "Strict-Transport-Security" => "{HSTS}", "X-Site" => "harbour" )
$HTTP["url"] =~ "/(\\.|_)ht|/VERSION$" {{ url.access-deny = ( "" ) }}
$HTTP["url"] =~ "^/(bin|conf|data|inc|vendor)/" {{ url.access-deny = ( "" ) }}
$HTTP["url"] =~ "^/old" {{ url.redirect = ( "" => "/doku.php" ) url.redirect-code = 302 }}
$HTTP["url"] == "/own.txt" {{ setenv.add-response-header += ( "X-Own" => "yes" ) }}
$HTTP["url"] =~ "^/office/" {{ $HTTP["remoteip"] != "192.0.2.0/24" {{ url.access-deny = ( "" ) }} }}
"""


def _lighttpd_plain(port: int, site: str) -> str:
    return "\n"  # the site stands in the server's own files


def _caddy_site(wiki: Wiki) -> str:
    """Written in an order that Caddy sorts: what serves stands before what denies."""
    return f"""
	header Strict-Transport-Security "{HSTS}"
	header X-Site harbour
# ----
	root * {wiki.root}
	file_server
	php_fastcgi unix/{wiki.socket}
	@private path /inc/* /bin/* /conf/* /data/* /vendor/* */.htaccess /VERSION
	respond @private "denied" 403
	@office {{
		path /office/*
		not remote_ip 192.0.2.0/24
	}}
	respond @office "denied" 403
	redir /old /doku.php 302
	header /own.txt X-Own yes
"""


def _caddy_plain(port: int, site: str) -> str:
    return f"{{\n\tadmin off\n\tauto_https off\n}}\nhttp://localhost:{port} {{\n\tbind 127.0.0.1\n{site}\n}}\n"


def _h2o_site(wiki: Wiki) -> str:
    denied = "".join(f"""
      "/{path}":
        - mruby.handler: |
            lambda {{ |env| [403, {{}}, ["denied\\n"]] }}
""" for path in ("inc", "bin", "conf", "data", "vendor", "office", ".htaccess", "VERSION"))
    return f"""
    header.set: "Strict-Transport-Security: {HSTS}"
# ----
        - header.set: "X-Site: harbour"
        - file.index: ["doku.php"]
        - file.custom-handler:
            extension: .php
            fastcgi.connect: {{port: {wiki.socket}, type: unix}}
        - file.dir: {wiki.root}
# ----
{denied}
      "/old":
        redirect: {{status: 302, url: /doku.php}}
"""


def _h2o_plain(port: int, site: str) -> str:
    whole, application, sections = site.split("# ----\n")
    user = "user: root\n" if os.geteuid() == 0 else ""
    return f"""{user}hosts:
  "localhost:{port}":
    listen: {{host: 127.0.0.1, port: {port}}}
{whole}
    paths:
      "/":
{application}
{sections}
"""


def _without(file: str, *lines: str):
    """Takes each of these lines (a part of each is given) out of the recipe's file; all of them must be there."""
    def edit(folder: pathlib.Path) -> None:
        path = folder / file
        before = path.read_text().splitlines()
        after = [line for line in before if not any(part in line for part in lines)]
        if len(before) - len(after) < len(lines):
            raise RuntimeError(f"{path}: not all of these lines are there: {lines}")
        path.write_text("\n".join(after) + "\n")
    return edit


def _instead(file: str, old: str, new: str):
    """Replaces a text of the recipe's file, wherever it stands."""
    def edit(folder: pathlib.Path) -> None:
        path = folder / file
        text = path.read_text()
        if old not in text:
            raise RuntimeError(f"{path}: no {old!r}")
        path.write_text(text.replace(old, new))
    return edit


def _plain_names(folder: pathlib.Path) -> None:
    """nginx's list of mail addresses, with the names as they are."""
    path = folder / "addresses.map"
    path.write_text(path.read_text().replace('"~^\\Q', "").replace('\\E$"', ""))


SITES = {"apache": _apache_site, "caddy": _caddy_site, "h2o": _h2o_site, "lighttpd": _lighttpd_site, "nginx": _nginx_site}
PLAIN = {"apache": _apache_plain, "caddy": _caddy_plain, "h2o": _h2o_plain, "lighttpd": _lighttpd_plain, "nginx": _nginx_plain}
FILE = {"apache": "site.conf", "caddy": "Caddyfile", "h2o": "h2o.conf", "lighttpd": "site.conf", "nginx": "site.conf"}
# Each way to spoil a recipe that must be noticed.
BREAKS = {
    "apache": {
        "replaces what is demanded below": _without("site.conf", "AuthMerging And"),
        "any one condition lets in": _without("site.conf", "Satisfy All"),
        "PHP is told the secret": _without("site.conf", "!TWINLOCK_SECRET"),
        "the application's caching is lost": _instead("site.conf", "Header merge Cache", "Header always set Cache"),
        "a bare error while Twinlock is down": _without("site.conf", "ErrorDocument 500"),
        "a bare error at Twinlock's pages": _without("site.conf", "ErrorDocument 503"),
        "answers TRACE": _without("site.conf", "TraceEnable off")},
    "caddy": {
        "the site's lines run in the order in which they stand": _instead("Caddyfile", "\t\thandle {\n\troot", "\t\troute {\n\troot"),
        "a bare error while Twinlock is down": _instead("Caddyfile", 'in ["pages", "gate"]', 'in ["pages"]'),
        "a bare error at Twinlock's pages": _instead("Caddyfile", 'in ["pages", "gate"]', 'in ["gate"]')},
    "h2o": {
        "a bare error while Twinlock is down": _instead("h2o.conf", "return TwinlockDown.new.call(env) unless", "return [503, {}, []] unless"),
        "a bare error at Twinlock's pages": _without("h2o.conf", "error-doc:"),
        "HSTS for the application alone": _without("h2o.conf", "    header.set: \"Strict")},
    "lighttpd": {
        "the gate takes PHP away": _instead("site.conf", 'fastcgi.server += ( ""', 'fastcgi.server = ( ""'),
        "the mailed link asks for a password": _instead("site.conf", 'fastcgi.server = ( "" =>', 'fastcgi.server = ( "/2fa" =>'),
        "the log has rewritten targets": _instead("site.conf", "%{TWINLOCK_TARGET}e", "%U%q"),
        "a bare error while Twinlock is down": _without("site.conf", "magnet.attract-response-start-to")},
    "nginx": {
        "a password is enough, or an address": _instead("site.conf", "  satisfy all;", "  satisfy any; allow 127.0.0.1;"),
        "a location of the site takes Twinlock's style": _instead("site.conf", "location ^~ /2fa/ {", "location /2fa/ {"),
        "a header of the recipe's drops those of the site": _instead("site.conf", "  location ^~ /2fa/ {",
                                                                 "  location ^~ /2fa/ {\n    add_header X-Any thing;"),
        "mail goes by plain names": _plain_names,
        "the log has rewritten targets": _instead("site.conf", "default $request_uri;", "default $uri$is_args$args;"),
        "a large form is refused": _without("site.conf", "client_max_body_size 0;"),
        "the gate stands in one location alone": _instead("site.conf", "  auth_request /2fa/gate;  # the gate\n", ""),
        "a bare error while Twinlock is down": _without("site.conf", "error_page 500 ="),
        "a bare error at Twinlock's pages": _without("site.conf", "error_page 502 504")},
}
