# To be sourced: asks this machine's Debian mirror for what Debian 13 has, whatever the machine itself runs.
# Lists and downloads stay in a private folder; nothing of the system is touched.
#   debian_13 FOLDER deb|deb-src    afterwards apt_get is apt-get for packages of that kind
debian_13() {
  mkdir -p "$1/apt/lists/partial" "$1/apt/cache/archives/partial"
  local mirror
  mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } \
    | awk '/^URIs:/ && !found { found = $2 }
           /^deb / && !found { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { found = $i; break } }
           END { print found }')
  echo "$2 $mirror trixie main" > "$1/apt/sources.list"
  apt_options=(-o "Dir::Etc::sourcelist=$1/apt/sources.list" -o "Dir::Etc::sourceparts=/dev/null"
               -o "Dir::State::lists=$1/apt/lists" -o "Dir::Cache=$1/apt/cache" -o "APT::Sandbox::User=root"
               -o "Dir::Etc::preferencesparts=/dev/null" -o "Acquire::Retries=3")
  apt_get update -qq
}
apt_get() {
  apt-get "${apt_options[@]}" "$@"
}
