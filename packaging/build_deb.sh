#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds hyprelay_VERSION_ARCH.deb. Usage: build_deb.sh ARCH BINARY HOST_HYPRELAY VERSION OUTPUT_DIR
#   ARCH           Debian's name: armhf, arm64
#   BINARY         the static hyprelay for ARCH
#   HOST_HYPRELAY  one that runs here: it writes the man page and the completion
set -euo pipefail
arch=$1 binary=$2 host=$3 version=$4 output=$5
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
umask 022
chmod 0755 "$root"

# Services, hooks and configuration lie in root/ as they do on the machine.
cp -r "$here/root/." "$root/"
find "$root" -type d -exec chmod 0755 {} + -o -perm -u+x -exec chmod 0755 {} + -o -exec chmod 0644 {} +
install -D -m 0755 "$binary" "$root/usr/sbin/hyprelay"
ln -s hyprelay "$root/usr/sbin/hyprelay-kexec"
install -d "$root/var/crash" "$root/usr/share/doc/hyprelay" "$root/usr/share/man/man8" \
  "$root/usr/share/bash-completion/completions"
install -m 0644 "$here/../LICENSE" "$root/usr/share/doc/hyprelay/copyright"
install -m 0644 "$here"/../docs/{capture,howto-kdump,howto-kexec,hyprelay-kexec}.md "$root/usr/share/doc/hyprelay/"
"$host" generate man | gzip -9n >"$root/usr/share/man/man8/hyprelay.8.gz"
"$host" generate completion >"$root/usr/share/bash-completion/completions/hyprelay"
"$host" generate kexec-man | gzip -9n >"$root/usr/share/man/man8/hyprelay-kexec.8.gz"
"$host" generate kexec-completion >"$root/usr/share/bash-completion/completions/hyprelay-kexec"
"${STRIP:-strip}" "$root/usr/sbin/hyprelay"

install -d "$root/DEBIAN"
install -m 0755 "$here"/maintainer/* "$root/DEBIAN/"
(cd "$root" && find etc -type f | sed 's|^|/|') >"$root/DEBIAN/conffiles"
size=$(du -k -s --exclude=DEBIAN "$root" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" "$here/control.in" >"$root/DEBIAN/control"
mkdir -p "$output"
dpkg-deb --build --root-owner-group "$root" "$output/hyprelay_${version}_$arch.deb"
