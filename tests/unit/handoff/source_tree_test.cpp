// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/source_tree.hpp"

#include "fdt/facts.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/tree_compare.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Code;

class Memory : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto machine = linux_host::gather(test::captured(HR_TEST_DATA, "armmp-lpae")).value();
    running_ = fdt::Tree::from_bytes(machine.device_tree, "running").value();
    given_ = running_;
    ASSERT_EQ(fdt::memory_ranges(running_).value().size(), 1u);
    ASSERT_TRUE(given_.remove_node("/memory@40000000"));
  }
  fdt::Tree running_ = fdt::Tree::empty();
  fdt::Tree given_ = fdt::Tree::empty();
};

TEST_F(Memory, of_the_running_tree_is_added_to_a_tree_without_any) {
  EXPECT_TRUE(add_missing_memory(given_, running_).value());
  EXPECT_EQ(fdt::memory_ranges(given_).value(), fdt::memory_ranges(running_).value());
}

TEST_F(Memory, an_empty_node_for_the_bootloader_is_replaced) {
  ASSERT_TRUE(given_.add_node("/memory"));
  ASSERT_TRUE(given_.set_string("/memory", "device_type", "memory"));
  ASSERT_TRUE(given_.set("/memory", "reg", std::vector<std::byte>(16)));
  EXPECT_TRUE(add_missing_memory(given_, running_).value());
  EXPECT_EQ(std::ranges::count(given_.children("/"), "/memory"), 0);
  EXPECT_EQ(fdt::memory_ranges(given_).value(), fdt::memory_ranges(running_).value());
}

TEST_F(Memory, of_the_user_is_left_alone) {
  fdt::Tree tree = running_;
  EXPECT_FALSE(add_missing_memory(tree, running_).value());
  EXPECT_TRUE(std::ranges::equal(tree.packed(), running_.packed()));
}

TEST_F(Memory, is_written_as_the_tree_counts) {
  ASSERT_TRUE(given_.set_u32("/", "#address-cells", 1));
  ASSERT_TRUE(given_.set_u32("/", "#size-cells", 1));
  EXPECT_TRUE(add_missing_memory(given_, running_).value());
  EXPECT_EQ(given_.property("/memory@40000000", "reg")->size(), 8u);
  EXPECT_EQ(fdt::memory_ranges(given_).value(), fdt::memory_ranges(running_).value());
}

TEST_F(Memory, that_the_tree_cannot_count_is_an_error) {
  ASSERT_TRUE(given_.set_u32("/", "#address-cells", 3));
  const auto added = add_missing_memory(given_, running_);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code(), Code::TREE_NO_MEMORY);
}

TEST(TreeChoice, a_long_path_does_not_hide_what_is_wrong) {
  const auto error = to_error({Code::TREE_OTHER_CONDUIT, "hvc here, smc on the running machine"},
                              std::string(200, 'x') + "/board.dtb");
  EXPECT_TRUE(error.subject().starts_with("..."));
  EXPECT_TRUE(error.subject().ends_with("board.dtb: hvc here, smc on the running machine"));
}

}  // namespace
}  // namespace hyprelay::handoff
