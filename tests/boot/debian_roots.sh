# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by ./x, whose functions and variables it uses: a small Debian for each architecture, from which
# system_test.sh makes its disks.

# What runs a system, and what the package that is tested can make use of.
ROOT_PACKAGES=('?essential' systemd-sysv udev initramfs-tools busybox-static e2fsprogs makedumpfile zstd)

# download_root ARCH KERNEL FOLDER: the packages, what they depend on, and the newest kernel that can be had.
download_root() {
  local arch=$1 kernel bootloader=()
  # What QEMU's EFI firmware starts; the other one's kernel is started by QEMU.
  [ "$arch" != arm64 ] || bootloader=(grub-efi-arm64-bin grub2-common)
  mkdir -p "$3/partial"
  for kernel in $(candidates "$arch" "$2"); do
    say "x: fetching a Debian with $kernel for $arch"
    retry 3 foreign "$arch" apt-get -y -o Dir::Cache::archives="$3/" -o Debug::NoLocking=1 --no-install-recommends \
      --download-only install "${ROOT_PACKAGES[@]}" "${bootloader[@]}" "$kernel" >>"$CACHE/apt/$arch/log" 2>&1 && return
  done
  rm -rf "$3" "$CACHE/apt/$arch/ready"
  die "cannot fetch a Debian for $arch: is the mirror reachable? (log: $CACHE/apt/$arch/log)"
}

# need_root ARCH KERNEL: made once, and again when what it is made of or by has changed.
need_root() {
  local arch=$1 root=$CACHE/roots/$1 key debs
  key=$(cat tests/boot/debian_roots.sh tests/boot/debian_root.sh | sha256sum)
  [ "$(cat "$root.key" 2>/dev/null)" != "$key" ] || return 0
  need cpio dosfstools e2fsprogs fdisk kmod mtools
  foreign_setup "$arch"
  mkdir -p "$CACHE/roots"
  debs=$(mktemp -d -p "$CACHE")
  download_root "$arch" "$2" "$debs"
  say "x: making a disk of it"
  rm -f "$root".*
  tests/boot/debian_root.sh "$arch" "$debs" "$root"
  rm -rf "$debs"
  echo "$key" >"$root.key"
}

need_roots() {
  need_root armhf linux-image-armmp
  need_root arm64 linux-image-arm64
}
