#!/bin/sh
# Says what the demo and the tests need, and installs with apt what this machine lacks (Debian 12 or 13, Ubuntu).
set -eu

missing=""
need() { # need PACKAGE TEST-COMMAND…
  package=$1; shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}

need qgis command -v qgis
need python3-qgis /usr/bin/python3 -c "import qgis.core"
need python3-venv /usr/bin/python3 -c "import ensurepip"
need xvfb command -v Xvfb
need qttools5-dev-tools test -x /usr/lib/qt5/bin/lrelease -o -x /usr/bin/lrelease
postgis() {
  for control in /usr/share/postgresql/*/extension/postgis.control; do [ -f "$control" ] && return 0; done; return 1
}
need postgresql test -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)"
need postgresql-postgis postgis
need qgis-server command -v qgis_mapserver
need pyqt5-dev-tools command -v pylupdate5

[ -n "$missing" ] || exit 0
echo "This needs system packages that are not here (about 450 MB with all they bring; the Python environments take about"
echo "0.7 GB more):$missing"
if ! command -v apt-get >/dev/null 2>&1; then
  echo "There is no apt here: install what your system calls these packages (QGIS 3.22 or later with its Python, Python's"
  echo "venv, Xvfb, Qt's lrelease and pylupdate5), then run make again." >&2
  exit 1
fi
as_root=""
if [ "$(id -u)" != 0 ]; then
  as_root="sudo"
  if ! command -v sudo >/dev/null 2>&1; then
    echo "Ask an administrator to run: apt-get install$missing" >&2
    exit 1
  fi
fi
echo "Installing them with apt."
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
