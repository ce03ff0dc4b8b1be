#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# h2o, as the demo and the tests run it: docs/recipes/h2o.conf, on loopback and in a folder. The words: ../web_lib.sh.
set -euo pipefail
# shellcheck source=docs/examples/demo/web_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../web_lib.sh"

packages() {
  echo h2o openssl
}

facts() {
  printf '%s\n' refusal=forbidden listen=unix account=TWINLOCK_ACCOUNT
}

# Any other name for this machine (127.0.0.1 too) goes to the one that cookies and forms are bound to: the first host of a
# listener is the one that answers for names that no host has.
other_names() {
  printf '  "%s":\n    listen: {host: 127.0.0.1, port: %s}\n    paths:\n      "/":\n        redirect: {status: 307, url: "%s"}\n' \
    "other-names" "$PORT" "http://localhost:$PORT/"
}

# The landing page: exactly "/", before the handler `password`.
landing() {
  [[ -z $OPEN_DIR ]] || cat <<YAML
        - mruby.handler: |
            class Landing
              def call(env)
                return [399, {}, []] unless env["PATH_INFO"] == "/"
                [200, {"content-type" => "text/html; charset=utf-8", "cache-control" => "no-cache"},
                 [File.open("$OPEN_DIR/landing.html") { |page| page.read }]]
              end
            end
            Landing.new
YAML
}

open_places() {
  local name
  if [[ -n $OPEN_DIR ]]; then
    for name in demo.css favicon.svg; do
      printf '      "/%s":\n        - header.set: "Cache-Control: no-cache"\n        - file.file: %s/%s\n' "$name" "$OPEN_DIR" "$name"
    done
    printf '      "/favicon.ico":\n        - mruby.handler: "lambda { |env| [204, {}, []] }"\n'
  fi
  [[ -z $INBOX ]] || cat <<YAML
      "/inbox":
        - proxy.header.unset: authorization
        - proxy.header.unset: cookie
        - proxy.reverse.url: "http://[unix:$INBOX]/inbox"
YAML
}

write_files() {
  needs h2o
  local user='' owner certificate='' other application="        - file.dir: $APP" more
  owner=$(id -un)
  [[ $(id -u) != 0 ]] || user="user: $owner"
  if proxied; then application="        - proxy.reverse.url: \"$APP/\""; fi
  [[ -z $SITE ]] || application=$(site_part 2)
  other=$(other_names)$'\n'
  if [[ -n $CERT ]]; then
    certificate="      ssl: {certificate-file: $CERT, key-file: $KEY, ocsp-update-interval: 0}" other=''
  fi
  more=$(landing)
  filled user="$user" error_log="error-log: $folder/error.log" site="$other  \"localhost:$PORT\":" \
    address='      host: 127.0.0.1' port="      port: $PORT" certificate="$certificate" \
    log="        - access-log: {path: &log $folder/access.log, format: '%h - %{REMOTE_USER}e %t \"%r\" %s %b \"%{User-agent}i\"'}" \
    more="$more" passwords="            TwinlockPassword.new(\"$folder/members.htpasswd\", \"Members only\")" \
    gate_asked="              ASKED = \"http://[unix:$folder/gate.sock]/2fa/gate\"" application="$application" headers="$(site_part 1)" \
    open="$(open_places; site_part 3)" addresses="            TwinlockPerson.new(\"$ADDRESSES\")" \
    socket="        - fastcgi.connect: &twinlock {port: $SOCKET, type: unix}" gate="      port: $folder/gate.sock" \
    gate_owner="      owner: $owner" >"$folder/h2o.conf"
  htpasswd_lines >"$folder/members.htpasswd"
  command_line h2o -m worker -c "$folder/h2o.conf"
}

web_main "$@"
