// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/old_memory.hpp"

#include "fdt/facts.hpp"
#include "handoff/cells.hpp"

#include <algorithm>
#include <optional>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::PhysAddr;
using base::PhysRange;

// Old kernels leave one or two; each entry is compared with each.
constexpr std::size_t kMostOldRanges = 256;

// A property of another shape names nothing.
std::vector<PhysRange> memory_in_chosen(const fdt::Tree& source) {
  std::vector<PhysRange> ranges;
  const auto start = number_in(source.property("/chosen", "linux,initrd-start"));
  const auto end = number_in(source.property("/chosen", "linux,initrd-end"));
  if (start && end) {
    if (const auto initrd = PhysRange::from_bounds(PhysAddr(*start), PhysAddr(*end))) {
      ranges.push_back(*initrd);
    }
  }
  const Cells cells = cells_of(source);
  if (!cells.usual()) {
    return ranges;
  }
  const std::size_t address_bytes = static_cast<std::size_t>(cells.address) * 4;
  const std::size_t pair_bytes = address_bytes + static_cast<std::size_t>(cells.size) * 4;
  for (const std::string_view name : kOldMemory) {
    ByteView rest = source.property("/chosen", name).value_or(ByteView());
    for (; rest.size() >= pair_bytes && ranges.size() < kMostOldRanges;
         rest = rest.subspan(pair_bytes)) {
      const auto from = number_in(rest.first(address_bytes));
      const auto size_bytes = number_in(rest.subspan(address_bytes, pair_bytes - address_bytes));
      if (const auto range = PhysRange::from_size(PhysAddr(*from), *size_bytes)) {
        ranges.push_back(*range);
      }
    }
  }
  return ranges;
}

// Addresses where parked CPUs poll (spin tables). nullopt: /cpus is malformed, and nobody knows.
std::optional<std::vector<PhysAddr>> release_addresses(const fdt::Tree& source) {
  const auto cpus = fdt::cpus(source);
  if (!cpus) {
    return std::nullopt;
  }
  std::vector<PhysAddr> addresses;
  for (const fdt::Cpu& cpu : cpus.value()) {
    if (cpu.release_address) {
      addresses.push_back(*cpu.release_address);
    }
  }
  std::ranges::sort(addresses);
  return addresses;
}

// Whether a reservation is this memory and no more: loaders reserve the exact bytes (U-Boot) or
// round them to pages (kexec), of up to 64 KiB.
bool reserves(const PhysRange& entry, const PhysRange& memory) {
  return !memory.empty() && entry.contains(memory) &&
         memory.widened_to(0x1000).start() <= entry.start() &&
         entry.end() <= memory.widened_to(0x10000).end();
}

}  // namespace

OldMemory::OldMemory(const fdt::Tree& source)
    : memory_(memory_in_chosen(source)),
      parked_(release_addresses(source)),
      tree_bytes_(source.claimed_size_bytes()) {}

// The tree does not say where it lay itself, but the bootloader that reserved it (U-Boot's
// fdt_shrink_to_minimum) made the entry as long as the tree says it is. A size that is a power of
// two proves nothing, since firmware reserves such blocks for itself: to keep one too many costs
// the next kernel some pages, to drop one costs its life.
bool OldMemory::owns(const PhysRange& entry) const {
  const bool is_the_tree = entry.size_bytes() == tree_bytes_ && entry.start().is_aligned(8) &&
                           !base::is_power_of_two(entry.size_bytes());
  const bool is_old = is_the_tree || std::ranges::any_of(memory_, [&](const PhysRange& memory) {
                        return reserves(entry, memory);
                      });
  if (!is_old || !parked_) {
    return false;
  }
  const auto parked = std::ranges::lower_bound(*parked_, entry.start());
  return parked == parked_->end() || !entry.contains(*parked);
}

}  // namespace hyprelay::handoff
