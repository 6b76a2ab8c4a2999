// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/identity_map.hpp"

namespace hyprelay::relay {
namespace {

constexpr std::uint64_t kPage = 0x1000;
constexpr std::uint64_t kBlock = 0x200000;

constexpr std::uint64_t kTableEntry = 3;
constexpr std::uint64_t kBlockEntry = 1;
constexpr std::uint64_t kPageEntry = 3;
// Indices of MAIR as mmu.S writes it: 0 Normal write-back, 1 Device.
constexpr std::uint64_t kNormal = 0 << 2;
constexpr std::uint64_t kDevice = 1 << 2;
constexpr std::uint64_t kOnePrivilege = 1 << 6;
constexpr std::uint64_t kNoWrite = 1 << 7;
constexpr std::uint64_t kInnerShareable = 3 << 8;
constexpr std::uint64_t kAccessed = 1 << 10;
// At HYP, EL2 and PL1 bit 54 forbids execution to all. At EL1 it forbids EL0 only (UXN), and bit 53
// forbids EL1 (PXN), which is reserved where there is one privilege [arm/ddi0487 D8.4.1].
constexpr std::uint64_t kNoExecute = std::uint64_t{1} << 54;
constexpr std::uint64_t kNoPrivilegedExecute = std::uint64_t{1} << 53;
constexpr std::uint64_t kAddress = 0x0000fffffffff000;

constexpr unsigned shift_of(unsigned level) {
  return 39 - 9 * level;
}

std::uint64_t attributes_of(Access access, bool one_privilege) {
  const std::uint64_t common = kAccessed | (one_privilege ? kOnePrivilege : 0);
  const std::uint64_t never_run = kNoExecute | (one_privilege ? 0 : kNoPrivilegedExecute);
  switch (access) {
    case Access::kCode:
      return common | kNormal | kInnerShareable | kNoWrite;
    case Access::kData:
      return common | kNormal | kInnerShareable | never_run;
    case Access::kReadOnly:
      return common | kNormal | kInnerShareable | kNoWrite | never_run;
    case Access::kDevice:
      return common | kDevice | never_run;
  }
  __builtin_unreachable();
}

}  // namespace

IdentityMap::IdentityMap(Table* pool, std::size_t tables, unsigned address_bits, bool one_privilege)
    : pool_(pool), tables_(tables), address_bits_(address_bits), one_privilege_(one_privilege) {}

std::uint64_t* IdentityMap::next_level(std::uint64_t& entry) {
  if (entry == 0) {
    if (used_ == tables_) {
      return nullptr;
    }
    entry = reinterpret_cast<std::uintptr_t>(pool_[used_++].entries) | kTableEntry;
  }
  if ((entry & 3) != kTableEntry) {
    return nullptr;
  }
  return reinterpret_cast<std::uint64_t*>(static_cast<std::uintptr_t>(entry & kAddress));
}

bool IdentityMap::map_one(std::uint64_t from, std::uint64_t address, unsigned level,
                          std::uint64_t attributes) {
  std::uint64_t* table = pool_[0].entries;
  unsigned at = address_bits_ > 32 ? 0 : 1;
  for (; at < level; ++at) {
    table = next_level(table[(from >> shift_of(at)) % kTableEntries]);
    if (table == nullptr) {
      return false;
    }
  }
  std::uint64_t& entry = table[(from >> shift_of(level)) % kTableEntries];
  const std::uint64_t wanted = address | attributes | (level == 3 ? kPageEntry : kBlockEntry);
  if (entry != 0 && entry != wanted) {
    return false;
  }
  entry = wanted;
  return true;
}

bool IdentityMap::map(const base::PhysRange& range, Access access) {
  const std::uint64_t attributes = attributes_of(access, one_privilege_);
  const base::PhysRange pages = range.widened_to(kPage);
  const std::uint64_t end = pages.end().raw();
  if (end > std::uint64_t{1} << address_bits_) {
    return false;
  }
  for (std::uint64_t at = pages.start().raw(); at < end;) {
    const bool whole = at % kBlock == 0 && end - at >= kBlock;
    if (!map_one(at, at, whole ? 2 : 3, attributes)) {
      return false;
    }
    at += whole ? kBlock : kPage;
  }
  return true;
}

bool IdentityMap::map_at(std::uint64_t from, const base::PhysRange& range, Access access) {
  const std::uint64_t attributes = attributes_of(access, one_privilege_);
  const base::PhysRange pages = range.widened_to(kPage);
  const std::uint64_t start = from - from % kPage;
  const std::uint64_t limit = std::uint64_t{1} << address_bits_;
  if (from % kPage != range.start().raw() % kPage || pages.end().raw() > limit ||
      start > limit - pages.size_bytes()) {
    return false;
  }
  for (std::uint64_t done = 0; done < pages.size_bytes(); done += kPage) {
    if (!map_one(start + done, pages.start().raw() + done, 3, attributes)) {
      return false;
    }
  }
  return true;
}

}  // namespace hyprelay::relay
