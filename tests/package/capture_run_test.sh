#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What runs in the capture initrd, with real mounts, the real hyprelay and a real memory image, in mount
# and process namespaces of its own. Only what would end the machine is replaced.
# Usage: capture_run_test.sh CAPTURE_RUN HOST_HYPRELAY CORE_ZST
set -euo pipefail
capture_run=$1 hyprelay=$2 core=$3
if ! unshare --mount --pid --fork true 2>/dev/null; then
  echo "no mount namespace of its own here"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
zstd -q -d "$core" -o "$work/core"
mkdir "$work/bin"
for end in reboot poweroff; do
  # shellcheck disable=SC2016 # of that script
  printf '#!/bin/sh\necho "ended by %s"\nkill -9 $PPID\n' $end >"$work/bin/$end"
done
# shellcheck disable=SC2016 # of that script
printf '#!/bin/sh\ncase $1 in capture) shift; exec %s capture --vmcore %s "$@" ;; esac\nexec %s "$@"\n' \
  "$work/hyprelay" "$work/core" "$work/hyprelay" >"$work/bin/hyprelay"
cp "$hyprelay" "$work/hyprelay"
cp "$capture_run" "$work/capture-run"
chmod +x "$work"/bin/*

# The initrd is this machine's root below an overlay. The disk is mounted read-only on /root, as the
# root filesystem, and once more on /disk, for devices and the other filesystems of fstab. Nothing may reach
# this machine's sysrq.
inside=$work/inside
cat >"$inside" <<'INSIDE'
set -euo pipefail
work=$1
mount --make-rprivate /
mkdir -p "$work/layer"
mount -t tmpfs tmpfs "$work/layer"
mkdir "$work/layer/upper" "$work/layer/work" "$work/layer/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/layer/upper,workdir=$work/layer/work" "$work/layer/root"
root=$work/layer/root
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root$work" "$root/disk"
mount --rbind "$work" "$root$work"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for node in null zero full random urandom; do
  touch "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
ln -s /proc/self/fd "$root/dev/fd"
# None of this machine: what is written to it is read here.
if [ -e "$work/armed" ]; then
  mkfifo "$root/dev/watchdog0"
  cat "$root/dev/watchdog0" >"$work/served" &
fi
touch "$work/sysrq"
if [ -e "$root/proc/sysrq-trigger" ]; then
  mount --bind "$work/sysrq" "$root/proc/sysrq-trigger"
fi
mount --bind "$work/disk" "$root/disk"
mount --bind "$work/disk" "$root/root"
mount -o remount,ro,bind "$root/root"
cp "$work/conf" "$root/etc/hyprelay.conf"
exec chroot "$root" /bin/bash -c '
  if [ -e /proc/sysrq-trigger ]; then
    mountpoint -q /proc/sysrq-trigger || exit 99
  fi
  work=$1
  export PATH=$work/bin:$PATH
  shift
  for call in "$@"; do
    /bin/sh "$work/capture-run" $call || true
  done' - "$@"
INSIDE

# try NAME CONFIGURATION CALL...: capture-run with these arguments, one after the other, as the initrd
# calls it. The partition holds `content`.
content=
fstab=
try() {
  name=$1
  rm -rf "$work/disk"
  mkdir -p "$work/disk/etc" "$work/disk/other"
  printf '%s\n' "$fstab" >"$work/disk/etc/fstab"
  printf '%s' "$content" >"$work/disk/partition"
  truncate -s 4M "$work/disk/partition"
  printf '%s\n' "$2" >"$work/conf"
  unshare --mount --pid --fork bash "$inside" "$work" "${@:3}" >"$work/said" 2>&1 || true
}
failures=0
fault() {
  echo "$name: $1"
  cat "$work/said"
  failures=$((failures + 1))
}
there() { compgen -G "$work/disk/$1" >/dev/null || fault "there is no $1"; }
not_there() { ! compgen -G "$work/disk/$1" >/dev/null || fault "there is $1"; }
said() { grep -q "$1" "$work/said" || fault "it did not say: $1"; }
on_partition() {
  "$hyprelay" capture --from-device "$work/disk/partition" --to "$work/disk/fetched" >/dev/null 2>&1 || true
  there 'fetched/*/vmcore.zst'
}

common='capture_format=zstd
capture_after=reboot
capture_on_failure=poweroff'
directory=capture_to=/var/crash
partition=capture_to=device:/disk/partition

try "a directory of the root filesystem" "$directory
$common" before-root "with-root /root"
there 'var/crash/*/dmesg.txt'
there 'var/crash/*/vmcore.zst'
there 'var/crash/*/SHA256SUMS'
said "ended by reboot"

# With a line for somebody else's filesystem, and options of mount(8) and systemd.
fstab='# comment
/disk/etc /srv none bind 0 0
/disk/other /var none bind,noauto,nofail,x-systemd.device-timeout=5 0 2'
try "a directory of a filesystem of its own" "$directory
$common" before-root "with-root /root"
there 'other/crash/*/vmcore.zst'
not_there 'var/crash/*'
said "ended by reboot"

# As mount(8) reads it: a slash too many, a blank as octal, options with a glob and with a comma in quotes.
fstab='/other /var/spool//\040dumps/ none defaults,bind,nofail,x-systemd.requires=/*,_netdev 0 2'
try "a mount point that is written as fstab allows" "capture_to='/var/spool/ dumps/crash'
$common" before-root "with-root /root"
there 'other/crash/*/vmcore.zst'
not_there 'var/spool/ dumps/crash'
said "ended by reboot"
fstab='tmpfs /var tmpfs size=1m,ro,noexec 0 0'
try "a filesystem that fstab has read-only" "$directory
$common" before-root "with-root /root"
not_there 'var/crash/*'
said "log of the dead kernel saved"
fstab=

try "a directory of the name that the initrd mounts the root filesystem on" "capture_to=/root/crash
$common" before-root "with-root /root"
there 'root/crash/*/vmcore.zst'
said "ended by reboot"

touch "$work/armed"
try "a partition, before the root filesystem is touched" "$partition
$common" before-root
on_partition
said "ended by reboot"
rm "$work/armed"
grep -qx '\.\.*V' "$work/served" || fault "the watchdog was not served until the end: $(cat "$work/served")"

content=data
try "a partition that is used, and nothing else" "$partition
$common" before-root
said "the device holds data already"
said "ended by poweroff"

try "a partition that is used, and a directory" "$partition
capture_fallback=/var/crash
$common" before-root "with-root /root"
there 'var/crash/*/vmcore.zst'
said "ended by reboot"
content=

try "no root filesystem, and a partition" "$directory
capture_fallback=device:/disk/partition
$common" before-root without-root
on_partition
said "ended by reboot"

try "no root filesystem, and nothing else" "$directory
$common" before-root without-root
said "the end of the dead kernel's log"
said "ended by poweroff"
exit $((failures != 0))
