// SPDX-License-Identifier: BSD-2-Clause
// The encoder against what the cross assemblers themselves produce (CMakeLists.txt builds the
// files).
#include "compat/hvc_encoding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace hyprelay::compat {
namespace {

std::vector<std::uint8_t> read_image(const std::string& name) {
  std::ifstream in(std::string(HR_HVC_FILES) + "/" + name + ".bin", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

CodeBytes bytes_at(const std::vector<std::uint8_t>& image, std::size_t index) {
  CodeBytes bytes{};
  std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(index * 4), 4, bytes.begin());
  return bytes;
}

struct Target {
  const char* name;
  Isa isa;
  CodeOrder order;
};
constexpr Target kTargets[] = {
    {"a32_le", Isa::kA32, CodeOrder::kLittle}, {"a32_be8", Isa::kA32, CodeOrder::kBe8},
    {"t32_le", Isa::kT32, CodeOrder::kLittle}, {"t32_be8", Isa::kT32, CodeOrder::kBe8},
    {"a64_le", Isa::kA64, CodeOrder::kLittle}, {"a64_be8", Isa::kA64, CodeOrder::kBe8},
};

class Encoding : public testing::TestWithParam<Target> {};

TEST_P(Encoding, is_the_assemblers_for_every_immediate) {
  const auto [name, isa, order] = GetParam();
  const std::vector<std::uint8_t> image = read_image(std::string("all_") + name);
  constexpr std::size_t kImmediates = 0x10000;
  ASSERT_GE(image.size(), (2 * kImmediates + 2) * 4);
  for (std::size_t i = 0; i < kImmediates; ++i) {
    const auto immediate = static_cast<std::uint16_t>(i);
    const CodeBytes expected = hvc_bytes(isa, order, immediate);
    ASSERT_EQ(bytes_at(image, i), expected) << "hvc #" << i;
    ASSERT_EQ(bytes_at(image, kImmediates + i), expected) << "HR_HVC(" << i << ")";
    ASSERT_EQ(hvc_immediate(isa, code_opcode(isa, order, expected)), immediate);
  }
  EXPECT_EQ(bytes_at(image, 2 * kImmediates), bytes_at(image, 2 * kImmediates + 1)) << "HR_SMC";
}

TEST_P(Encoding, inline_assembly_holds_the_published_immediates) {
  const auto [name, isa, order] = GetParam();
  const std::vector<std::uint8_t> image = read_image(std::string("inline_") + name);
  auto from = image.begin();
  for (const std::uint16_t immediate : {0x0, 0xea1, 0x4a48, 0x6000, 0x4852}) {
    const CodeBytes wanted = hvc_bytes(isa, order, immediate);
    from = std::search(from, image.end(), wanted.begin(), wanted.end());
    ASSERT_NE(from, image.end()) << "hvc #" << immediate;
    from += 4;
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Encoding, testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

// The opcode for Thumb in the Xen patch of August 2012 is right as a number and wrong as a data
// word: little endian swaps its halfwords, and BE8 leaves data words big endian.
TEST(Encoding, a_data_word_is_no_thumb_instruction) {
  constexpr std::uint32_t kPublished = 0xf7e08ea1;
  EXPECT_EQ(hvc_immediate(Isa::kT32, kPublished), 0xea1);

  const std::vector<std::uint8_t> little = read_image("word_t32_le");
  ASSERT_GE(little.size(), 8u);
  EXPECT_EQ(bytes_at(little, 0), hvc_bytes(Isa::kT32, CodeOrder::kLittle, 0xea1));
  EXPECT_EQ(bytes_at(little, 1), (CodeBytes{0xa1, 0x8e, 0xe0, 0xf7}));
  EXPECT_NE(bytes_at(little, 1), bytes_at(little, 0));
  const std::uint32_t executed = code_opcode(Isa::kT32, CodeOrder::kLittle, bytes_at(little, 1));
  EXPECT_EQ(executed, 0x8ea1f7e0u);
  EXPECT_FALSE(hvc_immediate(Isa::kT32, executed));

  const std::vector<std::uint8_t> big = read_image("word_t32_be8");
  ASSERT_GE(big.size(), 8u);
  EXPECT_EQ(bytes_at(big, 0), hvc_bytes(Isa::kT32, CodeOrder::kBe8, 0xea1));
  EXPECT_EQ(bytes_at(big, 1), (CodeBytes{0xf7, 0xe0, 0x8e, 0xa1}));
  EXPECT_NE(bytes_at(big, 1), bytes_at(big, 0));
}

// The byte images of the published table, and near misses.
TEST(Encoding, known_images_and_near_misses) {
  EXPECT_EQ(hvc_opcode(Isa::kA32, 0x4a48), 0xe144a478u);
  EXPECT_EQ(hvc_opcode(Isa::kT32, 0x4a48), 0xf7e48a48u);
  EXPECT_EQ(hvc_opcode(Isa::kA64, 0x4a48), 0xd4094902u);
  EXPECT_EQ(hvc_bytes(Isa::kA32, CodeOrder::kBe32, 0xea1), (CodeBytes{0xe1, 0x40, 0xea, 0x71}));
  EXPECT_EQ(hvc_bytes(Isa::kT32, CodeOrder::kBe32, 0xea1), (CodeBytes{0xf7, 0xe0, 0x8e, 0xa1}));
  EXPECT_FALSE(hvc_immediate(Isa::kA32, 0x01400070)) << "conditional (EQ)";
  EXPECT_FALSE(hvc_immediate(Isa::kA32, HR_SMC_A32));
  EXPECT_FALSE(hvc_immediate(Isa::kT32, HR_SMC_T32));
  EXPECT_FALSE(hvc_immediate(Isa::kA64, HR_SMC_A64));
  EXPECT_FALSE(hvc_immediate(Isa::kA64, 0xd4000001)) << "svc #0";
}

}  // namespace
}  // namespace hyprelay::compat
