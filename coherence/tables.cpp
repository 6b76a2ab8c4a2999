// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/tables.hpp"

#include <algorithm>

namespace hyprelay::coherence {
namespace {

bool is_valid(const Entry& entry, uint64_t value) {
  return (value & (entry.bytes == 8 ? 1 : 3)) != 0;
}

// What may not change from valid to valid: address, table or block, memory type and shareability.
// [arm/ddi0487 D8.14.1]
bool needs_break(const Entry& entry, uint64_t from, uint64_t to) {
  constexpr uint64_t kLong = 0x0000fffffffff31e;
  constexpr uint64_t kShort = 0xfffff00f;
  return ((from ^ to) & (entry.bytes == 8 ? kLong : kShort)) != 0;
}

}  // namespace

void Tables::seen(const Entry& entry) {
  const auto [known, fresh] = entries_.try_emplace(entry.pa, Known{.entry = entry});
  if (fresh)
    pages_.insert(entry.pa >> 12);
}

void Tables::compare(unsigned cpu, uint64_t pc, Known& known, uint64_t value) {
  const uint64_t old = known.entry.value;
  if (value == old)
    return;
  known.entry.value = value;
  const Finding finding{Kind::break_before_make, cpu, pc, known.entry.pa, known.broken_pc, {}};
  const bool was = is_valid(known.entry, old);
  const bool is = is_valid(known.entry, value);
  if (was && is && needs_break(known.entry, old, value)) {
    Finding out = finding;
    out.missing = "an invalid entry, DSB, TLBI and DSB between";
    findings_.report(out);
  } else if (was && !is) {
    known.broken = true;
    known.broken_pc = pc;
    known.broken_value = old;
  } else if (!was && is && known.broken && needs_break(known.entry, known.broken_value, value)) {
    Finding out = finding;
    out.missing = pending_.empty() ? "TLBI and DSB between" : "DSB after TLBI";
    findings_.report(out);
  }
}

void Tables::stored(unsigned cpu, uint64_t pc, uint64_t pa, unsigned size, const Memory& memory) {
  for (uint64_t at = pa & ~uint64_t{7}; at < pa + size; at += 4) {
    const auto known = entries_.find(at);
    if (known == entries_.end())
      continue;
    if (const auto value = memory(at, known->second.entry.bytes))
      compare(cpu, pc, known->second, *value);
  }
}

void Tables::invalidate(unsigned cpu, bool all, uint64_t va) {
  pending_.push_back({cpu, all, va});
}

void Tables::dsb(unsigned cpu) {
  if (pending_.empty())
    return;
  for (const Invalidation& each : pending_) {
    if (each.cpu != cpu)
      continue;
    for (auto& [pa, known] : entries_)
      if (each.all || each.va - known.entry.va < known.entry.size)
        known.broken = false;
  }
  std::erase_if(pending_, [&](const Invalidation& each) { return each.cpu == cpu; });
}

void Tables::clear() {
  entries_.clear();
  pages_.clear();
  pending_.clear();
}

}  // namespace hyprelay::coherence
