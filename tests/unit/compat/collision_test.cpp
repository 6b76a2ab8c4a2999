// SPDX-License-Identifier: BSD-2-Clause
// The collision matrix, cell by cell, against the models of the residents.
#include "compat/collision.hpp"

#include "abi/hr_abi.h"
#include "compat/text.hpp"
#include "tests/unit/compat/residents.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hyprelay::compat {
namespace {

using testing::Outcome;
using testing::Registers;
using testing::Resident;

bool speaks_to(const DialectRow& row, CallerArch arch) {
  return (static_cast<unsigned>(row.arch) & static_cast<unsigned>(arch)) != 0;
}

void check_cell(const DialectRow& row, CallerArch arch, const CallRow& call) {
  const Cell cell = cell_of(row.dialect, call.call);
  SCOPED_TRACE(::testing::Message() << text_of(row.dialect) << ", " << text_of(call.call));
  for (const int variant : {0, 1}) {
    Resident resident(row.dialect, arch, variant);
    const std::uint64_t vectors = resident.vectors_pa;
    Registers r{};
    r[0] = static_cast<std::uint64_t>(call.r0);
    r[arch == CallerArch::kARM ? 12 : 16] = call.r12;
    const Outcome outcome = resident.hvc(call.immediate, r);
    const bool broken = outcome == Outcome::kDestroyed || outcome == Outcome::kJumped ||
                        resident.vectors_pa != vectors;
    EXPECT_EQ(cell == Cell::kX, broken);
    EXPECT_EQ(cell == Cell::kCHG, !broken && resident.torn_down);
    if (broken) {
      continue;
    }
    const bool undefined = outcome == Outcome::kUndefined;
    EXPECT_EQ(is_harmless(cell, false) && undefined, false);
    EXPECT_TRUE(accepts(cell, call.call, arch, {}, testing::answer_of(r, undefined)))
        << "answer " << std::hex << r[0] << (undefined ? " undefined" : "");
    EXPECT_EQ(cell == Cell::kUND, undefined && cell != Cell::kNUN);
  }
}

TEST(Collision, every_cell_is_what_the_resident_does) {
  for (const DialectRow& row : kDialects) {
    if (row.dialect == Dialect::kUNKNOWN) {
      continue;
    }
    for (const CallerArch arch : {CallerArch::kARM, CallerArch::kARM64}) {
      if (speaks_to(row, arch)) {
        for (const CallRow& call : kCalls) {
          check_cell(row, arch, call);
        }
      }
    }
  }
}

// A cell that accepted everything would pass the test above: each kind of answer has values that it
// refuses, an exception among them.
TEST(Collision, cells_refuse_foreign_answers) {
  const Answer odd{0x1234567, false};
  const Answer undefined{0, true};
  for (int i = 0; i <= static_cast<int>(Cell::kMAG); ++i) {
    const auto cell = static_cast<Cell>(i);
    for (const CallerArch arch : {CallerArch::kARM, CallerArch::kARM64}) {
      EXPECT_EQ(accepts(cell, Call::kZERO, arch, {}, odd), cell == Cell::kUID) << i;
      EXPECT_EQ(accepts(cell, Call::kZERO, arch, {}, undefined),
                cell == Cell::kUND || cell == Cell::kNUN)
          << i;
    }
  }
}

TEST(Collision, address_facts_tell_physical_from_virtual) {
  const AddressFacts facts{0x40000000, 0x80000000, 0xc0000000};
  const Answer physical{0x48000820, false};
  const Answer virt{0xc0008820, false};
  const auto arm = [&](Cell cell, const Answer& answer) {
    return accepts(cell, Call::kMINUS_ONE, CallerArch::kARM, facts, answer);
  };
  EXPECT_TRUE(arm(Cell::kPA, physical));
  EXPECT_FALSE(arm(Cell::kPA, virt));
  EXPECT_FALSE(arm(Cell::kVA, physical));
  EXPECT_TRUE(arm(Cell::kVA, virt));
}

TEST(Collision, minus_one_in_either_width) {
  const auto arm64 = [](std::uint64_t r0) {
    return accepts(Cell::kNEG, Call::kZERO, CallerArch::kARM64, {}, {r0, false});
  };
  EXPECT_TRUE(arm64(0xffffffffffffffff));
  EXPECT_TRUE(arm64(0x00000000ffffffff));
  EXPECT_FALSE(arm64(0x00000001ffffffff));
}

// A UID says who it is by all of its four words.
TEST(Collision, a_uid_is_its_four_words) {
  constexpr Answer kKvm{0xb66fb428, false, 0xe911c52e, 0x564bcaa9, 0x743a004d};
  constexpr Answer kHyperV{0x4d32ba58, false, 0xcd244764, 0x8eef6c75, 0x16597024};
  constexpr Answer kGunyah{0xcd8fd5c1, false, 0xdb5f53a4, 0x36ce6592, 0x145f3d67};
  constexpr Answer kXen{0xdc1218a7, false, 0x694398c6, 0xd179cf9a, 0x67e6de8d};
  constexpr struct {
    Answer own;
    Cell cell;
    bool may_be_silent;
  } kCells[] = {{kKvm, Cell::kUID, true},
                {kHyperV, Cell::kUHV, true},
                {kGunyah, Cell::kUGU, false},
                {kXen, Cell::kUXE, false}};
  for (const auto& row : kCells) {
    const auto accepted = [&](const Answer& answer) {
      return accepts(row.cell, Call::kVENDOR_UID, CallerArch::kARM64, {}, answer);
    };
    EXPECT_TRUE(accepted(row.own));
    EXPECT_EQ(accepted({~std::uint64_t{0}, false}), row.may_be_silent);
    EXPECT_EQ(accepted({0xffffffff, false}), row.may_be_silent);
    for (const auto& other : kCells) {
      EXPECT_EQ(accepted(other.own), other.cell == row.cell);
    }
    // One word that is another makes it nobody's.
    for (std::uint32_t Answer::*word : {&Answer::r1, &Answer::r2, &Answer::r3}) {
      Answer near = row.own;
      near.*word ^= 0x100;
      EXPECT_EQ(accepted(near), row.cell == Cell::kUID);
    }
  }
}

// An unlisted value from outside, a baton for instance, must never look safe.
TEST(Collision, unknown_dialects_are_dangerous) {
  for (const CallRow& call : kCalls) {
    EXPECT_EQ(cell_of(Dialect::kUNKNOWN, call.call), Cell::kX);
    EXPECT_EQ(cell_of(static_cast<Dialect>(0x7777), call.call), Cell::kX);
  }
}

// Each row of dialect.def has a row in the matrix: a missing one would read as all X.
TEST(Collision, matrix_and_dialects_have_the_same_rows) {
  std::set<std::uint32_t> dialects;
  std::set<std::uint32_t> matrix;
  for (const DialectRow& row : kDialects) {
    EXPECT_TRUE(dialects.insert(static_cast<std::uint32_t>(row.dialect)).second) << "number twice";
  }
#define HR_COLLISION(name, ...) EXPECT_TRUE(matrix.insert(HR_DIALECT_##name).second) << #name;
#include "abi/collision.def"
#undef HR_COLLISION
  dialects.erase(HR_DIALECT_UNKNOWN);
  EXPECT_EQ(dialects, matrix);
}

// The order of call.def is the order of the columns.
TEST(Collision, calls_are_numbered_in_order) {
  for (std::size_t i = 0; i < kCallCount; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kCalls[i].call), i);
  }
}

}  // namespace
}  // namespace hyprelay::compat
