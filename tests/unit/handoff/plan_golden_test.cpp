// SPDX-License-Identifier: BSD-2-Clause
// Plans as JSON and as text, compared with files in tests/data/handoff: a changed plan must be
// looked at. HR_UPDATE_GOLDEN=1 in the environment writes them anew.
#include "handoff/json.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace hyprelay::handoff {
namespace {

using testing::Bytes;
using testing::kMega;
using testing::range;

struct Case {
  const char* name;
  Arch arch;
  testing::ZImageNumbers zimage;
  std::uint64_t ram_mega;
};

class Golden : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Plan, Golden,
                         ::testing::Values(Case{"armmp-512m", Arch::kArm, testing::kArmmp, 512},
                                           Case{"armmp-1g", Arch::kArm, testing::kArmmp, 1024},
                                           Case{"lpae-1g", Arch::kArm, testing::kLpae, 1024},
                                           Case{"lpae-3g", Arch::kArm, testing::kLpae, 3072},
                                           Case{"arm64-1g", Arch::kArm64, testing::kArmmp, 1024}),
                         [](const auto& row) {
                           std::string name = row.param.name;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

void expect_golden(const std::string& file, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(HR_TEST_DATA) / "handoff" / file;
  if (std::getenv("HR_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
  }
  const Bytes golden = testing::read_file(path);
  EXPECT_EQ(text, std::string(reinterpret_cast<const char*>(golden.data()), golden.size())) << path;
}

TEST_P(Golden, plan) {
  const Case& c = GetParam();
  Machine machine = testing::virt(c.arch, c.ram_mega * kMega);
  if (c.arch == Arch::kArm64) {
    // As Debian's arm64 kernel shows it in /proc/iomem.
    machine.reserved = {{range(0x41860000, 0x650000), "reserved"},
                        {range(0x48000000, 0x93000), "reserved"},
                        {range(0x48200000, 0x100000), "reserved"},
                        {range(0x7ac00000, 0x5000000), "reserved"},
                        {range(0x7fdfd000, 0x203000), "reserved"}};
  }
  const Bytes file = c.arch == Arch::kArm ? testing::make_zimage(c.zimage) : testing::make_image();
  const ImageView kernel = read_image(file, "kernel").value();
  const auto plan = make_plan(machine, kernel, testing::request_for(machine, 17 * kMega));
  ASSERT_TRUE(plan.has_value());
  expect_golden(std::string("plan-") + c.name + ".json", to_json(plan.value()).dump(2) + "\n");
  expect_golden(std::string("plan-") + c.name + ".txt", to_text(plan.value()));
}

}  // namespace
}  // namespace hyprelay::handoff
