#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Apache, as the demo and the tests run it: docs/recipes/apache.conf, and what stands around it. The words: ../web_lib.sh.
set -euo pipefail
# shellcheck source=docs/examples/demo/web_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../web_lib.sh"

modules=(mpm_event authn_core authn_file auth_basic authz_core authz_host authz_user authnz_fcgi access_compat proxy proxy_fcgi proxy_http
  rewrite setenvif alias headers dir mime)

packages() { echo apache2-bin openssl util-linux; } # apache2 itself would bring a service on port 80

# The gate's module speaks TCP alone, and is told the name in REMOTE_USER alone.
facts() {
  printf '%s\n' refusal=forbidden listen=tcp account=REMOTE_USER
}

module_folder() {
  local folder
  for folder in /usr/lib/apache2/modules /usr/lib64/httpd/modules; do
    [[ ! -e $folder/mod_authnz_fcgi.so ]] || { echo "$folder"; return; }
  done
  die "Apache's modules are not where they are looked for; apt-get install $(packages)"
}

# Around the recipe: loopback only, own folder, no system file touched.
outer() {
  local module where=$1
  [[ -z $CERT ]] || modules+=(ssl socache_shmcb)
  for module in "${modules[@]}"; do echo "LoadModule ${module}_module $where/mod_$module.so"; done
  cat <<APACHE
ServerRoot $folder
DefaultRuntimeDir $folder
PidFile $folder/apache.pid
ServerName localhost
ErrorLog $folder/error.log
LogLevel warn
ServerTokens Prod
Listen 127.0.0.1:$PORT
TypesConfig /dev/null
AddType text/html .html
AddType text/css .css
AddType image/svg+xml .svg
AddDefaultCharset utf-8
DirectoryIndex index.html
$([[ -n $CERT ]] || other_names)
Include $folder/site.conf
APACHE
}

# Any other name for this machine (127.0.0.1 too) goes to the one that cookies and forms are bound to.
other_names() {
  cat <<APACHE
<VirtualHost 127.0.0.1:$PORT>
  ServerName other.invalid
  Redirect 307 / http://localhost:$PORT/
</VirtualHost>
APACHE
}

open_places() {
  local name
  if [[ -n $OPEN_DIR ]]; then
    echo "<LocationMatch \"^/(demo\\.css|favicon\\.svg|favicon\\.ico)?$\">"
    echo "  Require all granted"
    echo "</LocationMatch>"
    echo "RedirectMatch 404 \"^/favicon\\.ico$\""
    echo "ProxyPassMatch \"^/(demo\\.css|favicon\\.svg|favicon\\.ico)?$\" \"!\""
    echo "AliasMatch \"^/$\" $OPEN_DIR/landing.html"
    for name in demo.css favicon.svg; do echo "AliasMatch \"^/$name$\" $OPEN_DIR/$name"; done
  fi
  [[ -z $INBOX ]] || cat <<APACHE
<Location "/inbox/">
  Require all granted
  RequestHeader unset Authorization
  RequestHeader unset Cookie
</Location>
ProxyPass "/inbox/" "unix:$INBOX|http://localhost/inbox/" retry=0
APACHE
}

# Apache refuses to serve as root. As root it therefore runs as nobody, with the right to read files that nobody could not (the
# demo's and the tests' folders are private) and no other. A terminal that changes its size sends SIGWINCH, which ends Apache: setsid.
runner() {
  echo setsid
  [[ $(id -u) == 0 ]] || return 0
  command_line setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+dac_override --ambient-caps=-all,+dac_override \
    --pdeathsig=TERM
}

write_files() {
  needs apache2
  local where application scheme=http
  where=$(module_folder)
  application="  DocumentRoot $APP"
  [[ -z $CERT ]] || scheme=https
  if proxied; then application="  ProxyPass \"/\" \"$APP/\" retry=0"; fi
  filled address="Define TWINLOCK_ADDRESS 127.0.0.1:$TCP_PORT" secret="Include $folder/secret.conf" \
    listen="<VirtualHost 127.0.0.1:$PORT>" name="  ServerName $scheme://localhost:$PORT" tls="${CERT:+  SSLEngine on}" \
    certificate="${CERT:+  SSLCertificateFile $CERT}" certificate_key="${CERT:+  SSLCertificateKeyFile $KEY}" \
    log="  Define TWINLOCK_LOG $folder/access.log" error_log="  ErrorLog $folder/error.log" \
    passwords="    AuthUserFile $folder/members.htpasswd" addresses="    Include $folder/addresses.conf" \
    application="$(application_or_site "$application")" more="  Include $folder/more.conf" >"$folder/site.conf"
  open_places >"$folder/more.conf"
  outer "$where" >"$folder/apache.conf"
  (umask 077 && echo "Define TWINLOCK_SECRET $(<"$SECRET_FILE")" >"$folder/secret.conf")
  htpasswd_lines >"$folder/members.htpasswd"
  address_lines "ProxyFCGISetEnvIf \"%%{REMOTE_USER} == '%s'\" TWINLOCK_EMAIL %s\n" >"$folder/addresses.conf"
  runner
  command_line apache2 -D FOREGROUND -f "$folder/apache.conf"
}

web_main "$@"
