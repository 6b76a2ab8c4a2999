// SPDX-License-Identifier: BSD-2-Clause
// The lines of a configuration file: KEY=VALUE that a shell could read too, '#' comments, the value
// bare or in quotes. Environment: hosted. Pure.
#pragma once

#include "base/error.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyprelay::base {

// Views into the text that was read.
struct ConfigLine {
  // Counted from 1.
  unsigned number = 0;
  // Without the blanks around it.
  std::string_view text;
  // Up to the '='.
  std::string_view key;
  // nullopt: no '=', or a value that is more than one word, one quoted text and a comment, or that
  // a shell would read otherwise, as one with '$' outside of single quotes.
  std::optional<std::string_view> value;
  // One stood at its end, as DOS writes lines, or in front: a shell would have it in the value.
  bool has_return = false;
};

// All of them that are neither empty nor a comment, in their order.
std::vector<ConfigLine> read_config_lines(std::string_view text);

// Whether a line was taken; when not, `advice` may say what is to be written instead.
struct TakenLine {
  bool taken = false;
  std::string advice;

  // NOLINTNEXTLINE(google-explicit-constructor): most of those who take lines know no more.
  TakenLine(bool was_taken, std::string to_do = {}) : taken(was_taken), advice(std::move(to_do)) {}
};

// Gives key and value of each of them to `take`. One without a value, or that `take` does not take,
// means nothing and is a complaint: CONFIG_LINE, subject "FILE:LINE: TEXT", or the advice in place
// of the text. So is a byte-order mark, which editors show nobody, and the first carriage return
// around a line; the line holds. At a panic, the lines that are right still hold.
using TakeConfigLine = std::function<TakenLine(std::string_view key, std::string_view value)>;
void take_config_lines(std::string_view text, std::string_view file, std::vector<Error>& complaints,
                       const TakeConfigLine& take);

// The value in quotes, so that a shell's eval has it as it is [POSIX XCU 2.2]; what
// read_config_lines gave is read by it again.
std::string quoted_for_shell(std::string_view value);

// Takes the prefix off a key that begins with it. False: it does not.
bool take_prefix(std::string_view& key, std::string_view prefix);

// "yes" and "no"; nullopt for everything else.
std::optional<bool> parse_yes(std::string_view text);

}  // namespace hyprelay::base
