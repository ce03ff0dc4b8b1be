#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Shows that ./run and ./test need nothing but a Debian 12: works in a new minimal Debian root with a clean clone of the commit.
#
# usage: fresh.sh possible           says in one line why this machine cannot do it, and fails; else says nothing
#        fresh.sh root WORK          makes the root (mmdebstrap), and keeps it as WORK/root.tar
#        fresh.sh run WORK WEB       in a new copy of it: ./run --web WEB, its pages, Ctrl-C, nothing left
#        fresh.sh test WORK TIER...  in a new copy of it: ./test TIER...
#        fresh.sh killed WORK        the script's own test: kill -9 leaves no mount and no process, and the next call cleans up
#
# mmdebstrap runs once; each word then unpacks that root, which takes a second, so that no word finds what another has installed
# or built. The root has mounts and processes of its own, and no folder of this machine. It shares the network. Kept between
# calls, under WORK: downloaded .deb files (apt checks them again), and what ccache saw in such roots.
set -euo pipefail

suite=bookworm
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd "$here/../.." && pwd)
# shellcheck source=property_tests/support/results.sh
source "$tree/property_tests/support/results.sh"

die() {
  printf 'fresh: %s\n' "$1" >&2
  exit 1
}

possible() {
  [[ $(id -u) == 0 ]] || die "a Debian root needs root to be made and entered; you are $(id -un). Start it as root: sudo ./test fresh"
  unshare --mount --pid --fork true || die "this machine lets root make no mount and process namespaces (the line above says why; a container needs --privileged)"
}

check_rights() {
  possible
  command -v mmdebstrap >/dev/null || die "mmdebstrap is not installed; apt-get install mmdebstrap"
}

# Runs a command with mounts and processes of its own, which end with it. They end with this script too, even by kill -9.
contained() { # COMMAND...
  setpriv --pdeathsig KILL unshare --mount --mount-proc --pid --ipc --fork --kill-child -- "$@"
}

# Makes the folder $scratch = WORK/NAME.PID. It is removed when this script ends; where the script was killed, by the next call.
# Whoever works in the folder holds the lock beside it.
make_scratch() { # WORK NAME
  local lock
  for lock in "$1"/*.lock; do
    [[ -e $lock ]] || continue
    flock --nonblock "$lock" true || continue
    rm -rf --one-file-system "${lock%.lock}"
    rm -f "$lock"
  done
  scratch=$1/$2.$$
  exec 8>"$scratch.lock"
  flock 8
  mkdir "$scratch"
  trap 'rm -rf --one-file-system "$scratch" && rm -f "$scratch.lock"' EXIT
}

# This machine's own Debian mirrors for $suite, as lines of sources.list. None: mmdebstrap takes its own.
mirrors() {
  command -v apt-get >/dev/null || return 0
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suite="$suite" '$2 ~ /\/debian(-security)?\/?$/ && index($3, suite) == 1 && $4 == "main"' | sort -u
}

# What a program needs to reach the network from here: proxies and the npm registry, where this machine has set them.
network_environment() {
  local name registry
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [[ -z ${!name-} ]] || printf '%s=%s\n' "$name" "${!name}"
  done
  registry=$(npm config get registry 2>/dev/null || true)
  [[ -z $registry ]] || printf 'NPM_CONFIG_REGISTRY=%s\n' "$registry"
}

make_root() { # WORK
  local work=$1 proxy apt_proxy=() found=()
  check_rights
  mkdir -p "$work"
  make_scratch "$work" making
  proxy=$(apt-config dump --format '%v' Acquire::http::Proxy 2>/dev/null || true)
  [[ -z $proxy ]] || apt_proxy=(--aptopt="Acquire::http::Proxy \"$proxy\"")
  mapfile -t found < <(mirrors)
  contained mmdebstrap --variant=minbase --mode=root "${apt_proxy[@]}" "$suite" "$scratch" "${found[@]}"
  # Names, and the certificate authorities that this machine trusts besides Debian's (a company's proxy, say).
  cp /etc/resolv.conf /etc/hosts "$scratch/etc/"
  mkdir -p "$scratch/usr/local/share/ca-certificates"
  find /usr/local/share/ca-certificates -name '*.crt' -exec cp -t "$scratch/usr/local/share/ca-certificates" {} + 2>/dev/null || true
  # Packages are unpacked without an fsync for each file: a root that a power cut spoils is made anew.
  echo force-unsafe-io >"$scratch/etc/dpkg/dpkg.cfg.d/fresh"
  tar --directory "$scratch" --one-file-system --create --file "$work/root.tar.new" .
  mv "$work/root.tar.new" "$work/root.tar"
  passes "a minimal Debian $suite" test -s "$work/root.tar"
  end_results fresh_root
}

# Runs in the new namespaces: mounts, then inside.sh in the root. What is mounted here goes with the namespace.
enter() { # ROOT WORK WORDS...
  local root=$1 work=$2 device
  shift 2
  mount --bind "$root" "$root"  # a mount of its own, so that what runs in it can make mount namespaces (decoy.py does)
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=755 dev "$root/dev"
  for device in "null 3" "zero 5" "full 7" "random 8" "urandom 9"; do
    mknod -m 666 "$root/dev/${device% *}" c 1 "${device#* }"
  done
  mknod -m 666 "$root/dev/tty" c 5 0
  ln -s /proc/self/fd "$root/dev/fd"
  ln -s fd/0 "$root/dev/stdin"
  ln -s fd/1 "$root/dev/stdout"
  ln -s fd/2 "$root/dev/stderr"
  mkdir "$root/dev/shm" "$root/dev/pts"
  mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
  ln -s pts/ptmx "$root/dev/ptmx"
  mount -t tmpfs -o mode=755 run "$root/run"
  mkdir -p "$work/debs/partial" "$work/ccache" "$root/root/.cache/ccache"
  mount --bind "$work/debs" "$root/var/cache/apt/archives"
  mount --bind "$work/ccache" "$root/root/.cache/ccache"
  mapfile -t network < <(network_environment)
  cd /
  exec chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    TERM="${TERM:-dumb}" "${network[@]}" /bin/bash /src/twinlock/property_tests/fresh/inside.sh "$@"
}

in_a_root() { # WORK WORDS...
  local work=$1 status=0 root log logs
  shift
  check_rights
  [[ -e $work/root.tar ]] || die "$work/root.tar is not there; fresh.sh root $work makes it"
  make_scratch "$work" root
  root=$scratch
  tar --directory "$root" --extract --file "$work/root.tar"
  git clone --quiet --depth 1 "file://$tree" "$root/src/twinlock"
  git -C "$root/src/twinlock" remote remove origin
  contained "${BASH_SOURCE[0]}" enter "$root" "$work" "$@" || status=$?
  logs=$root/src/twinlock/build/test
  mkdir -p "$work/logs"
  for log in "$logs"/*.log; do [[ ! -e $log ]] || cp "$log" "$work/logs/$2_$(basename "$log")"; done
  TWINLOCK_JUNIT=$results_junit python3 "$results_writer" merge "fresh_$2" "$logs"/junit/*.xml || status=1
  return "$status"
}

somebody_in() { # ROOT: is it any process's root folder?
  local entry
  for entry in /proc/[0-9]*; do [[ $(readlink "$entry/root" 2>/dev/null) != "$1" ]] || return 0; done
  return 1
}

# Kills a call of this script while it works in a scratch folder, and looks at what is left.
killed_while() { # WORK NAME COMMAND...
  local work=$1 name=$2 pid deadline=$((SECONDS + 60))
  shift 2
  "$@" >"$work/killed.log" 2>&1 &
  pid=$!
  until somebody_in "$work/$name.$pid"; do
    ((SECONDS < deadline)) && kill -0 "$pid" 2>/dev/null || { echo "nothing to kill"; return 1; }
    sleep 0.02
  done
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  flock --timeout 10 "$work/$name.$pid.lock" true || { echo "a process outlives the script by 10 s"; return 1; }
  if grep -F " $work/$name.$pid" /proc/self/mounts; then echo "a mount is left"; return 1; fi
  (make_scratch "$work" next)
  if [[ -e $work/$name.$pid ]]; then echo "the next call leaves the folder"; return 1; fi
}

killed() { # WORK
  local work=$1/killed
  check_rights
  mkdir -p "$work"
  ln -f "$1/root.tar" "$work/root.tar"
  passes "after kill -9 while the root is made" killed_while "$work" making "${BASH_SOURCE[0]}" root "$work"
  ln -f "$1/root.tar" "$work/root.tar"
  passes "after kill -9 while a tier runs in a root" killed_while "$work" root "${BASH_SOURCE[0]}" test "$work" lint
  rm -rf --one-file-system "$work"
  end_results fresh_killed
}

usage='usage: fresh.sh possible | root WORK | run WORK WEB | test WORK TIER... | killed WORK'
(($# >= 1)) || die "$usage"
command=$1
if [[ $command == possible ]]; then
  possible
  exit
fi
(($# >= 2)) || die "$usage"
if [[ $command != enter ]]; then
  mkdir -p "$2"
  work=$(cd "$2" && pwd)
fi
case $command in
  root) make_root "$work" ;;
  run | test) (($# >= 3)) || die "$command what? see the head of fresh.sh"; in_a_root "$work" "$command" "${@:3}" ;;
  killed) killed "$work" ;;
  enter) enter "${@:2}" ;;
  *) die "no '$command'" ;;
esac
