// SPDX-License-Identifier: BSD-2-Clause
// Every answer of libfdt reaches the user as a message of its own.
#include "fdt/libfdt_error.hpp"

#include "base/error_text.hpp"

#include <gtest/gtest.h>
#include <libfdt.h>

#include <set>
#include <string>

namespace hyprelay::fdt {
namespace {

constexpr std::string_view kPath = "/soc/serial@9000000";

TEST(LibfdtError, each_code_has_a_message_of_its_own_that_names_the_node) {
  std::set<std::string> messages;
  for (int code = 1; code <= FDT_ERR_MAX; ++code) {
    const base::Error error = error_of(-code, kPath);
    EXPECT_EQ(error.stage(), base::Stage::kTree);
    EXPECT_NE(error.subject().find(kPath), std::string_view::npos) << code;
    EXPECT_TRUE(messages.insert(base::describe(error)).second) << base::describe(error);
  }
}

TEST(LibfdtError, what_no_row_says_is_named_as_libfdt_names_it) {
  EXPECT_EQ(error_of(-FDT_ERR_BADNCELLS, kPath).subject(),
            "FDT_ERR_BADNCELLS at /soc/serial@9000000");
  EXPECT_EQ(error_of(-FDT_ERR_BADLAYOUT, kPath).code(), base::Code::TREE_INTERNAL);
  EXPECT_EQ(error_of(-FDT_ERR_BADLAYOUT, kPath).subject(),
            "FDT_ERR_BADLAYOUT at /soc/serial@9000000");
  // A later libfdt knows more codes.
  EXPECT_NE(error_of(-999, kPath).subject(), error_of(-998, kPath).subject());
  // However long the path, the name is not cut off.
  EXPECT_TRUE(
      error_of(-FDT_ERR_EXISTS, std::string(500, 'x')).subject().starts_with("FDT_ERR_EXISTS"));
}

}  // namespace
}  // namespace hyprelay::fdt
