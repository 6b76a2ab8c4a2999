// SPDX-License-Identifier: BSD-2-Clause
#include "cli/parser.hpp"

#include "base/number_text.hpp"
#include "cli/text.hpp"

#include <getopt.h>

#include <algorithm>
#include <iterator>
#include <list>
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

// The words of a command, cut into options, values and the others by getopt_long().
class Reader {
 public:
  explicit Reader(Arguments& arguments) : arguments_(arguments) {}

  base::Result<void> run(const Words& words) {
    constexpr int kOther = 1;  // what getopt_long() returns for a word that is no option
    std::vector<char*> argv = argv_of(words);
    const std::vector<option> options = options_of();
    const std::string short_names = short_names_of();
    // 0: begin anew, whatever was read before [getopt(3)].
    optind = 0;
    for (;;) {
      const auto at = static_cast<std::size_t>(std::max(optind, 1));
      const int found = getopt_long(static_cast<int>(argv.size()) - 1, argv.data(),
                                    short_names.c_str(), options.data(), nullptr);
      if (found == -1) {
        break;
      }
      if (found == kOther) {
        HR_TRYV(take_positional(optarg));
      } else {
        HR_TRYV(take_option(argv[at], optarg, optarg != nullptr && optarg == argv[at + 1]));
      }
    }
    // What followed "--".
    for (auto word = static_cast<std::size_t>(optind); argv[word] != nullptr; ++word) {
      if (arguments_.command == Command::kRehearse) {
        arguments_.rest.emplace_back(argv[word]);
      } else {
        HR_TRYV(take_positional(argv[word]));
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
      if (row.required && belongs(row) && !given(row) && !excused(row) &&
          !arguments_.has("--help")) {
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

  // As main() gets it; the words must live as long.
  static std::vector<char*> argv_of(const Words& words) {
    static char program[] = "hyprelay";
    std::vector<char*> argv = {program};
    for (const std::string& word : words) {
      argv.push_back(const_cast<char*>(word.c_str()));
    }
    argv.push_back(nullptr);
    return argv;
  }

  // The rows of this command for getopt_long(), one for each name; ended by an empty one.
  std::vector<option> options_of() {
    std::vector<option> options;
    for (const OptionRow& row : option_rows()) {
      for (const std::string_view name : split(row.names, ",")) {
        if (belongs(row) && name.starts_with("--")) {
          names_.emplace_back(name.substr(2));
          options.push_back({names_.back().c_str(),
                             row.takes == Takes::kNothing ? no_argument : required_argument,
                             nullptr, 0});
        }
      }
    }
    options.push_back({});
    return options;
  }

  // The same of names with one hyphen. "-": in the words' order. ":": ours to complain.
  std::string short_names_of() const {
    std::string names = "-:";
    for (const OptionRow& row : option_rows()) {
      for (const std::string_view name : split(row.names, ",")) {
        if (belongs(row) && !name.starts_with("--")) {
          names.append(name.substr(1)).append(row.takes == Takes::kNothing ? "" : ":");
        }
      }
    }
    return names;
  }

  bool belongs(const OptionRow& row) const {
    return arguments_.command ? row.belongs_to(*arguments_.command) : row.is("--help");
  }
  // Something else is given in its place.
  bool excused(const OptionRow& row) const {
    for (const std::string_view one : split(row.unless, ",")) {
      const std::size_t equals = one.find('=');
      const auto name = one.substr(0, equals);
      const OptionRow* const other =
          find([name](const OptionRow& candidate) { return candidate.is(name); });
      const auto value = other == nullptr ? std::nullopt : arguments_.value_of(*other);
      if (value && (equals == std::string_view::npos || *value == one.substr(equals + 1))) {
        return true;
      }
    }
    return false;
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

  // `word` is "--name" or "--name=value"; `value` null when there is none, `behind` when it is a
  // word of its own.
  base::Result<void> take_option(const std::string_view word, const char* value, bool behind) {
    const std::string_view name = word.substr(0, word.find('='));
    // By its whole name: a script must not mean something else when a row is added.
    const OptionRow* const row = find([name](const OptionRow& candidate) {
      return !candidate.positional() && candidate.is(name);
    });
    if (row == nullptr) {
      // "-xy" comes once for each letter.
      if (strangers_.empty() || strangers_.back() != word) {
        strangers_.emplace_back(word);
      }
      return base::success();
    }
    if (row->takes == Takes::kNothing) {
      return name == word ? take_value(*row, "") : usage(std::string(name) + " takes no value");
    }
    // A text may begin with a hyphen, "--append -x"; a file or a number was forgotten there.
    const bool forgotten = behind && row->takes != Takes::kText && value[0] == '-' && value[1] != 0;
    if (value == nullptr || forgotten || (given(*row) && !row->repeats)) {
      return usage(std::string(row->shown_name()) + " takes one value, and is given once");
    }
    return take_value(*row, value);
  }

  base::Result<void> take_positional(const std::string& word) {
    const OptionRow* const row = find([this](const OptionRow& candidate) {
      return candidate.positional() && (candidate.repeats || !given(candidate));
    });
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
  // What options_of() points to: a list, whose elements stay where they are.
  std::list<std::string> names_;
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

base::Result<void> refuse_options(const Arguments& arguments, std::span<const Excluded> options,
                                  std::string_view beside) {
  for (const Excluded& one : options) {
    if (arguments.has(one.option)) {
      return Error(Code::USAGE, Stage::kUsage,
                   std::string(one.option.text())
                       .append(" cannot hold ")
                       .append(beside)
                       .append(": ")
                       .append(one.why));
    }
  }
  return base::success();
}

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

std::optional<std::string> Arguments::value_of(const OptionRow& row) const {
  const auto it = values_.find(row.shown_name());
  return it == values_.end() ? std::nullopt : std::optional(it->second.back());
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
  Reader reader(arguments);
  HR_TRYV(reader.run(words));
  HR_TRYV(reader.check_required());
  if (!arguments.command && !arguments.has("--help")) {
    return usage("a command is missing");
  }
  return arguments;
}

}  // namespace hyprelay::cli
