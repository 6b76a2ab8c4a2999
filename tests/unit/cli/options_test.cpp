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

TEST(Options, ANameMeansOneThingInEachCommand) {
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

TEST(Options, EveryRowIsComplete) {
  std::set<Option> ids;
  for (const OptionRow& row : option_rows()) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.names;
    EXPECT_FALSE(row.help.empty()) << row.names;
    EXPECT_FALSE(row.help.ends_with('.')) << row.help;
    EXPECT_EQ(row.takes == Takes::kNothing, row.argument.empty()) << row.names;
    EXPECT_EQ(row.takes == Takes::kChoice, !row.choices.empty()) << row.names;
    for (const std::string_view name : split(row.names, ",")) {
      EXPECT_TRUE(name.starts_with('-')) << name;
    }
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(Option::kHelp) + 1);
}

TEST(Options, OnlyOnePositionalPerCommand) {
  for (const CommandRow& command : command_rows()) {
    EXPECT_LE(std::ranges::count_if(option_rows(),
                                    [&](const OptionRow& row) {
                                      return row.positional() && row.belongs_to(command.id);
                                    }),
              1)
        << command.name;
  }
}

TEST(Help, ShowsEveryCommandAndEveryOptionThatIsNotHidden) {
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

TEST(Help, FitsEightyColumns) {
  for (const CommandRow& command : command_rows()) {
    const std::string help = help_text(command.id);
    for (const std::string_view line : split(help, "\n")) {
      EXPECT_TRUE(line.size() <= 80 || line.starts_with("Usage:")) << line;
    }
  }
}

TEST(Man, HasEveryCommandOptionAndExitCode) {
  const std::string page = man_page();
  for (const CommandRow& command : command_rows()) {
    EXPECT_EQ(contains(page, ".SS " + std::string(command.name) + "\n"), !command.hidden);
  }
  for (const OptionRow& row : option_rows()) {
    if (!row.hidden && !row.positional() && row.id != Option::kHelp) {
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

TEST(Text, IsWrappedAtItsWidth) {
  EXPECT_EQ(wrapped("aa bb cc", 2, 7), "  aa bb\n  cc\n");
  EXPECT_EQ(wrapped("one\n\ntwo", 0, 10), "one\n\ntwo\n");
  EXPECT_EQ(wrapped("longerthanwidth x", 0, 5), "longerthanwidth\nx\n");
}

TEST(Text, SizesForPeople) {
  EXPECT_EQ(human_size(0), "0 B");
  EXPECT_EQ(human_size(1023), "1023 B");
  EXPECT_EQ(human_size(1024), "1.0 KiB");
  EXPECT_EQ(human_size(5 * 1024 * 1024 + 512 * 1024), "5.5 MiB");
}

}  // namespace
}  // namespace hyprelay::cli
