#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Formatting, shell scripts, lines and rooms, citations. Ends with "N passed, N failed": one per kind of check.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

passed=0 failed=0
check() { # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "lint: $name failed"
  fi
}

formatter=$(command -v clang-format-14 || command -v clang-format)
formatted() { find kernel adapters fuzz bench property_tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 | xargs -0 "$formatter" --dry-run --Werror; }
scripts() {
  local found=()
  mapfile -t found < <(grep -rlE --exclude-dir=build --exclude-dir=.git '^#!.*/(env )?(ba|da|)sh$' . | sort)
  shellcheck -x -S warning "${found[@]}"
}

check formatting formatted
check scripts scripts
check "the prover's subset" /usr/bin/python3 property_tests/proofs/subset_lint.py
check "the subset's own test" /usr/bin/python3 property_tests/proofs/subset_lint.py --self-test
check "what claims may ask" /usr/bin/python3 property_tests/proofs/claims_lint.py
check "the claims' own test" /usr/bin/python3 property_tests/proofs/claims_lint.py --self-test
check "how ./test counts" property_tests/support/count_test.sh
check "lines and rooms" /usr/bin/python3 property_tests/support/lint_rooms.py
check "the rooms' own test" /usr/bin/python3 property_tests/support/lint_rooms.py --self-test
check citations /usr/bin/python3 property_tests/support/lint_citations.py
check "the citations' own test" /usr/bin/python3 property_tests/support/lint_citations.py --self-test
check "the picture of the rooms" /usr/bin/python3 property_tests/support/draw_rooms.py --check
check "the picture's own test" /usr/bin/python3 property_tests/support/draw_rooms.py --self-test
check "licence lines" /usr/bin/python3 property_tests/support/lint_licence.py
check "the licence lines' own test" /usr/bin/python3 property_tests/support/lint_licence.py --self-test
echo "$passed passed, $failed failed"
((failed == 0))
