// SPDX-License-Identifier: BSD-2-Clause
// A uImage by mkimage of u-boot-tools, byte by byte: `mkimage -A arm64 -O linux -T ramdisk -C none
// -n test -d FILE OUT`, where FILE is "070701" and a newline, with SOURCE_DATE_EPOCH=0.
#include "handoff/unpack/uimage_sums.hpp"

#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using namespace std::string_view_literals;

Bytes by_mkimage() {
  Bytes bytes = testing::bytes_of(
      "\x27\x05\x19\x56\x11\x6c\x88\xed\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\0"
      "\xe2\x4e\x3e\x9b\x05\x16\x03\0test"sv);
  bytes.resize(64);
  const Bytes content = testing::bytes_of("070701\n");
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

// What is promised is that of the good one: other tests have what else may be wrong with a header.
base::Result<void> check(const Bytes& file) {
  HR_TRYV(check_uimage_header(file, "initrd"));
  HR_TRY(part, find_initrd(by_mkimage(), file.size(), "initrd"));
  HR_TRY(content, base::slice(file, part.offset_bytes, part.size_bytes));
  return check_uimage_content(part, content, "initrd");
}

TEST(UImageSums, are_those_of_mkimage) {
  const auto checked = check(by_mkimage());
  EXPECT_TRUE(checked) << checked.error().subject();
}

TEST(UImageSums, no_bit_may_be_another) {
  const Bytes good = by_mkimage();
  // The magic is what makes a uImage of it.
  constexpr std::size_t kMagicBits = 32;
  constexpr std::size_t kHeaderBits = 512;
  for (std::size_t bit = kMagicBits; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= std::byte{1} << bit % 8;
    const auto checked = check(bad);
    ASSERT_FALSE(checked) << bit;
    EXPECT_EQ(checked.error().code(), Code::INITRD_DAMAGED);
    EXPECT_EQ(checked.error().subject(),
              bit < kHeaderBits ? "initrd: the uImage's header" : "initrd: the uImage's content");
  }
}

TEST(UImageSums, what_is_no_uimage_has_none) {
  for (const Bytes& file : {Bytes(), testing::bytes_of("070701"), Bytes(100),
                            testing::bytes_of("\x27\x05\x19\x56"sv)}) {
    EXPECT_TRUE(check_uimage_header(file, "initrd"));
    EXPECT_TRUE(check_uimage_content({.size_bytes = file.size()}, file, "initrd"));
  }
}

}  // namespace
}  // namespace hyprelay::handoff
