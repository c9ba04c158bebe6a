#!/bin/sh
# Brings the Qt catalogues up to date with the texts marked with tr(); line numbers stay out, they only make noise.
set -eu
cd "$(dirname "$0")/.."
sources=$(git ls-files --cached --others --exclude-standard 'geoplantnet_plugin/*.py' | grep -v '^geoplantnet_plugin/engine/')
for language in fr; do
  # shellcheck disable=SC2086  # one argument a file
  PYTHONWARNINGS=ignore pylupdate5 -noobsolete $sources -ts "i18n/geoplantnet_$language.ts"
  sed -i '/<location /d' "i18n/geoplantnet_$language.ts"
done
