# SPDX-License-Identifier: Apache-2.0
# Keeps the results of a shell script, case by case, for junit.py. Sourced by bash; sets no option. The programs that the script
# starts do not write to its file.
# shellcheck shell=bash

results_junit=${TWINLOCK_JUNIT-} results_lines=
results_writer=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/junit.py
unset TWINLOCK_JUNIT

# Runs a command and keeps whether it succeeded; prints a line where it did not. Always succeeds.
passes() { # NAME COMMAND...
  local name=$1 word=passed
  shift
  "$@" || word=failed
  [[ $word == passed ]] || echo "FAILED: $name"
  results_lines+="$word"$'\t'"$name"$'\n'
}

# Writes the file and prints "N passed, N failed"; its status is the script's: 0 if there were cases and all passed.
end_results() { # SUITE
  printf '%s' "$results_lines" | TWINLOCK_JUNIT=$results_junit python3 "$results_writer" lines "$1"
}
