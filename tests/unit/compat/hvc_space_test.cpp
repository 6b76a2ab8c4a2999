// SPDX-License-Identifier: BSD-2-Clause
// abi/hvc_space.def: every immediate that anything here uses has an owner, and who is said to be
// blind is, by the collision matrix and by the models of the residents, which know nothing of that
// table.
#include "abi/hr_abi.h"
#include "compat/collision.hpp"
#include "compat/text.hpp"
#include "tests/unit/compat/residents.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace hyprelay::compat {
namespace {

using testing::Outcome;
using testing::Registers;
using testing::Resident;

struct Range {
  unsigned first, last;
  std::string arch, met;
};
const std::vector<Range> kSpace = {
#define HR_HVC_SPACE(first, last, owner, api, arch, met, source) {first, last, #arch, #met},
#include "abi/hvc_space.def"
};

struct Blindness {
  std::string how;
  unsigned own;
  Cell other;
};
std::map<Dialect, Blindness> blindness() {
  std::map<Dialect, Blindness> rows;
#define HR_HVC_BLIND(name, how, own, other, text) \
  EXPECT_TRUE(rows.insert({Dialect::k##name, {#how, own, Cell::k##other}}).second) << #name;
#include "abi/hvc_space.def"
  return rows;
}

bool is_claimed(unsigned immediate) {
  for (const Range& range : kSpace) {
    if (range.first <= immediate && immediate <= range.last) {
      return true;
    }
  }
  return false;
}

TEST(HvcSpace, live_ranges_are_in_order_and_do_not_overlap) {
  unsigned next = 0;
  for (const Range& range : kSpace) {
    EXPECT_LE(range.first, range.last);
    EXPECT_LE(range.last, 0xffffu);
    if (range.met == "LIVE") {
      EXPECT_GE(range.first, next);
      next = range.last + 1;
    }
  }
}

TEST(HvcSpace, every_immediate_that_is_used_has_an_owner) {
#define HR_IMMEDIATE(value, ...) EXPECT_TRUE(is_claimed(value)) << #value;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
#define HR_DIALECT_OP(dialect, op, immediate, ...) EXPECT_TRUE(is_claimed(immediate)) << #dialect;
#include "abi/dialect_op.def"
#undef HR_DIALECT_OP
  for (const CallRow& call : kCalls) {
    EXPECT_TRUE(is_claimed(call.immediate)) << text_of(call.call);
  }
  for (const auto& [dialect, row] : blindness()) {
    EXPECT_TRUE(is_claimed(row.own)) << text_of(dialect);
  }
  EXPECT_FALSE(is_claimed(0x7777));
}

TEST(HvcSpace, every_dialect_is_there_once) {
  const auto rows = blindness();
  for (const DialectRow& row : kDialects) {
    EXPECT_EQ(rows.count(row.dialect), 1u) << text_of(row.dialect);
  }
  EXPECT_EQ(rows.size(), std::size(kDialects));
}

// Calls with an immediate, and the one of hvc #0 with the same registers.
struct Pair {
  Call with, without;
};
constexpr Pair kPairs[] = {{Call::kXEN, Call::kMINUS_ONE},
                           {Call::kGUNYAH, Call::kMINUS_ONE},
                           {Call::kIMMEDIATE_ONE, Call::kZERO},
                           {Call::kQUERY, Call::kQUERY_ZERO}};

TEST(HvcSpace, pairs_differ_in_the_immediate_alone) {
  for (const Pair& pair : kPairs) {
    EXPECT_EQ(row_of(pair.with).r0, row_of(pair.without).r0);
    EXPECT_NE(row_of(pair.with).immediate, 0);
    EXPECT_EQ(row_of(pair.without).immediate, 0);
  }
}

TEST(HvcSpace, blindness_is_what_the_collision_matrix_says) {
  for (const auto& [dialect, row] : blindness()) {
    SCOPED_TRACE(std::string(text_of(dialect)) + " " + row.how);
    bool same = true;
    for (const Pair& pair : kPairs) {
      const Cell cell = cell_of(dialect, pair.with);
      same = same && cell == cell_of(dialect, pair.without);
      const bool own = row_of(pair.with).immediate == row.own;
      if (row.how != "BLIND" && !own) {
        EXPECT_EQ(cell, row.other) << text_of(pair.with);
      }
      if (row.how == "LOOKS" && own && cell != Cell::kX) {
        EXPECT_NE(cell, row.other) << text_of(pair.with);
      }
    }
    if (row.how == "BLIND") {
      EXPECT_TRUE(same);
    }
    // A number that nobody knows, 5, by an immediate of somebody else.
    if (row.own != HR_JAILHOUSE_IMMEDIATE && dialect != Dialect::kUNKNOWN) {
      EXPECT_EQ(cell_of(dialect, Call::kJAILHOUSE), row.other);
    }
    // Who looks answers something differently, unless nothing of it is documented.
    if (row.how == "LOOKS" && row.other != Cell::kX) {
      EXPECT_FALSE(same);
    }
  }
}

// hvc #immediate and hvc #0 with the same r0, on two residents that are alike.
bool does_the_same(Dialect dialect, CallerArch arch, int variant, unsigned immediate,
                   std::uint64_t r0) {
  Resident with(dialect, arch, variant);
  Resident without(dialect, arch, variant);
  Registers a{};
  Registers b{};
  a[0] = r0;
  b[0] = r0;
  const Outcome outcome = with.hvc(static_cast<std::uint16_t>(immediate), a);
  return outcome == without.hvc(0, b) && a == b && with.torn_down == without.torn_down;
}

TEST(HvcSpace, blindness_is_what_the_residents_do) {
  const auto rows = blindness();
  for (const DialectRow& dialect : kDialects) {
    const Blindness& row = rows.at(dialect.dialect);
    if (row.how == "UNKNOWN") {
      continue;
    }
    SCOPED_TRACE(std::string(text_of(dialect.dialect)) + " " + row.how);
    bool looks = false;
    for (const CallerArch arch : {CallerArch::kARM, CallerArch::kARM64}) {
      if ((static_cast<unsigned>(dialect.arch) & static_cast<unsigned>(arch)) == 0) {
        continue;
      }
      for (const int variant : {0, 1}) {
        for (const unsigned immediate : {0x1u, 0xea1u, 0x4a48u, 0x4852u, 0x6000u, 0x7777u}) {
          for (const std::uint64_t r0 : {~std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{5},
                                         std::uint64_t{0x80000000}, std::uint64_t{0x48520001}}) {
            looks = looks || !does_the_same(dialect.dialect, arch, variant, immediate, r0);
          }
        }
      }
    }
    if (row.how == "BLIND" || row.how == "NOBODY") {
      EXPECT_FALSE(looks);
    }
    if (row.how == "LOOKS" && row.other != Cell::kX) {
      EXPECT_TRUE(looks);
    }
  }
}

}  // namespace
}  // namespace hyprelay::compat
