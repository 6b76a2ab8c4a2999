// SPDX-License-Identifier: BSD-2-Clause
// The one option table: its types, and it as a whole. The parser, --help, the man page and the
// completion are made from its rows; what is not in a row does not exist.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hyprelay::cli {

enum class Command : std::uint8_t {
  kLoad,
  kExec,
  kUnload,
  kStatus,
  kPlan,
  kBundle,
  kMachine,
  kProbe,
  kExplain,
  kRehearse,
  kHypCheck,
  kCapture,
  kVersion,
  kCrashkernel,
  kConfig,
  kTest,
  kAbi,
  kReport,
  kBootEntry,
  kFdt,
  kImage,
  kWarrant,
  kGenerate,
};

struct CommandRow {
  Command id;
  std::string_view name;
  // One line, without a full stop.
  std::string_view summary;
  // Paragraphs, separated by an empty line; other ends of lines are blanks.
  std::string_view details;
  bool hidden = false;
};

// What an option takes.
enum class Takes : std::uint8_t {
  kNothing,
  kText,
  kFile,
  kNumber,  // 1 to 4294967295
  kChoice,  // one of the words in `choices`
};

// A set of commands: bit n is the command with that number.
using CommandSet = std::uint32_t;
template <class... Commands>
constexpr CommandSet set_of(Commands... commands) {
  return ((1u << static_cast<unsigned>(commands)) | ...);
}

// Whether a list, its words divided by `separator`, has this one.
constexpr bool has_word(std::string_view list, char separator, std::string_view word) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(separator));
    if (one == word) {
      return true;
    }
    list.remove_prefix(one.size() < list.size() ? one.size() + 1 : one.size());
  }
  return false;
}

struct OptionRow {
  // "--append": the names that mean the same, separated by commas, the one to show first. Empty: a
  // positional argument.
  std::string_view names = {};
  CommandSet commands = 0;
  Takes takes = Takes::kNothing;
  // How help calls what it takes: "FILE".
  std::string_view argument = {};
  std::string_view help = {};
  // What holds when it is not given; for help only. Empty: nothing to say.
  std::string_view default_text = {};
  // For kChoice, separated by spaces.
  std::string_view choices = {};
  bool required = false;
  // Then not when this is given, as "--name" or "--name=value".
  std::string_view unless = {};
  bool repeats = false;
  bool hidden = false;

  // Whether this is one of its names; a positional one goes by its argument's.
  constexpr bool is(std::string_view name) const {
    return positional() ? name == argument : has_word(names, ',', name);
  }
  constexpr bool belongs_to(Command command) const { return (commands & set_of(command)) != 0; }
  constexpr bool positional() const { return names.empty(); }
  // "--append" of "--append,--command-line"; the argument's name of a positional one.
  constexpr std::string_view shown_name() const {
    return positional() ? argument : names.substr(0, names.find(','));
  }
};

// The commands of this build: a static build for a board has no rehearse.
std::span<const CommandRow> command_rows();
// In the order in which help shows them.
std::span<const OptionRow> option_rows();

const CommandRow& row_of(Command command);

}  // namespace hyprelay::cli
