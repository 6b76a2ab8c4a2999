// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/walker.hpp"

#include <algorithm>

namespace hyprelay::coherence {
namespace {

// A table of long descriptors, and what it is about. [arm/ddi0487 D8.3]
struct Table {
  uint64_t pa = 0;
  uint64_t va = 0;
  unsigned level = 0;
  unsigned bits = 0;   // log2 of its entries
  unsigned shift = 0;  // log2 of what an entry is about
  bool upper = false;
  bool never_executable = false;  // by the tables above
};

constexpr uint64_t bit_range(uint64_t value, unsigned high, unsigned low) {
  return value >> low & ((uint64_t{1} << (high - low + 1)) - 1);
}

unsigned granule_shift(const Regime& regime, bool upper) {
  if (!regime.arm64)
    return 12;
  const uint64_t field = upper ? bit_range(regime.tcr, 31, 30) : bit_range(regime.tcr, 15, 14);
  // TG0: 4, 64, 16 KiB; TG1 counts from 16 KiB. [arm/ddi0487 D19.2.139]
  if (upper)
    return field == 1 ? 14 : field == 3 ? 16 : 12;
  return field == 1 ? 16 : field == 2 ? 14 : 12;
}

unsigned input_bits(const Regime& regime, bool upper) {
  const uint64_t size = upper ? bit_range(regime.tcr, 21, 16) : bit_range(regime.tcr, 5, 0);
  return regime.arm64 ? 64 - static_cast<unsigned>(size) : 32 - static_cast<unsigned>(size & 7);
}

// The table where a walk begins; nothing when walks are off or the size is none.
std::optional<Table> first_table(const Regime& regime, bool upper) {
  const unsigned walks_off = upper ? 23 : 7;
  if (regime.two_halves && (regime.tcr >> walks_off & 1) != 0)
    return std::nullopt;
  const unsigned granule = granule_shift(regime, upper);
  const unsigned stride = granule - 3;
  const unsigned bits = input_bits(regime, upper);
  if (bits <= granule || bits > 48)
    return std::nullopt;
  const unsigned levels = (bits - granule + stride - 1) / stride;
  Table out{.level = 4 - levels, .shift = granule + stride * (levels - 1), .upper = upper};
  out.bits = bits - out.shift;
  const uint64_t base = (upper ? regime.ttbr1 : regime.ttbr0) & 0xfffffffffffe;
  out.pa = base & ~((uint64_t{8} << out.bits) - 1);
  out.va = upper ? ~uint64_t{0} << bits : 0;
  return out;
}

// [arm/ddi0487 D19.2.101]: Device is 0b0000xx00; Normal is cached unless inner and outer are both
// 0b0100.
void put_attributes(Leaf& leaf, uint64_t mair, unsigned index) {
  const uint64_t attributes = mair >> (8 * index) & 0xff;
  leaf.device = (attributes & 0xf0) == 0;
  leaf.cached = !leaf.device && attributes != 0x44;
}

// XN of one privilege; PXN of two, where XN is the user's on arm64 and everybody's on arm.
// [arm/ddi0487 D8.4, arm/ddi0406 B3.7.2]
uint64_t never_bits(const Regime& regime) {
  constexpr uint64_t kXn = uint64_t{1} << 54;
  constexpr uint64_t kPxn = uint64_t{1} << 53;
  if (!regime.two_halves)
    return kXn;
  return regime.arm64 ? kPxn : kPxn | kXn;
}

Leaf long_leaf(const Regime& regime, const Table& table, uint64_t va, uint64_t value) {
  Leaf leaf{.va = va, .size = uint64_t{1} << table.shift};
  leaf.pa = value & 0xfffffffff000 & ~(leaf.size - 1);
  put_attributes(leaf, regime.mair, value >> 2 & 7);
  leaf.executable =
      (value & never_bits(regime)) == 0 && !table.never_executable && (regime.sctlr >> 19 & 1) == 0;
  return leaf;
}

// [arm/ddi0406 B3.5.1], TEX remap as Linux uses it, and without.
Leaf short_leaf(const Regime& regime, uint64_t va, uint64_t value, unsigned size_shift,
                unsigned tex, unsigned never) {
  Leaf leaf{.va = va, .size = uint64_t{1} << size_shift};
  leaf.pa = value & 0xffffffff & ~(leaf.size - 1);
  leaf.executable = !never;
  const unsigned cb = value >> 2 & 3;
  if ((regime.sctlr >> 28 & 1) != 0) {
    const unsigned index = (tex & 1) << 2 | cb;
    const uint64_t prrr = regime.mair & 0xffffffff;
    const uint64_t nmrr = regime.mair >> 32;
    leaf.device = bit_range(prrr, 2 * index + 1, 2 * index) != 2;
    leaf.cached = !leaf.device && (bit_range(nmrr, 2 * index + 1, 2 * index) != 0 ||
                                   bit_range(nmrr, 2 * index + 17, 2 * index + 16) != 0);
    return leaf;
  }
  if ((tex & 4) != 0) {
    leaf.cached = cb != 0 || (tex & 3) != 0;
    return leaf;
  }
  leaf.device = tex == 2 || (tex == 0 && cb < 2);
  leaf.cached = !leaf.device && (tex != 1 || cb == 3) && cb != 0;
  return leaf;
}

// One walk over tables, for an address or for all.
class Walk {
 public:
  Walk(const Regime& regime, const Memory& memory, const EntryVisitor& each_entry,
       const LeafVisitor& each_leaf)
      : regime_(regime), memory_(memory), each_entry_(each_entry), each_leaf_(each_leaf) {}
  std::optional<uint64_t> only;
  uint64_t most = ~uint64_t{0};

  void run() {
    if (regime_.is_short) {
      short_tables();
      return;
    }
    const bool upper = only && regime_.two_halves && is_upper(*only);
    if (const auto table = first_table(regime_, false); table && !upper)
      long_table(*table);
    if (!regime_.two_halves || (only && !upper))
      return;
    if (const auto table = first_table(regime_, true))
      long_table(*table);
  }

 private:
  bool is_upper(uint64_t va) const {
    if (regime_.arm64)
      return (va >> 55 & 1) != 0;
    const unsigned t0 = regime_.tcr & 7;
    const unsigned t1 = regime_.tcr >> 16 & 7;
    if (t0 == 0)
      return t1 != 0 && va >= (uint64_t{0xffffffff} << (32 - t1) & 0xffffffff);
    return (va >> (32 - t0)) != 0;
  }
  std::optional<uint64_t> read(uint64_t pa, unsigned bytes, uint64_t va, uint64_t size) {
    if (most == 0)
      return std::nullopt;
    most--;
    const auto value = memory_(pa, bytes);
    if (value && each_entry_)
      each_entry_({pa, *value, bytes, va, size});
    return value;
  }
  void long_table(const Table& table) {
    const uint64_t first = only ? *only >> table.shift & ((uint64_t{1} << table.bits) - 1) : 0;
    const uint64_t last = only ? first : (uint64_t{1} << table.bits) - 1;
    for (uint64_t i = first; i <= last; i++) {
      const uint64_t va = table.va + (i << table.shift);
      const auto value = read(table.pa + 8 * i, 8, va, uint64_t{1} << table.shift);
      if (!value || (*value & 1) == 0)
        continue;
      const bool is_table = (*value & 2) != 0 && table.level < 3;
      if (!is_table) {
        if (table.level == 3 && (*value & 2) == 0)
          continue;
        each_leaf_(long_leaf(regime_, table, va, *value));
        continue;
      }
      const unsigned granule = granule_shift(regime_, table.upper);
      Table next{
          .pa = bit_range(*value, 47, 0) >> granule << granule, .va = va, .level = table.level + 1};
      next.bits = granule - 3;
      next.shift = table.shift - next.bits;
      next.upper = table.upper;
      // XNTable, PXNTable.
      next.never_executable = table.never_executable || (*value & never_bits(regime_) << 6) != 0;
      long_table(next);
    }
  }
  // [arm/ddi0406 B3.5]
  void short_tables() {
    const unsigned n = regime_.tcr & 7;
    for (uint64_t i = only ? *only >> 20 : 0; i <= (only ? *only >> 20 : 4095); i++) {
      const bool upper = n != 0 && i >> (12 - n) != 0;
      const uint64_t base = upper ? regime_.ttbr1 & 0xffffc000
                                  : regime_.ttbr0 & 0xffffffff & ~((uint64_t{1} << (14 - n)) - 1);
      const auto value = read(base + 4 * i, 4, i << 20, 1 << 20);
      if (!value)
        continue;
      if ((*value & 3) == 1)
        pages(*value & 0xfffffc00, i << 20);
      if ((*value & 2) == 0)
        continue;
      const bool super = (*value >> 18 & 1) != 0;
      const uint64_t within = super ? (i & 15) << 20 : 0;
      Leaf leaf = short_leaf(regime_, i << 20, super ? (*value & 0xff00ffff) | within : *value, 20,
                             *value >> 12 & 7, *value >> 4 & 1);
      each_leaf_(leaf);
    }
  }
  void pages(uint64_t table, uint64_t start) {
    const uint64_t first = only ? *only >> 12 & 255 : 0;
    for (uint64_t i = first; i <= (only ? first : 255); i++) {
      const uint64_t va = start + (i << 12);
      const auto value = read(table + 4 * i, 4, va, 1 << 12);
      if (!value || (*value & 3) == 0)
        continue;
      if ((*value & 2) != 0) {
        each_leaf_(short_leaf(regime_, va, *value, 12, *value >> 6 & 7, *value & 1));
      } else {
        const uint64_t within = (i & 15) << 12;
        each_leaf_(short_leaf(regime_, va, (*value & 0xffff0fff) | within, 12, *value >> 12 & 7,
                              *value >> 15 & 1));
      }
    }
  }

  const Regime& regime_;
  const Memory& memory_;
  const EntryVisitor& each_entry_;
  const LeafVisitor& each_leaf_;
};

}  // namespace

bool Regime::walks_cached(bool upper) const {
  if (is_short) {
    const uint64_t ttbr =
        upper ? ttbr1 : ttbr0;  // IRGN is bits 0 and 6, of the multiprocessing extensions
    return (ttbr & 1) != 0 || (ttbr >> 6 & 1) != 0;
  }
  const unsigned shift = upper ? 24 : 8;
  return (tcr >> shift & 3) != 0;
}

bool Regime::same_tables(const Regime& other) const {
  return ttbr0 == other.ttbr0 && ttbr1 == other.ttbr1 && tcr == other.tcr && mair == other.mair &&
         is_short == other.is_short;
}

std::optional<Leaf> translate(const Regime& regime, const Memory& memory, uint64_t va,
                              const EntryVisitor& each_entry) {
  std::optional<Leaf> found;
  const LeafVisitor keep = [&](const Leaf& leaf) { found = leaf; };
  Walk walk(regime, memory, each_entry, keep);
  walk.only = va;
  walk.run();
  return found;
}

bool walk_all(const Regime& regime, const Memory& memory, uint64_t most,
              const EntryVisitor& each_entry, const LeafVisitor& each_leaf) {
  Walk walk(regime, memory, each_entry, each_leaf);
  walk.most = most;
  walk.run();
  return walk.most != 0;
}

}  // namespace hyprelay::coherence
