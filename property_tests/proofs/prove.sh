#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Proves the kernel that ships (prove.py), or shows that each proof can fail (prove.sh --mutants: prove_mutants.py), or that prover and
# compiler compute the same (prove.sh --agree: agree.py). Fetches the prover where it is missing. Each has its --help.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=prove.py
case ${1-} in
  --mutants) program=prove_mutants.py && shift ;;
  --agree) program=agree.py && shift ;;
esac
if [[ " $* " != *" --help "* && " $* " != *" -h "* ]]; then
  PATH=$("$here/get_prover.sh"):$PATH
  export PATH
fi
export PYTHONDONTWRITEBYTECODE=1
exec python3 "$here/$program" "$@"
