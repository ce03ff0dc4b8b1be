# SPDX-License-Identifier: Apache-2.0
# What the scripts in docs/examples/demo/web share. Each of them, <server>.sh, is the only place that knows how to fill in the
# recipe docs/recipes/<server>.conf and how to start that server; launcher.py beside this file calls it:
#
#   <server>.sh packages       the Debian packages that it needs, one line
#   <server>.sh facts          what twinlockd's configuration needs for it, one NAME=VALUE a line:
#                                refusal=forbidden|redirect   gate.refusal
#                                listen=unix|tcp|both         which of SOCKET and TCP_PORT it uses
#                                account=NAME                 host.account
#   <server>.sh write FOLDER   writes all its files into FOLDER, and prints the command that runs the server in the foreground, one
#                              argument a line. One sentence on stderr, and a failure, where it cannot.
#
# The environment of `write`:
#   PORT         the port to serve on 127.0.0.1, as http(s)://localhost:PORT
#   SOCKET       twinlockd's Unix socket
#   TCP_PORT     twinlockd's port on 127.0.0.1, and SECRET_FILE, the file with the shared secret; both empty where listen=unix
#   CERT, KEY    PEM files; both empty: plain HTTP
#   MEMBERS      file of lines "name:password", plain; the script makes the server's own password file of it
#   ADDRESSES    file of lines "name address"
#   APP          the application: http://127.0.0.1:N to proxy to, or a folder to serve
#   SITE         empty, or a file with the lines of a site that is there already: they stand where the recipe has the application.
#                Where they go to several places of the recipe, lines "# ----" part them (site_part)
#   OPEN_DIR     empty, or the folder whose landing.html (at /), demo.css and favicon.svg are open to all
#   INBOX        empty, or the Unix socket of the demo's inbox, open to all at /inbox/
#
# Logs go to FOLDER/access.log and FOLDER/error.log. In a recipe, the line by which the gate is asked ends in "# the gate", so that
# the tests can take it out and see whether they notice.
#
# Sourced by bash; sets no option.
# shellcheck shell=bash disable=SC2034

demo=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
recipes=$(cd "$demo/../../recipes" && pwd)
server=$(basename "$0" .sh)
PATH=$PATH:/usr/sbin:/sbin

die() {
  printf '%s.sh: %s\n' "$server" "$1" >&2
  exit 1
}

needs() { # PROGRAM
  command -v "$1" >/dev/null || die "$1 is not installed; apt-get install $("$0" packages)"
}

# The recipe with its "# yours:" lines filled in (docs/examples/demo/fill_recipe.sh).
filled() { # NAME=LINE...
  "$demo/fill_recipe.sh" "$recipes/$server.conf" "$@"
}

# MEMBERS as an htpasswd file. Unsalted SHA-1 is what every server here reads; for a demo's passwords it will do.
htpasswd_lines() {
  local name password
  while IFS=: read -r name password; do
    printf '%s:{SHA}%s\n' "$name" "$(printf '%s' "$password" | openssl dgst -sha1 -binary | openssl base64)"
  done <"$MEMBERS"
}

# ADDRESSES in the server's own form: FORMAT is printf's, and gets name and address.
address_lines() { # FORMAT
  local name address
  while read -r name address; do
    # shellcheck disable=SC2059
    printf "$1" "$name" "$address"
  done <"$ADDRESSES"
}

proxied() { [[ $APP == http://* ]]; }

# The line that the recipe marks as the application, or the site that is there already.
application_or_site() { # LINE
  if [[ -n $SITE ]]; then cat "$SITE"; else printf '%s\n' "$1"; fi
}

site_part() { # NUMBER (from 1)
  [[ -z $SITE ]] || awk -v wanted="$1" 'BEGIN { part = 1 } /^# ----$/ { part++; next } part == wanted' "$SITE"
}

command_line() { printf '%s\n' "$@"; }

check_environment() {
  local name
  for name in PORT SOCKET TCP_PORT SECRET_FILE CERT KEY MEMBERS ADDRESSES APP SITE OPEN_DIR INBOX; do
    [[ -v $name ]] || die "$name is not set; docs/examples/demo/web_lib.sh says what it means"
  done
}

# Calls the script's own `packages`, `facts` or `write_files`; the last one finds the folder in $folder.
web_main() {
  case ${1-} in
    packages | facts) "$1" ;;
    write)
      (($# == 2)) || die "usage: $server.sh write FOLDER"
      check_environment
      mkdir -p "$2"
      folder=$(cd "$2" && pwd)
      write_files
      ;;
    *) die "usage: $server.sh packages | facts | write FOLDER" ;;
  esac
}
