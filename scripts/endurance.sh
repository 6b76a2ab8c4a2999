# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by ./x: handoffs in a row, and panics, on each architecture, in QEMU. What a rehearsal compares at every hop is in its
# report: the initrd by its digests, mode, description, record; here its memory and the size of its tree besides. It stops at the first
# fault.
: "${CACHE:?}" "${BUILD:?}"

# reported FILE: of the report of the rehearsal that FILE has the output of.
reported() { python3 - "$1" <<'TEXT'
import json, sys
report = json.loads(open(sys.argv[1]).read().strip().splitlines()[-1])
kernels = report["kernels"]
modes = sorted({kernel["mode"] for kernel in kernels})
memory = {kernel["memory_bytes"] for kernel in kernels}
whole = [kernel for kernel in kernels if kernel["initrd_intact"]]
relays = [kernel["relay"] for kernel in kernels if kernel["relay"]]
# What each kernel was loaded with. The first had QEMU's tree, from which that of the second was made.
trees = [segment["content_bytes"] for kernel in kernels[2:] for segment in kernel["load"]["segments"] if segment["kind"] == "device tree"]
# A handoff that leaks takes memory from all that come after it.
kept = all(kernel["memory_bytes"] >= kernels[1]["memory_bytes"] for kernel in kernels[1:]) and len(set(trees)) <= 1
print(f"{len(kernels) - 1} of {report['hops_wanted']} handoffs, {len(whole)} of {len(kernels)} initrds intact, mode {', '.join(modes)}, "
      f"memory from {min(memory)} to {max(memory)} bytes, {sum(relay['segments_verified'] for relay in relays)} segments verified, tree of {sorted(set(trees))} bytes")
sys.exit(0 if report["ok"] and len(kernels) == report["hops_wanted"] + 1 and len(modes) == 1 and kept else 1)
TEXT
}

# endurance_of ARCH N: N handoffs in one QEMU, then N/20 panics, each with its capture, in a QEMU of its own.
endurance_of() {
  local arch=$1 hops=$2 flavour=$1 common line panics=0 wanted=$(($2 / 20)) folder=$BUILD/endurance status=0
  [ "$arch" != arm ] || flavour=armmp
  mkdir -p "$folder"
  common=(--arch "$arch" --from "$(kernel "$flavour")" --to "$(kernel "$flavour")" --json)
  "$(host_hyprelay)" rehearse "${common[@]}" --cpus 1 --hops "$hops" --patience 600 >"$folder/$arch.hops" || status=1
  line=$(reported "$folder/$arch.hops") || status=1
  printf '%-6s %s\n' "$arch" "$line"
  while ((panics < wanted)); do
    "$(host_hyprelay)" rehearse "${common[@]}" --panic --patience 600 >"$folder/$arch.panic" || { status=1; break; }
    panics=$((panics + 1))
  done
  printf '%-6s %s of %s panics with a whole dump\n' "$arch" "$panics" "$wanted"
  return $status
}

# cmd_endurance [N] [ARCH...]
cmd_endurance() {
  local hops=1000 arch status=0
  if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    hops=$1
    shift
  fi
  ((hops)) || die "endurance: a number of handoffs"
  (($#)) || set -- arm arm64
  for arch in "$@"; do
    case $arch in arm | arm64) ;; *) die "endurance: no such architecture: $arch" ;; esac
  done
  need "${RUN_PACKAGES[@]}" "${BUILD_PACKAGES[@]}" python3
  build hyprelay tools_arm tools_arm64
  need_kernels
  for arch in "$@"; do
    step "$hops handoffs in a row on $arch, then $((hops / 20)) panics"
    endurance_of "$arch" "$hops" || status=1
  done
  return $status
}
