// SPDX-License-Identifier: BSD-2-Clause
// Which kernels a CPU can run, by the values that CPUs have.
#include "relay/core/granule.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace hyprelay::relay {
namespace {

struct Cpu {
  const char* name;
  std::uint64_t mmfr0;
  bool has_4k;
  bool has_16k;
  bool has_64k;
};

// From the technical reference manuals; the last two are what [arm/ddi0487 D19.2] allows besides.
constexpr Cpu kCpus[] = {
    {"cortex-a53", 0x00001122, true, false, true},
    {"cortex-a57", 0x00001124, true, false, true},
    {"cortex-a76", 0x00101122, true, true, true},
    {"apple-m1 (as Linux prints it)", 0x0f100003, true, true, false},
    {"52 bits in every size", 0x10201126, true, true, true},
    {"only 64 KiB", 0xf0000002, false, false, true},
};

TEST(Granule, a_cpu_has_the_pages_that_its_register_names) {
  for (const Cpu& cpu : kCpus) {
    EXPECT_EQ(has_pages(cpu.mmfr0, 0x1000), cpu.has_4k) << cpu.name;
    EXPECT_EQ(has_pages(cpu.mmfr0, 0x4000), cpu.has_16k) << cpu.name;
    EXPECT_EQ(has_pages(cpu.mmfr0, 0x10000), cpu.has_64k) << cpu.name;
    EXPECT_TRUE(has_pages(cpu.mmfr0, 0)) << cpu.name << ": a kernel that does not say";
  }
}

TEST(Granule, an_image_says_its_page_size) {
  std::array<std::byte, 64> header{};
  std::memcpy(header.data() + 56, "ARM\x64", 4);
  constexpr std::uint32_t kPageBytes[] = {0, 0x1000, 0x4000, 0x10000};
  for (unsigned code = 0; code < 4; ++code) {
    header[24] = static_cast<std::byte>(0x8 | code << 1);
    EXPECT_EQ(page_bytes_of_image(header), kPageBytes[code]);
    // Big endian: bit 0 of the flags, whose field is little endian all the same.
    header[24] |= std::byte{1};
    EXPECT_EQ(page_bytes_of_image(header), kPageBytes[code]);
    EXPECT_EQ(page_bytes_of_image(base::ByteView(header).first(63)), 0u) << "cut";
  }
  header[59] = std::byte{0};
  EXPECT_EQ(page_bytes_of_image(header), 0u) << "no Image";
}

}  // namespace
}  // namespace hyprelay::relay
