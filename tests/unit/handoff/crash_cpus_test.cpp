// SPDX-License-Identifier: BSD-2-Clause
// How many CPUs a crash kernel is told to start, on captured machines.
#include "handoff/crash_cpus.hpp"

#include "tests/unit/handoff/scene.hpp"

namespace hyprelay::handoff {
namespace {

using testing::kMega;
using testing::range;
using testing::Scene;

// The word of the command line that says so.
std::string cpus_word(const Planned& planned) {
  const std::string& line = planned.found.command_line;
  const std::size_t at = line.find("cpus=");
  const std::size_t start = line.rfind(' ', at) + 1;
  return at == std::string::npos ? "" : line.substr(start, line.find(' ', at) - start);
}

struct Panicking : Scene {
  Panicking(const char* folder, std::uint32_t cpus, std::uint64_t spare_bytes) : Scene(folder) {
    machine.cpus = cpus;
    wishes.command_line.reset();
    wishes.panic = true;
    const auto size = estimate_crash_size(input());
    EXPECT_TRUE(size);
    machine.reserved.clear();
    reserve(range(0x50000000,
                  base::align_down(size.value().needed_bytes, kMega) + kMega + spare_bytes));
  }
};

bool says_few(const Planned& planned) {
  return std::ranges::any_of(planned.notes, [](const std::string& note) {
    return note.find("CPUs: crashkernel=") != std::string::npos;
  });
}

TEST(CrashCpus, are_as_many_as_the_region_has_memory_for) {
  for (const char* folder : {"arm64", "arm64-max"}) {
    EXPECT_EQ(cpus_word(Panicking(folder, 4, 0).planned()), "nr_cpus=1") << folder;
    EXPECT_EQ(cpus_word(Panicking(folder, 4, kCrashCpuBytes).planned()), "nr_cpus=2") << folder;
    const Planned all = Panicking(folder, 4, 3 * kCrashCpuBytes).planned();
    EXPECT_EQ(cpus_word(all), "nr_cpus=4") << folder;
    EXPECT_FALSE(says_few(all));
    EXPECT_EQ(cpus_word(Panicking(folder, 4, 64 * kMega).planned()), "nr_cpus=4") << folder;
    EXPECT_EQ(cpus_word(Panicking(folder, 100, 64 * kMega).planned()), "nr_cpus=8") << folder;
    EXPECT_EQ(cpus_word(Panicking(folder, 1, 64 * kMega).planned()), "nr_cpus=1") << folder;
    EXPECT_TRUE(says_few(Panicking(folder, 4, kCrashCpuBytes).planned())) << folder;
  }
}

// What is recommended is what all of them need.
TEST(CrashCpus, all_of_them_start_in_what_is_recommended) {
  Panicking scene("arm64", 4, 0);
  const auto size = estimate_crash_size(scene.input());
  ASSERT_TRUE(size);
  scene.machine.reserved.clear();
  scene.reserve(range(0x50000000, size.value().recommended_bytes));
  EXPECT_EQ(cpus_word(scene.planned()), "nr_cpus=4");
}

// They wait in the dead kernel, and are on for PSCI.
TEST(CrashCpus, of_arm_are_one) {
  EXPECT_EQ(cpus_word(Panicking("armmp", 4, 64 * kMega).planned()), "maxcpus=1");
}

TEST(CrashCpus, that_firmware_does_not_start_are_not_asked_for) {
  Panicking scene("arm64", 4, 64 * kMega);
  const auto whole = fdt::Tree::from_bytes(scene.machine.device_tree, "tree");
  ASSERT_TRUE(whole);
  EXPECT_EQ(startable_crash_cpus(scene.machine, whole.value()), 4u);
  // The same tree, of a board whose CPUs poll.
  std::string spun(base::text_of(scene.machine.device_tree));
  const std::string method("psci\0", 5);
  // The property's value comes after its name's place in the strings: only whole values change.
  std::size_t changed = 0;
  for (std::size_t at = spun.find(method); at != std::string::npos;
       at = spun.find(method, at + 1)) {
    const bool is_value = at >= 12 && spun.substr(at - 8, 4) == std::string("\0\0\0\5", 4);
    if (is_value) {
      spun.replace(at, 4, "spin");
      ++changed;
    }
  }
  ASSERT_GT(changed, 0u);
  const auto tree = fdt::Tree::from_bytes(base::bytes_of(spun), "tree");
  ASSERT_TRUE(tree);
  EXPECT_EQ(startable_crash_cpus(scene.machine, tree.value()), 1u);
}

TEST(CrashCpus, of_a_machine_with_acpi_are_started_by_what_its_tables_say) {
  Scene scene("arm64-efi-acpi");
  scene.machine.cpus = 4;
  const auto tree = fdt::Tree::from_bytes(scene.machine.device_tree, "tree");
  ASSERT_TRUE(tree);
  EXPECT_EQ(startable_crash_cpus(scene.machine, tree.value()), 4u);
  scene.machine.acpi = {};
  EXPECT_EQ(startable_crash_cpus(scene.machine, tree.value()), 1u) << "nobody says who starts them";
}

}  // namespace
}  // namespace hyprelay::handoff
