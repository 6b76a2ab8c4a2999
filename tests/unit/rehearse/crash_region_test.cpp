// SPDX-License-Identifier: BSD-2-Clause
// What kernels of several releases make of the crashkernel= that a rehearsal gives them. Nobody has
// most of them: they are modelled here, from their reserve_crashkernel() and from what was seen of
// them in QEMU.
#include "rehearse/crash_region.hpp"

#include "base/number_text.hpp"
#include "handoff/crash.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace hyprelay::rehearse {
namespace {

using handoff::testing::Bytes;
using handoff::testing::kMega;
using handoff::testing::range;

constexpr std::uint64_t kRam = 0x40000000;
constexpr std::uint64_t kWindow = 128 * kMega;
constexpr std::uint64_t kInitramfs = 40 * kMega;

enum class Places { kAtZero, kAnywhere, kInLowmem };
struct Release {
  const char* name;
  Places places;
  // From 4.15 on a zImage has one.
  bool has_table;
};
constexpr Release kReleases[] = {
    {"3.18", Places::kAtZero, false},  {"4.4", Places::kAtZero, false},
    {"4.9", Places::kAnywhere, false}, {"4.12", Places::kAnywhere, false},
    {"4.15", Places::kInLowmem, true}, {"6.1", Places::kInLowmem, true}};

// "256M" or "256M@0x58000000". Where that kernel reserves it; empty: nowhere.
base::PhysRange reserved_by(const Release& release, const std::string& parameter,
                            std::uint64_t memory) {
  EXPECT_TRUE(parameter.starts_with(" crashkernel=")) << parameter;
  std::string_view text = std::string_view(parameter).substr(13);
  const std::uint64_t size = base::take_number(text).value() * kMega;
  EXPECT_TRUE(text.starts_with("M")) << parameter;
  text.remove_prefix(1);
  const std::uint64_t lowmem = std::min(memory, 760 * kMega);
  std::uint64_t start = 0;
  if (text.starts_with("@")) {
    start = base::parse_number(text.substr(1)).value();
  } else if (release.places != Places::kAtZero) {
    const std::uint64_t top =
        kRam + (release.places == Places::kInLowmem ? lowmem - 96 * kMega : memory);
    start = (top - size) / kWindow * kWindow;
  }
  // In use: the initramfs, and what was taken at the top of the mapping.
  const bool in_use = start < kRam + 128 * kMega + kInitramfs ||
                      (start < kRam + lowmem && start + size > kRam + lowmem - 64 * kMega);
  return start < kRam || start + size > kRam + memory || in_use ? base::PhysRange()
                                                                : range(start, size);
}

class CrashRegion : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::path(testing::TempDir()) / ("kernel-" + std::to_string(::getpid()));
    options_.arch = handoff::Arch::kArm;
    options_.panic = true;
    options_.from = path_;
    options_.to = {path_};
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string parameter(const Release& release) {
    Bytes image = handoff::testing::make_zimage({.reads_usable_range = release.has_table});
    if (!release.has_table) {
      handoff::testing::put32(image, 0x34, 0);
    }
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(image.data()),
               static_cast<std::streamsize>(image.size()));
    const auto first = check_kernels(options_);
    EXPECT_TRUE(first) << release.name;
    return crash_parameter(options_, first ? first.value() : FirstKernel(), kInitramfs);
  }

  std::filesystem::path path_;
  Options options_;
};

TEST_F(CrashRegion, every_release_reserves_one_that_it_can_start_from) {
  for (const Release& release : kReleases) {
    for (const std::uint64_t mega : {640, 768, 1024, 2048, 3072}) {
      options_.memory = std::to_string(mega) + "M";
      const std::string words = parameter(release);
      const base::PhysRange region = reserved_by(release, words, mega * kMega);
      ASSERT_FALSE(region.empty()) << release.name << ", " << options_.memory << ":" << words;
      handoff::Machine machine = handoff::testing::virt(handoff::Arch::kArm, mega * kMega);
      machine.crash.mappings = {
          {range(kRam, std::min<std::uint64_t>(mega, 760) * kMega), 0xc0000000}};
      EXPECT_TRUE(handoff::check_region_is_mapped(machine, region)) << release.name << words;
      // Where a kernel that knows nothing of its region runs in it.
      EXPECT_TRUE(region.start().is_aligned(kWindow)) << release.name << words;
    }
  }
}

// The models are worth something: with a plain SIZE all but the last ones fail.
TEST_F(CrashRegion, of_a_plain_size_old_releases_make_none_or_one_that_is_refused) {
  handoff::Machine machine = handoff::testing::virt(handoff::Arch::kArm, 1024 * kMega);
  machine.crash.mappings = {{range(kRam, 760 * kMega), 0xc0000000}};
  for (const Release& release : kReleases) {
    const base::PhysRange region = reserved_by(release, " crashkernel=256M", 1024 * kMega);
    const bool usable = !region.empty() && handoff::check_region_is_mapped(machine, region);
    EXPECT_EQ(usable, release.has_table) << release.name;
  }
}

TEST_F(CrashRegion, only_what_needs_a_place_gets_one) {
  const Release& old = kReleases[2];
  options_.memory = "1G";
  EXPECT_EQ(parameter(old), " crashkernel=256M@0x58000000");
  EXPECT_EQ(parameter(kReleases[5]), " crashkernel=256M");
  options_.memory = "1024";
  options_.crashkernel = "384M";
  EXPECT_EQ(parameter(old), " crashkernel=384M@0x50000000");
  for (const char* own : {"256M@0x60000000", "1G-:256M", "0", "256M,high", "900M"}) {
    options_.crashkernel = own;
    EXPECT_EQ(parameter(old), " crashkernel=" + std::string(own));
  }
  options_.crashkernel = "256M";
  options_.memory = "size=1G,maxmem=2G";
  EXPECT_EQ(parameter(old), " crashkernel=256M") << "nobody knows how much there is";
  options_.memory = "1G";
  options_.arch = handoff::Arch::kArm64;
  EXPECT_EQ(crash_parameter(options_, {.is_before_4_15 = true}, kInitramfs), " crashkernel=256M")
      << "arm64 has no lowmem";
  options_.panic = false;
  EXPECT_EQ(crash_parameter(options_, {}, kInitramfs), "");
}

}  // namespace
}  // namespace hyprelay::rehearse
