#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds hr_panic.ko for Debian's kernel of a flavour, with the headers of exactly that kernel.
# Usage: build.sh CACHE FLAVOUR FOLDER (where hr_panic.ko and the disk's drivers of that kernel go)
set -euo pipefail
cache=$1 flavour=$2 folder=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case $flavour in
  arm64) debian=arm64 arch=arm64 cross=aarch64-linux-gnu- ;;
  *) debian=armhf arch=arm cross=arm-linux-gnueabihf- ;;
esac
version=$(sed 's/^linux-image-//' "$cache/sysroot/$debian/.linux-image-$flavour")
sources=$cache/sysroot/$debian/usr/src
# Programs of the machine that builds.
tools=$(echo "$cache/sysroot/$(dpkg --print-architecture)"/usr/lib/linux-kbuild-*)

# The packages expect one another in /usr: a tree of links that do not.
rm -rf "$folder"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
mkdir "$folder/common" "$folder/headers" "$folder/module" "$folder/drivers"
ln -s "$sources/linux-headers-${version%"-$flavour"}-common"/* "$folder/common/"
ln -s "$sources/linux-headers-$version"/{*,.config} "$folder/headers/"
rm "$folder/headers/Makefile"
echo "include $folder/common/Makefile" >"$folder/headers/Makefile"
for part in scripts tools; do
  ln -sfn "$tools/$part" "$folder/common/$part"
  ln -sfn "$tools/$part" "$folder/headers/$part"
done
cp "$here/hr_panic.c" "$here/Kbuild" "$folder/module/"
make -C "$folder/headers" M="$folder/module" ARCH="$arch" CROSS_COMPILE="$cross" \
  CC="${cross}gcc" KERNELRELEASE="$version" modules
cp "$folder/module/hr_panic.ko" "$folder/"

modules=$cache/sysroot/$debian/lib/modules/$version/kernel/drivers
cp "$modules"/virtio/virtio_pci{,_modern_dev,_legacy_dev}.ko "$modules/block/virtio_blk.ko" "$folder/drivers/"
