// SPDX-License-Identifier: BSD-2-Clause
#define HR_OUT_OF_LINE
#include "tests/target/xen/operations.hpp"

namespace hyprelay::target {
namespace {

HR_TEST(out_of_line_operations, "every typed operation, out of line") {
  note_row("xen", "out-of-line", "ours", judge_operations(kOperations, kOperationCount));
}

}  // namespace
}  // namespace hyprelay::target
