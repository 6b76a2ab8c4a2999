// SPDX-License-Identifier: BSD-2-Clause
// argv as the option table reads it. The only code that includes CLI11.
#pragma once

#include "base/result.hpp"
#include "cli/options.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::cli {

class Arguments {
 public:
  // nullopt: no command, as in "hyprelay --help".
  std::optional<Command> command;
  // What followed "--", for rehearse.
  std::vector<std::string> rest;

  bool has(Option option) const { return values_.contains(option); }
  // The last value given; nullopt when none was.
  std::optional<std::string> text(Option option) const;
  std::vector<std::string> texts(Option option) const;
  // For Takes::kNumber, which the parser has checked.
  std::uint32_t number(Option option, std::uint32_t when_missing) const;

  void add(Option option, std::vector<std::string> values);

 private:
  std::map<Option, std::vector<std::string>> values_;
};

// `words` is argv without the program's name. Errors: USAGE, the subject says what is wrong.
base::Result<Arguments> parse(std::vector<std::string> words);

}  // namespace hyprelay::cli
