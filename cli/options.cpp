// SPDX-License-Identifier: BSD-2-Clause
#include "cli/options.hpp"

#include "cli/command_rows.hpp"
#include "cli/options_capture.hpp"
#include "cli/options_rehearse.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::cli {
namespace {

#ifdef HR_WITH_REHEARSE
constexpr bool kWithRehearse = true;
#else
constexpr bool kWithRehearse = false;
#endif

constexpr CommandSet kLoadOrPlan = set_of(Command::kLoad) | set_of(Command::kPlan);
constexpr CommandSet kPlans = kLoadOrPlan | set_of(Command::kBundle);
constexpr CommandSet kBundleOnly = set_of(Command::kBundle);
constexpr CommandSet kCrashkernelOnly = set_of(Command::kCrashkernel);
constexpr CommandSet kHypCheckOnly = set_of(Command::kHypCheck);
constexpr CommandSet kTestOnly = set_of(Command::kTest);
constexpr CommandSet kPrintsFacts = kPlans | kRehearseOnly | set_of(Command::kProbe) |
                                    set_of(Command::kCapture) | set_of(Command::kExec) |
                                    set_of(Command::kUnload) | set_of(Command::kStatus) |
                                    set_of(Command::kExplain) | set_of(Command::kVersion) |
                                    kCrashkernelOnly | set_of(Command::kConfig) | kTestOnly;
constexpr CommandSet kConfigOnly = set_of(Command::kConfig);
constexpr CommandSet kEveryCommand = ~CommandSet{0};

constexpr auto kOptions = std::to_array<OptionRow>({
    {.id = Option::kKernel,
     .commands = kLoadOrPlan,
     .takes = Takes::kFile,
     .argument = "KERNEL",
     .help = "zImage or Image of the next kernel",
     .default_text = "what /etc/hyprelay.conf says"},
    {.id = Option::kBundleKernel,
     .commands = kBundleOnly,
     .takes = Takes::kFile,
     .argument = "KERNEL",
     .help = "zImage or Image of the next kernel",
     .required = true},
    {.id = Option::kKey,
     .commands = kConfigOnly,
     .takes = Takes::kText,
     .argument = "KEY",
     .help = "print the value of this key alone",
     .default_text = "all of them"},
    {.id = Option::kCode,
     .commands = set_of(Command::kExplain),
     .takes = Takes::kText,
     .argument = "CODE",
     .help = "name or number of an error",
     .default_text = "all of them"},
    {.id = Option::kCrashAction,
     .commands = kCrashkernelOnly,
     .takes = Takes::kChoice,
     .argument = "ACTION",
     .help = "estimate",
     .choices = "estimate",
     .required = true},
    {.id = Option::kKernelOption,
     .commands = kCrashkernelOnly,
     .names = "--kernel",
     .takes = Takes::kFile,
     .argument = "KERNEL",
     .help = "zImage or Image of the crash kernel",
     .required = true},
    {.id = Option::kWhat,
     .commands = set_of(Command::kGenerate),
     .takes = Takes::kChoice,
     .argument = "WHAT",
     .help = "man or completion",
     .choices = "man completion",
     .required = true},
    {.id = Option::kInitrd,
     .commands = kPlans | kCrashkernelOnly,
     .names = "--initrd,--ramdisk",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "initial RAM disk for the next kernel",
     .default_text = "none"},
    {.id = Option::kDtb,
     .commands = kLoadOrPlan,
     .names = "--dtb",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "flattened device tree to start from",
     .default_text = "the running machine's"},
    {.id = Option::kCommandLine,
     .commands = kLoadOrPlan,
     .names = "--command-line,--append",
     .takes = Takes::kText,
     .argument = "TEXT",
     .help = "command line of the next kernel; with --reuse-cmdline it is added to the running "
             "kernel's",
     .default_text = "the running kernel's"},
    {.id = Option::kReuseCommandLine,
     .commands = kLoadOrPlan,
     .names = "--reuse-cmdline",
     .help = "start from the command line of the running kernel"},
    {.id = Option::kPanic,
     .commands = kLoadOrPlan | set_of(Command::kUnload),
     .names = "--panic",
     .help = "for the crash kernel, which starts when the running kernel panics"},
    {.id = Option::kRequireHyp,
     .commands = kPlans,
     .names = "--require-hyp",
     .help = "start the next kernel at HYP/EL2 or not at all"},
    {.id = Option::kHaltOnFailure,
     .commands = kPlans,
     .names = "--halt-on-failure",
     .help = "when the relay finds a fault, stop there instead of resetting the machine"},
    {.id = Option::kMachineFile,
     .commands = kLoadOrPlan | set_of(Command::kProbe) | kCrashkernelOnly | kTestOnly,
     .names = "--machine",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "facts of the machine, as hyprelay machine printed them",
     .default_text = "the running machine's"},
    {.id = Option::kDryRun,
     .commands = set_of(Command::kLoad),
     .names = "--dry-run",
     .help = "do everything, patched tree and digests included, but the load itself"},
    {.id = Option::kResident,
     .commands = kPlans,
     .names = "--resident",
     .takes = Takes::kText,
     .argument = "DIALECT",
     .help = "who is at HYP/EL2 when the relay is entered below it, by a name of docs/dialects.md; "
             "the relay climbs through it",
     .default_text = "what the facts of the machine say"},
    {.id = Option::kResidentVectors,
     .commands = kPlans,
     .names = "--resident-vectors",
     .takes = Takes::kText,
     .argument = "ADDRESS[,VIRTUAL]",
     .help = "where that resident's vectors lie in memory, and where HYP/EL2 itself sees them",
     .default_text = "not known"},
    {.id = Option::kBundleDtb,
     .commands = kBundleOnly,
     .names = "--dtb",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "flattened device tree of the machine, and to start from",
     .required = true},
    {.id = Option::kBundleCommandLine,
     .commands = kBundleOnly,
     .names = "--command-line,--append",
     .takes = Takes::kText,
     .argument = "TEXT",
     .help = "command line of the next kernel",
     .default_text = "the tree's"},
    {.id = Option::kReserve,
     .commands = kBundleOnly,
     .names = "--reserve",
     .takes = Takes::kText,
     .argument = "START,SIZE",
     .help = "memory that nothing may be put into before the next kernel runs",
     .repeats = true},
    {.id = Option::kOutput,
     .commands = kBundleOnly,
     .names = "--output",
     .takes = Takes::kFile,
     .argument = "DIR",
     .help = "folder for the files, made when it is missing",
     .required = true},
    {.id = Option::kEmit,
     .commands = kHypCheckOnly,
     .names = "--emit",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "where to write the program",
     .required = true},
    {.id = Option::kEmitArch,
     .commands = kHypCheckOnly,
     .names = "--arch",
     .takes = Takes::kChoice,
     .argument = "ARCH",
     .help = "architecture of the board: arm or arm64",
     .default_text = "that of hyprelay itself, where it is one of them",
     .choices = "arm arm64"},
    {.id = Option::kEmitFormat,
     .commands = kHypCheckOnly,
     .names = "--format",
     .takes = Takes::kChoice,
     .argument = "FORMAT",
     .help = "image: zImage or Image, for every loader of kernels; elf: for QEMU's -kernel",
     .default_text = "image",
     .choices = "image elf"},
    {.id = Option::kReally,
     .commands = kTestOnly,
     .names = "--really",
     .help = "when all is well, panic: the crash kernel starts and saves a dump"},
    {.id = Option::kYes,
     .commands = kTestOnly,
     .names = "--yes",
     .help = "with --really: do not ask before"},
    {.id = Option::kConfig,
     .commands = kLoadOrPlan | set_of(Command::kCapture) | kTestOnly | kConfigOnly,
     .names = "--config",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "configuration to read",
     .default_text = "/etc/hyprelay.conf, when it is there"},
    {.id = Option::kJson,
     .commands = kPrintsFacts,
     .names = "--json",
     .help = "print one JSON object instead of text"},
    {.id = Option::kHelp, .commands = kEveryCommand, .names = "--help,-h", .help = "print help"},
});

// A command that was forgotten in the table does not build.
static_assert(kCommands.size() == static_cast<std::size_t>(Command::kGenerate) + 1);

}  // namespace

std::span<const CommandRow> command_rows() {
  static constexpr auto kWithout = [] {
    std::array<CommandRow, kCommands.size() - 1> rows = {};
    std::ranges::copy_if(kCommands, rows.begin(),
                         [](const CommandRow& row) { return row.id != Command::kRehearse; });
    return rows;
  }();
  if constexpr (kWithRehearse) {
    return kCommands;
  } else {
    return kWithout;
  }
}

std::span<const OptionRow> option_rows() {
  // What belongs to one command alone stands before what many share.
  static constexpr auto kAll = [] {
    std::array<OptionRow, kCaptureOptions.size() + kRehearseOptions.size() + kOptions.size()> rows =
        {};
    auto end = std::ranges::copy(kCaptureOptions, rows.begin()).out;
    end = std::ranges::copy(kRehearseOptions, end).out;
    std::ranges::copy(kOptions, end);
    return rows;
  }();
  return kAll;
}

const CommandRow& row_of(Command command) {
  return *std::ranges::find(kCommands, command, &CommandRow::id);
}

}  // namespace hyprelay::cli
