// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/xen/operations.hpp"

namespace hyprelay::target {
namespace {

HR_TEST(inline_operations, "every typed operation, inline") {
  note_row("xen", "inline", "ours", judge_operations(kOperations, kOperationCount));
}

}  // namespace
}  // namespace hyprelay::target
