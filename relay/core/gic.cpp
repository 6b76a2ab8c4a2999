// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/gic.hpp"

#include "bare/mmio.hpp"
#include "relay/core/baton.hpp"

#include <iterator>

namespace hyprelay::relay {
namespace {

using bare::mmio_read32;
using bare::mmio_write32;

// [arm/ihi0069 section 12.11] GITS_CTLR, [section 12.11, redistributor] GICR_CTLR and GICR_TYPER.
constexpr std::uint64_t kItsControl = 0x0000;
constexpr std::uint32_t kItsEnabled = 1u << 0;
constexpr std::uint32_t kItsQuiescent = 1u << 31;

constexpr std::uint64_t kRdControl = 0x0000;
constexpr std::uint32_t kRdEnableLpis = 1u << 0;
constexpr std::uint32_t kRdWritePending = 1u << 3;
constexpr std::uint64_t kRdType = 0x0008;
constexpr std::uint32_t kRdTypeVirtualLpis = 1u << 1;
constexpr std::uint32_t kRdTypeLast = 1u << 4;

constexpr std::uint64_t kFrame = 0x10000;
// Two frames of 64 KiB; four when the redistributor has virtual LPIs (GICv4).
constexpr std::uint64_t kFrames = 0x20000;
constexpr std::uint64_t kFramesVirtual = 0x40000;

// GICv4: the table of the virtual CPU that was resident is written too [section 12.11,
// GICR_VPENDBASER].
constexpr std::uint64_t kVirtualPendingHigh = 0x20000 + 0x0078 + 4;
constexpr std::uint32_t kVirtualPendingValid = 1u << 31;
constexpr std::uint32_t kVirtualPendingDirty = 1u << 28;

// At 0.1 us and more for a device read this is 0.1 s and more; hardware needs microseconds.
constexpr std::uint32_t kPolls = 1'000'000;

bool becomes(std::uint64_t address, std::uint32_t mask, std::uint32_t wanted) {
  for (std::uint32_t i = 0; i < kPolls; ++i) {
    if ((mmio_read32(address) & mask) == wanted) {
      return true;
    }
  }
  return false;
}

// The first ITS instruction of Linux's own probe does the same before it trusts one that another
// kernel has used: not Enabled, then Quiescent [linux irq-gic-v3-its].
void stop_its(std::uint64_t frame, GicOutcome& outcome) {
  const std::uint32_t control = mmio_read32(frame + kItsControl);
  if ((control & kItsEnabled) != 0) {
    mmio_write32(frame + kItsControl, control & ~kItsEnabled);
    ++outcome.its_disabled;
  }
  if (!becomes(frame + kItsControl, kItsQuiescent, kItsQuiescent)) {
    ++outcome.stuck;
  }
}

void stop_lpis(std::uint64_t frame, bool has_virtual_lpis, GicOutcome& outcome) {
  if (has_virtual_lpis) {
    const std::uint32_t high = mmio_read32(frame + kVirtualPendingHigh);
    if ((high & kVirtualPendingValid) != 0) {
      mmio_write32(frame + kVirtualPendingHigh, high & ~kVirtualPendingValid);
      if (!becomes(frame + kVirtualPendingHigh, kVirtualPendingDirty, 0)) {
        ++outcome.stuck;
      }
    }
  }
  const std::uint32_t control = mmio_read32(frame + kRdControl);
  if ((control & kRdEnableLpis) == 0) {
    return;
  }
  mmio_write32(frame + kRdControl, control & ~kRdEnableLpis);
  // RWP falls when no more LPI is fetched; an implementation may also refuse to clear the bit.
  const bool settled = becomes(frame + kRdControl, kRdWritePending, 0);
  if (!settled || (mmio_read32(frame + kRdControl) & kRdEnableLpis) != 0) {
    ++outcome.stuck;
  } else {
    ++outcome.redistributors_disabled;
  }
}

void stop_region(std::uint64_t start, std::uint64_t size_bytes, std::uint64_t stride,
                 GicOutcome& outcome) {
  for (std::uint64_t offset = 0; offset < size_bytes && size_bytes - offset >= kFrames;) {
    const std::uint64_t frame = start + offset;
    const std::uint32_t type = mmio_read32(frame + kRdType);
    const bool has_virtual_lpis = (type & kRdTypeVirtualLpis) != 0;
    stop_lpis(frame, has_virtual_lpis, outcome);
    if ((type & kRdTypeLast) != 0) {
      return;
    }
    offset += stride != 0 ? stride : has_virtual_lpis ? kFramesVirtual : kFrames;
  }
}

}  // namespace

// The ITS first: as long as it translates, it sends new LPIs to the redistributors.
GicOutcome quiesce_gic(const hr_baton& baton, unsigned address_bits) {
  GicOutcome outcome;
  if (baton.gic_version < 3) {
    return outcome;
  }
  for (const std::uint64_t its : baton.gic_its) {
    if (its == 0) {
      continue;
    }
    if (are_registers(baton, its, kFrame, address_bits)) {
      stop_its(its, outcome);
    } else {
      ++outcome.stuck;
    }
  }
  // A shorter way to the next redistributor would end inside the frames of the first.
  const bool has_stride =
      baton.gic_stride == 0 || (baton.gic_stride >= kFrames && baton.gic_stride % kFrame == 0);
  for (std::size_t i = 0; i < std::size(baton.gic_redistributor); ++i) {
    const std::uint64_t start = baton.gic_redistributor[i];
    const std::uint64_t size_bytes = baton.gic_redistributor_size[i];
    if (start == 0 || size_bytes == 0) {
      continue;
    }
    if (has_stride && are_registers(baton, start, size_bytes, address_bits)) {
      stop_region(start, size_bytes, baton.gic_stride, outcome);
    } else {
      ++outcome.stuck;
    }
  }
  return outcome;
}

}  // namespace hyprelay::relay
