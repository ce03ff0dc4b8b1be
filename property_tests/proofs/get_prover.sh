#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes cbmc, goto-cc, goto-instrument and cadical available to the prove step.
#   get_prover.sh [CACHE_DIR]      prints the folder to put first on PATH
# Debian 13 or later, or any machine that has cbmc 6: the installed one is used.
# Debian 12: the packages of the next release are fetched from the mirror this machine's apt is already set up with
# (its suite name swapped), verified by apt against the Debian archive keyring, unpacked into CACHE_DIR and run through their
# own loader. Nothing is installed, no system apt state is touched, root is not needed.
set -euo pipefail
next=trixie want=6.
cache=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/twinlock-prover}
packages=(cbmc minisat cadical libc6 libgcc-s1 libstdc++6)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

if command -v cbmc >/dev/null && cbmc --version | grep -q "^$want"; then dirname "$(command -v cbmc)"; exit 0; fi
if [ -x "$cache/bin/cbmc" ] && "$cache/bin/cbmc" --version 2>/dev/null | grep -q "^$want"; then echo "$cache/bin"; exit 0; fi

command -v apt-get >/dev/null || { echo "get_prover: no apt here; install cbmc $want by hand" >&2; exit 3; }
[ -r "$keyring" ] || { echo "get_prover: $keyring is missing (package debian-archive-keyring)" >&2; exit 3; }
# Debian's own archive as this machine is set up to reach it: the target labelled Debian, component main, not -updates, -backports or -security.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(LABEL)' 'Created-By: Packages' |
         awk '$3 == "main" && $2 !~ /-(updates|security|backports)/ && ($4 == "Debian" || $4 ~ /LABEL/) && $1 ~ /\/debian\/?$/ { print $1; exit }')
[ -n "$mirror" ] || { echo "get_prover: no Debian main archive among this machine's apt sources" >&2; exit 3; }

rm -rf "${cache:?}/work" "${cache:?}/root" "${cache:?}/bin"
mkdir -p "$cache/work"/{lists/partial,archives/partial,debs,etc} "$cache/root" "$cache/bin"
printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$next" > "$cache/work/etc/sources.list"
apt_private=(-o Dir::Etc::SourceList="$cache/work/etc/sources.list" -o Dir::Etc::SourceParts=/dev/null
             -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
             -o Dir::State="$cache/work" -o Dir::State::Lists="$cache/work/lists" -o Dir::State::Status=/dev/null
             -o Dir::Cache="$cache/work" -o Dir::Cache::Archives="$cache/work/archives"
             -o Acquire::Languages=none -o Acquire::AllowInsecureRepositories=false -o APT::Get::AllowUnauthenticated=false
             -o Acquire::Check-Valid-Until=true -o APT::Sandbox::User=root -o Acquire::Retries=3 -o APT::Update::Error-Mode=any)
apt-get -qq "${apt_private[@]}" update >&2
(cd "$cache/work/debs" && apt-get -qq "${apt_private[@]}" download "${packages[@]}" >&2)
for deb in "$cache/work/debs"/*.deb; do dpkg-deb -x "$deb" "$cache/root"; done
(cd "$cache/work/debs" && sha256sum *.deb) > "$cache/MANIFEST"

# shellcheck disable=SC2010
triplet=$(ls "$cache/root/usr/lib" | grep -m1 -- '-linux-gnu$')
loader=$(find "$cache/root/usr/lib64" "$cache/root/usr/lib/$triplet" -name 'ld-linux*' 2>/dev/null | head -1)
for tool in cbmc goto-cc goto-instrument cadical; do
  cat > "$cache/bin/$tool" <<WRAP
#!/bin/sh
exec '$loader' --library-path '$cache/root/usr/lib/$triplet:$cache/root/usr/lib' '$cache/root/usr/bin/$tool' "\$@"
WRAP
  chmod +x "$cache/bin/$tool"
done
rm -rf "$cache/work"
"$cache/bin/cbmc" --version | grep -q "^$want" || { echo "get_prover: unpacked cbmc does not run" >&2; exit 4; }
echo "$cache/bin"
