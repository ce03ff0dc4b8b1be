#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests how ./test counts a step: from the file that its runner wrote in this run, and from nothing else. (What a file counts is
# junit.py's own test.) Ends with "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=property_tests/support/results.sh
source property_tests/support/results.sh
# shellcheck source=docs/examples/demo/lib.sh
source docs/examples/demo/lib.sh
# shellcheck source=property_tests/support/tiers.sh
source property_tests/support/tiers.sh

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
mkdir "$logs/junit"
writes() { printf '<testsuite><testcase name="a"/>%s</testsuite>' "${1-}" >"$TWINLOCK_JUNIT"; } # MORE
says() { echo "5 passed, 0 failed"; }
dies() { kill -KILL "$BASHPID"; }
writes_and_dies() { writes && dies; }
writes_with_a_failure() { writes '<testcase name="b"><failure/></testcase>' && return 1; }

counts() { # STEP PASSED FAILED COMMAND...
  step "$1" "${@:4}" >/dev/null 2>&1 || true
  ((passed == $2 && failed == $3))
}
passes "a runner that passes" counts one 1 0 writes
passes "a runner that writes nothing, where the run before it wrote" counts one 0 1 says
passes "a runner that dies" counts two 0 1 dies
passes "a runner that dies after it wrote" counts three 1 1 writes_and_dies
passes "a runner with a failure" counts four 1 1 writes_with_a_failure
passes "the failures are in the table's sum" test "$passed_all $failed_all" = "3 4"
end_results count
