#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What OSS-Fuzz and ClusterFuzzLite call to build the targets: with CXX, CXXFLAGS, LIB_FUZZING_ENGINE and OUT set
# (CC, CFLAGS, SANITIZER and SRC are not needed; WORK may be). Leaves in OUT, per target: the program, its seeds as
# <target>_seed_corpus.zip, its dictionary and its options; and in OUT/lib the shared objects that the programs need.
set -euo pipefail

: "${CXX:?}" "${CXXFLAGS?}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=${WORK:-$root/build}/oss_fuzz

# The distribution's fmt and simdjson speak libstdc++'s ABI.
flags=${CXXFLAGS//-stdlib=libc++/}

# shellcheck disable=SC2016 # $ORIGIN is the loader's
cmake -S "$root" -B "$work" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_FLAGS="$flags" \
  -DCMAKE_BUILD_RPATH='$ORIGIN/lib' -DTWINLOCK_TESTS=OFF -DTWINLOCK_WERROR=OFF -DTWINLOCK_FUZZ=ON -DTWINLOCK_CHECKED=ON \
  -DTWINLOCK_FUZZ_ENGINE="$LIB_FUZZING_ENGINE"
cmake --build "$work" --target fuzz_targets

zip_seeds() { # TARGET FOLDERS_FILE
  local folder
  rm -f "$OUT/$1_seed_corpus.zip"
  while read -r folder; do
    [[ -z $folder ]] || zip -q -j -r "$OUT/$1_seed_corpus.zip" "$folder" -x '*/INDEX.txt'
  done <"$2"
}

# The options file names the dictionary where a target shares another's; what runs the target takes <target>.dict.
copy_options() { # TARGET NAME
  local options=$root/fuzz/$2.options dictionary=$2.dict
  if [[ -e $options ]]; then
    dictionary=$(sed -n 's/^dict = //p' "$options" | grep . || echo "$dictionary")
    sed '/^dict = /d' "$options" >"$OUT/$1.options"
  fi
  cp "$root/fuzz/$dictionary" "$OUT/$1.dict"
}

copy_libraries() { # PROGRAM
  ldd "$1" | awk '$2 == "=>" {print $3}' | grep -vE '/(ld-linux[^/]*|lib(c|m|dl|rt|pthread|resolv))\.so' |
    while read -r library; do cp -Lu "$library" "$OUT/lib/"; done
}

mkdir -p "$OUT/lib"
for listed in "$work"/bin/fuzz_*.seeds; do
  target=$(basename "$listed" .seeds)
  [[ $target != fuzz_canary ]] || continue
  cp "$work/bin/$target" "$OUT/"
  zip_seeds "$target" "$listed"
  copy_options "$target" "${target#fuzz_}"
  copy_libraries "$work/bin/$target"
done
