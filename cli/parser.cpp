// SPDX-License-Identifier: BSD-2-Clause
#include "cli/parser.hpp"

#include "base/number_text.hpp"
#include "cli/text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;
using Words = std::vector<std::string>;

Error usage(const std::string& what) {
  return Error(Code::USAGE, Stage::kUsage, what);
}

std::optional<std::uint32_t> parse_count(std::string_view text) {
  const auto number = base::parse_number<std::uint32_t>(text);
  return number == 0u ? std::nullopt : number;
}

// What is wrong with a value; empty: nothing.
std::string fault_of(const OptionRow& row, const std::string& value) {
  if (row.takes == Takes::kNumber && !parse_count(value)) {
    return "\"" + value + "\" is no number from 1 to 4294967295";
  }
  if (row.takes == Takes::kChoice && !has_word(row.choices, ' ', value)) {
    return "\"" + value + "\" is none of: " + std::string(row.choices);
  }
  return "";
}

// One walk over the words of a command.
class Walk {
 public:
  explicit Walk(Arguments& arguments) : arguments_(arguments) {}

  base::Result<void> run(const Words& words) {
    bool options = true;
    for (auto word = words.begin(); word != words.end(); ++word) {
      if (options && *word == "--") {
        options = false;
      } else if (options && word->size() > 1 && word->starts_with('-')) {
        HR_TRYV(take_option(words, word));
      } else {
        HR_TRYV(take_positional(*word));
      }
    }
    if (!strangers_.empty()) {
      return usage((strangers_.size() > 1 ? "The following arguments were not expected:"
                                          : "The following argument was not expected:") +
                   joined(strangers_));
    }
    return base::success();
  }

  // --help works without what is required.
  base::Result<void> check_required() const {
    for (const OptionRow& row : option_rows()) {
      if (row.required && belongs(row) && !given(row) && !arguments_.has("--help")) {
        return usage(std::string(row.shown_name()) + " is missing");
      }
    }
    return base::success();
  }

 private:
  static std::string joined(const Words& words) {
    std::string text;
    for (const std::string& word : words) {
      text += " " + word;
    }
    return text;
  }

  bool belongs(const OptionRow& row) const {
    return arguments_.command ? row.belongs_to(*arguments_.command) : row.is("--help");
  }
  bool given(const OptionRow& row) const { return std::ranges::count(given_, &row) != 0; }

  template <class Wanted>
  const OptionRow* find(const Wanted& wanted) const {
    const auto rows = option_rows();
    const auto row = std::ranges::find_if(
        rows, [&](const OptionRow& candidate) { return belongs(candidate) && wanted(candidate); });
    return row == rows.end() ? nullptr : &*row;
  }

  base::Result<void> take_value(const OptionRow& row, const std::string& value) {
    if (const std::string fault = fault_of(row, value); !fault.empty()) {
      return usage(std::string(row.shown_name()) + ": " + fault);
    }
    arguments_.add(row, value);
    given_.push_back(&row);
    return base::success();
  }

  // At "--name", "--name=value", or the first of "--name", "value"; left at the last word of it.
  base::Result<void> take_option(const Words& words, Words::const_iterator& word) {
    const std::size_t equals = word->find('=');
    const std::string_view name = std::string_view(*word).substr(0, equals);
    const OptionRow* const row = find([name](const OptionRow& candidate) {
      return !candidate.positional() && candidate.is(name);
    });
    if (row == nullptr) {
      strangers_.push_back(*word);
      return base::success();
    }
    if (row->takes == Takes::kNothing) {
      return equals == std::string::npos ? take_value(*row, "")
                                         : usage(std::string(name) + " takes no value");
    }
    const auto next = std::next(word);
    // A text may begin with a hyphen, "--append -x"; a file or a number was forgotten there.
    const bool here = equals != std::string::npos;
    const bool behind = !here && next != words.end() &&
                        (row->takes == Takes::kText || *next == "-" || !next->starts_with('-'));
    if ((!here && !behind) || (given(*row) && !row->repeats)) {
      return usage(std::string(row->shown_name()) + " takes one value, and is given once");
    }
    const std::string value = here ? word->substr(equals + 1) : *next;
    word = behind ? next : word;
    return take_value(*row, value);
  }

  base::Result<void> take_positional(const std::string& word) {
    const OptionRow* const row = find(
        [this](const OptionRow& candidate) { return candidate.positional() && !given(candidate); });
    if (row == nullptr) {
      strangers_.push_back(word);
      return base::success();
    }
    return take_value(*row, word);
  }

  Arguments& arguments_;
  std::vector<const OptionRow*> given_;
  // Words that mean nothing to this command, to be named together.
  Words strangers_;
};

// What people try first, in words of the tables: "help", "--help load", "--version".
void translate(Words& words) {
  const auto first = std::ranges::find_if_not(words, [](const std::string& word) {
    return word == "help" || word == "--help" || word == "-h";
  });
  if (first != words.begin()) {
    words.erase(words.begin(), first);
    words.insert(words.empty() ? words.end() : std::next(words.begin()), "--help");
  } else if (!words.empty() && words.front() == "--version") {
    words.front() = row_of(Command::kVersion).name;
  }
}

}  // namespace

std::optional<std::string> Arguments::text(OptionName option) const {
  const auto it = values_.find(option.text());
  return it == values_.end() ? std::nullopt : std::optional(it->second.back());
}

std::vector<std::string> Arguments::texts(OptionName option) const {
  const auto it = values_.find(option.text());
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

std::uint32_t Arguments::number(OptionName option, std::uint32_t when_missing) const {
  const auto value = text(option);
  return value ? parse_count(*value).value_or(when_missing) : when_missing;
}

void Arguments::add(const OptionRow& row, const std::string& value) {
  for (const std::string_view name : split(row.positional() ? row.argument : row.names, ",")) {
    values_[std::string(name)].push_back(value);
  }
}

base::Result<Arguments> parse(Words words) {
  Arguments arguments;
  translate(words);
  if (!words.empty()) {
    const auto commands = command_rows();
    const auto command = std::ranges::find(commands, words.front(), &CommandRow::name);
    if (command != commands.end()) {
      arguments.command = command->id;
      words.erase(words.begin());
    } else if (!words.front().starts_with('-')) {
      return usage("there is no command \"" + words.front() + "\"");
    }
  }
  if (arguments.command == Command::kRehearse) {
    const auto dashes = std::ranges::find(words, "--");
    if (dashes != words.end()) {
      arguments.rest.assign(std::next(dashes), words.end());
      words.erase(dashes, words.end());
    }
  }
  Walk walk(arguments);
  HR_TRYV(walk.run(words));
  HR_TRYV(walk.check_required());
  if (!arguments.command && !arguments.has("--help")) {
    return usage("a command is missing");
  }
  return arguments;
}

}  // namespace hyprelay::cli
