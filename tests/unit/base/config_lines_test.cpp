// SPDX-License-Identifier: BSD-2-Clause
#include "base/config_lines.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace hyprelay::test {
namespace {

TEST(ConfigLines, are_those_of_a_shell) {
  const auto lines = base::read_config_lines(
      "# a_one=comment\n"
      "b_one=other\n"
      "\n"
      "a_one=bare  # and a comment\r\n"
      "  a_two=\"two words\" # quoted\n"
      "a_three='a \"b\"'\n"
      "a_four=\n"
      "a_five");
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_EQ(lines[0].key, "b_one");
  EXPECT_EQ(lines[0].number, 2u);
  EXPECT_EQ(lines[1].number, 4u);
  EXPECT_EQ(lines[1].key, "a_one");
  EXPECT_EQ(lines[1].value, "bare");
  EXPECT_EQ(lines[2].value, "two words");
  EXPECT_EQ(lines[2].text, "a_two=\"two words\" # quoted");
  EXPECT_EQ(lines[3].value, "a \"b\"");
  EXPECT_EQ(lines[4].value, "");
  EXPECT_EQ(lines[5].key, "a_five");
  EXPECT_EQ(lines[5].value, std::nullopt);
  EXPECT_EQ(lines[5].number, 8u);
}

TEST(ConfigLines, what_a_shell_would_read_otherwise_has_no_value) {
  for (const char* line :
       {"a_b=two words", "a_b=\"open", "a_b=\"x\" y", "a_b='x", "a_b=\"x\"#y", "a_b='x'y",
        "a_b=x$y", "a_b=\"x $y\"", "a_b=`id`", "a_b=\"`id`\"", "a_b=x\\y", "a_b=\"x\\\\y\"",
        "a_b=x;y", "a_b=x&", "a_b=x'y'", "a_b=(x)", "a_b=x>y"}) {
    const auto lines = base::read_config_lines(line);
    ASSERT_EQ(lines.size(), 1u) << line;
    EXPECT_EQ(lines[0].value, std::nullopt) << line;
  }
}

// The shell itself is the judge, in both directions.
TEST(ConfigLines, what_is_quoted_is_what_a_shell_evaluates) {
  for (const std::string value :
       {"", "/boot/vmlinuz", "two words", "a \"b\"", "it's", "$HOME `id` \\",
        "it's \"$HOME\" `id` \\", "#x", "new\nline", "~/x", "*"}) {
    const std::string quoted = base::quoted_for_shell(value);
    ::setenv("LINE", ("v=" + quoted).c_str(), 1);
    std::FILE* const shell = ::popen("eval \"$LINE\"; printf %s. \"$v\"", "r");
    ASSERT_NE(shell, nullptr);
    std::string said(100, '\0');
    said.resize(std::fread(said.data(), 1, said.size(), shell));
    ::pclose(shell);
    EXPECT_EQ(said, value + ".") << quoted;
  }
  for (const char* line : {"a_b=bare", "a_b=\"it's\"", "a_b='$HOME \\ \"'", "a_b=x#y"}) {
    const auto first = base::read_config_lines(line);
    ASSERT_TRUE(first.size() == 1 && first[0].value) << line;
    const std::string again = "a_b=" + base::quoted_for_shell(*first[0].value);
    const auto second = base::read_config_lines(again);
    ASSERT_TRUE(second.size() == 1 && second[0].value) << again;
    EXPECT_EQ(first[0].value, second[0].value);
  }
}

TEST(ConfigLines, a_key_that_nobody_takes_is_named_with_its_line) {
  std::vector<base::Error> complaints;
  std::string taken;
  base::take_config_lines(
      "\xef\xbb\xbf"
      "to=/first\ncaptur_to=/a\n# to=/b\nTo=/c\n\nto=/last\n",
      "conf", complaints, [&](std::string_view key, std::string_view value) {
        taken += key == "to" ? value : "";
        return key == "to";
      });
  EXPECT_EQ(taken, "/first/last");
  ASSERT_EQ(complaints.size(), 3u);
  EXPECT_EQ(complaints[0].subject(),
            "conf:1: a byte-order mark (EF BB BF) in front, to be removed");
  EXPECT_EQ(complaints[1].subject(), "conf:2: captur_to=/a");
  EXPECT_EQ(complaints[2].subject(), "conf:4: To=/c");
  EXPECT_EQ(complaints[2].code(), base::Code::CONFIG_LINE);
}

// A shell has "/a\r". All lines of such a file end so: they hold, and one complaint will do.
TEST(ConfigLines, ends_of_dos_are_named_once_and_the_lines_hold) {
  const auto read = [](std::string_view text, std::string& taken) {
    std::vector<base::Error> complaints;
    base::take_config_lines(text, "conf", complaints,
                            [&](std::string_view, std::string_view value) {
                              taken.append(value).append(" ");
                              return true;
                            });
    return complaints;
  };
  std::string taken;
  const auto complaints = read("# no value\r\n\r\nto=/a\r\nb='c d'\r\ne=f # g\r\n", taken);
  EXPECT_EQ(taken, "/a c d f ");
  ASSERT_EQ(complaints.size(), 1u);
  EXPECT_EQ(complaints[0].code(), base::Code::CONFIG_LINE);
  EXPECT_EQ(complaints[0].subject(),
            "conf:3: a carriage return (0D) at a line's end; write the file with LF alone");
  EXPECT_EQ(read("\rto=/a\n", taken).size(), 1u);
  EXPECT_EQ(read("to=/a\r \n", taken).size(), 1u);
  EXPECT_EQ(read("to=/a\n", taken).size(), 0u);
}

TEST(ConfigLines, advice_stands_in_place_of_the_text) {
  std::vector<base::Error> complaints;
  base::take_config_lines("\nto=x\n", "conf", complaints, [](std::string_view, std::string_view) {
    return base::TakenLine(false, "write to=/x");
  });
  ASSERT_EQ(complaints.size(), 1u);
  EXPECT_EQ(complaints[0].subject(), "conf:2: write to=/x");
}

TEST(ConfigLines, a_value_with_a_control_character_is_named_and_not_taken) {
  using namespace std::string_view_literals;
  for (const std::string_view value :
       {"'a\0b'"sv, "'a\x1b[2Jb'"sv, "a\0b"sv, "\"a\rb\""sv, "'\xc2\x9b'"sv, "'\x7f'"sv}) {
    std::vector<base::Error> complaints;
    std::string taken;
    base::take_config_lines("append=" + std::string(value) + "\nto=/last\n", "conf", complaints,
                            [&](std::string_view key, std::string_view text) {
                              taken.append(key).append("=").append(text);
                              return true;
                            });
    EXPECT_EQ(taken, "to=/last");
    ASSERT_EQ(complaints.size(), 1u) << value;
    EXPECT_EQ(complaints[0].subject(), "conf:1: append: a control character in the value");
  }
  const auto tab = base::read_config_lines("append='a\tb'");
  EXPECT_EQ(tab.at(0).value, "a\tb");
}

TEST(ConfigLines, yes_and_no) {
  EXPECT_EQ(base::parse_yes("yes"), true);
  EXPECT_EQ(base::parse_yes("no"), false);
  EXPECT_EQ(base::parse_yes("1"), std::nullopt);
}

}  // namespace
}  // namespace hyprelay::test
