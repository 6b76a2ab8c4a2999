#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# In the Debian guest of system_test.sh, at the end of every boot: what its user would do. A line for each
# thing, as one record of the kernel's log, so that nothing is printed into it and none is lost in a panic.
set -u
say() { echo "<2>guest: $*" >/dev/kmsg; }

# check NAME COMMAND...: the first thing that is wrong ends the guest.
check() {
  local name=$1
  shift
  if "$@" >/run/guest.out 2>&1; then
    say "ok: $name, at $(cut -d' ' -f1 /proc/uptime) s"
    return
  fi
  say "not ok: $name"
  tail -n 20 /run/guest.out | while read -r line; do say "| $line"; done
  journalctl -q --no-pager -o cat -n 20 -u 'hyprelay-*' | while read -r line; do say "  $line"; done
  poweroff -f
  exit 1
}
show() { "$@" 2>&1 | while read -r line; do say "| $line"; done; }

says() {
  local text=$1
  shift
  "$@" | tee /run/guest.said
  grep -q -- "$text" /run/guest.said
}
reloads() { journalctl -q --no-pager -o cat -u hyprelay-kdump.service | grep -c '^Reloaded '; }
# reloaded COUNT: within three minutes, and whole.
reloaded() {
  local end=$((SECONDS + 180))
  while [ "$(reloads)" -lt "$1" ] && [ $SECONDS -lt $end ]; do
    sleep 1
  done
  [ "$(reloads)" -ge "$1" ] && [ "$(cat /sys/kernel/kexec_crash_loaded)" = 1 ]
}
# dump_holds SIZE: the crash kernel is loaded with a header of that much memory, within three minutes.
dump_holds() {
  local end=$((SECONDS + 180))
  until journalctl -q --no-pager -o cat -u hyprelay-kdump.service | grep 'the dump will hold' | tail -n 1 | grep -F " $1"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 1
  done
}
# A reload that is under way has dropped what was loaded: a panic has to wait.
reloads_over() {
  local end=$((SECONDS + 180))
  udevadm settle
  while systemctl list-jobs --no-legend | grep hyprelay-kdump; do
    [ $SECONDS -lt $end ] || return 1
    sleep 1
  done
  crash_loaded
}
crash_loaded() { systemctl is-active hyprelay-kdump.service && [ "$(cat /sys/kernel/kexec_crash_loaded)" = 1 ]; }

estimate() {
  hyprelay crashkernel estimate --kernel /boot/vmlinuz-"$(uname -r)" --initrd /var/lib/hyprelay/initrd.img-"$(uname -r)" "$@"
}
recommended() { estimate --json | sed 's/.*"recommended_bytes":\([0-9]*\).*/\1/'; }
# System RAM less the crash kernel, and COUNT MiB more, as the plan prints sizes.
memory_to_dump() {
  local sum=$(($1 * 1048576 - $(cat /sys/kernel/kexec_crash_size))) first last
  while read -r first last; do
    sum=$((sum + 16#$last - 16#$first + 1))
  done < <(sed -n 's/^\([0-9a-f]*\)-\([0-9a-f]*\) : System RAM$/\1 \2/p' /proc/iomem)
  awk "BEGIN { mib = $sum / 1048576; if (mib < 1024) printf \"%.1f MiB\", mib; else printf \"%.1f GiB\", mib / 1024 }"
}
# A kernel gives back what is reserved for a crash kernel as long as none is loaded.
reserve() {
  hyprelay unload --panic && echo "$1" >/sys/kernel/kexec_crash_size && [ "$(cat /sys/kernel/kexec_crash_size)" = "$1" ]
}
# The same machine with a region of three quarters of what is recommended, which is there.
a_quarter_less_is_refused() {
  local here
  here=$(cat /sys/kernel/kexec_crash_size)
  hyprelay machine | sed "s/\"size_bytes\": $here\b/\"size_bytes\": $((here * 3 / 4))/" >/run/smaller.json
  says "not ok  region" hyprelay test --machine /run/smaller.json
}
# Until the panic it is served each second.
watchdog_is_armed() {
  (while printf .; do sleep 1; done) >/dev/watchdog0 2>/run/watchdog &
  sleep 1
  grep -x active /sys/class/watchdog/watchdog0/state
}
test_finds_its_driver() {
  hyprelay test >/run/guest.said || { cat /run/guest.said; return 1; }
  cat /run/guest.said
  grep -q " s) is armed; the initrd has its driver i6300esb" /run/guest.said
}
# Longer than the watchdog lasts when nobody serves it: in the capture initrd, between the arrival of its drivers
# and the dump.
make_the_capture_slow() {
  local script=/etc/initramfs-tools/scripts/local-premount/slow
  cat >$script <<SLOW
#!/bin/sh
[ "\$1" != prereqs ] || exit 0
echo "guest: a slow disk"
sleep $(($(cat /sys/class/watchdog/watchdog0/timeout) + 2))
SLOW
  chmod +x $script
}

# What Linux itself says they are.
report_is_clean() {
  local address
  hyprelay report -o /run/report && hyprelay probe --machine /run/report && grep "^hyprelay report 1$" /run/report || return 1
  while read -r address; do
    ! grep -iF -e "$address" -e "${address//:/}" /run/report || return 1
  done < <(cat /sys/class/net/*/address | grep -v '^00:00:00:00:00:00$')
}

by_grub() { [ -e /boot/grub/grub.cfg ]; }
by_acpi() { [ -d /sys/firmware/efi ] && [ -e /sys/firmware/acpi/tables/APIC ] && [ ! -e /proc/device-tree ]; }
# What the estimate advises is done to the letter.
follow_the_advice() {
  [[ $(estimate) =~ 'to set it:  write '(.*)' into '(/[^ ]*)', then run update-grub, and reboot' ]] || return 1
  echo "${BASH_REMATCH[1]}" | tee "${BASH_REMATCH[2]}"
  [ "${BASH_REMATCH[2]}" = /etc/default/grub.d/hyprelay.cfg ] && update-grub
}
# The running kernel was started by another line: what comes next is what update-grub has written.
grub_entry_is_next() {
  hyprelay config next_command_line | tee /root/next
  [ "$(hyprelay config next_kernel)" = "/boot/vmlinuz-$(uname -r)" ] &&
    [ "$(hyprelay config next_initrd)" = "/boot/initrd.img-$(uname -r)" ] &&
    grep -q "^root=UUID=.* crashkernel=$(($(cat /root/recommended) / 1048576))M$" /root/next
}

# Who calls kexec calls ours from here on.
kexec_is_ours() { /usr/lib/hyprelay/as-kexec on && says hyprelay-kexec kexec -v; }
# status_is CODE: of kexec -S, for the next kernel.
status_is() {
  local code=0
  kexec -S -l || code=$?
  [ $code = "$1" ]
}
# As it stands in petitboot's discover/boot.c.
load_as_petitboot() {
  kexec -l --debug --initrd=/boot/initrd.img-"$(uname -r)" --append="$(cat /root/next)" /boot/vmlinuz-"$(uname -r)"
}
# What systemctl kexec looks for when nothing is loaded. The other entry is newer, and not the default.
write_entries() {
  local folder=/boot/loader/entries name
  mkdir -p $folder
  echo "default wanted.conf" >/boot/loader/loader.conf
  for name in other wanted; do
    cat >$folder/$name.conf <<ENTRY
title      $name
version    $([ $name = wanted ] && echo 1 || echo 2)
linux      /vmlinuz-$(uname -r)
initrd     /initrd.img-$(uname -r)
options    $(tr -d '\n' </proc/cmdline)
options    entry=$name
ENTRY
  done
}
by_systemds_entry() { grep -w entry=wanted /proc/cmdline; }
by_grubs_entry() { [[ $(cat /proc/cmdline) = "BOOT_IMAGE=/boot/vmlinuz-$(uname -r) $(cat /root/next)" ]]; }

boot_and_panic() {
  say "a system without hyprelay"
  # Drivers come by themselves.
  udevadm settle
  [ ! -e /dev/watchdog0 ] || check "the capture will be slow" make_the_capture_slow
  check "dpkg -i" dpkg -i /root/hyprelay.deb
  check "enabled" systemctl is-enabled hyprelay-kdump.service
  check "a crash kernel is loaded" crash_loaded
  show ls -l /var/lib/hyprelay
  show hyprelay status
  show estimate
  local before
  before=$(recommended)
  echo "$before" >/root/recommended
  say "recommended: crashkernel=$((before / 1048576))M"
  if by_grub; then
    check "EFI and ACPI" by_acpi
    check "crashkernel= where the advice says, and update-grub" follow_the_advice
    check "what GRUB will boot is next" grub_entry_is_next
    show cat /root/next
  fi
  check "no more is reserved than recommended" reserve "$before"
  before=$(reloads)
  echo 1 >/sys/devices/system/cpu/cpu1/online
  check "a CPU came, loaded again" reloaded $((before + 1))
  if grep -qw modprobe.blacklist=virtio_mem /proc/cmdline; then
    check "the dump will hold $(memory_to_dump 0)" dump_holds "$(memory_to_dump 0)"
    before=$(memory_to_dump 256)
    echo online >/sys/devices/system/memory/auto_online_blocks
    check "256 MiB are plugged in" modprobe virtio_mem
    check "memory came, the dump will hold 256 MiB more" dump_holds "$before"
  fi
  check "no reload is under way" reloads_over
  if [ -e /dev/watchdog0 ]; then
    check "a watchdog is armed" watchdog_is_armed
    check "hyprelay test" test_finds_its_driver
  else
    check "hyprelay test" hyprelay test
  fi
  show cat /run/guest.out
  check "a quarter less than recommended is refused" a_quarter_less_is_refused
  touch /root/panicked
  sync
  say "panic"
  hyprelay test --really --yes >/run/guest.out 2>&1
  check "a panic, by hyprelay test --really" false
}

find_dump() {
  say "after the panic"
  check "loaded by itself" crash_loaded
  check "as much is reserved as recommended" cmp /root/recommended /sys/kernel/kexec_crash_size
  if by_grub; then
    check "by GRUB's entry, as was said" by_grubs_entry
  fi
  check "with the same capture initrd" test /var/lib/hyprelay/initrd.img-"$(uname -r)" -ot /root/panicked
  show find /var/crash -type f -size +0
  cd /var/crash/*/ || check "one dump" false
  check "its digests" sha256sum -c SHA256SUMS
  check "its log" grep "sysrq triggered crash" dmesg.txt
  check "its log by makedumpfile" makedumpfile --dump-dmesg vmcore.kdump /root/dmesg
  check "the same panic" grep "sysrq triggered crash" /root/dmesg
  cd /
  check "hyprelay-kexec" systemctl start hyprelay-kexec.service
  check "a next kernel is loaded" grep -qx 1 /sys/kernel/kexec_loaded
  check "kexec is ours" kexec_is_ours
  check "kexec -S: loaded" status_is 1
  check "kexec -u" kexec -u
  check "kexec -S: not loaded" status_is 0
  if by_grub; then
    check "loaded as petitboot does" load_as_petitboot
    say "kexec -e"
    kexec -e
  else
    check "entries for systemd" write_entries
    say "systemctl kexec"
    SYSTEMD_ESP_PATH=/boot systemctl kexec
  fi
}

after_kexec() {
  say "after the handoff"
  show hyprelay status
  if by_grub; then
    check "the command line of GRUB's entry" cmp /root/next /proc/cmdline
    check "EFI and ACPI" by_acpi
  else
    check "the command line of systemd's entry" by_systemds_entry
  fi
  check "at HYP/EL2" says "by hyprelay, relay entered in $hyp, kernel started in $hyp" hyprelay status
  check "the phases of the handoff" says "^verify  .*%.* digests" hyprelay status --timeline
  check "a report without this machine's secrets" report_is_clean
  check "loaded by itself again" crash_loaded
  say "power off"
  systemctl poweroff
}

case $(uname -m) in
  aarch64) hyp=EL2 ;;
  *) hyp=HYP ;;
esac
if [ ! -e /root/panicked ]; then
  boot_and_panic
elif [ ! -e /root/restarted ]; then
  touch /root/restarted
  find_dump
else
  after_kexec
fi
