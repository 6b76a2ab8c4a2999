#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A whole Debian in QEMU. Our package is installed in it, its kernel panics, the dump lies on its disk when it
# is booted again, and kexec, which is hyprelay-kexec there, brings it up once more: called by systemctl kexec on armhf,
# as petitboot calls it on arm64. Judged by the console alone. armhf: QEMU gives the
# kernel to a machine with a device tree. arm64: EDK2 with ACPI, and the kernel that GRUB finds on its disk.
# Usage: system_test.sh SOURCE CACHE ARCH BINARY HOST_HYPRELAY STRIP FOLDER
#   ARCH     Debian's name: armhf, arm64
#   BINARY   the static hyprelay for ARCH, which STRIP can strip; with HOST_HYPRELAY the package is built of it
#   FOLDER   where the consoles are left
set -euo pipefail
source=$1 cache=$2 arch=$3 binary=$4 host=$5 strip=$6 folder=$7
root=$cache/roots/$arch
# Of the kernel's own lines only what matters, all of the guest's, and nothing from systemd. No tests of the kernel's
# own ciphers: they take each kernel a second. Programs lie where they lay before, so that QEMU finds what it has
# translated of them: mkinitramfs, 1600 programs one after the other, takes half the time. The second CPU comes when the
# guest asks for it: emulated ones slow each other down.
words="console=ttyAMA0 panic=1 maxcpus=1 loglevel=5 printk.devkmsg=on systemd.show_status=no cryptomgr.notests norandmaps"
memory=() memory_says=() watchdog=() watchdog_says=() slow_says=() grub_says=() entry_says=() after_says=("guest: ok: the command line of systemd's entry")
over_says=("guest: ok: entries for systemd" "guest: systemctl kexec")
# More than is needed: the guest gives back all but what is recommended.
crashkernel=256M
case $arch in
  armhf)
    hyp=HYP
    qemu=(qemu-system-arm -M "virt,virtualization=on" -cpu cortex-a15)
    ;;
  arm64)
    hyp=EL2
    qemu=(qemu-system-aarch64 -M "virt,virtualization=on,gic-version=3" -cpu cortex-a57)
    # Memory that comes when the guest loads its driver. (What is there at boot can never go on arm64.)
    memory=(-m "1024,maxmem=2G" -object "memory-backend-ram,id=more,size=256M"
      -device "virtio-mem-pci,memdev=more,requested-size=256M")
    memory_says=("guest: ok: memory came, the dump will hold 256 MiB more")
    # It resets the guest 30 seconds after it was served last, which ends QEMU. The capture takes longer.
    watchdog=(-device i6300esb)
    watchdog_says=("guest: ok: a watchdog is armed")
    slow_says=("guest: a slow disk")
    words+=" i6300esb.heartbeat=30"
    # Without KPTI, which KASLR switches on: QEMU flushes its TLB at every entry to the kernel and back then, and
    # half of the time goes there.
    words+=" modprobe.blacklist=virtio_mem kpti=0"
    grub_says=("guest: ok: EFI and ACPI" "guest: ok: crashkernel= where the advice says, and update-grub"
      "guest: ok: what GRUB will boot is next")
    entry_says=("guest: ok: by GRUB's entry, as was said")
    over_says=("guest: ok: loaded as petitboot does" "guest: kexec -e")
    after_says=("guest: ok: the command line of GRUB's entry" "guest: ok: EFI and ACPI")
    ;;
esac
[ -e "$root.disk" ] || { echo "no $root.disk: ./x fetch"; exit 1; }
disk=$folder/$arch.disk
mkdir -p "$folder"
STRIP=$strip "$source/packaging/build_deb.sh" "$arch" "$binary" "$host" 1.2.3 "$folder" >/dev/null
deb=$folder/hyprelay_1.2.3_$arch.deb
trap 'rm -f "$disk"' EXIT

# Each test has a disk of its own; the guest's part runs when all is up.
make_disk() {
  cp --sparse=always "$root.disk" "$disk"
  cat >"$folder/$arch.service" <<'UNIT'
[Unit]
Description=The guest's part of the test
After=multi-user.target hyprelay-kdump.service
[Service]
Type=oneshot
ExecStart=/bin/bash /root/guest.sh
TimeoutStartSec=infinity
UNIT
  # As its administrator may: still zstd, without the seconds that its usual level takes under emulation.
  echo "COMPRESSLEVEL=1" >"$folder/$arch.level"
  debugfs -w -f - "$disk?offset=$(cat "$root.offset")" >"$folder/$arch.debugfs" 2>&1 <<COMMANDS
cd /root
write $source/tests/boot/system_guest.sh guest.sh
write $deb hyprelay.deb
cd /etc/initramfs-tools/conf.d
write $folder/$arch.level level
cd /etc/systemd/system
write $folder/$arch.service guest.service
mkdir /etc/systemd/system/multi-user.target.wants
symlink /etc/systemd/system/multi-user.target.wants/guest.service ../guest.service
COMMANDS
}

# What the administrator has set for update-grub, and a menu that is not made by it: this once the machine boots with
# a crashkernel= that was typed in.
configure_grub() {
  cat >"$folder/$arch.grub" <<GRUB
GRUB_TIMEOUT=0
GRUB_TERMINAL=console
GRUB_CMDLINE_LINUX="$words"
GRUB
  cat >"$folder/$arch.grub.cfg" <<GRUB
set timeout=0
menuentry 'Debian GNU/Linux' {
  linux /vmlinuz root=/dev/vda2 ro $words crashkernel=$crashkernel
  initrd /initrd.img
}
GRUB
  debugfs -w -f - "$disk?offset=$(cat "$root.offset")" >>"$folder/$arch.debugfs" 2>&1 <<COMMANDS
cd /etc/default/grub.d
write $folder/$arch.grub test.cfg
cd /boot/grub
write $folder/$arch.grub.cfg grub.cfg
COMMANDS
}

# set_starter: QEMU's options for what starts the kernel, whose words are in GRUB's menu where GRUB does.
set_starter() {
  case $arch in
    armhf)
      starter=(-kernel "$root.kernel" -initrd "$root.initrd" -append "root=/dev/vda crashkernel=$crashkernel $words"
        -device "virtio-blk-device,drive=disk")
      ;;
    arm64) starter=(-bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd -device "virtio-blk-pci,drive=disk") ;;
  esac
}

# boot CONSOLE: until the guest resets, or is switched off.
boot() {
  set_starter
  : >"$1"
  timeout --kill-after=5 1200 "${qemu[@]}" -smp 2 -m 1024 -display none -nic none -no-reboot -monitor none \
    -serial "file:$1" "${memory[@]}" "${watchdog[@]}" "${starter[@]}" \
    -drive "file=$disk,format=raw,if=none,id=disk,cache=unsafe" </dev/null || true
}

# says CONSOLE TEXT...: every one of them, in this order.
says() {
  local console=$1 from=1 at text
  shift
  for text in "$@"; do
    at=$(tail -n "+$from" "$console" | grep -anE -m 1 -- "$text" | cut -d: -f1) || true
    if [ -z "$at" ]; then
      echo "not ok: $text"
      echo "--- $console"
      tail -n 40 "$console"
      exit 1
    fi
    echo "ok: $text"
    from=$((from + at))
  done
}

make_disk
[ "$arch" = armhf ] || configure_grub
boot "$folder/$arch.1.console"
says "$folder/$arch.1.console" "guest: ok: dpkg -i" "guest: ok: enabled" "guest: ok: a crash kernel is loaded" \
  "${grub_says[@]}" "guest: ok: no more is reserved than recommended" "guest: ok: a CPU came, loaded again" "${memory_says[@]}" \
  "${watchdog_says[@]}" "guest: ok: hyprelay test" "guest: ok: a quarter less than recommended is refused" "guest: panic" \
  "Kernel panic - not syncing: sysrq triggered crash" \
  "hyprelay relay: starting next kernel at .* in $hyp, 5 segments verified" \
  "${slow_says[@]}" "log of the dead kernel saved: /var/crash/" "hyprelay: rebooting"
# As a user would boot it.
crashkernel=$(sed -n 's/.*guest: recommended: crashkernel=//p' "$folder/$arch.1.console" | tr -d '\r')
boot "$folder/$arch.2.console"
says "$folder/$arch.2.console" "guest: after the panic" "guest: ok: loaded by itself" \
  "guest: ok: as much is reserved as recommended" "${entry_says[@]}" \
  "guest: ok: with the same capture initrd" "guest: ok: its digests" "guest: ok: its log" "guest: ok: its log by makedumpfile" \
  "guest: ok: the same panic" "guest: ok: a next kernel is loaded" "guest: ok: kexec is ours" "guest: ok: kexec -u" \
  "guest: ok: kexec -S: not loaded" "${over_says[@]}" \
  "hyprelay relay: starting next kernel at .* in $hyp, 4 segments verified" \
  "guest: after the handoff" "${after_says[@]}" "guest: ok: at HYP/EL2" \
  "guest: ok: loaded by itself again" "guest: power off"
