// SPDX-License-Identifier: BSD-2-Clause
// Stage 1 translation as the tables in RAM have it: attributes of an address, and of all that is
// mapped. Pure: no QEMU.
#ifndef HR_COHERENCE_WALKER_HPP
#define HR_COHERENCE_WALKER_HPP

#include <cstdint>
#include <functional>
#include <optional>

namespace hyprelay::coherence {

// What the registers of the exception level in force say.
struct Regime {
  bool arm64 = true;
  bool is_short = false;                                        // the short descriptors of ARMv7
  bool two_halves = true;                                       // TTBR1 is in use
  unsigned el = 1;                                              // whose registers
  uint64_t sctlr = 0, ttbr0 = 0, ttbr1 = 0, tcr = 0, mair = 0;  // short: mair is NMRR and PRRR
  uint64_t hcr = 0;
  bool big = false;  // tables are big endian: SCTLR.EE

  bool mmu() const { return (sctlr & 1) != 0; }
  // Whether data accesses with the MMU off are cached: HCR.DC.
  bool default_cached() const { return el == 1 && (hcr >> 12 & 1) != 0; }
  bool data_cache() const { return (sctlr >> 2 & 1) != 0; }
  bool instruction_cache() const { return (sctlr >> 12 & 1) != 0; }
  // Whether the walker looks into the data caches. [arm/ddi0487 D8.2.9]
  bool walks_cached(bool upper) const;
  bool same_tables(const Regime& other) const;
};

struct Leaf {
  uint64_t va = 0, pa = 0, size = 0;
  bool cached = false;
  bool device = false;
  bool executable = false;
};

// An entry that a walk reads.
struct Entry {
  uint64_t pa = 0;
  uint64_t value = 0;
  unsigned bytes = 8;
  uint64_t va = 0, size = 0;  // what it is about
};

using Memory = std::function<std::optional<uint64_t>(uint64_t pa, unsigned bytes)>;
using EntryVisitor = std::function<void(const Entry&)>;
using LeafVisitor = std::function<void(const Leaf&)>;

// The translation of `va`, or nothing. `each_entry` sees what is read on the way.
std::optional<Leaf> translate(const Regime& regime, const Memory& memory, uint64_t va,
                              const EntryVisitor& each_entry = nullptr);
// All that is mapped; at most `most` entries are read. False: there were more.
bool walk_all(const Regime& regime, const Memory& memory, uint64_t most,
              const EntryVisitor& each_entry, const LeafVisitor& each_leaf);

}  // namespace hyprelay::coherence

#endif
