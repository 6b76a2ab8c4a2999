#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds one package and checks what a board would get; then installs, upgrades and purges it in a root
# of its own. Usage: deb_test.sh SOURCE DEBIAN_ARCH BINARY HOST_HYPRELAY STRIP
set -euo pipefail
source=$1 arch=$2 binary=$3 host=$4 strip=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fault() { echo "package: $1"; exit 1; }

build() { STRIP=$strip "$source/packaging/build_deb.sh" "$arch" "$binary" "$host" "$1" "$work" >/dev/null; }
build 1.2.3
deb=$work/hyprelay_1.2.3_$arch.deb
[ "$(dpkg-deb -f "$deb" Architecture Version | tr '\n' ' ')" = "Architecture: $arch Version: 1.2.3 " ] ||
  fault "the control file is wrong: $(dpkg-deb -f "$deb")"
[ -z "$(dpkg-deb -f "$deb" Depends)" ] || fault "a static binary depends on nothing"
unpacked=$work/unpacked
dpkg-deb -x "$deb" "$unpacked"
readelf -l "$unpacked/usr/sbin/hyprelay" | grep -q INTERP && fault "the binary is not static"
readelf -h "$unpacked/usr/sbin/hyprelay" | grep -qE 'Machine: +(ARM|AArch64)$' || fault "a binary for another machine"
zcat "$unpacked/usr/share/man/man8/hyprelay.8.gz" | man -l --warnings - >/dev/null
zcat "$unpacked/usr/share/man/man8/hyprelay-kexec.8.gz" | man -l --warnings - >/dev/null
bash -n "$unpacked/usr/share/bash-completion/completions/hyprelay"
bash -n "$unpacked/usr/share/bash-completion/completions/hyprelay-kexec"
[ "$(readlink -f "$unpacked/usr/sbin/hyprelay-kexec")" = "$unpacked/usr/sbin/hyprelay" ] || fault "hyprelay-kexec is no link"
dpkg-deb -c "$deb" | awk '$2 != "root/root" { print "package: not root'"'"'s: " $0; bad = 1 } END { exit bad }'

# What is in etc is the administrator's, all of it.
dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./conffiles | sort >"$work/conffiles"
(cd "$unpacked" && find etc -type f -printf '/%p\n' | sort) | cmp -s - "$work/conffiles" ||
  fault "conffiles are not the files of etc"
# The shipped configuration is understood, and means what its comments say.
"$host" config --config "$unpacked/etc/hyprelay.conf" >"$work/config" 2>"$work/complaints"
[ ! -s "$work/complaints" ] || fault "the configuration is wrong: $(cat "$work/complaints")"
for line in 'capture_to="/var/crash"' 'capture_after="reboot"' 'panic_append="panic=10"' 'panic_require_hyp="no"'; do
  grep -qx "$line" "$work/config" || fault "the configuration does not say $line"
done
sed 's/^#\([a-z_]*=[^ ]*\).*/\1/' "$unpacked/etc/hyprelay.conf" >"$work/all.conf"
"$host" config --config "$work/all.conf" 2>&1 >/dev/null | grep -vE 'remedy|_command_line=""' | grep . &&
  fault "a line that is commented out would mean nothing"

# Scripts can be run, and everything that a unit, a rule or a script names is there.
while read -r script; do
  [ -x "$script" ] || fault "$script cannot be run"
done < <(grep -rlE -m1 '^#!/bin/sh' "$unpacked/etc/kernel" "$unpacked/usr/lib/hyprelay" "$unpacked"/usr/share/hyprelay/*/hooks)
grep -rhoE '/usr/(lib|share)/hyprelay[a-z/-]*|/usr/sbin/hyprelay' "$unpacked/etc" "$unpacked/usr/lib" |
  sort -u | while read -r name; do
  [ -e "$unpacked$name" ] || fault "$name is named and not there"
done
if command -v systemd-analyze >/dev/null; then
  units=usr/lib/systemd/system
  cp -r "$unpacked" "$work/machine"
  for name in sysinit local-fs multi-user; do
    echo "[Unit]" >"$work/machine/$units/$name.target"
  done
  systemd-analyze verify --man=no --root="$work/machine" hyprelay-kdump.service hyprelay-kexec.service ||
    fault "systemd does not understand a unit"
fi

# A root with a shell and what the maintainer scripts call: no machine's systemd is in it.
if ! [ "$(id -u)" = 0 ] || ! chroot / true 2>/dev/null; then
  echo "package: not root: what dpkg makes of it was not tried"
  exit 0
fi
root=$work/root
mkdir -p "$root"/{bin,sbin,usr/bin,var/lib/dpkg,proc}
for tool in sh grep rm ln readlink dpkg-divert; do
  program=$(command -v $tool)
  cp -L "$program" "$root/bin/$tool"
  ldd "$program" | grep -oE '/[^ ]+' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
done
touch "$root/var/lib/dpkg/status" "$root/sbin/init"
(cd "$root" && find . -not -path './var/lib/dpkg*' | sort) >"$work/before"
in_root() { dpkg --root="$root" --force-not-root --force-architecture --force-confold --log=/dev/null "$@" >"$work/dpkg.log" 2>&1 ||
  { cat "$work/dpkg.log"; fault "dpkg $1"; }; }

# kexec_tools VERSION: a package that has kexec where kexec-tools has it.
kexec_tools() {
  mkdir -p "$work/tools/DEBIAN" "$work/tools/sbin"
  printf 'Package: kexec-tools\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: kexec\n' \
    "$1" >"$work/tools/DEBIAN/control"
  echo "kexec-tools $1" >"$work/tools/sbin/kexec"
  dpkg-deb --build --root-owner-group "$work/tools" "$work/kexec-tools_$1.deb" >/dev/null
  in_root -i "$work/kexec-tools_$1.deb"
}
# kexec_is TEXT: what /sbin/kexec is, of whichever package.
kexec_is() { [ "$(readlink "$root/sbin/kexec" || cat "$root/sbin/kexec")" = "$1" ] || fault "/sbin/kexec is not $1: $2"; }
as_kexec() { chroot "$root" /usr/lib/hyprelay/as-kexec "$1"; }
ours=/usr/sbin/hyprelay-kexec

in_root -i "$deb"
grep -q 'add crashkernel=SIZE' "$work/dpkg.log" || fault "nobody is told of crashkernel="
[ ! -e "$root/sbin/kexec" ] || fault "/sbin/kexec is there, and nobody has asked for it"
as_kexec on
kexec_is $ours "without kexec-tools"
kexec_tools 1
kexec_is $ours "kexec-tools came later"
[[ $(as_kexec status) = '/sbin/kexec is hyprelay-kexec'* ]] || fault "as-kexec status: $(as_kexec status)"
as_kexec off
kexec_is "kexec-tools 1" "switched off"
as_kexec off
as_kexec on
as_kexec on
kexec_tools 2
kexec_is $ours "kexec-tools was upgraded"
[ "$(cat "$root/sbin/kexec.kexec-tools")" = "kexec-tools 2" ] || fault "the upgrade of kexec-tools is lost"
echo "capture_after=shell" >>"$root/etc/hyprelay.conf"
build 1.2.4
in_root -i "$work/hyprelay_1.2.4_$arch.deb"
kexec_is $ours "hyprelay was upgraded"
grep -qx capture_after=shell "$root/etc/hyprelay.conf" || fault "an upgrade lost the configuration"
mkdir -p "$root/var/lib/hyprelay" "$root/var/crash/20261120T120000Z-6.1.0"
touch "$root/var/lib/hyprelay/initrd.img-6.1.0" "$root/var/crash/20261120T120000Z-6.1.0/dmesg.txt"
in_root -r hyprelay
[ -e "$root/etc/hyprelay.conf" ] || fault "removing took the configuration"
kexec_is "kexec-tools 2" "hyprelay was removed"
[ -z "$(chroot "$root" dpkg-divert --list)" ] || fault "a diversion stays"
in_root -P kexec-tools
in_root -P hyprelay
[ -e "$root/var/crash/20261120T120000Z-6.1.0/dmesg.txt" ] || fault "purging took a dump"
rm -r "$root/var/crash"
(cd "$root" && find . -not -path './var/lib/dpkg*' | sort) >"$work/after"
diff "$work/before" "$work/after" || fault "purging left something behind"
