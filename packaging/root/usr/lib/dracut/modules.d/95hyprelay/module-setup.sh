#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# dracut's module for the capture initrd. Only capture-initrd asks for it.

check() {
  return 255
}

depends() {
  local needs=base
  case "$(hyprelay config capture_to 2>/dev/null) $(hyprelay config capture_fallback 2>/dev/null)" in
    *ssh:*) needs="$needs network" ;;
  esac
  echo "$needs"
}

install() {
  inst_multiple hyprelay blkid mount umount sync reboot poweroff mkdir sleep
  inst_multiple -o makedumpfile ssh
  inst_simple /usr/lib/hyprelay/capture-run
  inst_simple /etc/hyprelay.conf
  local key
  key=$(hyprelay config capture_ssh_key 2>/dev/null)
  [ -z "$key" ] || inst_simple "$key"
  local file
  for file in /root/.ssh/config /root/.ssh/known_hosts /root/.ssh/id_*; do
    [ ! -f "$file" ] || inst_simple "$file"
  done
  # shellcheck disable=SC2154 # dracut sets it
  inst_hook pre-mount 99 "$moddir/before-root.sh"
  inst_hook pre-pivot 99 "$moddir/with-root.sh"
  inst_hook emergency 01 "$moddir/without-root.sh"
}
