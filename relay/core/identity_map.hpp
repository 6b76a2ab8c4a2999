// SPDX-License-Identifier: BSD-2-Clause
// Translation tables that map addresses to themselves, in the long descriptor format that HYP,
// PL1 with LPAE, EL2 and EL1 share [arm/ddi0406c B3.6, arm/ddi0487 D8.3]. Pure: a host can test it.
#pragma once

#include "base/range.hpp"

#include <cstdint>
#include <span>

namespace hyprelay::relay {

enum class Access : std::uint8_t { kCode, kData, kReadOnly, kDevice };

constexpr std::size_t kTableEntries = 512;
struct alignas(4096) Table {
  std::uint64_t entries[kTableEntries];
};

class IdentityMap {
 public:
  // `pool`: that many zeroed tables. address_bits: 32 begins at level 1, more at level 0.
  // one_privilege: HYP and EL2, where AP[1] must be one; at PL1 and EL1 it would admit user mode,
  // and what must not run needs a second bit (PXN).
  IdentityMap(Table* pool, std::size_t tables, unsigned address_bits, bool one_privilege);

  // Maps every page that holds a byte of the range: whole 2 MiB by one entry, the edges by pages,
  // so that no byte outside is ever fetched on speculation. False: the pool is exhausted, or the
  // range is out of reach or already mapped otherwise; the tables must not be used then.
  bool map(const base::PhysRange& range, Access access);
  // The same for pages that are to be seen at `from`; both must have the same offset in their page.
  bool map_at(std::uint64_t from, const base::PhysRange& range, Access access);

  const std::uint64_t* root() const { return pool_[0].entries; }
  std::size_t tables_used() const { return used_; }

 private:
  std::uint64_t* next_level(std::uint64_t& entry);
  bool map_one(std::uint64_t from, std::uint64_t address, unsigned level, std::uint64_t attributes);

  Table* pool_;
  std::size_t tables_;
  std::size_t used_ = 1;
  unsigned address_bits_;
  bool one_privilege_;
};

}  // namespace hyprelay::relay
