#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes a small Debian root from packages that are only unpacked: no program of the other architecture
# runs here, and nothing needs to be mounted.
# Usage: debian_root.sh ARCH FOLDER_OF_DEBS OUTPUT
#   OUTPUT.disk    the root filesystem alone; where GRUB is among the packages, in a partition behind the one
#                  from which EFI firmware starts it
#   OUTPUT.offset  where the root filesystem begins on it, in bytes
#   OUTPUT.initrd  mounts it as root= says; it is /boot/initrd.img-VERSION of the root as well
#   OUTPUT.kernel  its kernel
set -euo pipefail
# Files get the owner who unpacks them: all of them are root's, in a user namespace when need be.
[ "$(id -u)" = 0 ] || exec unshare --map-root-user "$0" "$@"
arch=$1 debs=$2 output=$3
work=$(mktemp -d -p "$(dirname "$output")")
trap 'rm -rf "$work"' EXIT
root=$work/root info=$work/root/var/lib/dpkg/info
umask 022
# Of the root filesystem: by that GRUB finds it, and Linux after it.
uuid=6a1e1f0c-0d3b-4e1b-9a53-6d0c0ffee001
mib=$((1024 * 1024))
root_mib=1536

# Documentation, translations, and drivers of hardware that QEMU's virt does not have: two thirds of
# what would be written.
unwanted=(./usr/share/{doc,man,locale,info,i18n,zoneinfo,lintian,bug}/'*' './boot/System.map-*' './usr/lib/linux-image-*'
  './lib/modules/*/kernel/sound' './lib/modules/*/kernel/net/*/'
  './lib/modules/*/kernel/drivers/'{gpu,media,staging,iio,infiniband,hid,input,usb,scsi,ata,mtd,isdn,mmc,hwmon,power,platform,soundwire,bluetooth,iommu,clk,phy,pinctrl,regulator,spi,i2c,mfd,leds,gpio,soc,thermal,crypto,char,cpufreq,devfreq,dma,edac,extcon,firmware,interconnect,memory,nfc,ntb,nvmem,pwm,remoteproc,rpmsg,rtc,target,uio,vfio,vhost,video,w1}
  # The one watchdog that QEMU has on PCI stays.
  './lib/modules/*/kernel/drivers/watchdog/[!i]*' './lib/modules/*/kernel/drivers/watchdog/i[!6]*'
  './lib/modules/*/kernel/drivers/net'
  './lib/modules/*/kernel/fs/'{afs,btrfs,ceph,cifs,f2fs,gfs2,jfs,nfs,nfsd,ntfs3,ocfs2,smbfs_common,xfs,ubifs,reiserfs,orangefs})

# unpack DEB: its files, and what dpkg keeps of a package that it has unpacked and configured.
unpack() {
  local deb=$1 base file
  dpkg-deb -e "$deb" "$work/control"
  base=$(sed -n 's/^Package: //p' "$work/control/control")
  ! grep -qx 'Multi-Arch: same' "$work/control/control" || base=$base:$arch
  dpkg-deb --fsys-tarfile "$deb" |
    tar -xv -C "$root" --keep-directory-symlink --no-same-owner "${exclude[@]}" |
    sed -e 's/^\.//' -e 's|/$||' -e 's|^$|/.|' >"$info/$base.list"
  {
    sed '1a Status: install ok installed' "$work/control/control"
    if [ -e "$work/control/conffiles" ]; then
      echo Conffiles:
      while read -r file; do
        [ ! -f "$root$file" ] || echo " $file $(md5sum <"$root$file" | cut -d' ' -f1)"
      done <"$work/control/conffiles"
    fi
    echo
  } >>"$root/var/lib/dpkg/status"
  rm "$work/control/control"
  for file in "$work"/control/*; do
    [ ! -e "$file" ] || mv "$file" "$info/$base.${file##*/}"
  done
  rm -r "$work/control"
}

# What the maintainer scripts would have done, as far as the test's boot, initramfs-tools and dpkg need
# it. They would run under emulation for minutes; those of the package that is tested do run.
configure() {
  local unit
  cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
  cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
  sed 's/:.*/:*:19000:0:99999:7:::/' "$root/etc/passwd" >"$root/etc/shadow"
  chmod 0640 "$root/etc/shadow"
  ln -s mawk "$root/usr/bin/awk"
  echo guest >"$root/etc/hostname"
  # An empty one would make it the first boot, with questions.
  echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
  echo "$device / ext4 errors=remount-ro 0 1" >"$root/etc/fstab"
  # Nobody logs in, and each of these costs seconds under emulation.
  for unit in getty.target modprobe@.service systemd-random-seed.service systemd-update-utmp{,-runlevel}.service \
    e2scrub_reap.service; do
    ln -s /dev/null "$root/etc/systemd/system/$unit"
  done
  depmod -b "$root" "$version"
  ln -s "boot/vmlinuz-$version" "$root/vmlinuz"
  ln -s "boot/initrd.img-$version" "$root/initrd.img"
}

# module_files NAME...: their files and those they depend on, below the root.
module_files() {
  local name
  for name in "$@"; do
    # No such line: it is built in.
    sed -n "s|^\(.*/$name\.ko\): *\(.*\)|\1 \2|p" "$root/lib/modules/$version/modules.dep"
  done | tr ' ' '\n' | sed '/^$/d' | sort -u
}

# make_initrd: as small as it can be, since each kernel of the test unpacks it under emulation.
make_initrd() {
  local initrd=$work/initrd modules=(virtio_mmio virtio_pci virtio_blk crc32c_generic ext4) file
  mkdir -p "$initrd"/{bin,dev,proc,sys,root} "$initrd/lib/modules/$version"
  cp "$root/bin/busybox" "$initrd/bin/busybox"
  cp "$root/lib/modules/$version"/modules.{dep,alias,softdep,builtin,order} "$initrd/lib/modules/$version"
  module_files "${modules[@]}" | while read -r file; do
    install -D -m 0644 "$root/lib/modules/$version/$file" "$initrd/lib/modules/$version/$file"
  done
  cat >"$initrd/init" <<INIT
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
for module in ${modules[*]}; do /bin/busybox modprobe -q \$module; done
for word in \$(/bin/busybox cat /proc/cmdline); do
  case \$word in root=*) device=\${word#root=} ;; esac
done
for try in 1 2 3 4 5 6 7 8 9 10; do
  root=\$(/bin/busybox findfs "\$device") && [ -b "\$root" ] && break
  /bin/busybox sleep 1
done
/bin/busybox mount -t ext4 -o ro "\$root" /root || /bin/busybox reboot -f
/bin/busybox mount -o move /dev /root/dev
/bin/busybox umount /proc /sys
exec /bin/busybox switch_root /root /sbin/init
INIT
  chmod 0755 "$initrd/init"
  (cd "$initrd" && find . | LC_ALL=C sort | cpio -o -H newc --quiet) | gzip -1 >"$work/initrd.img"
  cp "$work/initrd.img" "$root/boot/initrd.img-$version"
}

# make_partitions: what grub-install --removable leaves, so that firmware that does not know the disk starts it. The
# image is the one that Debian signs; it reads EFI/debian/grub.cfg of its own partition, and then what update-grub, or
# the test, has written into /boot.
make_partitions() {
  local esp_mib=64
  offset=$(((1 + esp_mib) * mib))
  truncate -s "$((2 + esp_mib + root_mib))M" "$work/disk"
  sfdisk -q "$work/disk" <<TABLE
label: gpt
start=1MiB, size=${esp_mib}MiB, type=uefi
start=$((1 + esp_mib))MiB, size=${root_mib}MiB, type=linux
TABLE
  cat >"$work/grub.cfg" <<GRUB
search.fs_uuid $uuid root
set prefix=(\$root)'/boot/grub'
configfile \$prefix/grub.cfg
GRUB
  mkfs.vfat -F 32 -C "$work/esp" $((esp_mib * 1024)) >/dev/null
  mmd -i "$work/esp" ::EFI ::EFI/BOOT ::EFI/debian
  mcopy -i "$work/esp" "$image" ::EFI/BOOT/BOOTAA64.EFI
  mcopy -i "$work/esp" "$work/grub.cfg" ::EFI/debian/grub.cfg
  dd if="$work/esp" of="$work/disk" bs=1M seek=1 conv=notrunc,sparse status=none
  mkdir -p "$root/boot/grub" "$root/etc/default/grub.d"
  cp "$root/usr/share/grub/default/grub" "$root/etc/default/grub"
}

mkdir -p "$root"/{usr/bin,usr/sbin,usr/lib,boot,dev,proc,sys,run,tmp,root,etc,var/crash} "$info" "$root/var/lib/dpkg/updates"
# Debian 12 has one /usr.
for folder in bin sbin lib; do
  ln -s "usr/$folder" "$root/$folder"
done
exclude=()
for pattern in "${unwanted[@]}"; do
  exclude+=("--exclude=$pattern")
done
for deb in "$debs"/*.deb; do
  unpack "$deb"
done
version=$(basename "$root"/lib/modules/*)
image=$root/usr/lib/grub/arm64-efi/monolithic/grubaa64.efi
device=/dev/vda offset=0
[ ! -e "$image" ] || device=UUID=$uuid
configure
make_initrd
if [ -e "$image" ]; then
  make_partitions
else
  truncate -s ${root_mib}M "$work/disk"
fi
mke2fs -q -t ext4 -U "$uuid" -d "$root" -E "offset=$offset" "$work/disk" ${root_mib}M
mv "$work/initrd.img" "$output.initrd"
cp "$root/boot/vmlinuz-$version" "$output.kernel"
echo "$offset" >"$output.offset"
mv "$work/disk" "$output.disk"
