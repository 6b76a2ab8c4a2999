// SPDX-License-Identifier: BSD-2-Clause
// Entries of live translation tables, and what a TLB may still hold of them. Pure: no QEMU.
#ifndef HR_COHERENCE_TABLES_HPP
#define HR_COHERENCE_TABLES_HPP

#include "coherence/findings.hpp"
#include "coherence/walker.hpp"

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hyprelay::coherence {

class Tables {
 public:
  explicit Tables(Findings& findings) : findings_(findings) {}
  // A walk of a live regime reads this entry.
  void seen(const Entry& entry);
  bool holds(uint64_t pa) const { return pages_.contains(pa >> 12); }
  // After a store there: each entry is compared with what it was. [arm/ddi0487 D8.14.1]
  void stored(unsigned cpu, uint64_t pc, uint64_t pa, unsigned size, const Memory& memory);
  // Effective at the next DSB of this CPU; without an address: all.
  void invalidate(unsigned cpu, bool all, uint64_t va);
  void dsb(unsigned cpu);
  // No translation is on any more.
  void clear();

 private:
  struct Known {
    Entry entry;
    uint64_t broken_pc = 0;  // made invalid there; not out of the TLB yet
    bool broken = false;
    uint64_t broken_value = 0;
  };
  struct Invalidation {
    unsigned cpu;
    bool all;
    uint64_t va;
  };
  void compare(unsigned cpu, uint64_t pc, Known& known, uint64_t value);
  Findings& findings_;
  std::unordered_map<uint64_t, Known> entries_;
  std::unordered_set<uint64_t> pages_;
  std::vector<Invalidation> pending_;
};

}  // namespace hyprelay::coherence

#endif
