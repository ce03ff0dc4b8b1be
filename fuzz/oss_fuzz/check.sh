#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs build.sh as OSS-Fuzz does, moves what it left to another place, and shows that every target starts there, with
# the libraries that lie beside it, its dictionary and its seeds. Ends with "N passed, N failed".
#
# usage: check.sh FOLDER [CXX]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=property_tests/support/results.sh
source "$here/../../property_tests/support/results.sh"
folder=${1:?usage: check.sh FOLDER [CXX]}
export CXX=${2:-clang++-19} OUT=$folder/out WORK=$folder/work LIB_FUZZING_ENGINE=-fsanitize=fuzzer
export CXXFLAGS="-O1 -fno-omit-frame-pointer -gline-tables-only -stdlib=libc++ -fsanitize=address
  -fsanitize-address-use-after-scope -fsanitize=fuzzer-no-link"
CXXFLAGS=${CXXFLAGS//$'\n'/}
rm -rf "$OUT" "$folder/moved"
mkdir -p "$OUT" "$WORK"
"$here/build.sh"
mv "$OUT" "$folder/moved"
cd "$folder/moved"

check() { # TARGET
  local seeds=$folder/seeds/$1
  rm -rf "$seeds"
  mkdir -p "$seeds"
  python3 -m zipfile -e "$1_seed_corpus.zip" "$seeds"
  ! ldd "$1" | grep -E 'not found|/android/' || return 1
  "./$1" -runs=0 -dict="$1.dict" "$seeds" 2>&1 | grep -E '^#[0-9]+.*DONE' || return 1
}
for program in fuzz_*; do
  [[ -x $program && $program != *.* ]] || continue
  echo "$program:"
  passes "$program" check "$program"
done
end_results fuzz-build
