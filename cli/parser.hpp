// SPDX-License-Identifier: BSD-2-Clause
// argv as the option table reads it.
#pragma once

#include "base/result.hpp"
#include "cli/option_rows.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::cli {

class Arguments {
 public:
  // nullopt: no command, as in "hyprelay --help".
  std::optional<Command> command;
  // What followed "--", for rehearse.
  std::vector<std::string> rest;

  bool has(OptionName option) const { return values_.contains(option.text()); }
  // The last value given; nullopt when none was.
  std::optional<std::string> text(OptionName option) const;
  std::vector<std::string> texts(OptionName option) const;
  // For Takes::kNumber, which the parser has checked.
  std::uint32_t number(OptionName option, std::uint32_t when_missing) const;

  // The last value of this row's option; nullopt when it was not given.
  std::optional<std::string> value_of(const OptionRow& row) const;
  // One more value for the option of this row, under each of its names; an empty one for what takes
  // nothing.
  void add(const OptionRow& row, const std::string& value);

 private:
  // By name.
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

// An option that something else excludes, and why: a half sentence.
struct Excluded {
  OptionName option;
  const char* why;
};
// `beside`: "with --file". Error: USAGE for the first of them that is given.
base::Result<void> refuse_options(const Arguments& arguments, std::span<const Excluded> options,
                                  std::string_view beside);

// `words` is argv without the program's name. A word with a hyphen in front is an option, unless it
// follows one that takes text; "--" ends the options, and for rehearse all words. Errors: USAGE,
// the subject says what is wrong.
base::Result<Arguments> parse(std::vector<std::string> words);

}  // namespace hyprelay::cli
