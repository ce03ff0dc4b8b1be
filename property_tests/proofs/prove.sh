#!/usr/bin/env bash
# Proves the kernel that ships (prove.py), or shows that each proof can fail (prove.sh --mutants: prove_mutants.py). Fetches the prover
# where it is missing. See prove.sh --help and prove.sh --mutants --help.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=prove.py
if [[ ${1-} == --mutants ]]; then
  program=prove_mutants.py
  shift
fi
if [[ " $* " != *" --help "* && " $* " != *" -h "* ]]; then
  PATH=$("$here/get_prover.sh"):$PATH
  export PATH
fi
export PYTHONDONTWRITEBYTECODE=1
exec python3 "$here/$program" "$@"
