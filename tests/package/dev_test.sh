#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds hyprelay-dev, unpacks it into a scratch folder, and builds against what is there and nothing
# else: every library of every build, the sources, and the examples by CMake and by pkg-config. What is
# made for Linux runs as well.
# Usage: dev_test.sh SOURCE BUILD OUTPUT   (the examples' images are left in OUTPUT)
#   HYPRELAY_CACHE  where ./x keeps libfdt for the boards
set -euo pipefail
source=$1 build=$2 output=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fault() { echo "package: $1"; exit 1; }
# quiet NAME COMMAND...: what a command says is only of interest when it fails.
quiet() {
  local name=$1
  shift
  "$@" >"$work/log" 2>&1 || { cat "$work/log"; fault "$name"; }
}

"$source/packaging/build_dev_deb.sh" "$build" 1.2.3 "$work" >/dev/null
deb=$work/hyprelay-dev_1.2.3_all.deb
[ "$(dpkg-deb -f "$deb" Architecture Version Depends | tr '\n' ' ')" = "Architecture: all Version: 1.2.3 " ] ||
  fault "the control file is wrong: $(dpkg-deb -f "$deb")"
dpkg-deb -c "$deb" | awk '$2 != "root/root" { print "package: not root'"'"'s: " $0; bad = 1 } END { exit bad }'
dpkg-deb -x "$deb" "$work/root"
prefix=$work/root/usr
export PKG_CONFIG_LIBDIR=$prefix/share/pkgconfig
examples=$prefix/share/doc/hyprelay-dev/examples

# compiler BUILD: and its options.
compiler() {
  local options=(-O1 -Wall -Wextra -Werror -ffreestanding -nostdlib -fno-pie)
  case $1 in
    a64*) echo -n "aarch64-linux-gnu- -mgeneral-regs-only " ;;
    *) echo -n "arm-linux-gnueabihf- -march=armv7ve -mfloat-abi=soft -mno-unaligned-access " ;;
  esac
  case $1 in a32*) options+=(-marm) ;; t32*) options+=(-mthumb) ;; esac
  case $1 in *be) options+=(-mbig-endian) ;; esac
  case $1 in ?32be) options+=("-Wl,--be8") ;; esac
  echo "${options[@]}"
}

# Every library of every build links, with every name that its header promises.
for kind in a32 t32 a32be t32be a64 a64be; do
  read -r -a words <<<"$(compiler $kind)"
  cross=${words[0]} options=("${words[@]:1}")
  for stub in stub stub-full; do
    read -r -a flags <<<"$(pkg-config --cflags --libs hyprelay-server-$kind hyprelay-$stub-$kind hyprelay-client-$kind)"
    "${cross}gcc" -std=c11 "${options[@]}" -static -no-pie -Wl,--no-undefined -Wl,--fatal-warnings \
      -Wl,--no-warn-rwx-segments -Wl,-e,use_all "$here/use_all.c" "${flags[@]}" -o "$work/use_all"
    "${cross}g++" -std=c++20 "${options[@]}" -fno-exceptions -c -x c++ "$here/use_all.c" \
      -x none "${flags[@]}" -o /dev/null
  done
  echo "ok: $kind links"
done

# The layout of an old KVM call is C++ with the headers of a library.
printf '#include <compat/hyp_call.hpp>\nstatic_assert(hyprelay::compat::hyp_call(1, 2u, 3u, 4u).words[2] == 4);\n' |
  arm-linux-gnueabihf-g++ -std=c++20 -fsyntax-only -I"$prefix/include/hyprelay" -x c++ -

# The sources are enough by themselves, and give the same resident as the library.
for kind in a32 t32 a64; do
  read -r -a words <<<"$(compiler $kind)"
  cross=${words[0]} options=("${words[@]:1}") arch=arm
  [ $kind != a64 ] || arch=arm64
  [ $kind != t32 ] || options+=("-Wa,-mimplicit-it=thumb")
  mkdir "$work/$kind"
  for file in "$prefix/share/hyprelay"/{stub,compat}/"$arch"/*.S "$prefix/share/hyprelay"/compat/*.c; do
    "${cross}gcc" "${options[@]}" -I"$prefix/share/hyprelay" -c "$file" -o "$work/$kind/$(basename "$file" .S).o"
  done
  "${cross}gcc" -std=c11 "${options[@]}" -I"$prefix/share/hyprelay" -static -no-pie -Wl,--no-undefined \
    -Wl,--no-warn-rwx-segments -Wl,-e,use_all "$here/use_all.c" "$work/$kind"/*.o -o "$work/use_all"
  (cd "$work/$kind" && "${cross}ar" x "$prefix/lib/hyprelay/$kind/libhr_stub.a" vectors.S.o)
  for object in vectors vectors.S; do
    "${cross}objcopy" -O binary -j .text.hr_stub_vectors "$work/$kind/$object.o" "$work/$kind/$object.bin"
  done
  [ -s "$work/$kind/vectors.bin" ] || fault "$kind: an empty resident"
  cmp "$work/$kind/vectors.bin" "$work/$kind/vectors.S.bin" || fault "$kind: the sources and the library differ"
done
echo "ok: the sources are those of the libraries"

# A compiler for another machine is told so.
case $(gcc -dumpmachine) in
  arm* | aarch64*) ;;
  *)
    mkdir "$work/native"
    printf 'cmake_minimum_required(VERSION 3.25)\nproject(p C)\nfind_package(hyprelay REQUIRED)\n' >"$work/native/CMakeLists.txt"
    CMAKE_PREFIX_PATH=$prefix cmake -S "$work/native" -B "$work/native/build" >"$work/log" 2>&1 &&
      fault "find_package serves a compiler for neither arm nor arm64"
    grep -q 'set hyprelay_BUILD to one of' "$work/log" || { cat "$work/log"; fault "no remedy in what find_package says"; }
    ;;
esac

# Links of the installed pages lead somewhere.
(cd "$examples/.." && grep -roHE --include='*.md' '\]\([^)#:]+' . | sed 's/:](/:/') >"$work/links"
[ -s "$work/links" ] || fault "no pages"
while IFS=: read -r page link; do
  [ -e "$examples/../$(dirname "$page")/$link" ] || fault "$page links to $link, which is not installed"
done <"$work/links"

# The bootloader by both ways, and the steps of docs/migrate.md, out of the package.
cp -r "$examples/." "$work/examples"
mkdir -p "$output"
cd "$work/examples/bootloader"
for kind in a32 t32 a64; do
  quiet "make BUILD=$kind" make BUILD=$kind OUT="$work/make-$kind"
  arch=arm thumb=OFF
  case $kind in t32) thumb=ON ;; a64) arch=arm64 ;; esac
  quiet "cmake for $kind" cmake -S . -B "$work/cmake-$kind" -DCMAKE_TOOLCHAIN_FILE="$PWD/$arch/toolchain.cmake" \
    -DCMAKE_PREFIX_PATH="$prefix" -DTHUMB=$thumb
  quiet "cmake --build for $kind" cmake --build "$work/cmake-$kind"
  grep -q "lib/hyprelay/$kind/libhr_stub.a" -r "$work/cmake-$kind" || fault "find_package did not choose $kind"
  for way in make cmake; do
    for mode in hyp svc psci; do
      cp "$work/$way-$kind/bootloader_$mode.bin" "$output/$kind-$way-$mode.bin"
    done
  done
done
cd ../migrate
for kind in a32 a64; do
  quiet "make BUILD=$kind of migrate" make BUILD=$kind OUT="$work/make-migrate-$kind"
  cp "$work/make-migrate-$kind/migrate.bin" "$output/$kind-migrate.bin"
done
cd ../hyperv-panic
for kind in a64 a64be; do
  quiet "make BUILD=$kind of hyperv-panic" make BUILD=$kind OUT="$work/make-panic-$kind"
done
cd ../xen-hello
for kind in a32 t32 a64; do
  quiet "make BUILD=$kind of xen-hello" make BUILD=$kind OUT="$work/make-xen-hello-$kind"
  cp "$work/make-xen-hello-$kind/hello.bin" "$output/$kind-xen-hello.bin"
done
cd ../psci-start
for kind in a32 t32 a64; do
  quiet "make BUILD=$kind of psci-start" make BUILD=$kind OUT="$work/make-psci-start-$kind"
  cp "$work/make-psci-start-$kind/psci_start.bin" "$output/$kind-psci-start.bin"
done
echo "ok: the examples build"

# The handoff from a program of one's own: the machine that a captured tree describes, and hyp-check for a kernel.
cd ../library
"$build/cli/hyprelay" hyp-check --emit "$work/kernel" --arch arm64 >/dev/null
# In a bundle it goes to the end of its last page.
head -c 100000 /dev/zero >"$work/initrd"
tree=$source/tests/data/linux/arm64/sys/firmware/fdt

# next_kernel NAME COMMAND...: what it says about that handoff, in NAME.said; two mistakes end in their exit codes.
next_kernel() {
  local name=$1 status=0
  shift
  "$@" "$work/kernel" "$work/initrd" "$tree" >"$work/$name.said" || fault "$name does not make a handoff"
  grep -q '^initrd.bin: 102400 bytes at 0x' "$work/$name.said" || fault "$name does not say where the initrd is"
  "$@" "$tree" "$work/initrd" "$tree" >/dev/null 2>"$work/log" || status=$?
  { [ $status != 0 ] && grep -q "neither a zImage nor an arm64 Image" "$work/log"; } || fault "$name takes a tree for a kernel: $(cat "$work/log")"
}
quiet "cmake of library" cmake -S . -B "$work/cmake-library" -DCMAKE_PREFIX_PATH="$prefix"
quiet "cmake --build of library" cmake --build "$work/cmake-library"
next_kernel cmake "$work/cmake-library/next_kernel"

# library TRIPLET RUN OPTIONS...: built by pkg-config, and run; it says the same on every architecture.
library() {
  local triplet=$1 run=$2 flags
  shift 2
  PKG_CONFIG_LIBDIR=$prefix/lib/$triplet/pkgconfig pkg-config --cflags --libs hyprelay-handoff >"$work/flags"
  read -r -a flags <"$work/flags"
  quiet "$triplet: the library links" "$triplet-g++" -std=c++20 -Wall -Wextra -Werror -Wno-psabi next_kernel.cpp \
    -o "$work/$triplet" "${flags[@]}" "$@"
  next_kernel "$triplet" ${run:+"$run"} "$work/$triplet"
  cmp "$work/cmake.said" "$work/$triplet.said" || fault "$triplet says something else than the host"
}
library "$(gcc -print-multiarch)" ""
# Cross compilers see of the host's headers only those that are the same everywhere.
mkdir "$work/headers"
ln -s /usr/include/boost /usr/include/nlohmann "$work/headers"
for board in arm-linux-gnueabihf:armhf:qemu-arm aarch64-linux-gnu:arm64:qemu-aarch64; do
  IFS=: read -r triplet debian run <<<"$board"
  library "$triplet" "$run" -static -isystem "$work/headers" -L"$HYPRELAY_CACHE/sysroot/$debian/usr/lib/$triplet"
done
cd ..
echo "ok: the handoff is made by a program of one's own"

# CMake's own logs name folders of the compiler's.
! grep -rlF --exclude='*.log' "$source/" "$work/examples" "$work"/make-* "$work"/cmake-* || fault "these refer to the source tree"
