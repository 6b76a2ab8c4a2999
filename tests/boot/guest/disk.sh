#!/busybox sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=dash
# The guest's disk, /dev/vda, with the drivers of /drivers.
#   disk.sh busy   leaves reads and writes running, with requests in flight at any time
#   disk.sh read   reads 1 MiB, which takes interrupts of the device
set -eu
for driver in virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk; do
  /busybox insmod "/drivers/$driver.ko"
done

# reads writes in-flight
# shellcheck disable=SC2016 # awk expands it
counts() { /busybox awk '{ print $1, $5, $9 }' /sys/block/vda/stat; }

case $1 in
  busy)
    for _ in 1 2 3 4; do
      (while :; do /busybox dd if=/dev/vda of=/dev/null bs=64k iflag=direct; done) 2>/dev/null &
      (while :; do /busybox dd if=/dev/zero of=/dev/vda bs=64k oflag=direct; done) 2>/dev/null &
    done
    set -- 0 0 0
    while [ "$1" -lt 50 ] || [ "$2" -lt 50 ] || [ "$3" -eq 0 ]; do
      # shellcheck disable=SC2046 # three words
      set -- $(counts)
    done
    echo "disk.sh: busy, $1 reads, $2 writes, $3 in flight"
    ;;
  read)
    /busybox dd if=/dev/vda of=/dev/null bs=64k count=16 iflag=direct
    echo "disk.sh: 1 MiB was read"
    ;;
esac
/busybox grep virtio /proc/interrupts
