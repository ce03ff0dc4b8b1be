#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests how ./test counts: what runners print at their end, and that a runner which died or printed no result is a failure.
# Ends with "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=property_tests/support/tiers.sh
source property_tests/support/tiers.sh

log=$(mktemp)
trap 'rm -f "$log"' EXIT
right=0 wrong=0
counts() { # STATUS PASSED FAILED LINE...: what the runner ended with, what is to be counted, what it printed
  printf '%s\n' "${@:4}" >"$log"
  count "$log" "$1"
  if ((passed == $2 && failed == $3)); then
    right=$((right + 1))
  else
    wrong=$((wrong + 1))
    printf 'count: %d passed, %d failed instead of %d and %d, of status %d and: %s\n' "$passed" "$failed" "$2" "$3" "$1" "${*:4}" >&2
  fi
}

counts 0 5 0 '100% tests passed, 0 tests failed out of 5'
counts 8 3 2 '60% tests passed, 2 tests failed out of 5'
counts 0 7 0 'noise' '7 passed, 0 failed'
counts 1 6 1 'mutants: 6 passed, 1 failed; 20 s'
counts 0 30 0 'same objects: 30 passed, 0 failed'
counts 1 29 2 '29 of 31 harnesses proved: not a, b'
counts 0 4 0 '# tests 4' '# pass 4' '# fail 0' '# cancelled 0'
counts 1 2 2 '# pass 2' '# fail 1' '# cancelled 1'
counts 0 3 0 '[==========] 3 tests from 1 test suite ran. (5 ms total)' '[  PASSED  ] 3 tests.'
counts 1 2 1 '[==========] 3 tests from 1 test suite ran. (5 ms total)' '[  PASSED  ] 2 tests.' '[  FAILED  ] 1 test, listed below:'
# No result: died without a word, ended well without a word, was killed after some tests.
counts 1 0 1 ''
counts 0 0 1 'all is well'
counts 137 0 1 '[ RUN      ] Kernel.Model'
# A result that counts nothing, and a runner that fails after it said that all was well.
counts 0 0 1 '0 passed, 0 failed'
counts 1 7 1 '7 passed, 0 failed'
echo "$right passed, $wrong failed"
((wrong == 0))
