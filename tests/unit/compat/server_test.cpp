// SPDX-License-Identifier: BSD-2-Clause
// The rule that tells function ids from the stub's calls, over all of its 32 bits, and the
// dispatcher's table. The same in assembly, and the registers, are judged by
// tests/target/compat/server_test.cpp.
#include "compat/hr_server.h"
#include "tests/unit/compat/function_ids.hpp"

#include <gtest/gtest.h>

namespace hyprelay {
namespace {

using function_ids::is_function;

TEST(FunctionId, ranges_cover_every_word_once) {
  std::uint64_t next = 0;
  for (const function_ids::Range& range : function_ids::kRanges) {
    EXPECT_EQ(range.first, next) << range.why;
    ASSERT_LE(range.first, range.last) << range.why;
    next = std::uint64_t{range.last} + 1;
  }
  EXPECT_EQ(next, std::uint64_t{1} << 32);
}

TEST(FunctionId, every_upper_half_with_the_bounds_of_the_lower) {
  for (std::uint32_t upper = 0; upper < 0x10000; ++upper) {
    for (const std::uint32_t lower :
         {0x0000u, 0x0001u, 0x0005u, 0x7fffu, 0x8000u, 0xff01u, 0xfffeu, 0xffffu}) {
      const std::uint32_t id = upper << 16 | lower;
      ASSERT_EQ(hr_is_function_id(id) != 0, is_function(id)) << std::hex << id;
    }
  }
}

TEST(FunctionId, every_lower_half_beside_a_bound) {
  for (const function_ids::Range& range : function_ids::kRanges) {
    for (std::uint32_t lower = 0; lower < 0x10000; ++lower) {
      const std::uint32_t id = (range.first & 0xffff0000) | lower;
      ASSERT_EQ(hr_is_function_id(id) != 0, is_function(id)) << std::hex << id;
    }
  }
}

// The numbers that people have, each with who must get it, from where it is written down.
TEST(FunctionId, numbers_of_the_field) {
  for (const std::uint32_t fid :
       {0x80000000u, 0x80008000u, 0x84000003u, 0xc4000003u, 0x8600ff01u, 0x8500ff01u, 0xc6000000u,
        0x46000001u, 0x95c1ba5eu, 0x0200010fu, 0x84000053u}) {
    EXPECT_NE(hr_is_function_id(fid), 0) << std::hex << fid;
  }
#define HR_OP(name, value, ...) EXPECT_EQ(hr_is_function_id(value), 0) << #name;
#include "abi/op.def"
#undef HR_OP
  EXPECT_EQ(hr_is_function_id(~hr_word{0}), 0);
}

TEST(FunctionId, the_upper_half_of_a_64_bit_register_says_nothing) {
  EXPECT_NE(hr_is_function_id(0xa500000084000000), 0);
  EXPECT_EQ(hr_is_function_id(0xa500000000000001), 0);
  EXPECT_EQ(hr_is_function_id(0x00000001ffffffff), 0);
}

struct Call {
  unsigned count = 0;
};

void count_call(void* owner, hr_registers* registers) {
  ++static_cast<Call*>(owner)->count;
  registers->r[0] = hr_server_argument(registers, 2);
}

constexpr hr_server_function kFunctions[] = {
    {0xc4000003, 0, count_call}, {0x84000003, 0, count_call}, {0x84000008, 5, count_call},
    {0xc6000001, 0, count_call}, {0x86000001, 0, count_call}, {0x46000001, 0, count_call}};

hr_registers answer(hr_server_table& table, hr_word id, hr_word a1 = 0, hr_word a2 = 0) {
  hr_registers registers{};
  for (hr_word i = 0; i < HR_REGISTERS; ++i) {
    registers.r[i] = 0x1000 + i;
  }
  registers.r[0] = id;
  registers.r[1] = a1;
  registers.r[2] = a2;
  hr_server_answer(&table, &registers);
  for (hr_word i = 4; i < HR_REGISTERS; ++i) {
    EXPECT_EQ(registers.r[i], 0x1000 + i) << std::hex << id;
  }
  return registers;
}

constexpr hr_word kRefused = ~hr_word{0};

TEST(ServerTable, widths_are_functions_of_their_own_and_arguments_have_them) {
  Call call;
  hr_server_table table = {&call, kFunctions, 6, 0x10000, {1, 2, 3, 4}, {5, 6}};
  EXPECT_EQ(answer(table, 0x84000003, 0, 0x1122334455667788).r[0], 0x55667788u);
  EXPECT_EQ(answer(table, 0xc4000003, 0, 0x1122334455667788).r[0], 0x1122334455667788u);
  EXPECT_EQ(call.count, 2u);
  EXPECT_EQ(answer(table, 0xc4000008).r[0], kRefused);
  EXPECT_EQ(answer(table, 0x86000002).r[0], kRefused);
  EXPECT_EQ(call.count, 2u);
}

TEST(ServerTable, count_has_every_function_of_the_vendor) {
  Call call;
  hr_server_table table = {&call, kFunctions, 6, 0x10000, {1, 2, 3, 4}, {5, 6}};
  EXPECT_EQ(answer(table, 0x8600ff00).r[0], 3u);
  EXPECT_EQ(answer(table, 0x8600ff01).r[3], 4u);
  EXPECT_EQ(answer(table, 0x8600ff03).r[1], 6u);
}

TEST(ServerTable, features_is_of_psci_1_0) {
  Call call;
  hr_server_table table = {&call, kFunctions, 6, 0x2, {0, 0, 0, 0}, {0, 0}};
  EXPECT_EQ(answer(table, 0x84000000).r[0], 2u);
  EXPECT_EQ(answer(table, 0x8400000a, 0x84000003).r[0], kRefused);
  table.psci_version = 0x10000;
  EXPECT_EQ(answer(table, 0x8400000a, 0x84000008).r[0], 5u);
  EXPECT_EQ(answer(table, 0x8400000a, 0x84010008).r[0], 5u);
  EXPECT_EQ(answer(table, 0x8400000a, 0x84000009).r[0], kRefused);
  // An UID whose first word is all ones cannot be told from nobody.
  table.uid[0] = 0xffffffff;
  EXPECT_EQ(answer(table, 0x8600ff01).r[0], kRefused);
  EXPECT_EQ(answer(table, 0x8600ff00).r[0], kRefused);
}

}  // namespace
}  // namespace hyprelay
