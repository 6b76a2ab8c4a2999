// SPDX-License-Identifier: BSD-2-Clause
// The rows of abi/dialect.def as types. Environment: everywhere, also freestanding: nothing here is
// a pointer, so that the tables need no relocation. The texts are in compat/text.hpp.
#pragma once

#include "abi/hr_abi.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace hyprelay::compat {

enum class Dialect : std::uint32_t {
#define HR_DIALECT(name, value, ...) k##name = value,
#include "abi/dialect.def"
#undef HR_DIALECT
};

// The architecture of the caller; a 32-bit caller below a 64-bit resident is kArm.
enum class CallerArch : std::uint8_t { kARM = 1, kARM64 = 2, kBOTH = 3 };

enum class Family : std::uint8_t {
  kNOBODY,
  kCOMMON,
  kSTUB,
  kKVM,
  kPRIVATE,
  kGUEST,
  kFIRMWARE,
  kOTHER
};

// A release as dialect.def counts it: 4.12 is 4012.
using Release = std::uint32_t;
constexpr Release release_of(std::uint32_t major, std::uint32_t minor) {
  return major * 1000 + minor;
}

// What the vectors of HYP/EL2 must be a multiple of.
constexpr std::uint32_t vector_alignment(CallerArch arch) {
  return arch == CallerArch::kARM ? HR_VECTORS_ALIGNMENT_ARM : HR_VECTORS_ALIGNMENT_ARM64;
}

// True when vectors can be there.
constexpr bool are_vectors(std::uint64_t address, CallerArch arch) {
  return (address & (vector_alignment(arch) - 1)) == 0;
}

// A set of registers that a call loses (abi/loss.def).
enum class Loss : std::uint8_t {
#define HR_LOSS(name, ...) k##name,
#include "abi/loss.def"
#undef HR_LOSS
};

struct Lost {
  // Bit n: rn, xn.
  std::uint32_t registers = 0;
  bool flags = false;
};
constexpr Lost lost_by(Loss loss, CallerArch arch) {
  switch (loss) {
#define HR_LOSS(name, arm, arm64, flags, ...) \
  case Loss::k##name:                         \
    return {arch == CallerArch::kARM ? arm##u : arm64##u, (flags) != 0};
#include "abi/loss.def"
#undef HR_LOSS
  }
  return {};
}

struct DialectRow {
  Dialect dialect;
  CallerArch arch;
  Family family;
  // What its code is known to change, and what its contract takes from a caller.
  Loss changes;
  Loss loses;
  Release since;
  Release until;
};

inline constexpr DialectRow kDialects[] = {
#define HR_DIALECT(name, value, text, meaning, arch, family, since, until, changes, loses) \
  {Dialect::k##name,                                                                       \
   CallerArch::k##arch,                                                                    \
   Family::k##family,                                                                      \
   Loss::k##changes,                                                                       \
   Loss::k##loses,                                                                         \
   since,                                                                                  \
   until},
#include "abi/dialect.def"
#undef HR_DIALECT
};
inline constexpr std::size_t kDialectCount = sizeof kDialects / sizeof kDialects[0];

// nullptr when the value is in no row: it came from outside.
constexpr const DialectRow* find_dialect(std::uint32_t value) {
  for (const DialectRow& row : kDialects) {
    if (static_cast<std::uint32_t>(row.dialect) == value) {
      return &row;
    }
  }
  return nullptr;
}

// A set of dialects, one bit per row.
class DialectSet {
 public:
  constexpr DialectSet() = default;
  template <class... Dialects>
  static constexpr DialectSet of(Dialects... dialects) {
    DialectSet set;
    (set.insert(dialects), ...);
    return set;
  }
  // Everybody who can be resident: every row but UNKNOWN.
  static constexpr DialectSet all() {
    return matching([](const DialectRow&) { return true; });
  }
  template <class Predicate>
  static constexpr DialectSet matching(Predicate wanted) {
    DialectSet set;
    for (std::size_t i = 0; i < kDialectCount; ++i) {
      if (kDialects[i].dialect != Dialect::kUNKNOWN && wanted(kDialects[i])) {
        set.bits_ |= std::uint64_t{1} << i;
      }
    }
    return set;
  }

  constexpr void insert(Dialect dialect) { bits_ |= bit(dialect); }
  constexpr bool contains(Dialect dialect) const { return (bits_ & bit(dialect)) != 0; }
  // By the index of the row in kDialects.
  constexpr bool contains_row(std::size_t index) const { return (bits_ >> index & 1) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr unsigned count() const { return static_cast<unsigned>(std::popcount(bits_)); }
  // The one element; nullopt when there are none or several.
  constexpr std::optional<Dialect> only() const {
    for (const DialectRow& row : kDialects) {
      if (bits_ == bit(row.dialect)) {
        return row.dialect;
      }
    }
    return std::nullopt;
  }
  // For keeping sets of sets.
  constexpr std::uint64_t bits() const { return bits_; }

  friend constexpr DialectSet operator&(DialectSet a, DialectSet b) {
    return DialectSet(a.bits_ & b.bits_);
  }
  friend constexpr DialectSet operator|(DialectSet a, DialectSet b) {
    return DialectSet(a.bits_ | b.bits_);
  }
  friend constexpr DialectSet operator-(DialectSet a, DialectSet b) {
    return DialectSet(a.bits_ & ~b.bits_);
  }
  constexpr bool operator==(const DialectSet&) const = default;

 private:
  static_assert(kDialectCount <= 64, "a set is one 64-bit word");
  constexpr explicit DialectSet(std::uint64_t bits) : bits_(bits) {}
  static constexpr std::uint64_t bit(Dialect dialect) {
    for (std::size_t i = 0; i < kDialectCount; ++i) {
      if (kDialects[i].dialect == dialect) {
        return std::uint64_t{1} << i;
      }
    }
    return 0;
  }

  std::uint64_t bits_ = 0;
};

}  // namespace hyprelay::compat
