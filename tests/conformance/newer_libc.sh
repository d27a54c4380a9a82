#!/usr/bin/env bash
# The conformance runner needs a newer C library than Debian 12 has. This unpacks Debian 13's into a
# private folder, from the mirror that this machine uses; nothing of the system is touched.
#   newer_libc.sh FOLDER    afterwards FOLDER/run PROGRAM [ARGUMENT…] runs a program with it
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
[ -x "$folder/run" ] && exit
mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/root"
{ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } \
  | awk '/^URIs:/ { print $2; exit } /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }' \
  > "$folder/mirror"
echo "deb $(cat "$folder/mirror") trixie main" > "$folder/apt/sources.list"
options=(-o "Dir::Etc::sourcelist=$folder/apt/sources.list" -o "Dir::Etc::sourceparts=/dev/null"
         -o "Dir::State::lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache" -o "APT::Sandbox::User=root"
         -o "Dir::Etc::preferencesparts=/dev/null")
apt-get "${options[@]}" update -qq
(cd "$folder/apt" && apt-get "${options[@]}" download -qq libc6/trixie libstdc++6/trixie libgcc-s1/trixie)
for package in "$folder"/apt/*.deb; do
  dpkg -x "$package" "$folder/root"
done
cat > "$folder/run" <<RUN
#!/bin/sh
library="$folder/root/usr/lib/$(uname -m)-linux-gnu"
exec "\$(ls "\$library"/ld-linux-*.so.2)" --library-path "\$library" "\$@"
RUN
chmod +x "$folder/run"
