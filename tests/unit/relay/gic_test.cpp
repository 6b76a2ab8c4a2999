// SPDX-License-Identifier: BSD-2-Clause
// Which frames are found and touched, on registers that are plain memory. The real registers of
// QEMU's GICv3 are in tests/target/relay.
#include "relay/core/gic.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace hyprelay::relay {
namespace {

constexpr std::uint64_t kFrame = 0x10000;

class Frames {
 public:
  explicit Frames(std::size_t count) : memory_(count * kFrame / 8) {}
  std::uint64_t base() { return reinterpret_cast<std::uintptr_t>(memory_.data()); }
  std::uint64_t size_bytes() const { return memory_.size() * 8; }
  void set(std::uint64_t offset, std::uint32_t value) {
    std::memcpy(reinterpret_cast<char*>(memory_.data()) + offset, &value, 4);
  }
  std::uint32_t get(std::uint64_t offset) {
    std::uint32_t value;
    std::memcpy(&value, reinterpret_cast<char*>(memory_.data()) + offset, 4);
    return value;
  }

 private:
  std::vector<std::uint64_t> memory_;
};

hr_baton baton_for(Frames& redistributors) {
  hr_baton baton{};
  baton.gic_version = 3;
  baton.gic_redistributor[0] = redistributors.base();
  baton.gic_redistributor_size[0] = redistributors.size_bytes();
  return baton;
}

TEST(Gic, leaves_a_gic_without_lpis_alone) {
  Frames frames(2);
  frames.set(0, 1);
  hr_baton baton = baton_for(frames);
  baton.gic_version = 2;
  EXPECT_EQ(quiesce_gic(baton, 48).redistributors_disabled, 0u);
  EXPECT_EQ(frames.get(0), 1u);
}

TEST(Gic, stops_at_the_last_redistributor_of_a_region) {
  Frames frames(6);
  for (std::size_t i = 0; i < 3; ++i) {
    frames.set(2 * i * kFrame, 1);
  }
  frames.set(2 * kFrame + 8, 0x10);
  EXPECT_EQ(quiesce_gic(baton_for(frames), 48).redistributors_disabled, 2u);
  EXPECT_EQ(frames.get(0), 0u);
  EXPECT_EQ(frames.get(2 * kFrame), 0u);
  EXPECT_EQ(frames.get(4 * kFrame), 1u) << "behind the last one";
}

TEST(Gic, stops_at_the_end_of_a_region_that_names_no_last) {
  Frames frames(5);
  EXPECT_EQ(quiesce_gic(baton_for(frames), 48).stuck, 0u);
}

TEST(Gic, steps_over_the_frames_of_virtual_lpis) {
  Frames frames(8);
  frames.set(8, 0x2);
  frames.set(0, 1);
  frames.set(4 * kFrame, 1);
  frames.set(4 * kFrame + 8, 0x12);
  // GICR_VPENDBASER.Valid of the first one.
  frames.set(2 * kFrame + 0x7c, 0x80000000);
  EXPECT_EQ(quiesce_gic(baton_for(frames), 48).redistributors_disabled, 2u);
  EXPECT_EQ(frames.get(2 * kFrame + 0x7c), 0u);
}

TEST(Gic, follows_a_stride_that_is_given) {
  Frames frames(8);
  frames.set(0, 1);
  frames.set(4 * kFrame, 1);
  hr_baton baton = baton_for(frames);
  baton.gic_stride = 4 * kFrame;
  EXPECT_EQ(quiesce_gic(baton, 48).redistributors_disabled, 2u);
}

TEST(Gic, reports_an_its_that_never_gets_quiet) {
  Frames its(1);
  its.set(0, 1);
  hr_baton baton{};
  baton.gic_version = 4;
  baton.gic_its[31] = its.base();
  const GicOutcome outcome = quiesce_gic(baton, 48);
  EXPECT_EQ(outcome.its_disabled, 1u);
  EXPECT_EQ(outcome.stuck, 1u);
  EXPECT_EQ(its.get(0), 0u);
}

TEST(Gic, leaves_what_cannot_be_registers_alone_and_says_so) {
  Frames frames(4);
  frames.set(0, 1);
  hr_baton baton = baton_for(frames);
  baton.gic_its[0] = frames.base() + 2 * kFrame;
  baton.segment_count = 1;
  baton.segments[0] = {frames.base() + 3 * kFrame - 8, 8, HR_SEGMENT_INITRD, 0, {}};
  GicOutcome outcome = quiesce_gic(baton, 48);
  EXPECT_EQ(outcome.stuck, 2u) << "a segment lies in both";
  EXPECT_EQ(frames.get(0), 1u);

  baton.segment_count = 0;
  baton.gic_its[0] = 0;
  EXPECT_EQ(quiesce_gic(baton, 32).stuck, 1u) << "no address of 32 bits";
  for (const std::uint64_t stride : {std::uint64_t{1}, kFrame, 2 * kFrame + 8}) {
    baton.gic_stride = stride;
    EXPECT_EQ(quiesce_gic(baton, 48).stuck, 1u) << stride;
  }
  EXPECT_EQ(frames.get(0), 1u);
  baton.gic_stride = 2 * kFrame;
  outcome = quiesce_gic(baton, 48);
  EXPECT_EQ(outcome.stuck, 0u);
  EXPECT_EQ(outcome.redistributors_disabled, 1u);
}

}  // namespace
}  // namespace hyprelay::relay
