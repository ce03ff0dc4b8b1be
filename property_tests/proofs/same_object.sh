#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is proved is what ships: the re-spelled kernel must compile to the same objects as the shipped one, under every compiler that is
# installed, at -O0 and -O2; with --all also at -O1 and -O3. usage: same_object.sh [--all]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=property_tests/support/results.sh
source "$root/property_tests/support/results.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/shipped/kernel" "$work/respelled/kernel"
cp "$root"/kernel/*.[ch]pp "$root"/kernel/*.h "$work/shipped/kernel/"
cp "$root"/kernel/*.h "$work/respelled/kernel/"
for file in "$root"/kernel/*.[ch]pp; do sed -E -f "$here/respell.sed" "$file" > "$work/respelled/kernel/$(basename "$file")"; done

levels=(-O0 -O2)
[[ ${1-} == --all ]] && levels=(-O0 -O1 -O2 -O3)
for compiler in g++ clang++ clang++-19; do
  command -v "$compiler" > /dev/null || continue
  for level in "${levels[@]}"; do
    for source in "$root"/kernel/*.cpp; do
      name=$(basename "$source" .cpp)
      for text in shipped respelled; do
        (cd "$work/$text" && "$compiler" -std=c++20 -w "$level" -fno-exceptions -fno-rtti -fno-ident -I. -isystem /usr/include/android \
          -c "kernel/$name.cpp" -o "$name.o")
      done
      passes "$compiler $level kernel/$name.cpp compiles to the same object" cmp "$work/shipped/$name.o" "$work/respelled/$name.o"
    done
  done
done
end_results same_object
