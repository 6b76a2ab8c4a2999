// SPDX-License-Identifier: BSD-2-Clause
// The one option table. The parser, --help, the man page and the completion are made from its rows;
// what is not in a row does not exist.
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
  kGenerate,
};

struct CommandRow {
  Command id;
  std::string_view name;
  // One line, without a full stop.
  std::string_view summary;
  // Paragraphs, separated by an empty line.
  std::string_view details;
  bool hidden = false;
};

enum class Option : std::uint8_t {
  kKernel,
  kBundleKernel,
  kInitrd,
  kDtb,
  kCommandLine,
  kReuseCommandLine,
  kPanic,
  kCrashAction,
  kKernelOption,
  kRequireHyp,
  kHaltOnFailure,
  kMachineFile,
  kDryRun,
  kResident,
  kResidentVectors,
  kBundleDtb,
  kBundleCommandLine,
  kReserve,
  kOutput,
  kCode,
  kWhat,
  kArch,
  kFrom,
  kTo,
  kRehearseInitrd,
  kRehearseDtb,
  kRehearseAppend,
  kMemory,
  kCpus,
  kCpu,
  kQemuMachine,
  kHops,
  kQemuArgument,
  kIcount,
  kConsole,
  kTranscript,
  kPatience,
  kRehearsePanic,
  kPanicCpu,
  kBeforePanic,
  kPanicRun,
  kPanicTwice,
  kCrashSize,
  kCaptureRun,
  kDisk,
  kCorrupt,
  kWatch,
  kEmit,
  kEmitArch,
  kEmitFormat,
  kImage,
  kSaveTo,
  kSaveToDevice,
  kSaveToSsh,
  kFallback,
  kFromDevice,
  kFormat,
  kLevel,
  kAfter,
  kOnFailure,
  kConfig,
  kSshKey,
  kSshPort,
  kForce,
  kLogOnly,
  kCheck,
  kKey,
  kReally,
  kYes,
  kJson,
  kHelp,
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
constexpr CommandSet set_of(Command command) {
  return 1u << static_cast<unsigned>(command);
}

struct OptionRow {
  Option id;
  CommandSet commands;
  // "--append": the names that mean the same, separated by commas, the one to show first. Empty: a
  // positional argument.
  std::string_view names = {};
  Takes takes = Takes::kNothing;
  // How help calls what it takes: "FILE".
  std::string_view argument = {};
  std::string_view help = {};
  // What holds when it is not given; for help only. Empty: nothing to say.
  std::string_view default_text = {};
  // For kChoice, separated by spaces.
  std::string_view choices = {};
  bool required = false;
  bool repeats = false;
  bool hidden = false;

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
