#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What fresh.sh does in the new root, in a clean clone: ./run and its pages, or tiers of ./test. Ends with "N passed, N failed".
#
# usage: inside.sh run WEB | test TIER...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=property_tests/support/results.sh
source property_tests/support/results.sh

output=/tmp/run.out
box_is_there() { grep -q 'Ctrl-C stops everything' "$output"; }

wait_until() { # SECONDS COMMAND...
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) && kill -0 "$run_pid" 2>/dev/null || return 1
    sleep 0.1
  done
}

status_of() { # PATH [HEADER]: the status of the demo's answer
  local line=''
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost:%s\r\n%s\r\n' "$1" "$port" "${2:+$2$'\r\n'}" >&3
  IFS= read -r -t 10 line <&3 || true
  exec 3>&-
  [[ $line =~ ^HTTP/[0-9.]+\ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}
answers() { [[ $(status_of "${@:2}") == "$1" ]]; } # STATUS PATH [HEADER]

refused_port() { ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

# In this process namespace there is nobody but init (this script, bash's children) and what it started.
others() {
  local entry name
  for entry in /proc/[0-9]*; do
    [[ ${entry#/proc/} != "$$" && ${entry#/proc/} != "$BASHPID" ]] || continue
    name=$(cat "$entry/comm" 2>/dev/null) || continue
    [[ $name == cat ]] || echo "${entry#/proc/} $name"
  done
}
nobody_left() { [[ -z $(others) ]] || { others; return 1; }; }

# Started in a process group of its own and with SIGINT as a terminal has it; Ctrl-C goes to the whole group.
check_run() { # WEB
  local status=0
  set -m
  ./run --web "$1" >"$output" 2>&1 </dev/null &
  run_pid=$!
  set +m
  passes "the box is shown" wait_until 1200 box_is_there
  port=$(sed -n 's,.*Open  *http://localhost:\([0-9]*\).*,\1,p' "$output" | head -1)
  if [[ -n $port ]]; then
    passes "the landing page is open" answers 200 /
    passes "the inbox is open" answers 200 /inbox/
    passes "the members' site asks for a password" answers 401 /club/
    passes "with it, Twinlock answers" answers 200 /2fa/health "Authorization: Basic ZGVtbzpkZW1v"
  fi
  kill -INT -- "-$run_pid" 2>/dev/null || true
  wait "$run_pid" || status=$?
  passes "Ctrl-C ends it with 0 ($status)" [ "$status" == 0 ]
  passes "no process is left" nobody_left
  [[ -z $port ]] || passes "the port is free again" refused_port
  cat "$output"
  results_junit=$PWD/build/test/junit/run_$1.xml
  end_results "run_$1"
}

case $1 in
  run) check_run "$2" ;;
  test) ./test "${@:2}" ;;
  *) exit 2 ;;
esac
