# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by ./x: what comes from Debian's packages, those of this machine and those of the boards.
: "${CACHE:?}"

# retry N COMMAND...: a mirror that is being synchronised answers on a later try.
retry() {
  local tries=$1 try
  shift
  for ((try = 1; try <= tries; try++)); do
    "$@" && return 0
    ((try == tries)) || { say "x: try $try of '$1 $2' failed, trying again"; sleep $((try * 2)); }
  done
  return 1
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || echo "$name"
  done
}

# need PACKAGE...: installs what is missing; quiet and offline when nothing is.
need() {
  local missing log
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  say "x: installing ${missing[*]}"
  log=$(mktemp)
  # A failed update is no failure: the lists at hand may do.
  retry 3 as_root apt-get -q update >"$log" 2>&1 || say "x: apt-get update failed, going on with the lists at hand"
  if ! retry 3 as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y --no-install-recommends install "${missing[@]}" >>"$log" 2>&1; then
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} == 0)) || { cat "$log" >&2; die "cannot install ${missing[*]}"; }
  fi
  rm -f "$log"
}

# ARCH below is Debian's name of an architecture, whose packages are Debian 12's, or one with a suite behind it:
# arm64-trixie, armhf-bookworm-backports. Each has lists, packages and a sysroot of its own.
SUITE=bookworm
suite_of() { case $1 in *-*) echo "${1#*-}" ;; *) echo "$SUITE" ;; esac; }

# foreign ARCH COMMAND...: an apt command on an apt state of its own, so that the user's dpkg and
# lists stay as they are.
foreign() {
  local arch=${1%%-*} state=$CACHE/apt/$1
  shift
  "$1" -q -o Dir::State="$state" -o Dir::State::status="$state/status" -o Dir::State::lists="$state/lists" \
    -o Dir::Cache="$state/cache" -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User=root \
    -o APT::Get::List-Cleanup=false -o Acquire::Languages=none "${@:2}"
}

# The Debian mirror of this machine, or the public one.
debian_mirror() {
  local uri
  # shellcheck disable=SC2016 # apt expands it
  uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | head -1)
  echo "${uri:-http://deb.debian.org/debian/}"
}

foreign_setup() {
  local arch=$1 state=$CACHE/apt/$1 suite mirror signed='deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  [ -s "$state/ready" ] && return 0
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  : >"$state/status"
  mirror=$(debian_mirror)
  suite=$(suite_of "$arch")
  echo "$signed $mirror $suite main" >"$state/sources.list"
  case $suite in
    # These have no updates for security of their own; those of bullseye went with its support, before the suite itself.
    sid | *-backports | bullseye) ;;
    *) echo "$signed ${mirror%/}-security $suite-security main" >>"$state/sources.list" ;;
  esac
  say "x: fetching the $arch package lists"
  # Half a failure (one index of several) is not fatal: what matters is whether a package is found.
  retry 3 foreign "$arch" apt-get update >"$state/log" 2>&1 ||
    say "x: not every $arch list could be fetched, going on with those at hand"
  echo ready >"$state/ready"
}

# candidates ARCH PACKAGE: the packages that a meta package stands for, newest first; or itself.
candidates() {
  case $2 in
    linux-image-[!0-9]*)
      foreign "$1" apt-cache show "$2" 2>/dev/null | sed -n 's/^Depends: \(linux-image-[^ ,]*\).*/\1/p' | sort -ruV
      ;;
    *)
      # The candidate, then every version that the lists name: a mirror may lack the newest.
      echo "$2"
      foreign "$1" apt-cache madison "$2" 2>/dev/null | awk '{ print $1 "=" $3 }'
      ;;
  esac
}

# download ARCH PACKAGE: into this folder; says what it was.
download() {
  local real tried=''
  case $2 in
    linux-image-[!0-9]*) ;;
    *)
      # Without a look at the lists: they cost as much as the download.
      foreign "$1" apt-get download "$2" >>"$CACHE/apt/$1/log" 2>&1 && echo "$2" && return
      ;;
  esac
  # A mirror in the middle of a synchronisation lists versions that it does not hold yet.
  for real in $(candidates "$1" "$2"); do
    [ -z "$tried" ] || say "x: fetching $real for $1"
    tried=$real
    retry 3 foreign "$1" apt-get download "$real" >>"$CACHE/apt/$1/log" 2>&1 && echo "$real" && return
  done
}

# download_all ARCH PACKAGE...: those that were not fetched yet, where fetch looks first, by one run of apt: each run reads
# all the lists. What fails here fetch tries once more.
download_all() {
  local arch=$1 package packages=()
  shift
  for package in "$@"; do
    [ -e "$CACHE/sysroot/$arch/.$package" ] || packages+=("$package")
  done
  ((${#packages[@]})) || return 0
  foreign_setup "$arch"
  mkdir -p "$CACHE/debs/$arch"
  say "x: downloading ${#packages[@]} packages for $arch"
  (cd "$CACHE/debs/$arch" && foreign "$arch" apt-get download "${packages[@]}" >>"$CACHE/apt/$arch/log" 2>&1) || true
}

# fetch ARCH PACKAGE PATH...: unpacks these paths of the package into the sysroot, once.
fetch() {
  local arch=$1 package=$2 root=$CACHE/sysroot/$1 real=$2 dir
  shift 2
  [ -e "$root/.$package" ] && return 0
  foreign_setup "$arch"
  dir=$(mktemp -d -p "$CACHE")
  if compgen -G "$CACHE/debs/$arch/${package}_*.deb" >/dev/null; then
    mv "$CACHE/debs/$arch/${package}_"*.deb "$dir"
  else
    say "x: fetching $package for $arch"
    real=$(cd "$dir" && download "$arch" "$package") || true
  fi
  if ! compgen -G "$dir/*.deb" >/dev/null; then
    rm -rf "$dir" "$CACHE/apt/$arch/ready"
    die "cannot fetch $package for $arch: is the mirror reachable? (log: $CACHE/apt/$arch/log)"
  fi
  # Unpacked beside its place and moved there whole, so that an interrupted run leaves no half.
  mkdir -p "$dir/root" "$root"
  # tar may have all that it was asked for before the package ends (--occurrence); one that is cut off
  # or lacks a path is what it complains of.
  { dpkg-deb --fsys-tarfile "$dir"/*.deb 2>>"$CACHE/apt/$arch/log" || true; } | tar -x -C "$dir/root" --wildcards "$@"
  cp -a "$dir/root/." "$root/"
  rm -rf "$dir"
  echo "$real" >"$root/.$package"
}

need_sysroots() {
  mkdir -p "$CACHE"
  # Decoders: what an initrd is unpacked with to measure it; and libsodium, which checks signatures.
  local arch library decoders=(zlib1g-dev libbz2-dev liblzma-dev liblzo2-dev liblz4-dev libmd-dev libsodium-dev)
  for arch in armhf arm64; do
    download_all "$arch" libfdt-dev libzstd-dev "${decoders[@]}"
    fetch "$arch" libfdt-dev ./usr/include ./usr/lib
    fetch "$arch" libzstd-dev ./usr/include ./usr/lib
    for library in "${decoders[@]}"; do
      fetch "$arch" "$library" './usr/include' './usr/lib/*.a'
    done
  done
  # Xen's public headers, the same for every architecture: what abi/xen.def is compared with.
  fetch arm64 libxen-dev './usr/include/xen/*'
}
need_kernels() {
  # The first of each architecture brings its device trees along: tests read them all.
  fetch armhf linux-image-armmp './boot' './usr/lib/linux-image-*'
  fetch armhf linux-image-armmp-lpae ./boot
  fetch arm64 linux-image-arm64 './boot' './usr/lib/linux-image-*'
}
# What puts kernels into containers and is not, or older, in this machine's suite: programs of Python, and systemd's stub.
need_image_makers() {
  fetch arm64-trixie mkbootimg ./usr/bin
  fetch arm64-trixie systemd-ukify ./usr/bin
  fetch arm64-trixie systemd-boot-efi './usr/lib/systemd/boot/efi'
}
# fetch_libraries ARCH PACKAGE...: shared libraries, for programs that run in a guest.
fetch_libraries() {
  local arch=$1 library
  shift
  download_all "$arch" "$@"
  for library in "$@"; do
    fetch "$arch" "$library" './*.so*'
  done
}
# What is measured beside: kexec-tools of Debian 12 and of Debian 13, the libraries they load, a shell to call them
# from, and sha256sum.
need_kexec_tools() {
  local arch
  need cpio
  fetch armhf-trixie kexec-tools ./usr/sbin/kexec
  fetch_libraries armhf-trixie libc6
  fetch arm64-trixie kexec-tools ./usr/sbin/kexec
  fetch_libraries arm64-trixie libc6 zlib1g libxenmisc4.20 libxencall1 libxendevicemodel1 libxenevtchn1 \
    libxenforeignmemory1 libxengnttab1 libxentoolcore1 libxentoollog1
  for arch in armhf arm64; do
    fetch "$arch" coreutils ./usr/bin/sha256sum
    fetch "$arch" kexec-tools ./sbin/kexec
    fetch "$arch" busybox-static ./bin/busybox
    fetch_libraries "$arch" libc6 zlib1g libxenmisc4.17 libxencall1 libxendevicemodel1 libxenevtchn1 \
      libxenforeignmemory1 libxengnttab1 libxentoolcore1 libxentoollog1
  done
}
# What else enters a program at HYP/EL2, or below a resident: U-Boot for both architectures, Xen, and firmware that
# answers PSCI: U-Boot's own of ARMv7, TF-A.
need_boot_stages() {
  fetch armhf u-boot-qemu './usr/lib/u-boot/qemu_arm*'
  fetch armhf u-boot-sunxi './usr/lib/u-boot/orangepi_plus'
  fetch arm64 arm-trusted-firmware './usr/lib/arm-trusted-firmware'
  fetch armhf xen-hypervisor-4.17-armhf ./boot
  fetch arm64 xen-hypervisor-4.17-arm64 ./boot
}
# An sshd that is only unpacked, so that nothing listens on this machine but while a test runs.
need_sshd() {
  local arch
  arch=$(dpkg --print-architecture)
  fetch "$arch" openssh-server ./usr/sbin/sshd
  fetch "$arch" libwrap0 './usr/lib/*'
}
# What others save and read dumps with, a shell beside it, and the libraries they are linked with: boot
# tests run them in the guest.
need_dump_tools() {
  local arch
  fetch armhf binutils-arm-linux-gnueabihf './usr/bin/*-readelf'
  fetch arm64 binutils-aarch64-linux-gnu './usr/bin/*-readelf'
  for arch in armhf arm64; do
    fetch "$arch" makedumpfile './usr/bin/*'
    fetch "$arch" busybox-static ./bin/busybox
    fetch_libraries "$arch" libc6 libbinutils libctf-nobfd0 libdw1 libelf1 liblzo2-2 zlib1g libbz2-1.0 liblzma5 \
      libzstd1 libgcc-s1
  done
}
# QEMU 10, whose plugins read registers; it runs beside the installed one, with the installed one's libraries.
need_qemu10() {
  local arch
  arch=$(dpkg --print-architecture)-bookworm-backports
  download_all "$arch" qemu-system-arm qemu-system-common qemu-system-data
  fetch "$arch" qemu-system-arm './usr/bin/qemu-system-*'
  fetch "$arch" qemu-system-common './usr/share/qemu' './usr/lib/*'
  fetch "$arch" qemu-system-data './usr/share/qemu'
}
# shellcheck source=tests/boot/files.sh
. tests/boot/files.sh
# shellcheck source=tests/boot/module/files.sh
. tests/boot/module/files.sh
# shellcheck source=tests/boot/debian_roots.sh
. tests/boot/debian_roots.sh
