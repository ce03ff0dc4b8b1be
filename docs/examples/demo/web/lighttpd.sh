#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# lighttpd, as the demo and the tests run it: docs/recipes/lighttpd.conf, and what stands around it. The words: ../web_lib.sh.
set -euo pipefail
# shellcheck source=docs/examples/demo/web_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../web_lib.sh"

packages() { echo lighttpd lighttpd-mod-openssl lighttpd-modules-lua openssl; }

facts() {
  printf '%s\n' refusal=redirect listen=unix account=TWINLOCK_ACCOUNT
}

# Around the recipe: loopback only, own folder, no system file touched.
outer() {
  cat <<LIGHTTPD
server.bind = "127.0.0.1"
server.port = $PORT
server.pid-file = "$folder/lighttpd.pid"
server.errorlog = "$folder/error.log"
server.upload-dirs = ( "$folder" )
server.document-root = "$1"
server.max-fds = 4096
server.modules = ( "mod_indexfile", "mod_access", "mod_alias", "mod_redirect", "mod_setenv" )
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/html; charset=utf-8", ".css" => "text/css; charset=utf-8", ".svg" => "image/svg+xml" )
$([[ -z $SITE ]] || cat "$SITE")
include "$folder/site.conf"
LIGHTTPD
}

# Any other name for this machine (127.0.0.1 too) goes to the one that cookies and forms are bound to.
other_names() {
  cat <<LIGHTTPD
\$HTTP["host"] !~ "^localhost(:|$)" {
  url.redirect = ( "" => "http://localhost:$PORT\${url.path}\${qsa}" )
  url.redirect-code = 307
}
LIGHTTPD
}

# Open to all: neither password nor gate. Nothing that stands before them in the recipe speaks of them.
open_places() {
  [[ -z $OPEN_DIR ]] || cat <<LIGHTTPD
\$HTTP["url"] =~ "^/(demo\\.css|favicon\\.svg|favicon\\.ico)?$" {
  auth.require = ()
  fastcgi.server = ()
  proxy.server = ()
  alias.url = ( "/demo.css" => "$OPEN_DIR/demo.css", "/favicon.svg" => "$OPEN_DIR/favicon.svg", "/" => "$OPEN_DIR/" )
  index-file.names = ( "landing.html" )
}
LIGHTTPD
  [[ -z $INBOX ]] || cat <<LIGHTTPD
\$HTTP["url"] =~ "^/inbox/" {
  auth.require = ()
  fastcgi.server = ()
  proxy.server = ( "" => (( "host" => "$INBOX" )) )
}
LIGHTTPD
}

write_files() {
  needs lighttpd
  local application='' root=$APP # a site that is there already stands before the recipe, in files that lighttpd reads first
  if proxied; then
    root=$folder/root
    mkdir -p "$root"
    application="  proxy.server = ( \"\" => (( \"host\" => \"127.0.0.1\", \"port\" => ${APP##*:} )) )"
  fi
  filled socket="var.twinlock_socket = \"$SOCKET\"" request="var.twinlock_request = \"$folder/request.lua\"" \
    answer="var.twinlock_answer = \"$recipes/lighttpd_answer.lua\"" \
    tls_module="${CERT:+server.modules += ( \"mod_openssl\" )}" listen="\$SERVER[\"socket\"] == \"127.0.0.1:$PORT\" {" \
    tls="${CERT:+  ssl.engine = \"enable\"}" certificate="${CERT:+  ssl.pemfile = \"$CERT\"}" \
    certificate_key="${CERT:+  ssl.privkey = \"$KEY\"}" log="accesslog.filename = \"$folder/access.log\"" \
    error_log="server.errorlog := \"|exec sed -u 's/token=[^ &]*/token=-/g' >>$folder/error.log\"" \
    passwords="  auth.backend.htpasswd.userfile = \"$folder/members.htpasswd\"" \
    application="$application" more="include \"$folder/more.conf\"" >"$folder/site.conf"
  "$demo/fill_recipe.sh" "$recipes/lighttpd.lua" addresses="local addresses = \"$folder/addresses.lua\"" >"$folder/request.lua"
  { [[ -n $CERT ]] || other_names; open_places; } >"$folder/more.conf"
  outer "$root" >"$folder/lighttpd.conf"
  htpasswd_lines >"$folder/members.htpasswd"
  { echo "return {"; address_lines '  ["%s"] = "%s",\n'; echo "}"; } >"$folder/addresses.lua"
  command_line lighttpd -D -f "$folder/lighttpd.conf"
}

web_main "$@"
