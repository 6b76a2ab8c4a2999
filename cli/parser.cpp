// SPDX-License-Identifier: BSD-2-Clause
#include "cli/parser.hpp"

#include "cli/text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace hyprelay::cli {
namespace {

using base::Code;
using base::Error;
using base::Stage;

struct Slot {
  const OptionRow* row;
  const CLI::Option* option;
};
using Slots = std::vector<Slot>;

std::optional<std::uint32_t> parse_number(const std::string& text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number == 0) {
    return std::nullopt;
  }
  return number;
}

bool is_choice(std::string_view word, std::string_view choices) {
  while (!choices.empty()) {
    const std::size_t length = std::min(choices.find(' '), choices.size());
    if (word == choices.substr(0, length)) {
      return true;
    }
    choices.remove_prefix(std::min(length + 1, choices.size()));
  }
  return false;
}

// CLI11 calls it for each value; a text is what is wrong with it.
CLI::Validator validator_of(const OptionRow& row) {
  return CLI::Validator(
      [&row](const std::string& value) -> std::string {
        if (row.takes == Takes::kNumber && !parse_number(value)) {
          return "\"" + value + "\" is no number from 1 to 4294967295";
        }
        if (row.takes == Takes::kChoice && !is_choice(value, row.choices)) {
          return "\"" + value + "\" is none of: " + std::string(row.choices);
        }
        return "";
      },
      "");
}

void add_option(CLI::App& app, const OptionRow& row, Slots& slots) {
  const std::string names = row.positional() ? std::string(row.argument) : std::string(row.names);
  if (row.takes == Takes::kNothing) {
    slots.push_back({&row, app.add_flag(names)->disable_flag_override()});
    return;
  }
  // Without a variable, because CLI11 reads "[a,b]" and "{}" as lists when it converts: a command
  // line of a kernel may hold such words. One value each time the option is given.
  CLI::Option* const option = app.add_option(names)->check(validator_of(row));
  option->multi_option_policy(row.repeats ? CLI::MultiOptionPolicy::TakeAll
                                          : CLI::MultiOptionPolicy::Throw);
  option->expected(1, row.repeats ? CLI::detail::expected_max_vector_size : 1);
  option->allow_extra_args(false);
  slots.push_back({&row, option});
}

// The option of the command that has this name, and takes something.
const OptionRow* find_valued(Command command, std::string_view name) {
  for (const OptionRow& row : option_rows()) {
    if (row.belongs_to(command) && row.takes != Takes::kNothing &&
        std::ranges::count(split(row.names, ","), name) != 0) {
      return &row;
    }
  }
  return nullptr;
}

// CLI11 takes the word after "--append=" as its value, and no word that starts with a hyphen as the
// value of any option. An empty command line and "--qemu-arg -device" are what people mean, so such
// words are written the way that CLI11 reads them.
std::vector<std::string> normalised(const std::vector<std::string>& words, Command command) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const OptionRow* row = find_valued(command, word);
    if (row != nullptr && row->takes == Takes::kText && i + 1 < words.size() &&
        words[i + 1].starts_with('-')) {
      result.push_back(word + "=" + words[++i]);
    } else if (word.ends_with('=') &&
               find_valued(command, std::string_view(word).substr(0, word.size() - 1))) {
      result.push_back(word.substr(0, word.size() - 1));
      result.emplace_back();
    } else {
      result.push_back(word);
    }
  }
  return result;
}

Error usage(const std::string& what) {
  return Error(Code::USAGE, Stage::kUsage, what);
}

// What people try first, in words of the tables: "help", "help load", "--version".
void translate(std::vector<std::string>& words) {
  if (!words.empty() && words.front() == "help") {
    while (!words.empty() && words.front() == "help") {
      words.erase(words.begin());
    }
    words.insert(words.empty() ? words.end() : std::next(words.begin()), "--help");
  } else if (!words.empty() && words.front() == "--version") {
    words.front() = row_of(Command::kVersion).name;
  }
}

// Required options are checked here and not by CLI11, so that --help works without them.
base::Result<void> check_required(const Slots& slots) {
  for (const Slot& slot : slots) {
    if (slot.row->required && slot.option->count() == 0) {
      return usage(std::string(slot.row->shown_name()) + " is missing");
    }
  }
  return base::success();
}

base::Result<void> run_parser(CLI::App& app, std::vector<std::string> words) {
  // CLI11 takes the words from the end, and tells what is wrong by exceptions.
  std::ranges::reverse(words);
  try {
    app.parse(std::move(words));
  } catch (const CLI::ArgumentMismatch& error) {
    // Of an option: "--initrd: 1 required missing"; anything else is about a flag with a value.
    const std::string_view text = error.what();
    return usage(text.starts_with("--") ? std::string(text.substr(0, text.find(':'))) +
                                              " takes one value, and is given once"
                                        : std::string(text));
  } catch (const CLI::ParseError& error) {
    return usage(error.what());
  }
  return base::success();
}

base::Result<void> take_values(Arguments& arguments, const Slots& slots) {
  for (const Slot& slot : slots) {
    if (slot.option->count() != 0) {
      arguments.add(slot.row->id, slot.option->results());
    }
  }
  if (!arguments.has(Option::kHelp)) {
    HR_TRYV(check_required(slots));
  }
  return base::success();
}

}  // namespace

std::optional<std::string> Arguments::text(Option option) const {
  const auto it = values_.find(option);
  if (it == values_.end() || it->second.empty()) {
    return std::nullopt;
  }
  return it->second.back();
}

std::vector<std::string> Arguments::texts(Option option) const {
  const auto it = values_.find(option);
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

std::uint32_t Arguments::number(Option option, std::uint32_t when_missing) const {
  const auto value = text(option);
  return value ? parse_number(*value).value_or(when_missing) : when_missing;
}

void Arguments::add(Option option, std::vector<std::string> values) {
  values_[option] = std::move(values);
}

base::Result<Arguments> parse(std::vector<std::string> words) {
  Arguments arguments;
  translate(words);
  if (!words.empty() && words.front() == row_of(Command::kRehearse).name) {
    const auto dashes = std::ranges::find(words, "--");
    if (dashes != words.end()) {
      arguments.rest.assign(std::next(dashes), words.end());
      words.erase(dashes, words.end());
    }
  }

  CLI::App app;
  app.set_help_flag();
  Slots global;
  Slots local;
  for (const OptionRow& row : option_rows()) {
    if (row.id == Option::kHelp) {
      add_option(app, row, global);
    }
  }
  for (const CommandRow& command : command_rows()) {
    const bool chosen = !words.empty() && words.front() == command.name;
    CLI::App* sub = app.add_subcommand(std::string(command.name));
    sub->set_help_flag();
    if (!chosen) {
      continue;
    }
    arguments.command = command.id;
    for (const OptionRow& row : option_rows()) {
      if (row.belongs_to(command.id)) {
        add_option(*sub, row, local);
      }
    }
  }
  if (!arguments.command && !words.empty() && !words.front().starts_with('-')) {
    return usage("there is no command \"" + words.front() + "\"");
  }
  if (arguments.command) {
    words = normalised(words, *arguments.command);
  }
  HR_TRYV(run_parser(app, std::move(words)));
  HR_TRYV(take_values(arguments, global));
  HR_TRYV(take_values(arguments, local));
  if (!arguments.command && !arguments.has(Option::kHelp)) {
    return usage("a command is missing");
  }
  return arguments;
}

}  // namespace hyprelay::cli
