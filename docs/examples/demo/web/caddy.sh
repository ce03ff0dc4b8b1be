#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Caddy, as the demo and the tests run it: docs/recipes/caddy.conf, on loopback and in a folder. The words: ../web_lib.sh.
set -euo pipefail
# shellcheck source=docs/examples/demo/web_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../web_lib.sh"

packages() {
  echo caddy
}

facts() {
  printf '%s\n' refusal=redirect listen=unix account=TWINLOCK_ACCOUNT
}

# Any other name for this machine (127.0.0.1 too) goes to the one that cookies and forms are bound to.
other_names() {
  printf '%s\n' "http://:$PORT {" "  bind 127.0.0.1" "  redir http://localhost:$PORT{uri} 307" '}' ''
}

open_places() {
  [[ -z $OPEN_DIR ]] || cat <<CADDY
@landing path /
handle @landing {
  header Cache-Control no-cache
  root * $OPEN_DIR
  rewrite * /landing.html
  file_server
}
@looks path /demo.css /favicon.svg
handle @looks {
  header Cache-Control no-cache
  root * $OPEN_DIR
  file_server
}
@no_icon path /favicon.ico
respond @no_icon 204
CADDY
  [[ -z $INBOX ]] || cat <<CADDY
@inbox path /inbox/*
handle @inbox {
  reverse_proxy unix/$INBOX {
    header_up -Authorization
    header_up -Cookie
  }
}
CADDY
}

# bcrypt, as Caddy itself makes it: about a second each.
password_lines() {
  local name password
  while IFS=: read -r name password; do
    printf '%s %s\n' "$name" "$(printf '%s\n' "$password" | caddy hash-password)"
  done <"$MEMBERS"
}

write_files() {
  needs caddy
  local scheme=http certificate='' other headers application=$'\t\troot * '$APP$'\n\t\tfile_server'
  if proxied; then application=$'\t\treverse_proxy '${APP#http://}; fi
  headers=$(site_part 1)
  [[ -z $SITE ]] || application=$(site_part 2)
  other=$(other_names)
  if [[ -n $CERT ]]; then scheme=https certificate=$'\ttls '"$CERT $KEY" other=''; fi
  filled global=$'\tadmin off\n\tauto_https off' \
    error_log=$'\t\toutput file '"$folder/error.log" socket=$'\tto unix/'"$SOCKET" \
    site="$other"$'\n'"$scheme://localhost:$PORT {"$'\n\tbind 127.0.0.1' certificate="$certificate" \
    log=$'\t\toutput file '"$folder/access.log" addresses=$'\t\timport '"$folder/addresses" \
    headers="$headers" more=$'\t\timport '"$folder/open" passwords=$'\t\t\timport '"$folder/members" \
    application="$application" >"$folder/Caddyfile"
  { echo "# open to all"; open_places; } >"$folder/open"  # an empty file cannot be imported
  password_lines >"$folder/members"
  { echo "# name address"; address_lines '%s %s\n'; } >"$folder/addresses"
  command_line env XDG_CONFIG_HOME="$folder/config" XDG_DATA_HOME="$folder/data" caddy run --config "$folder/Caddyfile" --adapter caddyfile
}

web_main "$@"
