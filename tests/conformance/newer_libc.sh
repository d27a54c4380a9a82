#!/usr/bin/env bash
# The conformance runner needs a newer C library than Debian 12 has. This unpacks Debian 13's into a private folder.
#   newer_libc.sh FOLDER    afterwards FOLDER/run PROGRAM [ARGUMENT…] runs a program with it
set -euo pipefail
. "$(dirname "$0")/debian.sh"
folder=$(mkdir -p "$1/root" && cd "$1" && pwd)
[ -x "$folder/run" ] && exit
debian_13 "$folder" deb
(cd "$folder/apt" && apt_get download -qq libc6/trixie libstdc++6/trixie libgcc-s1/trixie)
for package in "$folder"/apt/*.deb; do
  dpkg -x "$package" "$folder/root"
done
cat > "$folder/run" <<RUN
#!/bin/sh
library="$folder/root/usr/lib/$(uname -m)-linux-gnu"
exec "\$(ls "\$library"/ld-linux-*.so.2)" --library-path "\$library" "\$@"
RUN
chmod +x "$folder/run"
