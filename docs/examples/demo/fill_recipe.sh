#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fills in the operator's lines of a recipe of docs/recipes: the demo and the tests run the recipe itself, not a copy.
#   fill_recipe.sh RECIPE NAME=LINE...   writes the filled-in text to stdout; "NAME=" drops the line
# Every "# yours: NAME" of the recipe (in Lua: "-- yours: NAME") must be given, and every NAME given must be in the recipe. Where a
# server's language has no comment at a line's end (Apache), "# yours: NAME (next line)" stands alone, and both lines are replaced.
set -euo pipefail

recipe=$1
shift
declare -A lines=()
for pair in "$@"; do lines[${pair%%=*}]=${pair#*=}; done

marker='(#|--) yours: ([a-z_]+)( \(next line\))?$'
while IFS= read -r line; do
  if [[ $line =~ $marker ]]; then
    name=${BASH_REMATCH[2]}
    [[ -v lines[$name] ]] || { echo "fill_recipe: no line given for '$name'" >&2; exit 1; }
    [[ -z ${lines[$name]} ]] || printf '%s\n' "${lines[$name]}"
    unset "lines[$name]"
    [[ -z ${BASH_REMATCH[3]} ]] || read -r
  else
    printf '%s\n' "$line"
  fi
done <"$recipe"

for name in "${!lines[@]}"; do
  echo "fill_recipe: the recipe has no '# yours: $name'" >&2
  exit 1
done
