// SPDX-License-Identifier: BSD-2-Clause
// Every tree of Debian's kernels is patched, and what was patched taken back out of it, by a reader
// and an editor that are not ours.
#include "abi/hr_abi.h"
#include "handoff/patch.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>
#include <libfdt.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {
namespace {

using test::Bytes;

// Depth, name and content of each node and property in the tree's order, as libfdt's walk over tags
// gives them, less the properties of `/chosen` that are `left_out`, and less an empty /chosen.
using Said = std::vector<std::string>;

struct Walk {
  Said said;
  Said chosen;
};

Walk walk_of(const Bytes& blob, const std::vector<std::string_view>& left_out) {
  Walk walk;
  std::vector<std::string> path;
  for (int at = 0, next = 0;; at = next) {
    const std::uint32_t tag = fdt_next_tag(blob.data(), at, &next);
    if (tag == FDT_END || next < 0) {
      break;
    }
    const bool in_chosen = path.size() == 2 && path.back() == "chosen";
    if (tag == FDT_BEGIN_NODE) {
      path.emplace_back(fdt_get_name(blob.data(), at, nullptr));
      if (path.size() != 2 || path.back() != "chosen") {
        walk.said.push_back(std::to_string(path.size()) + path.back());
      }
    } else if (tag == FDT_END_NODE) {
      path.pop_back();
    } else if (tag == FDT_PROP) {
      const char* name = nullptr;
      int size = 0;
      const void* value = fdt_getprop_by_offset(blob.data(), at, &name, &size);
      const std::string said =
          std::string(name) + "=" +
          std::string(static_cast<const char*>(value), static_cast<std::size_t>(size));
      if (!in_chosen) {
        walk.said.push_back(said);
      } else if (std::ranges::find(left_out, name) == left_out.end()) {
        walk.chosen.push_back(said);
      }
    }
  }
  std::ranges::sort(walk.chosen);
  return walk;
}

PatchRequest request() {
  PatchRequest request;
  request.command_line = "console=ttyS0";
  request.initrd = base::PhysRange::from_size(base::PhysAddr(0x44000000), 0x123457);
  request.seeds.emplace();
  return request;
}

TEST(DebianPatched, is_reverted_to_the_same_properties) {
  const std::vector<std::string> paths = test::debian_trees(1);
  if (paths.empty()) {
    GTEST_SKIP() << "the cache holds no unpacked kernel package with trees";
  }
  const PatchRequest wanted = request();
  const std::vector<std::string_view> ours = {"bootargs",         "linux,initrd-start",
                                              "linux,initrd-end", "kaslr-seed",
                                              "rng-seed",         "hyprelay,record"};
  for (const std::string& path : paths) {
    const Bytes blob = test::read_file(path);
    const auto source = fdt::Tree::from_bytes(blob, path);
    ASSERT_TRUE(source) << path;
    const auto patched = patch(source.value(), wanted);
    ASSERT_TRUE(patched) << path;
    const Bytes after(patched.value().bytes().begin(), patched.value().bytes().end());
    // It is there,
    const int chosen = fdt_path_offset(after.data(), "/chosen");
    ASSERT_GE(chosen, 0) << path;
    int size = 0;
    const void* line = fdt_getprop(after.data(), chosen, "bootargs", &size);
    ASSERT_EQ(size, static_cast<int>(wanted.command_line.size()) + 1) << path;
    EXPECT_EQ(std::string(static_cast<const char*>(line)), wanted.command_line) << path;
    ASSERT_NE(fdt_getprop(after.data(), chosen, "hyprelay,record", &size), nullptr) << path;
    EXPECT_EQ(size, HR_RECORD_SIZE) << path;
    // and nothing but it.
    const Walk was = walk_of(blob, ours);
    const Walk is = walk_of(after, ours);
    EXPECT_TRUE(was.said == is.said) << path;
    EXPECT_EQ(was.chosen, is.chosen) << path;
    ASSERT_EQ(fdt_num_mem_rsv(after.data()), fdt_num_mem_rsv(blob.data())) << path;
  }
  // Debian 12's two kernels have 1,475.
  EXPECT_GT(paths.size(), 1000u);
}

}  // namespace
}  // namespace hyprelay::handoff
