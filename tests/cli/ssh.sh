#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# hyprelay capture --to-ssh to a real sshd on a port of its own: a dump that arrives, and a link that
# dies in the middle of one. Everything but the network is in a mount namespace, so that no file of
# this machine is touched. Usage: ssh.sh HYPRELAY CACHE. Exit 77: not root, no sshd in the cache,
# or no mount namespace.
set -euo pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd)
tool=$1 cache=$2
root=$cache/sysroot/$(dpkg --print-architecture)
sshd=$root/usr/sbin/sshd
if [ "$(id -u)" != 0 ] || [ ! -x "$sshd" ]; then
  echo "skipped: needs root, and sshd: ./x fetch brings it"
  exit 77
fi
if ! unshare -m --propagation private true; then
  echo "skipped: no mount namespace here"
  exit 77
fi
[ "${HR_SSH_INSIDE:-}" ] || HR_SSH_INSIDE=1 exec unshare -m --propagation private "$0" "$@"

fault() { echo "ssh.sh: $*"; cat "$work"/*.log; exit 1; }
work=$(mktemp -d)
daemon=
# Ends the daemon and what it has started for its clients, each by its number.
end_sshd() {
  local session child
  for session in $(pgrep -P "$daemon" || true); do
    for child in $(pgrep -P "$session" || true) "$session"; do kill -9 "$child" 2>/dev/null || true; done
  done
  kill "$daemon" 2>/dev/null || true
}
trap 'end_sshd; cd /; rm -rf "$work"' EXIT
chmod 755 "$work"

# The user that sshd drops privileges to, and root's ssh files, exist in here alone.
{ grep -v '^sshd:' /etc/passwd; echo 'sshd:x:100:65534::/run/sshd:/usr/sbin/nologin'; } >"$work/passwd"
mount --bind "$work/passwd" /etc/passwd
mount -t tmpfs none /run
mkdir /run/sshd
mount -t tmpfs none /root
mkdir -m 700 /root/.ssh
printf 'Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n' >/root/.ssh/config
ssh-keygen -q -t ed25519 -N '' -f "$work/host"
ssh-keygen -q -t ed25519 -N '' -f "$work/user"
port=$((20000 + $$ % 20000))
# The address of this machine, of IPv6 where there is that.
host=127.0.0.1
if grep -q '^00000000000000000000000000000001 ' /proc/net/if_inet6 2>/dev/null; then
  host='[::1]'
fi
address=${host#[}
cat >"$work/sshd_config" <<CONFIG
Port $port
ListenAddress 127.0.0.1
$([ "$host" = 127.0.0.1 ] || echo "ListenAddress ${address%]}")
HostKey $work/host
AuthorizedKeysFile $work/user.pub
StrictModes no
UsePAM no
PidFile none
CONFIG
LD_LIBRARY_PATH=$(dirname "$(find "$root" -name 'libwrap.so.0')") "$sshd" -D -f "$work/sshd_config" -E "$work/sshd.log" &
daemon=$!

# An ELF core: header, one PT_LOAD of 160 MiB at offset 4096, and noise. It has no log.
size=$((160 << 20))
le32() { printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)))"; }
{
  printf '\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\4\0\50\0\1\0\0\0\0\0\0\0\64\0\0\0\0\0\0\0\0\0\0\0\64\0\40\0\1\0\0\0\0\0\0\0'
  le32 1; le32 4096; le32 0; le32 $((0x40000000)); le32 "$size"; le32 "$size"; le32 7; le32 0
} >"$work/core"
truncate -s 4096 "$work/core"
head -c "$size" /dev/urandom >>"$work/core"

for ((try = 0; try < 50; try++)); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  sleep 0.2
done
ssh_to=(capture --config /dev/null --vmcore "$work/core" --format zstd --ssh-port "$port" --ssh-key "$work/user")

echo "# the check in advance leaves nothing but the folder that dumps go to"
"$tool" "${ssh_to[@]}" --to-ssh "root@127.0.0.1:$work/checked" --check >"$work/check.log" 2>&1 || fault "the check failed"
grep -q 'checked: can be used, [0-9.]* [KMGT]iB free' "$work/check.log" || fault "the free space is not told"
[ "$(find "$work/checked")" = "$work/checked" ] || fault "the check left something behind"

echo "# a dump arrives, also in a folder with a quote in its name"
"$tool" "${ssh_to[@]}" --to-ssh "root@127.0.0.1:$work/it's here" --json >"$work/first.log" 2>&1 || fault "the first dump failed"
cd "$work/it's here"/*/
sha256sum --status -c SHA256SUMS || fault "the digest differs"
[ "$(stat -c %a vmcore.zst)" = 600 ] || fault "the dump is not for its owner alone"
grep -q '"complete":true' "$work/first.log" || fault "the report is wrong"
cd /

echo "# a second dump of the same crash does not replace the first; an address of IPv6 is called"
zstd -q -d "$tree/tests/data/capture/armmp.core.zst" -o "$work/named"
for name in 20261120T112910Z-6.1.0-50-armmp 20261120T112910Z-6.1.0-50-armmp-2; do
  "$tool" "${ssh_to[@]/#$work\/core/$work/named}" --to-ssh "root@$host:$work/twice" --json >"$work/twice.log" 2>&1 ||
    fault "a dump with a name failed"
  grep -qF "\"vmcore\":\"ssh:root@$host:$work/twice/$name/vmcore.zst\"" "$work/twice.log" || fault "the report names no $name"
  (cd "$work/twice/$name" && sha256sum --status -c SHA256SUMS) || fault "$name is not whole"
done
[ "$(find "$work/twice" -name vmcore.zst | wc -l)" = 2 ] || fault "there are not two dumps"

echo "# of root's keys only the one that is used goes into the capture initrd"
mkdir "$work/bin"
printf '#!/bin/sh\nexec "%s" "$@" --config "%s"\n' "$tool" "$work/conf" >"$work/bin/hyprelay"
chmod +x "$work/bin/hyprelay"
cp "$work/user" /root/.ssh/id_ed25519
ssh-keygen -q -t ecdsa -N '' -f /root/.ssh/id_ecdsa
touch /root/.ssh/id_notes
# keys EXPECTED LINE...: what the configuration of these lines brings into it.
keys() {
  printf '%s\n' "${@:2}" >"$work/conf"
  PATH=$work/bin:$PATH sh "$tree/packaging/root/usr/lib/hyprelay/capture-ssh-key" >"$work/keys" 2>"$work/keys.log" ||
    fault "no keys for: ${*:2}"
  [ "$(tr '\n' ' ' <"$work/keys")" = "$1" ] || fault "$(cat "$work/keys") for: ${*:2}"
}
keys '/root/.ssh/id_ed25519 ' "capture_to=ssh:root@$host:/dumps" "capture_ssh_port=$port"
keys "$work/user " "capture_to=ssh:root@$host:/dumps" "capture_ssh_key=$work/user"
keys '' capture_to=/var/crash "capture_ssh_key=$work/user"
keys '/root/.ssh/id_ecdsa /root/.ssh/id_ed25519 ' capture_to=/var/crash "capture_fallback=ssh:127.0.0.1:/d" capture_ssh_port=1
grep -q 'capture_ssh_key= names' "$work/keys.log" || fault "it is not said that all keys go in"
rm /root/.ssh/id_ecdsa
keys '/root/.ssh/id_ed25519 ' "capture_to=ssh:root@127.0.0.1:/dumps" capture_ssh_port=1

echo "# the link dies: what arrived stays, marked, and the fallback takes the dump"
"$tool" "${ssh_to[@]}" --to-ssh "root@127.0.0.1:$work/dead" --fallback "$work/here" --json >"$work/second.log" 2>&1 &
capture=$!
for ((try = 0; try < 200; try++)); do
  [ -z "$(find "$work" -path '*/dead/*' -name 'vmcore.zst.incomplete' -size +1M)" ] || break
  sleep 0.05
done
end_sshd
wait "$capture" || fault "the capture failed"
grep -q 'E818' "$work/second.log" || fault "nothing was said about the link"
grep -q '"fallback":true' "$work/second.log" || fault "the fallback was not taken"
[ -n "$(find "$work/dead" -name vmcore.zst.incomplete)" ] || fault "nothing is left of the broken dump"
[ -z "$(find "$work/dead" -name vmcore.zst)" ] || fault "the broken dump looks whole"
[ -n "$(find "$work/here" -name vmcore.zst)" ] || fault "there is no dump in the fallback"
