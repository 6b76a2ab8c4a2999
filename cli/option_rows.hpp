// SPDX-License-Identifier: BSD-2-Clause
// The rows of the option table: here those of commands that have few, and those that many share.
#pragma once

#include "cli/options.hpp"
#include "cli/options_capture.hpp"
#include "cli/options_rehearse.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::cli {

inline constexpr CommandSet kLoadOrPlan = set_of(Command::kLoad, Command::kPlan);
inline constexpr CommandSet kPlans = kLoadOrPlan | set_of(Command::kBundle);
// Those that take what is loaded from files, or from an entry.
inline constexpr CommandSet kLoadable = kLoadOrPlan | set_of(Command::kWarrant);
inline constexpr CommandSet kBundleOnly = set_of(Command::kBundle);
inline constexpr CommandSet kCrashkernelOnly = set_of(Command::kCrashkernel);
inline constexpr CommandSet kHypCheckOnly = set_of(Command::kHypCheck);
inline constexpr CommandSet kTestOnly = set_of(Command::kTest);
inline constexpr CommandSet kFdtOnly = set_of(Command::kFdt);
inline constexpr CommandSet kConfigOnly = set_of(Command::kConfig);
inline constexpr CommandSet kPlanOnly = set_of(Command::kPlan);
inline constexpr CommandSet kReportOnly = set_of(Command::kReport);
inline constexpr CommandSet kPrintsFacts =
    kPlans | kRehearseOnly | kCaptureOnly | kCrashkernelOnly | kConfigOnly | kTestOnly |
    set_of(Command::kProbe, Command::kExec, Command::kUnload, Command::kStatus, Command::kExplain,
           Command::kVersion, Command::kAbi, Command::kBootEntry, Command::kImage);
inline constexpr CommandSet kEveryCommand = ~CommandSet{0};

inline constexpr auto kSharedOptions = std::to_array<OptionRow>({
    {.commands = kLoadable,
     .takes = Takes::kFile,
     .argument = "KERNEL",
     .help = "zImage or Image of the next kernel, or one that is compressed",
     .default_text = "what /etc/hyprelay.conf says"},
    {.commands = kBundleOnly,
     .takes = Takes::kFile,
     .argument = "KERNEL",
     .help = "zImage or Image of the next kernel, or one that is compressed",
     .required = true},
    {.commands = set_of(Command::kImage),
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "a kernel's file, of whatever format",
     .required = true},
    {.names = "--fit-config",
     .commands = kPlans | kLoadable | kCrashkernelOnly | set_of(Command::kImage),
     .takes = Takes::kText,
     .argument = "NAME",
     .help = "configuration of a FIT to take",
     .default_text = "its default"},
    {.names = "--vendor-boot",
     .commands = kPlans | kLoadable | kCrashkernelOnly | set_of(Command::kImage),
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "vendor_boot image that goes with an Android boot image of version 3 or 4",
     .default_text = "none"},
    {.commands = kConfigOnly,
     .takes = Takes::kText,
     .argument = "KEY",
     .help = "print the value of this key alone",
     .default_text = "all of them"},
    {.commands = set_of(Command::kExplain),
     .takes = Takes::kText,
     .argument = "CODE",
     .help = "name or number of an error",
     .default_text = "all of them"},
    {.commands = kCrashkernelOnly,
     .takes = Takes::kChoice,
     .argument = "ACTION",
     .help = "estimate",
     .choices = "estimate",
     .required = true},
    {.commands = kFdtOnly,
     .takes = Takes::kChoice,
     .argument = "ACTION",
     .help = "show, diff, patch or merge",
     .choices = "show diff patch merge",
     .required = true},
    {.commands = kFdtOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "flattened device tree: a .dtb, or /sys/firmware/fdt",
     .required = true},
    {.commands = kFdtOnly,
     .takes = Takes::kFile,
     .argument = "MORE",
     .help = "the node to show, the tree to compare with, or overlays to merge",
     .default_text = "show: all of the tree",
     .repeats = true},
    {.names = "--output",
     .commands = kFdtOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "where patch and merge write the tree; - is the standard output"},
    {.names = "--kernel",
     .commands = kCrashkernelOnly,
     .takes = Takes::kFile,
     .argument = "KERNEL",
     .help = "zImage or Image of the crash kernel, or one that is compressed",
     .required = true},
    {.commands = set_of(Command::kGenerate),
     .takes = Takes::kChoice,
     .argument = "WHAT",
     .help = "man or completion; kexec-man, kexec-completion, kexec-table: of hyprelay-kexec",
     .choices = "man completion kexec-man kexec-completion kexec-table",
     .required = true},
    {.names = "--initrd,--ramdisk",
     .commands = kPlans | kLoadable | kCrashkernelOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "initial RAM disk for the next kernel",
     .default_text = "none"},
    {.commands = set_of(Command::kBootEntry),
     .takes = Takes::kFile,
     .argument = "PLACE",
     .help = "root of a system, or a bootloader's configuration",
     .default_text = "/"},
    {.names = "--entry",
     .commands = kLoadable,
     .takes = Takes::kText,
     .argument = "NAME",
     .help =
         "what the bootloader would boot by that name, \"default\" by itself; in place of KERNEL"},
    {.names = "--root",
     .commands = kLoadable,
     .takes = Takes::kFile,
     .argument = "PLACE",
     .help = "where --entry looks: root of a system, or a bootloader's configuration",
     .default_text = "/"},
    {.names = "--dtb",
     .commands = kLoadable,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "flattened device tree to start from",
     .default_text = "the running machine's"},
    {.names = "--trust-dtb",
     .commands = kPlans,
     .help = "take the tree of --dtb as it is, however it differs from the running machine's"},
    {.names = "--overlay",
     .commands = kPlans | kLoadable | kFdtOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "overlay (.dtbo) to apply to the device tree, in the order given",
     .repeats = true},
    {.names = "--delete",
     .commands = kPlans | kFdtOnly,
     .takes = Takes::kText,
     .argument = "NODE[:PROPERTY]",
     .help = "drop a node or a property from the device tree, when all overlays are applied; NODE "
             "is a path, an alias or a &label",
     .repeats = true},
    {.names = "--set",
     .commands = kPlans | kFdtOnly,
     .takes = Takes::kText,
     .argument = "NODE:PROPERTY[=VALUE]",
     .help = "set a property of a node that is there, last of all edits; VALUE as in a .dts: "
             "\"text\", <1 0x2 &label>, /bits/ 64 <1>, [00 ff]; other text is a string",
     .repeats = true},
    {.names = "--command-line,--append",
     .commands = kLoadable,
     .takes = Takes::kText,
     .argument = "TEXT",
     .help = "command line of the next kernel; with --reuse-cmdline it is added to the running "
             "kernel's",
     .default_text = "the running kernel's"},
    {.names = "--reuse-cmdline",
     .commands = kLoadable,
     .help = "start from the command line of the running kernel"},
    {.names = "--panic",
     .commands = kLoadable | set_of(Command::kUnload),
     .help = "for the crash kernel, which starts when the running kernel panics"},
    {.names = "--require-hyp",
     .commands = kPlans,
     .help = "start the next kernel at HYP/EL2 or not at all"},
    {.names = "--halt-on-failure",
     .commands = kPlans,
     .help = "when the relay finds a fault, stop there instead of resetting the machine"},
    {.names = "--keep-zimage",
     .commands = kPlans | kCrashkernelOnly,
     .help = "hand a zImage over as it is, to inflate itself between the kernels, instead of the "
             "kernel that is in it; and an Image that would travel as LZ4 too"},
    {.names = "--digest",
     .commands = kPlans,
     .takes = Takes::kChoice,
     .argument = "NAME",
     .help = "what the relay verifies by: fast, which is made to find accidents, or sha256, which "
             "finds "
             "what is done on purpose too",
     .default_text = "fast",
     .choices = "fast sha256"},
    {.names = "--verbose-relay",
     .commands = kPlans,
     .help = "the relay tells each of its steps on the console, and not only the last"},
    {.names = "--machine",
     .commands = kLoadOrPlan | set_of(Command::kProbe) | kCrashkernelOnly | kTestOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "facts of the machine, as hyprelay machine printed them, or a report",
     .default_text = "the running machine's"},
    {.names = "--dry-run",
     .commands = set_of(Command::kLoad),
     .help = "do everything, patched tree and digests included, but the load itself"},
    {.names = "--require-signature",
     .commands = set_of(Command::kLoad),
     .takes = Takes::kFile,
     .argument = "KEY",
     .help = "load nothing that is not signed by this public key of minisign's",
     .default_text = "require_signature= of the configuration, else none"},
    {.names = "--warrant",
     .commands = set_of(Command::kLoad),
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "what was signed, as hyprelay warrant printed it; its signature is FILE.minisig",
     .default_text = "KERNEL.warrant"},
    {.names = "--file",
     .commands = set_of(Command::kLoad),
     .help =
         "by kexec_file_load, for a kernel that is locked down: it reads the files itself, checks "
         "their signatures and places them; there is no relay then"},
    {.names = "--resident",
     .commands = kPlans,
     .takes = Takes::kText,
     .argument = "DIALECT",
     .help = "who is at HYP/EL2 when the relay is entered below it, by a name of docs/dialects.md; "
             "the relay climbs through it",
     .default_text = "what the facts of the machine say"},
    {.names = "--resident-vectors",
     .commands = kPlans,
     .takes = Takes::kText,
     .argument = "ADDRESS[,VIRTUAL]",
     .help = "where that resident's vectors lie in memory, and where HYP/EL2 itself sees them",
     .default_text = "not known"},
    {.names = "--dtb",
     .commands = kBundleOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "flattened device tree of the machine, and to start from",
     .required = true},
    {.names = "--command-line,--append",
     .commands = kBundleOnly,
     .takes = Takes::kText,
     .argument = "TEXT",
     .help = "command line of the next kernel",
     .default_text = "the tree's"},
    {.names = "--reserve",
     .commands = kPlans,
     .takes = Takes::kText,
     .argument = "START,SIZE",
     .help = "memory that nothing may be put into before the next kernel runs",
     .repeats = true},
    {.names = "--output",
     .commands = kBundleOnly,
     .takes = Takes::kFile,
     .argument = "DIR",
     .help = "folder for the files, made when it is missing",
     .required = true},
    {.names = "--output,-o",
     .commands = kReportOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "where to write the report",
     .default_text = "standard output"},
    {.names = "--map",
     .commands = kPlanOnly,
     .help = "draw the machine's memory to scale instead of listing the plan"},
    {.names = "--svg",
     .commands = kPlanOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "write the same drawing as SVG"},
    {.names = "--timeline",
     .commands = set_of(Command::kStatus),
     .help = "the phases of the last handoff in the relay, how long each took, and its share"},
    {.names = "--emit",
     .commands = kHypCheckOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "where to write the program",
     .required = true},
    {.names = "--arch",
     .commands = kHypCheckOnly,
     .takes = Takes::kChoice,
     .argument = "ARCH",
     .help = "architecture of the board: arm or arm64",
     .default_text = "that of hyprelay itself, where it is one of them",
     .choices = "arm arm64"},
    {.names = "--format",
     .commands = kHypCheckOnly,
     .takes = Takes::kChoice,
     .argument = "FORMAT",
     .help = "image: zImage or Image, for every loader of kernels; elf: for QEMU's -kernel",
     .default_text = "image",
     .choices = "image elf"},
    {.names = "--hvc-space",
     .commands = set_of(Command::kAbi),
     .help = "who uses which immediate of HVC, and who is blind to it"},
    {.names = "--really",
     .commands = kTestOnly,
     .help = "when all is well, panic: the crash kernel starts and saves a dump"},
    {.names = "--yes", .commands = kTestOnly, .help = "with --really: do not ask before"},
    {.names = "--config",
     .commands = kLoadable | kCaptureOnly | kTestOnly | kConfigOnly,
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "configuration to read",
     .default_text = "/etc/hyprelay.conf, when it is there"},
    {.names = "--json", .commands = kPrintsFacts, .help = "print one JSON object instead of text"},
    {.names = "--help,-h", .commands = kEveryCommand, .help = "print help"},
});

// In the order in which help shows them: what belongs to one command alone stands before what many
// share.
inline constexpr auto kOptions = [] {
  std::array<OptionRow, kCaptureOptions.size() + kRehearseOptions.size() + kSharedOptions.size()>
      rows = {};
  auto end = std::ranges::copy(kCaptureOptions, rows.begin()).out;
  end = std::ranges::copy(kRehearseOptions, end).out;
  std::ranges::copy(kSharedOptions, end);
  return rows;
}();

// Not constexpr: to call it is the complaint of the compiler.
void no_row_of_the_option_table_has_this_name();

// An option by any of its names, "--initrd", or the argument's where it is positional, "KERNEL":
// the same one in whatever command it stands. A name that no row has does not compile.
class OptionName {
 public:
  consteval OptionName(const char* name) : name_(name) {
    if (std::ranges::none_of(kOptions, [name](const OptionRow& row) { return row.is(name); })) {
      no_row_of_the_option_table_has_this_name();
    }
  }
  constexpr std::string_view text() const { return name_; }

 private:
  std::string_view name_;
};

}  // namespace hyprelay::cli
