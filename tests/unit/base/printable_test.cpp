// SPDX-License-Identifier: BSD-2-Clause
#include "base/printable.hpp"

#include "base/error_text.hpp"

#include <gtest/gtest.h>

namespace hyprelay::base {
namespace {

using namespace std::string_view_literals;

// By hand, from ECMA-48's tables 1 and 2.
TEST(Printable, what_a_terminal_would_obey_is_shown_as_a_number) {
  EXPECT_EQ(printable("\x1b[2J\x1b]0;title\a"sv), "\\x1b[2J\\x1b]0;title\\x07");
  EXPECT_EQ(printable("a\nb\rc\0d\x7f"sv), "a\\x0ab\\x0dc\\x00d\\x7f");
  EXPECT_EQ(printable("CSI \xc2\x9b 2J, \xc2\x80 \xc2\x9f"sv), "CSI \\x9b 2J, \\x80 \\x9f");
  EXPECT_EQ(printable("two\nlines\r\n"sv, Lines::kMany), "two\nlines\\x0d\n");
}

TEST(Printable, everything_else_is_left_alone) {
  for (const std::string_view text :
       {""sv, "plain, with \\ and \t"sv, "na\xc3\xafve \xc2\xa0\xc2\xbf \xe2\x82\xac"sv,
        "\xff\xc3(\xed\xa0\x80"sv, "\xc2"sv, "latin \xe9 \x9b"sv}) {
    EXPECT_EQ(printable(text), text);
    EXPECT_EQ(find_control(text), std::string_view::npos);
  }
  EXPECT_EQ(find_control("ab\x1b"), 2u);
}

TEST(Printable, an_error_names_its_subject_in_one_line_that_a_terminal_does_not_obey) {
  const std::string text =
      describe(Error(Code::FILE_MISSING, Stage::kFile, "k\x1b[2J\nhyprelay: loaded"));
  EXPECT_NE(text.find("file: k\\x1b[2J\\x0ahyprelay: loaded: the file"), std::string::npos) << text;
}

}  // namespace
}  // namespace hyprelay::base
