// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/takeover.hpp"

#include "bare/system.hpp"
#include "compat/dialect.hpp"
#include "relay/core/arch.hpp"
#include "relay/core/identity_map.hpp"
#include "relay/layout.h"

#include <cstring>

#pragma GCC visibility push(hidden)
extern "C" {
// climb.S
void hr_climb_sync_code();
extern const char hr_climb_trampoline[];
extern const char hr_climb_trampoline_end[];
}
#pragma GCC visibility pop

namespace hyprelay::relay {
namespace {

constexpr std::uint32_t kSlots = 8;
constexpr std::uint32_t kHvcSlot = 0x14;
constexpr std::size_t kMostBytes = 64;
// Every attribute Normal, not cacheable: nothing of this needs a cache, and the page of the vectors
// has a cacheable alias that must not matter.
constexpr std::uint32_t kMair = 0x44444444;
// T0SZ = 0, table walks not cacheable; RES1 bits.
constexpr std::uint32_t kHtcr = 0x80800000;

// Linux's vectors are eight branches of four bytes, in ARM or in Thumb state. Anything else there
// means that the loader was wrong, or that the memory was written since.
bool looks_like_vectors(const volatile std::uint32_t* table) {
  unsigned arm = 0;
  unsigned thumb = 0;
  for (std::uint32_t i = 0; i < kSlots; ++i) {
    const std::uint32_t word = table[i];
    arm += word >> 24 == 0xea;                     // b
    thumb += (word & 0xd000f800u) == 0x9000f000u;  // b.w, low halfword first
  }
  return arm == kSlots || thumb == kSlots;
}

bool fits(const hr_baton& baton) {
  constexpr std::uint64_t kTop = std::uint64_t{1} << 32;
  return compat::are_vectors(baton.resident_vectors, compat::CallerArch::kARM) &&
         compat::are_vectors(baton.resident_virtual, compat::CallerArch::kARM) &&
         baton.resident_vectors < kTop - 4096 && baton.resident_virtual < kTop - 4096 &&
         (baton.resident_vectors - baton.resident_virtual) % 4096 == 0;
}

// The relay itself where it is, and the page or two of the slot where KVM has them.
bool make_map(const hr_baton& baton, std::size_t size_bytes) {
  IdentityMap map(reinterpret_cast<Table*>(hr_tables), HR_RELAY_TABLES, 32, true);
  const auto range = [](std::uint64_t start, std::uint64_t bytes) {
    return base::PhysRange::from_size(base::PhysAddr(start), bytes).value_or(base::PhysRange());
  };
  const auto image = reinterpret_cast<std::uintptr_t>(hr_relay_header);
  const auto scratch = reinterpret_cast<std::uintptr_t>(hr_scratch);
  const std::uint64_t virtual_slot = baton.resident_virtual + kHvcSlot;
  return map.map(range(image, scratch - image), Access::kCode) &&
         map.map_at(virtual_slot, range(baton.resident_vectors + kHvcSlot, size_bytes),
                    Access::kCode);
}

void copy_words(volatile std::uint32_t* to, const volatile std::uint32_t* from, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes / 4; ++i) {
    to[i] = from[i];
  }
}

// Replaces code that caches of the kernel before, and HYP's fetches, may hold lines of: evict them,
// write past the caches, drop what was fetched meanwhile.
void write_code(volatile std::uint32_t* to, const volatile std::uint32_t* from, std::size_t bytes) {
  const auto at = reinterpret_cast<std::uintptr_t>(to);
  hr_cache_flush(at, bytes);
  copy_words(to, from, bytes);
  hr_cache_flush(at, bytes);
  hr_climb_sync_code();
}

}  // namespace

ClimbOutcome take_over(const hr_baton& baton) {
  const auto size_bytes = static_cast<std::size_t>(hr_climb_trampoline_end - hr_climb_trampoline);
  auto* vectors = reinterpret_cast<volatile std::uint32_t*>(
      static_cast<std::uintptr_t>(baton.resident_vectors));
  if (!fits(baton) || size_bytes > kMostBytes) {
    return ClimbOutcome::stopped(HR_CLIMB_DISAGREED, baton.resident_vectors);
  }
  if (!looks_like_vectors(vectors)) {
    return ClimbOutcome::stopped(HR_CLIMB_DISAGREED, vectors[kHvcSlot / 4]);
  }
  if (!make_map(baton, size_bytes)) {
    return ClimbOutcome::stopped(HR_CLIMB_NO_WAY);
  }
  hr_cache_flush(reinterpret_cast<std::uintptr_t>(hr_tables),
                 HR_RELAY_TABLES * HR_RELAY_TABLE_SIZE);

  volatile std::uint32_t* slot = vectors + kHvcSlot / 4;
  std::uint32_t kept[kMostBytes / 4];
  copy_words(kept, slot, size_bytes);
  write_code(slot, reinterpret_cast<const volatile std::uint32_t*>(hr_climb_trampoline),
             size_bytes);
  hr_registers registers = {};
  registers.r[0] = reinterpret_cast<hr_word>(hr_tables);
  registers.r[1] = kMair;
  registers.r[2] = kHtcr;
  registers.r[3] = reinterpret_cast<hr_word>(hr_climb_landing);
  const hr_word outcome = hr_climb_call(&registers, 0);
  write_code(slot, kept, size_bytes);
  // The tables are used again for the digests, and must be empty then.
  std::memset(hr_tables, 0, HR_RELAY_TABLES * HR_RELAY_TABLE_SIZE);
  if (outcome == HR_ISSUE_LANDED) {
    return {HR_CLIMB_TAKEOVER, true, 0};
  }
  return ClimbOutcome::stopped(
      outcome == HR_ISSUE_UNDEFINED ? HR_CLIMB_UNDEFINED : HR_CLIMB_REFUSED, registers.r[0]);
}

}  // namespace hyprelay::relay
