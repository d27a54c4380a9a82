#!/usr/bin/env bash
# Brings protobuf's own tests of its JSON format, with their .proto files, out of Debian's source package.
#   protobuf_tests.sh FOLDER    afterwards FOLDER/json_format_test.py and FOLDER/protos are there
set -euo pipefail
. "$(dirname "$0")/debian.sh"
folder=$(mkdir -p "$1" && cd "$1" && pwd)
[ -f "$folder/json_format_test.py" ] && exit
debian_13 "$folder" deb-src
(cd "$folder/apt" && apt_get source -qq --download-only --tar-only protobuf/trixie)
rm -rf "$folder/source" "$folder/protos"
mkdir -p "$folder/source" "$folder/protos/google/protobuf/"{internal,util}
tar -xf "$folder"/apt/protobuf_*.orig.tar.* -C "$folder/source" --strip-components=1
cd "$folder/source"
cp src/google/protobuf/{any_test,unittest,unittest_import,unittest_import_public,unittest_mset,unittest_mset_wire_format}.proto \
  "$folder/protos/google/protobuf/"
cp src/google/protobuf/util/json_format{,_proto3}.proto "$folder/protos/google/protobuf/util/"
cp python/google/protobuf/internal/test_proto3_optional.proto "$folder/protos/google/protobuf/internal/"
cp python/google/protobuf/internal/json_format_test.py "$folder/"
rm -rf "$folder/source" "$folder/apt"
