#!/usr/bin/env bash
# Brings what tests/gateway generates clients with, and schemathesis, into build/clients: a virtual environment of their
# own, since some of them pin what the toolkit's tests use, and packages of npm. openapi-generator needs Java 11 or later,
# which it does not bring; without it, its test is skipped.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=build/clients
wanted=tests/gateway/clients
if ! cmp -s "$wanted/requirements.txt" "$folder/requirements.txt"; then
  mkdir -p "$folder"
  "${PYTHON:-python3}" -m venv "$folder/venv"
  "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted/requirements.txt"
  cp "$wanted/requirements.txt" "$folder/requirements.txt"
fi
if ! cmp -s "$wanted/package.json" "$folder/installed"; then
  cp "$wanted/package.json" "$folder/package.json"
  npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-package-lock --prefix "$folder"
  cp "$wanted/package.json" "$folder/installed"
fi
