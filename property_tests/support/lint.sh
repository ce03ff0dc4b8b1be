#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Formatting, shell scripts, lines and rooms, citations. Ends with "N passed, N failed": one per kind of check.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# shellcheck source=property_tests/support/results.sh
source property_tests/support/results.sh

formatter=$(command -v clang-format-14 || command -v clang-format)
formatted() { find kernel adapters fuzz bench property_tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 | xargs -0 "$formatter" --dry-run --Werror; }
scripts() {
  local found=()
  mapfile -t found < <(grep -rlE --exclude-dir=build --exclude-dir=.git '^#!.*/(env )?(ba|da|)sh$' . | sort)
  shellcheck -x -S warning "${found[@]}"
}

passes formatting formatted
passes scripts scripts
passes "the prover's subset" /usr/bin/python3 property_tests/proofs/subset_lint.py
passes "the subset's own test" /usr/bin/python3 property_tests/proofs/subset_lint.py --self-test
passes "what claims may ask" /usr/bin/python3 property_tests/proofs/claims_lint.py
passes "the claims' own test" /usr/bin/python3 property_tests/proofs/claims_lint.py --self-test
passes "how results are counted" /usr/bin/python3 property_tests/support/junit.py --self-test
passes "how ./test counts" property_tests/support/count_test.sh
passes "lines and rooms" /usr/bin/python3 property_tests/support/lint_rooms.py
passes "the rooms' own test" /usr/bin/python3 property_tests/support/lint_rooms.py --self-test
passes citations /usr/bin/python3 property_tests/support/lint_citations.py
passes "the citations' own test" /usr/bin/python3 property_tests/support/lint_citations.py --self-test
passes "the picture of the rooms" /usr/bin/python3 property_tests/support/draw_rooms.py --check
passes "the picture's own test" /usr/bin/python3 property_tests/support/draw_rooms.py --self-test
passes "licence lines" /usr/bin/python3 property_tests/support/lint_licence.py
passes "the licence lines' own test" /usr/bin/python3 property_tests/support/lint_licence.py --self-test
end_results lint
