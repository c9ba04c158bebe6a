#!/bin/sh
# Runs the QGIS tests on three releases of QGIS, each in a Debian of its own (debootstrap; needs root and ~4 GB each),
# and writes docs/compatibility.md. Suites and their QGIS: bookworm 3.22, trixie 3.40, forky 3.44.
# matrix.sh [SUITE…] runs only some and keeps the others' lines.
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "make matrix needs root: debootstrap makes whole systems." >&2; exit 2; }
command -v debootstrap >/dev/null || apt-get install -q -y debootstrap

mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
results=build/matrix
mkdir -p "$results"

prepare() { # prepare SUITE SYSTEM: a minimal Debian that reaches the network as this machine does
  [ -e "$2/.ready" ] && return
  rm -rf "$2"
  # The script of sid fits every suite; an older debootstrap does not know the name of the newest.
  debootstrap --variant=minbase "$1" "$2" "$mirror" /usr/share/debootstrap/scripts/sid >"$results/$1.debootstrap.log" ||
    { echo "$1: see $results/$1.debootstrap.log" >&2; exit 1; }
  cp /etc/resolv.conf "$2/etc/"
  cp -r /etc/apt/apt.conf.d/. "$2/etc/apt/apt.conf.d/"
  chroot "$2" apt-get update -q >"$results/$1.apt.log"
  chroot "$2" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends git make ca-certificates \
    >>"$results/$1.apt.log"
  cp /etc/ssl/certs/ca-certificates.crt "$2/etc/ssl/certs/"
  touch "$2/.ready"
}

try() { # try SUITE: one line of the table into build/matrix/SUITE.line
  system=$PWD/$results/$1
  prepare "$1" "$system"
  mkdir -p "$system/proc" "$system/dev/shm"
  mountpoint -q "$system/proc" || mount -t proc proc "$system/proc"
  plugin=$system/home/plugin  # its environments stay from the run before
  [ -d "$plugin/.git" ] || git clone -q "file://$PWD" "$plugin"
  git -C "$plugin" fetch -q "file://$PWD" HEAD
  git -C "$plugin" reset -q --hard FETCH_HEAD
  git -C "$plugin" clean -q -f -d
  log=$results/$1.log
  HOME=/root chroot "$system" sh -c 'cd /home/plugin && make test-qgis' >"$log" 2>&1 || true
  qgis=$(chroot "$system" dpkg-query -W -f '${Version}' qgis 2>/dev/null | sed 's/+.*//')
  qt=$(chroot "$system" sh -c 'QT_QPA_PLATFORM=offscreen /usr/bin/python3 -c \
    "from qgis.PyQt.QtCore import QT_VERSION_STR as q; import sys; print(q, \"·\", sys.version.split()[0])"' 2>/dev/null)
  umount "$system/proc"
  verdict=$(grep -E '(passed|failed|error).* in [0-9.]+s' "$log" | tail -1 | sed 's/=//g; s/^ *//; s/ in .*//')
  echo "| $qgis | $1 | ${qt:-?} | ${verdict:-did not start: see $log} | $(date +%F) | $(git -C "$system/home/plugin" rev-parse --short HEAD) |" \
    >"$results/$1.line"
}

for suite in bookworm trixie forky; do # what the table says of a suite stays until it is run again, on whatever computer
  grep -F " | $suite | " docs/compatibility.md >"$results/$suite.line" || rm -f "$results/$suite.line"
done
[ $# -gt 0 ] || set -- bookworm trixie forky
for suite in "$@"; do
  try "$suite"
  cat "$results/$suite.line"
done

# What stands below the table is not of this command.
rest=$(awk 'below; /^\|---/ { table = 1 } table && !/^\|/ { below = 1 }' docs/compatibility.md)
{
  cat <<'HEAD'
# QGIS versions

The plugin's tests in QGIS itself (`make matrix`: each Debian made anew, with its own QGIS, Qt and Python; the tests drive the real
engine, the Processing algorithms and the window). Windows and macOS have not been tried.

| QGIS | Debian | Qt · Python | result | date | commit |
|---|---|---|---|---|---|
HEAD
  cat "$results"/*.line | sort -V
  printf '\n%s\n' "$rest"
} >docs/compatibility.md
