// SPDX-License-Identifier: BSD-2-Clause
// Instructions as GNU as 2.40 assembles them, in the three instruction sets.
#include "coherence/decode.hpp"

#include <gtest/gtest.h>

namespace hyprelay::coherence {
namespace {

struct Row {
  uint32_t word;
  Op op;
  uint8_t rt;
  Register reg;
  uint8_t el;
};

void expect(const Row& row, const Decoded& decoded) {
  EXPECT_EQ(decoded.op, row.op) << std::hex << row.word;
  EXPECT_EQ(decoded.rt, row.rt) << std::hex << row.word;
  EXPECT_EQ(decoded.reg, row.reg) << std::hex << row.word;
  EXPECT_EQ(decoded.el, row.el) << std::hex << row.word;
}

TEST(Decode, arm64) {
  const Row rows[] = {
      {0xd50b7a23, Op::clean_poc, 3, Register::none, 0},         // dc cvac, x3
      {0xd50b7b23, Op::clean_pou, 3, Register::none, 0},         // dc cvau, x3
      {0xd50b7e2a, Op::flush_poc, 10, Register::none, 0},        // dc civac, x10
      {0xd5087620, Op::discard, 0, Register::none, 0},           // dc ivac, x0
      {0xd5087e4a, Op::sweep_flush, 10, Register::none, 0},      // dc cisw, x10
      {0xd50b7423, Op::zero, 3, Register::none, 0},              // dc zva, x3
      {0xd50b7523, Op::ic_line, 3, Register::none, 0},           // ic ivau, x3
      {0xd508751f, Op::ic_all, 31, Register::none, 0},           // ic iallu
      {0xd50c871f, Op::tlbi_all, 31, Register::none, 2},         // tlbi alle2
      {0xd508871f, Op::tlbi_all, 31, Register::none, 1},         // tlbi vmalle1
      {0xd50c87df, Op::tlbi_all, 31, Register::none, 1},         // tlbi vmalls12e1
      {0xd5088723, Op::tlbi_line, 3, Register::none, 1},         // tlbi vae1, x3
      {0xd50c7800, Op::translate, 0, Register::none, 0},         // at s1e2r, x0
      {0xd51c1001, Op::write_register, 1, Register::sctlr, 2},   // msr sctlr_el2, x1
      {0xd5181001, Op::write_register, 1, Register::sctlr, 1},   // msr sctlr_el1, x1
      {0xd51c2000, Op::write_register, 0, Register::ttbr, 2},    // msr ttbr0_el2, x0
      {0xd51cc002, Op::write_register, 2, Register::vbar, 2},    // msr vbar_el2, x2
      {0xd51c1102, Op::write_register, 2, Register::hcr, 2},     // msr hcr_el2, x2
      {0xd51a0003, Op::write_register, 3, Register::csselr, 0},  // msr csselr_el1, x3
      {0xd5390004, Op::read_geometry, 4, Register::none, 0},     // mrs x4, ccsidr_el1
  };
  for (const Row& row : rows)
    expect(row, decode_arm64(row.word));
  EXPECT_EQ(decode_arm64(0xd5033f9f).op, Op::dsb);         // dsb sy
  EXPECT_EQ(decode_arm64(0xd5033a9f).op, Op::dsb_stores);  // dsb ishst
  EXPECT_EQ(decode_arm64(0xd5033fdf).op, Op::isb);
  EXPECT_EQ(decode_arm64(0xd69f03e0).op, Op::exception_return);
  EXPECT_EQ(decode_arm64(0xd4000002).op, Op::trap);       // hvc #0
  EXPECT_EQ(decode_arm64(0xc85f7c01).op, Op::exclusive);  // ldxr x1, [x0]
  EXPECT_EQ(decode_arm64(0xf8210002).op, Op::exclusive);  // ldadd x1, x2, [x0]
  EXPECT_EQ(decode_arm64(0xc8dffc01).op, Op::none);       // ldar x1, [x0]
  EXPECT_EQ(decode_arm64(0xf8bfc001).op, Op::none);       // ldapr x1, [x0]
  EXPECT_EQ(decode_arm64(0xf9400001).op, Op::none);       // ldr x1, [x0]
  EXPECT_EQ(decode_arm64(0xd5033fbf).op, Op::none);       // dmb sy
}

TEST(Decode, a32) {
  const Row rows[] = {
      {0xee073f3a, Op::clean_poc, 3, Register::none, 1},        // mcr p15, 0, r3, c7, c10, 1
      {0xee073f3b, Op::clean_pou, 3, Register::none, 1},        // mcr p15, 0, r3, c7, c11, 1
      {0xee073f3e, Op::flush_poc, 3, Register::none, 1},        // mcr p15, 0, r3, c7, c14, 1
      {0xee073f36, Op::discard, 3, Register::none, 1},          // mcr p15, 0, r3, c7, c6, 1
      {0xee07af5e, Op::sweep_flush, 10, Register::none, 1},     // mcr p15, 0, r10, c7, c14, 2
      {0xee073f15, Op::ic_all, 3, Register::none, 1},           // mcr p15, 0, r3, c7, c5, 0
      {0xee880f17, Op::tlbi_all, 0, Register::none, 2},         // mcr p15, 4, r0, c8, c7, 0
      {0xee880f97, Op::tlbi_all, 0, Register::none, 1},         // mcr p15, 4, r0, c8, c7, 4
      {0xee080f37, Op::tlbi_line, 0, Register::none, 1},        // mcr p15, 0, r0, c8, c7, 1
      {0xee011f10, Op::write_register, 1, Register::sctlr, 1},  // mcr p15, 0, r1, c1, c0, 0
      {0xee811f10, Op::write_register, 1, Register::sctlr, 2},  // mcr p15, 4, r1, c1, c0, 0
      {0xee8c1f10, Op::write_register, 1, Register::vbar, 2},   // mcr p15, 4, r1, c12, c0, 0
      {0xec451f42, Op::write_register, 1, Register::ttbr, 2},   // mcrr p15, 4, r1, r5, c2
      {0xee304f10, Op::read_geometry, 4, Register::none, 0},    // mrc p15, 1, r4, c0, c0, 0
  };
  for (const Row& row : rows) {
    expect(row, decode_arm(row.word));
    expect(row, decode_thumb(
                    row.word));  // the same words in T32, halfwords in the order of decode_thumb
  }
  EXPECT_EQ(decode_arm(0x0e073f3a).condition, 0);  // mcreq
  EXPECT_EQ(decode_arm(0xf57ff04f).op, Op::dsb);
  EXPECT_EQ(decode_arm(0xf57ff04a).op, Op::dsb_stores);  // dsb ishst
  EXPECT_EQ(decode_arm(0xf57ff06f).op, Op::isb);
  EXPECT_EQ(decode_arm(0xe160006e).op, Op::exception_return);  // eret
  EXPECT_EQ(decode_arm(0xe1b0f00e).op, Op::exception_return);  // movs pc, lr
  EXPECT_EQ(decode_arm(0xe25ef004).op, Op::exception_return);  // subs pc, lr, #4
  EXPECT_EQ(decode_arm(0xe8fd8001).op, Op::exception_return);  // ldm sp!, {r0, pc}^
  EXPECT_EQ(decode_arm(0xe8bd8001).op, Op::none);              // pop {r0, pc}
  EXPECT_EQ(decode_arm(0xe1a0f00e).op, Op::none);              // mov pc, lr
  EXPECT_EQ(decode_arm(0xe1400070).op, Op::trap);              // hvc #0
  EXPECT_EQ(decode_arm(0xe1901f9f).op, Op::exclusive);         // ldrex r1, [r0]
  EXPECT_EQ(decode_arm(0xe5901000).op, Op::none);              // ldr r1, [r0]
  EXPECT_EQ(decode_arm(0xe1500001).op, Op::none);              // cmp r0, r1
}

TEST(Decode, t32) {
  EXPECT_EQ(decode_thumb(0xf3bf8f4f).op, Op::dsb);
  EXPECT_EQ(decode_thumb(0xf3bf8f6f).op, Op::isb);
  EXPECT_EQ(decode_thumb(0xf3de8f00).op, Op::exception_return);  // eret
  EXPECT_EQ(decode_thumb(0xf7e08000).op, Op::trap);              // hvc #0
  EXPECT_EQ(decode_thumb(0xe8501f00).op, Op::exclusive);         // ldrex r1, [r0]
  EXPECT_EQ(decode_thumb(0xe8d01f4f).op, Op::exclusive);         // ldrexb r1, [r0]
  EXPECT_EQ(decode_thumb(0xf8d01000).op, Op::none);              // ldr.w r1, [r0]
  EXPECT_EQ(decode_thumb_short(0xdf00).op, Op::trap);            // svc #0
  EXPECT_EQ(decode_thumb_short(0x6801).op, Op::none);            // ldr r1, [r0]
}

TEST(Decode, one_general_register) {
  EXPECT_TRUE(is_single_arm64(0xf9400001));   // ldr x1, [x0]
  EXPECT_TRUE(is_single_arm64(0xf8408401));   // ldr x1, [x0], #8
  EXPECT_FALSE(is_single_arm64(0x29400801));  // ldp w1, w2, [x0]
  EXPECT_FALSE(is_single_arm64(0x4c407000));  // ld1 {v0.16b}, [x0]
  EXPECT_FALSE(is_single_arm64(0x3dc00000));  // ldr q0, [x0]
  EXPECT_TRUE(is_single_arm(0xe5901000));     // ldr r1, [r0]
  EXPECT_FALSE(is_single_arm(0xe8900006));    // ldm r0, {r1, r2}
  EXPECT_FALSE(is_single_arm(0xf420070d));    // vld1.8 {d0}, [r0]!
  EXPECT_TRUE(is_single_thumb(0xf8d01000));   // ldr.w r1, [r0]
  EXPECT_FALSE(is_single_thumb(0xe9d01200));  // ldrd r1, r2, [r0]
}

TEST(Decode, conditions) {
  constexpr uint32_t kZero = 1U << 30;
  constexpr uint32_t kNegative = 1U << 31;
  EXPECT_TRUE(condition_holds(0, kZero));
  EXPECT_FALSE(condition_holds(1, kZero));
  EXPECT_TRUE(condition_holds(0xb, kNegative));  // lt
  EXPECT_FALSE(condition_holds(0xa, kNegative));
  EXPECT_TRUE(condition_holds(0xe, 0));
}

}  // namespace
}  // namespace hyprelay::coherence
