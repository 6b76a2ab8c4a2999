// SPDX-License-Identifier: BSD-2-Clause
// What abi/ says about each dialect in several tables agrees: who it is, how it is spoken to, what
// it loses, what it does on a call that is not meant for it, and the way up through it.
#include "compat/client.hpp"
#include "compat/text.hpp"
#include "compat/way.hpp"
#include "tests/unit/compat/dialect_ops.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace hyprelay::compat {
namespace {

using testing::kOps;
using testing::OpRow;

constexpr CallerArch kArchs[] = {CallerArch::kARM, CallerArch::kARM64};

bool has(CallerArch one, CallerArch arch) {
  return (static_cast<unsigned>(one) & static_cast<unsigned>(arch)) != 0;
}

const DialectRow& row_of(Dialect dialect) {
  return *find_dialect(static_cast<std::uint32_t>(dialect));
}

struct RestartRow {
  Dialect dialect;
  CallerArch arch;
  int registers[3];
};
constexpr RestartRow kRestarts[] = {
#define HR_DIALECT_RESTART(dialect, arch, r0, r1, r2, zero_bits) \
  {Dialect::k##dialect, CallerArch::k##arch, {r0, r1, r2}},
#include "abi/dialect_restart.def"
#undef HR_DIALECT_RESTART
};

const std::set<int> kImmediates = {
#define HR_IMMEDIATE(value, ...) value,
#include "abi/immediate.def"
#undef HR_IMMEDIATE
};

TEST(Tables, an_op_is_said_once_and_can_be_issued) {
  std::set<std::tuple<Dialect, std::string_view>> seen;
  for (const OpRow& row : kOps) {
    SCOPED_TRACE(std::string(text_of(row.dialect)) + " " + std::string(row.op));
    EXPECT_TRUE(seen.insert({row.dialect, row.op}).second);
    EXPECT_TRUE(kImmediates.count(row.immediate));
    EXPECT_LT(row.where, 4);
    // The address takes r0, or the number does; only a get and a reset are about no address.
    EXPECT_EQ(row.where < 0, row.op == "GET_VECTORS" || row.op == "RESET_VECTORS");
    EXPECT_EQ(row.shown == "VECTORS", row.op == "GET_VECTORS");
    EXPECT_EQ(row.shown == "NEVER", row.op == "SOFT_RESTART");
    EXPECT_EQ(row.shown == "ALWAYS", row.op == "CALL");
  }
  for (const CallRow& call : kCalls) {
    EXPECT_TRUE(kImmediates.count(call.immediate)) << "a call of the probe";
  }
}

// The matrix was written from what residents do, and the ops from what callers do.
TEST(Tables, get_is_what_the_matrix_says) {
  for (const OpRow& row : kOps) {
    if (row.op == "GET_VECTORS" && row.immediate == 0) {
      const Cell cell = cell_of(row.dialect, row.number == 0 ? Call::kZERO : Call::kMINUS_ONE);
      EXPECT_EQ(cell, row_of(row.dialect).family == Family::kKVM ? Cell::kVA : Cell::kPA)
          << text_of(row.dialect);
    }
  }
}

TEST(Tables, every_restart_says_what_its_function_finds) {
  for (const DialectRow& dialect : kDialects) {
    for (const CallerArch arch : kArchs) {
      const auto rows = std::ranges::count_if(kRestarts, [&](const RestartRow& row) {
        return row.dialect == dialect.dialect && row.arch == arch;
      });
      EXPECT_EQ(rows, can(dialect.dialect, arch, Op::kSoftRestart) ? 1 : 0)
          << text_of(dialect.dialect);
    }
  }
  for (const RestartRow& row : kRestarts) {
    const auto* const op = std::ranges::find_if(kOps, [&](const OpRow& candidate) {
      return candidate.dialect == row.dialect && candidate.op == "SOFT_RESTART";
    });
    for (const int carrier : row.registers) {
      EXPECT_NE(carrier, 0) << text_of(row.dialect) << ": r0 has the number";
      EXPECT_NE(carrier, op->where) << text_of(row.dialect) << ": that is the function's";
    }
  }
}

TEST(Tables, what_code_changes_is_in_what_its_contract_takes) {
  for (const DialectRow& row : kDialects) {
    for (const CallerArch arch : kArchs) {
      const Lost changes = lost_by(row.changes, arch);
      const Lost loses = lost_by(row.loses, arch);
      EXPECT_EQ(changes.registers & ~loses.registers, 0u) << text_of(row.dialect);
      EXPECT_LE(changes.flags, loses.flags) << text_of(row.dialect);
      EXPECT_EQ(loses.registers >> (arch == CallerArch::kARM ? 15 : 31), 0u);
    }
  }
}

struct WayWords {
  std::string_view safe;
  std::string_view lost;
};
constexpr WayWords kWayWords[] = {
#define HR_WAY(dialect, arch, way, question, known, also, by, safe, lost) {safe, lost},
#include "abi/way.def"
#undef HR_WAY
};

TEST(Tables, every_way_names_why_it_is_safe_and_its_hazard) {
  ASSERT_EQ(std::size(kWayWords), ways().size());
  for (const WayWords& words : kWayWords) {
    EXPECT_FALSE(words.safe.empty());
    EXPECT_FALSE(words.lost.empty());
  }
}

TEST(Tables, every_way_can_be_gone) {
  std::set<std::tuple<Dialect, CallerArch>> seen;
  for (const Way& way : ways()) {
    SCOPED_TRACE(text_of(way.dialect));
    EXPECT_TRUE(seen.insert({way.dialect, way.arch}).second);
    EXPECT_EQ(find_way(way.dialect, way.arch), &way);
    EXPECT_TRUE(has(row_of(way.dialect).arch, way.arch));
    switch (way.approach) {
      case Approach::kVECTORS:
        EXPECT_TRUE(can(way.dialect, way.arch, Op::kSetVectors));
        break;
      case Approach::kRESTART:
        EXPECT_TRUE(can(way.dialect, way.arch, Op::kSoftRestart));
        break;
      case Approach::kTAKEOVER:
        EXPECT_EQ(row_of(way.dialect).family, Family::kKVM);
        EXPECT_EQ(way.arch, CallerArch::kARM);
        EXPECT_EQ(way.known, Known::kKVM);
        break;
    }
    if (way.also != Dialect::kUNKNOWN) {
      EXPECT_NE(find_way(way.also, way.arch), nullptr);
    }
  }
}

// What is asked harms neither the one who is named nor the other who may be there, and what must be
// known is what its answer is compared with. ZERO with own vectors in x1 is a stub's SET.
TEST(Tables, the_first_question_is_harmless) {
  for (const Way& way : ways()) {
    SCOPED_TRACE(text_of(way.dialect));
    if (way.question == Question::kNOTHING) {
      continue;
    }
    const bool sets = way.question == Question::kZERO && way.known == Known::kNOTHING;
    const Call call = way.question == Question::kZERO ? Call::kZERO : Call::kMINUS_ONE;
    EXPECT_EQ(way.answer, cell_of(way.dialect, call));
    EXPECT_TRUE(sets || is_harmless(way.answer, true));
    EXPECT_TRUE(sets || way.also == Dialect::kUNKNOWN ||
                is_harmless(cell_of(way.also, call), true));
    EXPECT_EQ(way.answer == Cell::kPA, way.known == Known::kSTUB);
    EXPECT_EQ(way.answer == Cell::kVA, way.known == Known::kKVM);
  }
}

}  // namespace
}  // namespace hyprelay::compat
