// SPDX-License-Identifier: BSD-2-Clause
// What programs of tests/below rely on: they run where they were put, with pointers that lead
// somewhere, and survive an UNDEF that they expect.
#include "tests/below/below.hpp"

extern "C" const unsigned char hr_below_header[];

namespace hyprelay::below {
namespace {

HR_TEST(tree, "the boot stage left a device tree") {
  const auto* tree = reinterpret_cast<const unsigned char*>(hr_below_tree);
  CHECK(tree != nullptr);
  CHECK_EQ(Word{tree[0]} << 24 | Word{tree[1]} << 16 | Word{tree[2]} << 8 | tree[3],
           Word{0xd00dfeed});
}

HR_TEST(undef, "an UNDEF is counted and skipped") {
  const Word count = undefs_of([] {
#ifdef __aarch64__
    __asm__ volatile(".inst 0x00000000" ::: "memory");
#elif defined(__thumb__)
    __asm__ volatile(".inst.w 0xf7f0a000" ::: "memory");
#else
    __asm__ volatile(".inst 0xe7f000f0" ::: "memory");
#endif
  });
  CHECK_EQ(count, Word{1});
}

HR_TEST(endianness, "the program has the endianness that it was built for") {
  const std::uint32_t word = 0x01020304;
  const volatile auto* byte = reinterpret_cast<const volatile unsigned char*>(&word);
  CHECK_EQ(byte[0], __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 1u : 4u);
}

}  // namespace
}  // namespace hyprelay::below
