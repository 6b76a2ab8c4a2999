# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What boot tests read besides the kernels; sourced by ./x, whose fetch() it calls.
: "${CACHE:?}"

# release ARCH FLAVOUR: of the kernel that was fetched.
release() { sed 's/^linux-image-//' "$CACHE/sysroot/$1/.linux-image-$2"; }
# Kernels of the suites before and behind Debian 12, which hand over to it and are handed over to. A suite goes from the
# mirror some day: what fetch said is kept, for the tests that are skipped then.
need_other_kernels() {
  local suite arch flavour root said
  for suite in bullseye trixie; do
    while read -r arch flavour; do
      root=$CACHE/sysroot/$arch-$suite
      [ ! -e "$root/.linux-image-$flavour" ] || continue
      mkdir -p "$root"
      if said=$( (fetch "$arch-$suite" "linux-image-$flavour" ./boot) 2>&1); then
        rm -f "$root/missing"
      else
        tail -n 1 <<<"$said" >"$root/missing"
      fi
      [ -z "$said" ] || say "$said"
    done <<<$'armhf armmp\narm64 arm64'
  done
}
# The drivers of the guest's disk, and what lists EFI's variables.
need_disk_modules() {
  local arch flavour root
  while read -r arch flavour; do
    root=$CACHE/sysroot/$arch
    # A cache that was filled when less was asked for is filled again.
    compgen -G "$root/lib/modules/$(release "$arch" "$flavour")/kernel/fs/efivarfs/*" >/dev/null ||
      rm -f "$root/.linux-image-$(release "$arch" "$flavour")"
    fetch "$arch" "linux-image-$(release "$arch" "$flavour")" './lib/modules/*/drivers/virtio' \
      './lib/modules/*/drivers/block/virtio_blk.ko' './lib/modules/*/fs/efivarfs'
  done <<<$'armhf armmp\narmhf armmp-lpae\narm64 arm64'
}
# symbols_of ARCH FLAVOUR: that kernel with its symbols; the package is in the same lists as the kernel's.
symbols_of() { echo "$CACHE/sysroot/$1/usr/lib/debug/boot/vmlinux-$(release "$1" "$2")"; }
fetch_symbols() {
  local package
  package=linux-image-$(release "$1" "$2")-dbg
  [ ! -e "$(symbols_of "$1" "$2")" ] || return 0
  rm -f "$CACHE/sysroot/$1/.$package"
  # Without them only the tests that open dumps fail, and say so.
  (fetch "$1" "$package" --occurrence=1 './usr/lib/debug/boot/vmlinux-*') || true
}
# What opens dumps: the symbols, in packages of 600 and 800 MB, of which one file of 250 and 350 MB is
# kept each, and crash for arm64.
need_dump_judges() {
  local symbols
  fetch_symbols armhf armmp
  fetch_symbols arm64 arm64
  fetch arm64 crash ./usr/bin/crash
  fetch_libraries arm64 libncursesw6 libtinfo6 libstdc++6 libsnappy1v5
  # With an index crash takes half the time: otherwise it makes one for itself, emulated.
  symbols=$(symbols_of arm64 arm64)
  [ ! -e "$symbols" ] || readelf -SW "$symbols" | grep -q gdb_index ||
    GDB=gdb-multiarch OBJCOPY=aarch64-linux-gnu-objcopy gdb-add-index "$symbols" || true
}
