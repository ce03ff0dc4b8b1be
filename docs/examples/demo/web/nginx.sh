#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# nginx, as the demo and the tests run it: docs/recipes/nginx.conf, and what stands around it. The words: ../web_lib.sh.
set -euo pipefail
# shellcheck source=docs/examples/demo/web_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../web_lib.sh"

# Whichever flavour of nginx is there will do.
packages() {
  if command -v nginx >/dev/null; then echo openssl; else echo nginx-light openssl; fi
}

facts() {
  printf '%s\n' refusal=forbidden listen=unix account=TWINLOCK_ACCOUNT
}

# Around the recipe: loopback only, own folder, no system file touched.
outer() {
  [[ $(id -u) != 0 ]] || echo "user root;"
  cat <<NGINX
daemon off;
worker_processes 2;
pid $folder/nginx.pid;
error_log $folder/error.log;

events {
  worker_connections 2048;
}

http {
  include $demo/types.conf;
  default_type application/octet-stream;
  charset utf-8;
  server_tokens off;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  ssl_session_cache shared:twinlock:1m;
  ${other_names}
  include $folder/site.conf;
}
NGINX
}

# Any other name for this machine (127.0.0.1 too) goes to the one that cookies and forms are bound to.
other_names() {
  echo "server { listen 127.0.0.1:$PORT default_server backlog=2048; access_log off;" \
    "return 307 http://localhost:$PORT\$request_uri; }"
}

open_places() {
  local name
  if [[ -n $OPEN_DIR ]]; then
    echo "location = / { auth_basic off; auth_request off; root $OPEN_DIR; try_files /landing.html =404; add_header Cache-Control no-cache; }"
    for name in demo.css favicon.svg; do
      echo "location = /$name { auth_basic off; auth_request off; root $OPEN_DIR; add_header Cache-Control no-cache; }"
    done
    echo "location = /favicon.ico { auth_basic off; auth_request off; return 204; }"
  fi
  [[ -z $INBOX ]] || cat <<NGINX
location /inbox/ {
  auth_basic off;
  auth_request off;
  proxy_pass http://unix:$INBOX:;
  proxy_set_header Authorization "";
  proxy_set_header Cookie "";
}
NGINX
}

write_files() {
  needs nginx
  local application="  location / { root $APP; }" listen="  listen 127.0.0.1:$PORT;" certificate='' certificate_key='' other_names=''
  if proxied; then application="  location / { proxy_pass $APP; }"; fi
  if [[ -n $CERT ]]; then
    listen="  listen 127.0.0.1:$PORT ssl http2 backlog=2048;"
    certificate="  ssl_certificate $CERT;" certificate_key="  ssl_certificate_key $KEY;"
  else
    other_names=$(other_names)
  fi
  filled socket="  server unix:$SOCKET;" addresses="  include $folder/addresses.map;" listen="$listen" \
    name='  server_name localhost;' certificate="$certificate" certificate_key="$certificate_key" \
    log="  access_log $folder/access.log twinlock;" passwords="  auth_basic_user_file $folder/members.htpasswd;" \
    application="$(application_or_site "$application")" more="  include $folder/open.conf;" >"$folder/site.conf"
  outer >"$folder/nginx.conf"
  open_places >"$folder/open.conf"
  htpasswd_lines >"$folder/members.htpasswd"
  address_lines '"~^\\Q%s\\E$" %s;\n' >"$folder/addresses.map"
  command_line nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log"
}

web_main "$@"
