# SPDX-License-Identifier: Apache-2.0
# What ./run and ./test share: phases with their seconds, Debian packages, free ports. Sourced by bash; sets no option.
# shellcheck shell=bash disable=SC2034

# The packages that the build needs, and those that the demo needs besides. (Those of a web server: web/<server>.sh packages.)
build_packages=(g++ cmake ninja-build pkg-config android-libboringssl-dev libexpected-dev libtomlplusplus-dev libcli11-dev
  libsimdjson-dev libfmt-dev libqrencode-dev libutf8proc-dev libsqlite3-dev libcurl4-gnutls-dev)
serve_packages=(openssl python3 python3-aiosmtpd oathtool)

die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 1
}

seconds_since() { # START (a value of EPOCHREALTIME): seconds with one decimal
  local now=${EPOCHREALTIME/[.,]/} start=${1/[.,]/}
  local tenths=$(((now - start + 50000) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# Prints what an unfinished phase is doing: ninja's "[7/80]" while it compiles, nothing for others.
progress_of() { # LOG
  tail -c 400 "$1" 2>/dev/null | tr '\r' '\n' | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -1 || true
}

# phase TITLE LOG COMMAND...: one line with its seconds; the output goes to LOG and is shown only on failure.
phase() {
  local title=$1 log=$2 start=$EPOCHREALTIME status=0
  shift 2
  set -m  # a process group of its own, so that stop_phase reaches the compilers too
  "$@" >"$log" 2>&1 </dev/null &
  phase_pid=$!
  set +m
  if [[ -t 1 ]]; then
    while kill -0 "$phase_pid" 2>/dev/null; do
      printf '\r  %-12s %s s %s   ' "$title" "$(seconds_since "$start")" "$(progress_of "$log")"
      sleep 0.1
    done
    printf '\r\033[K'
  fi
  wait "$phase_pid" || status=$?
  phase_pid=
  if ((status != 0)); then
    printf '  %-12s failed after %s s; its last lines (all of them: %s):\n\n' "$title" "$(seconds_since "$start")" "$log" >&2
    tail -25 "$log" | sed 's/^/    /' >&2
    return "$status"
  fi
  printf '  %-12s %6s s\n' "$title" "$(seconds_since "$start")"
}

stop_phase() { # ends the phase that is running, if one is
  [[ -z ${phase_pid-} ]] || kill -TERM -- "-$phase_pid" 2>/dev/null || true
}

missing_packages() { # PACKAGE...: prints those that are not installed
  local installed package
  # dpkg-query fails where it does not know one of them at all, which is the usual case on a fresh machine.
  installed=" $({ dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null || true; } | sed -n 's/^ii *//p' | tr '\n' ' ')"
  for package in "$@"; do [[ $installed == *" $package "* ]] || printf '%s\n' "$package"; done
}

# Debian starts a web server when it installs one: on port 80, which may be taken, and for everybody to see. Ours need no service,
# so that none is started while this installs (unless the machine has a policy of its own: /usr/sbin/policy-rc.d).
apt_install() { # PACKAGE...
  local policy=/usr/sbin/policy-rc.d
  export DEBIAN_FRONTEND=noninteractive
  if [[ ! -e $policy ]]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 0755 "$policy"
  fi
  apt-get update && apt-get install -y --no-install-recommends "$@"
}

# Installs the packages that are missing. Where that is not allowed: the exact command for a person who may, and no more.
need_packages() { # LOG INSTALL(true|false) PACKAGE...
  local log=$1 install=$2 missing=()
  shift 2
  command -v dpkg-query >/dev/null || return 0
  mapfile -t missing < <(missing_packages "$@" && echo asked)
  [[ ${missing[*]: -1} == asked ]] || die "cannot ask dpkg-query which packages are installed"
  unset 'missing[-1]'
  ((${#missing[@]})) || return 0
  if [[ $install != true || $(id -u) != 0 ]]; then
    printf '%s: %d Debian packages are missing. Install them, then start this again:\n\n  %s apt-get install %s\n\n' \
      "${0##*/}" "${#missing[@]}" "$([[ $(id -u) == 0 ]] || echo sudo)" "${missing[*]}" >&2
    return 1
  fi
  phase packages "$log" apt_install "${missing[@]}"
}

port_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # PORT

free_port() { # FIRST LAST: prints the first port of the range that nobody listens on
  local port
  for ((port = $1; port <= $2; port++)); do
    port_in_use "$port" || { echo "$port"; return 0; }
  done
  return 1
}
