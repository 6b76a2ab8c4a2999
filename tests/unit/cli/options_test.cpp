// SPDX-License-Identifier: BSD-2-Clause
// The option table keeps its own rules, and everything made from it says all of it.
#include "cli/options.hpp"

#include "base/error_text.hpp"
#include "cli/generate.hpp"
#include "cli/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace hyprelay::cli {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Options, a_name_means_one_thing_in_each_command) {
  for (const CommandRow& command : command_rows()) {
    std::set<std::string_view> seen;
    for (const OptionRow& row : option_rows()) {
      if (!row.belongs_to(command.id)) {
        continue;
      }
      for (const std::string_view name : split(row.names, ",")) {
        EXPECT_TRUE(seen.insert(name).second) << command.name << " " << name;
      }
    }
  }
}

TEST(Options, every_row_is_complete) {
  for (const OptionRow& row : option_rows()) {
    EXPECT_FALSE(row.help.empty()) << row.names;
    EXPECT_FALSE(row.help.ends_with('.')) << row.help;
    EXPECT_EQ(row.takes == Takes::kNothing, row.argument.empty()) << row.names;
    EXPECT_EQ(row.takes == Takes::kChoice, !row.choices.empty()) << row.names;
    for (const std::string_view name : split(row.names, ",")) {
      EXPECT_TRUE(name.starts_with('-')) << name;
    }
  }
}

// It would not be known which of them a word is.
TEST(Options, nothing_follows_a_positional_that_may_be_missing_or_repeats) {
  for (const CommandRow& command : command_rows()) {
    bool is_last = false;
    for (const OptionRow& row : option_rows()) {
      if (row.positional() && row.belongs_to(command.id)) {
        EXPECT_FALSE(is_last) << command.name << " " << row.argument;
        is_last = !row.required || row.repeats;
      }
    }
  }
}

TEST(Help, no_line_of_a_paragraph_ends_before_its_room) {
  for (const CommandRow& command : command_rows()) {
    const std::string help = help_text(command.id);
    for (const std::string_view paragraph : split(help, "\n\n")) {
      const auto lines = split(paragraph, "\n");
      for (std::size_t i = 1; i < lines.size() && !paragraph.starts_with("  "); ++i) {
        const std::size_t word = lines[i].substr(0, lines[i].find(' ')).size();
        EXPECT_GT(lines[i - 1].size() + 1 + word, 80u) << lines[i - 1];
      }
    }
  }
}

TEST(Help, shows_every_command_and_every_option_that_is_not_hidden) {
  const std::string overview = help_text(std::nullopt);
  for (const CommandRow& command : command_rows()) {
    EXPECT_EQ(contains(overview, "  " + std::string(command.name) + " "), !command.hidden);
    const std::string help = help_text(command.id);
    for (const OptionRow& row : option_rows()) {
      if (row.belongs_to(command.id) && !row.positional()) {
        EXPECT_EQ(contains(help, "  " + std::string(row.shown_name())), !row.hidden)
            << command.name << " " << row.names;
      }
    }
  }
}

TEST(Help, fits_eighty_columns) {
  for (const CommandRow& command : command_rows()) {
    const std::string help = help_text(command.id);
    for (const std::string_view line : split(help, "\n")) {
      EXPECT_TRUE(line.size() <= 80 || line.starts_with("Usage:")) << line;
    }
  }
}

TEST(Man, has_every_command_option_and_exit_code) {
  const std::string page = man_page();
  for (const CommandRow& command : command_rows()) {
    EXPECT_EQ(contains(page, ".SS " + std::string(command.name) + "\n"), !command.hidden);
  }
  for (const OptionRow& row : option_rows()) {
    if (!row.hidden && !row.positional() && !row.is("--help")) {
      std::string name;
      for (const char c : row.shown_name()) {
        name += c == '-' ? "\\-" : std::string(1, c);
      }
      EXPECT_TRUE(contains(page, ".B " + name)) << row.names;
    }
  }
  for (const base::ExitRow& row : base::exit_rows()) {
    EXPECT_TRUE(contains(page, ".B " + std::to_string(row.code) + "\n")) << row.name;
  }
}

TEST(Text, is_wrapped_at_its_width) {
  EXPECT_EQ(wrapped("aa bb cc", 2, 7), "  aa bb\n  cc\n");
  EXPECT_EQ(wrapped("one\n\ntwo", 0, 10), "one\n\ntwo\n");
  EXPECT_EQ(wrapped("\none\ntwo", 0, 10), "one two\n");
  EXPECT_EQ(wrapped("longerthanwidth x", 0, 5), "longerthanwidth\nx\n");
}

}  // namespace
}  // namespace hyprelay::cli
