// SPDX-License-Identifier: BSD-2-Clause
// What the instructions between two kernels were spent on. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::rehearse {

// One stretch of the gap: they follow each other without a hole, and their sum is the gap.
struct GapPhase {
  // "old_kernel": from reboot(KEXEC) to the relay's first instruction: it stops, and copies what
  // was loaded. "start": the relay's memory, baton, climb, interrupt controllers. "map": caches
  // cleaned and on. "verify": the digests. "inflate": a packed kernel, and its digest
  // where it runs. "law": caches off, record, last line. "kernel": from the
  // relay's jump to the kernel's first instruction, that is the boot law, and a decompressor where
  // the kernel has one.
  const char* name;
  std::uint64_t instructions;
};

// The virtual counter of QEMU's generic timer ticks at 62.5 MHz; under -icount shift=0 that is once
// per 16 instructions.
inline constexpr std::uint64_t kInstructionsPerTick = 16;

// `leaving` and `arrived` are readings of the counter, when hyprelay exec left and at the kernel's
// first instruction; `status` is what `hyprelay status --json` printed in that kernel. Empty when
// the record has no counters, or one that does not lie between: another counter than the virtual
// one, below a resident that set them apart.
std::vector<GapPhase> gap_phases(std::uint64_t leaving, std::string_view status,
                                 std::uint64_t arrived);

}  // namespace hyprelay::rehearse
