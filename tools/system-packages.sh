#!/bin/sh
# Installs with apt what the demo and the tests need and this machine lacks (Debian 12 or 13, Ubuntu).
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
need pyqt5-dev-tools command -v pylupdate5

[ -n "$missing" ] || exit 0
echo "Installing with apt:$missing"
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
$sudo apt-get update -q
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
