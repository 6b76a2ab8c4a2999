// SPDX-License-Identifier: BSD-2-Clause
// Trees of real boards, from Debian's kernel packages. They name no memory and no initrd (the
// bootloader adds those), but every shape of bus, UART and GIC that boards have.
#include "abi/hr_abi.h"
#include "base/error_text.hpp"
#include "fdt/facts.hpp"
#include "fdt/tree.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hyprelay::fdt {
namespace {

// The one answer a reader may not give: a fault of its own.
template <class T>
bool is_readable(const base::Result<T>& result, const std::string& path) {
  EXPECT_TRUE(result.has_value()) << path << "\n" << base::describe(result.error());
  return result.has_value();
}

TEST(DebianTrees, are_readable) {
  const std::vector<std::string> paths = test::debian_trees(7);
  if (paths.empty()) {
    GTEST_SKIP() << "the cache holds no unpacked kernel package with trees";
  }
  std::size_t consoles = 0;
  std::set<std::uint32_t> gics;
  for (const std::string& path : paths) {
    const test::Bytes blob = test::read_file(path);
    const auto read = Tree::from_bytes(blob, path);
    if (!is_readable(read, path)) {
      continue;
    }
    const Tree& tree = read.value();
    EXPECT_EQ(test::model_of(tree.packed()), test::model_of(blob)) << path;
    EXPECT_TRUE(is_readable(memory_ranges(tree), path));
    EXPECT_TRUE(is_readable(reserved_ranges(tree), path));
    EXPECT_TRUE(is_readable(psci_conduit(tree), path));
    const auto uart = console(tree);
    if (is_readable(uart, path) && uart.value().kind != HR_CONSOLE_NONE) {
      ++consoles;
      EXPECT_NE(uart.value().base, base::PhysAddr(0)) << path;
    }
    const auto controller = gic(tree);
    if (is_readable(controller, path)) {
      gics.insert(controller.value().version);
    }
  }
  EXPECT_GT(consoles, paths.size() / 3);
  EXPECT_TRUE(gics.contains(2) && gics.contains(3));
}

}  // namespace
}  // namespace hyprelay::fdt
