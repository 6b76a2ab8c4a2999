#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds one package and checks what a board would get.
# Usage: deb_test.sh SOURCE DEBIAN_ARCH BINARY HOST_HYPRELAY STRIP
set -euo pipefail
source=$1 arch=$2 binary=$3 host=$4 strip=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fault() { echo "package: $1"; exit 1; }

STRIP=$strip "$source/packaging/build_deb.sh" "$arch" "$binary" "$host" 1.2.3 "$work" >/dev/null
deb=$work/hyprelay_1.2.3_$arch.deb
[ "$(dpkg-deb -f "$deb" Architecture Version | tr '\n' ' ')" = "Architecture: $arch Version: 1.2.3 " ] ||
  fault "the control file is wrong: $(dpkg-deb -f "$deb")"
[ -z "$(dpkg-deb -f "$deb" Depends)" ] || fault "a static binary depends on nothing"
dpkg-deb -x "$deb" "$work/root"
readelf -l "$work/root/usr/sbin/hyprelay" | grep -q INTERP && fault "the binary is not static"
readelf -h "$work/root/usr/sbin/hyprelay" | grep -qE 'Machine: +(ARM|AArch64)$' || fault "a binary for another machine"
zcat "$work/root/usr/share/man/man8/hyprelay.8.gz" | man -l --warnings - >/dev/null
bash -n "$work/root/usr/share/bash-completion/completions/hyprelay"
dpkg-deb -c "$deb" | awk '$2 != "root/root" { print "package: not root'"'"'s: " $0; bad = 1 } END { exit bad }'
