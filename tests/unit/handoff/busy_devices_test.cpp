// SPDX-License-Identifier: BSD-2-Clause
// Which devices a handoff warns of, and which the running kernel stops by itself.
#include "handoff/warnings.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

std::vector<std::string> warnings(const std::string& release, std::vector<BusyDevice> devices) {
  Machine machine;
  machine.kernel_release = release;
  machine.busy_devices = std::move(devices);
  return busy_warnings(machine);
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(BusyDevices, none_no_warning) {
  EXPECT_TRUE(warnings("3.2.0", {}).empty());
  EXPECT_TRUE(warnings("6.1.0", {{"of another time", "x", "", true}}).empty());
}

// PCI's are stopped since 3.13, virtio's reset since 6.15, and those of vfio-platform never.
TEST(BusyDevices, the_release_tells_who_stops_them) {
  const BusyDevice pci{"pci", "0000:00:02.0", "8086:10d3", std::nullopt};
  const BusyDevice lent{"vfio-pci", "0000:00:03.0", "8086:10d3", true};
  const BusyDevice platform{"vfio-platform", "ff900000.ethernet", "", true};
  const BusyDevice virtio{"virtio-mmio", "virtio0", "1", std::nullopt};
  for (const auto& [release, count] : {std::pair("3.12.0", 4u),
                                       {"3.13.0", 2u},
                                       {"6.1.0-50-arm64", 2u},
                                       {"6.14.3", 2u},
                                       {"6.15.0", 1u},
                                       {"", 1u}}) {
    EXPECT_EQ(warnings(release, {pci, lent, platform, virtio}).size(), count) << release;
  }
  EXPECT_TRUE(warnings("6.1.0", {pci, lent}).empty());
}

TEST(BusyDevices, each_kind_has_one_line_with_a_few_names) {
  std::vector<BusyDevice> many;
  for (int i = 0; i < 100; ++i) {
    many.push_back({"virtio-mmio", "virtio" + std::to_string(i), "1", std::nullopt});
  }
  const auto all = warnings("6.1.0", many);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(has(all[0], ": virtio0 (1), virtio1 (1), virtio2 (1), virtio3 (1) and 96 more: "))
      << all[0];
  EXPECT_TRUE(has(all[0], "no IOMMU translates for them; unbind them")) << all[0];
  EXPECT_LT(all[0].size(), 400u);
}

TEST(BusyDevices, an_iommu_is_told_of_when_all_are_behind_it) {
  const BusyDevice one{"vfio-platform", "a", "", true};
  const BusyDevice other{"vfio-platform", "b", "", false};
  EXPECT_TRUE(
      has(warnings("6.1.0", {one}).at(0), "behind an IOMMU that this kernel switches off as well"));
  EXPECT_TRUE(has(warnings("6.1.0", {one, other}).at(0), "no IOMMU translates for them"));
}

}  // namespace
}  // namespace hyprelay::handoff
