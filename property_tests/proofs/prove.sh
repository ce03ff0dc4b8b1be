#!/usr/bin/env bash
# Proves the kernel that ships. Fetches the prover where it is missing, then hands over to prove.py (see prove.sh --help).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [[ " $* " != *" --help "* && " $* " != *" -h "* ]]; then
  PATH=$("$here/get_prover.sh"):$PATH
  export PATH
fi
exec python3 "$here/prove.py" "$@"
