// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/crash_region.hpp"

#include "base/number_text.hpp"
#include "handoff/plan_rules.hpp"
#include "rehearse/boards.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace hyprelay::rehearse {
namespace {

using handoff::kMiB;

// The region for Debian's kernel and the rehearsal's initrd, which is a kernel, a program and 16
// MiB that do not compress: more than hyprelay crashkernel estimate asks for.
constexpr std::string_view kUsualArm = "256M";
constexpr std::string_view kUsualArm64 = "448M";

// Memory of QEMU's virt machine.
constexpr base::PhysAddr kMemory(0x40000000);
constexpr std::uint64_t kInitramfsOffset = 128 * kMiB;
constexpr std::uint64_t kTreeBytes = 2 * kMiB;
// A kernel takes from the top of its linear mapping before it reserves a region: a CMA area of 64
// MiB, page tables and its map of pages.
constexpr std::uint64_t kTakenAtTop = 96 * kMiB;

// The highest multiple of 128 MiB, where an old kernel can run in it, too, that leaves both ends
// alone. nullopt: there is none.
std::optional<base::PhysAddr> base_of(std::uint64_t memory_bytes, std::uint64_t region_bytes,
                                      std::uint64_t initramfs_bytes) {
  const std::uint64_t end = std::min(memory_bytes, handoff::kArmLowmem);
  const std::uint64_t taken = kInitramfsOffset + initramfs_bytes + kTreeBytes;
  if (end < kTakenAtTop || end - kTakenAtTop < region_bytes) {
    return std::nullopt;
  }
  const std::uint64_t at = end - kTakenAtTop - region_bytes;
  const std::uint64_t offset = at - at % handoff::kArmWindow;
  return offset < taken ? std::nullopt : std::optional(kMemory + offset);
}

}  // namespace

std::string crash_parameter(const Options& options, const FirstKernel& first,
                            std::uint64_t initramfs_bytes) {
  if (!options.panic) {
    return "";
  }
  const bool arm = options.arch == handoff::Arch::kArm;
  std::string size(options.crashkernel);
  if (size.empty()) {
    size = arm ? kUsualArm : kUsualArm64;
  }
  const auto region = base::parse_size(size, 1);
  const auto memory = base::parse_size(memory_of(options), kMiB);
  if (arm && board_of(options).is_virt() && first.is_before_4_15 && region && memory &&
      *region != 0) {
    if (const auto base = base_of(*memory, *region, initramfs_bytes)) {
      size += "@" + base::hex(*base);
    }
  }
  return " crashkernel=" + size;
}

}  // namespace hyprelay::rehearse
