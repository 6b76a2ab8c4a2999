#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds hyprelay-dev_VERSION_all.deb. Usage: build_dev_deb.sh BUILD VERSION OUTPUT_DIR
#   BUILD  a build tree that has made the images of both architectures
set -euo pipefail
build=$1 version=$2 output=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 0755 "$root"

cmake --install "$build" --prefix "$root/usr" >/dev/null
find "$root" -type f -exec chmod 0644 {} +

install -d "$root/DEBIAN"
size=$(du -k -s "$root" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@SIZE@/$size/" "$here/control-dev.in" >"$root/DEBIAN/control"
mkdir -p "$output"
dpkg-deb --build --root-owner-group "$root" "$output/hyprelay-dev_${version}_all.deb"
