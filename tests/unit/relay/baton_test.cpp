// SPDX-License-Identifier: BSD-2-Clause
// Every field of the baton is looked at before it is believed.
#include "relay/core/baton.hpp"

#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace hyprelay::relay {
namespace {

constexpr std::uint64_t kImage = 0x48000000;

void seal(hr_baton& baton) {
  const auto bytes = std::as_bytes(std::span(&baton, 1));
  const base::Sha256Digest digest = base::sha256(bytes.first(offsetof(hr_baton, checksum)));
  std::memcpy(baton.checksum, digest.data(), digest.size());
}

hr_baton good() {
  hr_baton baton{};
  baton.magic = HR_BATON_MAGIC;
  baton.version = HR_BATON_VERSION;
  baton.size = HR_BATON_SIZE;
  baton.relay = kImage;
  baton.entry = 0x40008000;
  baton.tree = 0x44000000;
  baton.record = 0x44000100;
  baton.digest_algorithm = HR_DIGEST_SHA256;
  baton.segment_count = 3;
  baton.segments[0] = {0x40008000, 0x500001, HR_SEGMENT_KERNEL, 0, {}};
  baton.segments[1] = {0x44000000, 0x2000, HR_SEGMENT_TREE, 0, {}};
  baton.segments[2] = {kImage, 0x4000, HR_SEGMENT_RELAY, 0, {}};
  baton.console_kind = HR_CONSOLE_PL011;
  baton.console_base = 0x09000000;
  baton.console_width = 4;
  baton.gic_version = 3;
  baton.gic_redistributor[0] = 0x080a0000;
  baton.gic_redistributor_size[0] = 0xf60000;
  baton.gic_its[0] = 0x08080000;
  baton.gic_stride = 0x40000;
  seal(baton);
  return baton;
}

base::Result<void> check_baton(const hr_baton& baton, std::uint64_t image, unsigned address_bits) {
  HR_TRYV(check_whole(baton));
  const auto own = base::PhysRange::from_size(base::PhysAddr(image), 0x10000).value();
  return check_fields(baton, own, address_bits);
}

TEST(Baton, accepts_what_a_loader_writes) {
  EXPECT_TRUE(check_baton(good(), kImage, 32));
  EXPECT_TRUE(check_baton(good(), kImage, 48));
}

// The kernel at 0x40008000 travels as a block of 0x200000 bytes at 0x46000000.
hr_baton packed() {
  hr_baton baton = good();
  baton.inflated = baton.segments[0];
  baton.segments[0] = {0x46000000, 0x200000, HR_SEGMENT_KERNEL, 0, {}};
  baton.packed_bytes = 0x1ffabc;
  seal(baton);
  return baton;
}

TEST(Baton, accepts_a_packed_kernel) {
  EXPECT_TRUE(check_baton(packed(), kImage, 32));
  const hr_baton baton = packed();
  EXPECT_EQ(loaded_kernel(baton).start, 0x46000000u);
  EXPECT_EQ(running_kernel(baton).start, 0x40008000u);
  const hr_baton plain = good();
  EXPECT_EQ(running_kernel(plain).start, 0x40008000u);
  EXPECT_TRUE(are_registers(packed(), 0x09000000, 0x100, 32));
  EXPECT_FALSE(are_registers(packed(), 0x40100000, 0x100, 32)) << "written before the last line";
}

TEST(Baton, a_kernel_is_inflated_over_nothing) {
  struct Row {
    const char* field;
    void (*damage)(hr_baton&);
  };
  for (const Row& row : {
           Row{"packed_bytes", [](hr_baton& b) { b.packed_bytes = 0x200001; }},
           {"inflated", [](hr_baton& b) { b.inflated.kind = HR_SEGMENT_INITRD; }},
           {"inflated", [](hr_baton& b) { b.inflated.size = 0; }},
           {"inflated", [](hr_baton& b) { b.inflated.size = ~std::uint64_t{0}; }},
           {"inflated", [](hr_baton& b) { b.inflated.size = 0x44000001 - 0x40008000; }},
           {"inflated", [](hr_baton& b) { b.inflated.start = 0x461fffff; }},
           {"inflated", [](hr_baton& b) { b.inflated.start = 0x45b00000; }},
           {"inflated", [](hr_baton& b) { b.inflated.start = kImage + 0xf000; }},
           {"inflated", [](hr_baton& b) { b.inflated.start = 0xffc00000; }},
           {"entry", [](hr_baton& b) { b.entry = 0x46000000; }},
       }) {
    hr_baton baton = packed();
    row.damage(baton);
    seal(baton);
    const base::Result<void> result = check_baton(baton, kImage, 32);
    ASSERT_FALSE(result) << row.field;
    EXPECT_EQ(result.error().code(), base::Code::RELAY_BATON);
    EXPECT_EQ(result.error().subject(), row.field);
  }
}

struct Refusal {
  const char* field;
  void (*damage)(hr_baton&);
};

TEST(Baton, names_the_field_that_it_refuses) {
  const Refusal refusals[] = {
      {"magic", [](hr_baton& b) { b.magic = 0; }},
      {"version", [](hr_baton& b) { b.version += 0x10000; }},
      {"version", [](hr_baton& b) { b.version += 1; }},
      {"size", [](hr_baton& b) { b.size = 0; }},
      {"size", [](hr_baton& b) { b.size += 8; }},
      {"relay", [](hr_baton& b) { b.relay += 4096; }},
      {"segment_count", [](hr_baton& b) { b.segment_count = 0; }},
      {"segment_count", [](hr_baton& b) { b.segment_count = HR_BATON_SEGMENTS + 1; }},
      {"segment", [](hr_baton& b) { b.segments[2].size = 0; }},
      {"segment", [](hr_baton& b) { b.segments[2].start = 0x100000000; }},
      {"segment", [](hr_baton& b) { b.segments[2].size = ~std::uint64_t{0}; }},
      {"segment", [](hr_baton& b) { b.segments[2].size = 0xb8000001; }},
      {"entry", [](hr_baton& b) { b.entry -= 4; }},
      {"entry", [](hr_baton& b) { b.entry += 0x500001; }},
      {"entry", [](hr_baton& b) { b.segments[0].kind = HR_SEGMENT_INITRD; }},
      {"tree", [](hr_baton& b) { b.tree += 8; }},
      {"tree", [](hr_baton& b) { b.segments[1].kind = HR_SEGMENT_INITRD; }},
      {"segment", [](hr_baton& b) { b.segments[2].start += 4096; }},
      {"record", [](hr_baton& b) { b.record = b.tree - 8; }},
      {"record", [](hr_baton& b) { b.record = b.tree + 0x2000 - HR_RECORD_SIZE + 1; }},
  };
  for (const Refusal& refusal : refusals) {
    hr_baton baton = good();
    refusal.damage(baton);
    seal(baton);
    const base::Result<void> result = check_baton(baton, kImage, 32);
    ASSERT_FALSE(result) << refusal.field;
    EXPECT_EQ(result.error().code(), base::Code::RELAY_BATON);
    EXPECT_EQ(result.error().subject(), refusal.field);
  }
}

TEST(Baton, registers_are_where_a_cpu_reaches_and_nothing_was_loaded) {
  const hr_baton baton = good();
  EXPECT_TRUE(are_registers(baton, 0x09000000, 0x100, 32));
  EXPECT_TRUE(are_registers(baton, 0x40008000 - 0x100, 0x100, 32));
  EXPECT_TRUE(are_registers(baton, 0x40508008, 0x100, 32));
  EXPECT_TRUE(are_registers(baton, 0x1080a0000, 0x10000, 48));
  EXPECT_FALSE(are_registers(baton, 0x1080a0000, 0x10000, 32)) << "would be cut to 0x080a0000";
  EXPECT_FALSE(are_registers(baton, 0xffffff08, 0x100, 32));
  EXPECT_FALSE(are_registers(baton, 0x09000004, 0x100, 32));
  EXPECT_FALSE(are_registers(baton, 0x08000000, ~std::uint64_t{0}, 48));
  EXPECT_FALSE(are_registers(baton, 0x08000000, 0x40000000, 32)) << "over all of them";
  EXPECT_FALSE(are_registers(baton, 0x40008000 - 0xf8, 0x100, 32));
  EXPECT_FALSE(are_registers(baton, 0x40508000, 0x100, 32)) << "the last byte of the kernel";
  EXPECT_FALSE(are_registers(baton, kImage + 0x3000, 0x100, 32));

  hr_baton damaged = good();
  damaged.segment_count = ~0u;
  EXPECT_FALSE(are_registers(damaged, 0x09000000, 0x100, 32)) << "segments cannot be counted";
  damaged = good();
  damaged.segments[1] = {0x08fff000, ~std::uint64_t{0}, HR_SEGMENT_TREE, 0, {}};
  EXPECT_FALSE(are_registers(damaged, 0x09000000, 0x100, 48)) << "the end wraps around";
}

TEST(Baton, refuses_an_unknown_algorithm_by_its_own_code) {
  for (const std::uint32_t algorithm : {0u, 3u, 0x100u, ~0u}) {
    hr_baton baton = good();
    baton.digest_algorithm = algorithm;
    seal(baton);
    const auto checked = check_baton(baton, kImage, 32);
    ASSERT_FALSE(checked) << algorithm;
    EXPECT_EQ(checked.error().code(), base::Code::RELAY_ALGORITHM);
  }
}

TEST(Baton, no_flipped_bit_passes) {
  const hr_baton intact = good();
  for (std::size_t bit = 0; bit < 8 * sizeof(hr_baton); ++bit) {
    hr_baton baton = intact;
    reinterpret_cast<unsigned char*>(&baton)[bit / 8] ^= static_cast<unsigned char>(1u << bit % 8);
    EXPECT_FALSE(check_baton(baton, kImage, 32)) << "bit " << bit;
  }
}

TEST(Baton, random_bytes_under_a_right_checksum_are_not_believed) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 5000; ++round) {
    hr_baton baton = good();
    auto* bytes = reinterpret_cast<unsigned char*>(&baton);
    for (int change = 0; change < 4; ++change) {
      bytes[random() % offsetof(hr_baton, checksum)] = static_cast<unsigned char>(random());
    }
    seal(baton);
    if (check_baton(baton, kImage, 32)) {
      ASSERT_LE(baton.segment_count, std::uint32_t{HR_BATON_SEGMENTS});
      for (const hr_baton_segment& segment : segments_of(baton)) {
        ASSERT_LE(segment.start, 0xffffffffu);
        ASSERT_LE(segment.size, 0x100000000u - segment.start);
      }
    }
  }
}

}  // namespace
}  // namespace hyprelay::relay
