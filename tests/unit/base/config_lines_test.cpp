// SPDX-License-Identifier: BSD-2-Clause
#include "base/config_lines.hpp"

#include <gtest/gtest.h>

namespace hyprelay::test {
namespace {

TEST(ConfigLines, are_those_of_a_shell_with_the_prefix) {
  const auto lines = base::read_config_lines(
      "# a_one=comment\n"
      "b_one=other\n"
      "\n"
      "a_one=bare  # and a comment\r\n"
      "  a_two=\"two words\" # quoted\n"
      "a_three='a \"b\"'\n"
      "a_four=\n"
      "a_five",
      "a_");
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0].number, 4u);
  EXPECT_EQ(lines[0].key, "one");
  EXPECT_EQ(lines[0].value, "bare");
  EXPECT_EQ(lines[1].value, "two words");
  EXPECT_EQ(lines[1].text, "a_two=\"two words\" # quoted");
  EXPECT_EQ(lines[2].value, "a \"b\"");
  EXPECT_EQ(lines[3].value, "");
  EXPECT_EQ(lines[4].key, "five");
  EXPECT_EQ(lines[4].value, std::nullopt);
  EXPECT_EQ(lines[4].number, 8u);
}

TEST(ConfigLines, what_a_shell_would_read_otherwise_has_no_value) {
  for (const char* line : {"a_b=two words", "a_b=\"open", "a_b=\"x\" y", "a_b='x"}) {
    const auto lines = base::read_config_lines(line, "a_");
    ASSERT_EQ(lines.size(), 1u) << line;
    EXPECT_EQ(lines[0].value, std::nullopt) << line;
  }
}

TEST(ConfigLines, yes_and_no) {
  EXPECT_EQ(base::parse_yes("yes"), true);
  EXPECT_EQ(base::parse_yes("no"), false);
  EXPECT_EQ(base::parse_yes("1"), std::nullopt);
}

}  // namespace
}  // namespace hyprelay::test
