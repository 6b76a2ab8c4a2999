#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# dracut's module for the capture initrd. Only capture-initrd asks for it.

check() {
  return 255
}

# The destinations, one on each line.
destinations() {
  hyprelay config capture_to 2>/dev/null
  hyprelay config capture_fallback 2>/dev/null
}

depends() {
  local needs=base
  case "$(destinations)" in *ssh:*) needs="$needs network" ;; esac
  echo "$needs"
}

# Drivers of the root filesystem alone would go in otherwise.
installkernel() {
  # A watchdog that was armed goes on when the kernel dies. Its driver stops it, or keeps it alive until the
  # dump is saved; udev loads it.
  local module
  for module in $(/usr/lib/hyprelay/watchdog-modules); do
    instmods "$module"
  done
  local destination
  while read -r destination; do
    case $destination in
      /*) instmods "$(findmnt -n -o FSTYPE -T "$destination")" ;;
    esac
  done < <(destinations)
}

install() {
  inst_multiple hyprelay findmnt mount umount sync reboot poweroff mkdir sleep
  inst_multiple -o makedumpfile ssh
  inst_simple /usr/lib/hyprelay/capture-run
  inst_simple /etc/hyprelay.conf
  local file
  if [[ "$(destinations)" == *ssh:* ]]; then
    for file in /root/.ssh/config /root/.ssh/known_hosts; do
      [ ! -f "$file" ] || inst_simple "$file"
    done
    while IFS= read -r file; do
      inst_simple "$file"
    done < <(/usr/lib/hyprelay/capture-ssh-key)
    # shellcheck disable=SC2154 # dracut sets it
    mkdir -p "$initdir/etc/cmdline.d"
    echo "rd.neednet=1 ip=dhcp" >"$initdir/etc/cmdline.d/95hyprelay.conf"
  fi
  # shellcheck disable=SC2154 # dracut sets it
  inst_hook pre-mount 99 "$moddir/before-root.sh"
  inst_hook pre-pivot 99 "$moddir/with-root.sh"
  inst_hook emergency 01 "$moddir/without-root.sh"
}
