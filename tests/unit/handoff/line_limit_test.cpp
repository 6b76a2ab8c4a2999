// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/line_limit.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace hyprelay::handoff {
namespace {

// What a kernel does, written down a second time: the first characters, parted at blanks.
std::vector<std::string> words_that_arrive(const std::string& line, std::size_t limit) {
  std::istringstream kept(line.substr(0, limit));
  std::vector<std::string> words;
  for (std::string word; kept >> word;) {
    words.push_back(word);
  }
  return words;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string long_line(std::size_t words) {
  std::string line = "root=/dev/vda";
  for (std::size_t i = 0; i < words; ++i) {
    line += " word" + std::to_string(i) + "=" + std::to_string(i);
  }
  return line;
}

TEST(LineLimit, that_fits_is_left_as_it_is) {
  EXPECT_EQ(fit_command_line("a b", "c", 5), "a b c");
  EXPECT_EQ(fit_command_line("", " c", 5), "c");
  EXPECT_EQ(fit_command_line("a b ", "", 9), "a b ");
  EXPECT_EQ(cut_of("a b c", 5), "");
  EXPECT_EQ(command_line_warning(std::string(1023, 'x'), Arch::kArm), std::nullopt);
  EXPECT_EQ(command_line_warning(std::string(2047, 'x'), Arch::kArm64), std::nullopt);
  EXPECT_TRUE(command_line_warning(std::string(1024, 'x'), Arch::kArm));
  EXPECT_TRUE(command_line_warning(std::string(2048, 'x'), Arch::kArm64));
}

// At every length around the limit: own words arrive, no word is cut, and nothing is lost to a
// kernel that keeps more.
TEST(LineLimit, own_words_arrive_whatever_its_length) {
  const std::string own = "reset_devices panic=10 elfcorehdr=0x5f000000";
  const std::size_t limit = command_line_limit(Arch::kArm);
  for (std::size_t words = 60; words < 140; ++words) {
    const std::string line = long_line(words);
    const std::string fitted = fit_command_line(line, own, limit);
    const auto arrived = words_that_arrive(fitted, limit);
    const auto all =
        words_that_arrive(std::string(line).append(" ").append(own), std::string::npos);
    for (const std::string& word : words_that_arrive(own, std::string::npos)) {
      EXPECT_TRUE(has(arrived, word)) << words << " " << word;
    }
    for (const std::string& word : arrived) {
      EXPECT_TRUE(has(all, word)) << words << " was cut: " << word;
    }
    EXPECT_EQ(words_that_arrive(fitted, std::string::npos).size(), all.size()) << words;
    EXPECT_EQ(command_line_warning(fitted, Arch::kArm).has_value(),
              line.size() + 1 + own.size() > limit)
        << words;
    EXPECT_LE(fitted.size(), limit + 1 + line.size());
  }
}

TEST(LineLimit, what_is_cut_is_said) {
  const std::string fitted = fit_command_line(long_line(110), "panic=10", 1023);
  const auto warning = command_line_warning(fitted, Arch::kArm);
  ASSERT_TRUE(warning);
  EXPECT_TRUE(
      warning->starts_with("the command line is too long: a kernel for arm keeps 1023 "
                           "characters and will not see \"word"))
      << *warning;
  EXPECT_NE(warning->find("word109=109\""), std::string::npos) << *warning;
}

TEST(LineLimit, no_word_is_cut_in_its_middle_without_own_words_either) {
  EXPECT_EQ(fit_command_line("root=a panic=100", "", 13), "root=a        panic=100");
  EXPECT_EQ(fit_command_line("panic=100", "", 7), "        panic=100");
}

TEST(LineLimit, an_open_quote_takes_no_own_word) {
  EXPECT_EQ(fit_command_line("a x=\"b c", "own", 100), "a x=\"b c\" own");
  EXPECT_EQ(fit_command_line("a x=\"b c", "own", 10), "a own      x=\"b c\"");
  EXPECT_EQ(fit_command_line("a x=\"b c", "", 100), "a x=\"b c");
}

TEST(LineLimit, quotes_hold_words_together) {
  const std::string line = "a dyndbg=\"file x.c +p ; file y.c +p\" b";
  EXPECT_EQ(fit_command_line(line, "own", 20).substr(0, 20), "a own               ");
  EXPECT_EQ(fit_command_line("a -- b c", "own", 8), "a own -- b c");
  EXPECT_EQ(fit_command_line("a -- b c", "own", 100), "a own -- b c");
  EXPECT_EQ(fit_command_line("a b c", "longer-than-that", 10), "longer-than-that a b c");
}

}  // namespace
}  // namespace hyprelay::handoff
