# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What modules for exactly those kernels are built with; sourced by ./x, whose fetch() it calls.
: "${CACHE:?}"

# The headers, the programs for it as this machine runs them.
need_module_files() {
  local arch flavour version headers
  for flavour in armmp armmp-lpae arm64; do
    arch=armhf
    [ "$flavour" = arm64 ] && arch=arm64
    version=$(release "$arch" "$flavour")
    headers=$CACHE/sysroot/$arch/usr/src/linux-headers-$version
    fetch "$arch" "linux-headers-${version%"-$flavour"}-common" './usr/src/*/include' './usr/src/*/Makefile' \
      "./usr/src/*/arch/${arch%hf}/*"
    fetch "$arch" "linux-headers-$version" ./usr/src
  done
  # Where "scripts" of the headers leads to: ../../lib/linux-kbuild-6.1/scripts.
  fetch "$(dpkg --print-architecture)" "$(readlink "$headers/scripts" | cut -d/ -f4)" ./usr/lib
}
