#!/usr/bin/env bash
# Brings what tests/site and the TypeScript snippets need and pip does not bring: Chromium with a font, from Debian;
# Diplodoc, axe, TypeScript, Connect and linters of OpenAPI, from npm, into build/node. Their versions are in package.json, and two that Diplodoc's ranges leave open: later translations
# depend on a package that the registry lacks; later undicis, which Diplodoc excludes in its own package.json but npm
# heeds only in the topmost one, do not run on Debian 12's Node.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=build/node
if ! command -v chromium >/dev/null; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "tests/site/install.sh: no chromium here: run this as root on Debian, or put a chromium on PATH" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
fi
if ! cmp -s tests/site/package.json "$folder/installed"; then
  mkdir -p "$folder"
  cp tests/site/package.json "$folder/package.json"
  npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-package-lock --prefix "$folder"
  cp tests/site/package.json "$folder/installed"
fi
