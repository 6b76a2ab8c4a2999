// SPDX-License-Identifier: BSD-2-Clause
#include "cli/options.hpp"

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
constexpr CommandSet kRehearseOnly = set_of(Command::kRehearse);
constexpr CommandSet kHypCheckOnly = set_of(Command::kHypCheck);
constexpr CommandSet kPrintsFacts = kPlans | kRehearseOnly | set_of(Command::kProbe) |
                                    set_of(Command::kExec) | set_of(Command::kUnload) |
                                    set_of(Command::kStatus) | set_of(Command::kExplain) |
                                    set_of(Command::kVersion) | kCrashkernelOnly;
constexpr CommandSet kEveryCommand = ~CommandSet{0};

constexpr auto kCommands = std::to_array<CommandRow>({
    {Command::kLoad, "load", "load a kernel for the handoff",
     "Reads the kernel, an initrd and a device tree, plans where each of them goes, patches the "
     "tree "
     "for the next kernel, seals everything with digests, and gives it to the running kernel "
     "together with the relay that will verify it. What was loaded before is replaced. Nothing "
     "starts before hyprelay exec.\n\n"
     "With --panic it is loaded into the memory that crashkernel= reserved, beside the next "
     "kernel, "
     "and starts when the running kernel panics; its /proc/vmcore is then the memory of the kernel "
     "that died.\n\n"
     "KERNEL is a zImage (32-bit ARM) or an uncompressed Image (arm64). The device tree is the "
     "running machine's unless --dtb gives another; one without /memory gets the running "
     "machine's. "
     "Without any option for it, the next kernel gets the command line of the running one."},
    {Command::kExec, "exec", "leave this kernel and start what is loaded",
     "Writes filesystems back, prints one line with the counter, and jumps. It does not stop "
     "services nor unmount anything: on a system with systemd, systemctl kexec does that first, "
     "and "
     "then starts what hyprelay load has loaded."},
    {Command::kUnload, "unload", "drop what is loaded", "Nothing loaded is no error."},
    {Command::kStatus, "status", "tell how this kernel came up, and whether another is loaded",
     "Decodes the record that the relay left in /chosen of this kernel's device tree: the mode "
     "that "
     "it was entered in and left in, who was resident at HYP/EL2, how many segments were verified, "
     "and how long that took."},
    {Command::kPlan, "plan", "show where a handoff would put everything, and why",
     "Takes the options of load and loads nothing. With --machine it works on every host, without "
     "privileges."},
    {Command::kBundle, "bundle", "write a handoff as files, for a bootloader or QEMU",
     "Plans for a machine that is known by its device tree alone, and writes what load would have "
     "loaded: kernel, initrd, patched tree and relay, a manifest with addresses and digests, and "
     "the lines for U-Boot and QEMU. Whoever loads the files enters the relay at its first byte, "
     "MMU and data cache off."},
    {Command::kMachine, "machine", "print the facts of the running machine as JSON",
     "Memory, reserved ranges, command line, boot mode, device tree and what tells of HYP/EL2: "
     "what "
     "hyprelay plan --machine and hyprelay probe --machine read on another host, and what a bug "
     "report should carry. The device tree may hold serial numbers and MAC addresses."},
    {Command::kProbe, "probe", "tell who is resident at HYP/EL2, without asking it",
     "Goes by evidence alone: device tree, kernel release, kernel log, kallsyms, /dev/kvm, "
     "hypervisor nodes, CPU identification. It makes no call to HYP/EL2, where a wrong one can "
     "hang "
     "the machine. The verdict is likely or certain, or names who is left, and the reasons follow. "
     "Root sees more than others: without it, kernel log and virtual machines may stay unknown."},
    {Command::kExplain, "explain", "explain an error code",
     "CODE is a name (PLAN_NO_ROOM) or a number (E300, 0x300). Without one, all are listed."},
    {Command::kVersion, "version", "print the version", ""},
    {Command::kRehearse, "rehearse", "try a handoff in QEMU before it happens on a board",
     "Boots the first kernel in QEMU, performs the handoff inside with hyprelay load and exec, "
     "watches the console, and reports what arrived. What follows -- is given to hyprelay load in "
     "the guest."},
    {Command::kHypCheck, "hyp-check", "write the program that checks HYP/EL2 on a board",
     "A small image without an operating system, to be booted like a kernel: it prints as TAP how "
     "it "
     "was entered, whether the boot law holds, who is resident at HYP/EL2, which calls that "
     "resident "
     "answers and which registers each preserves. Words for it on the kernel's command line: "
     "hyp-check.resident=DIALECT and hyp-check.kernel=RELEASE say what is known of the resident, "
     "hyp-check.end=off and hyp-check.end=reset end by PSCI instead of stopping there."},
    {Command::kCrashkernel, "crashkernel", "tell how much memory a crash kernel needs",
     "estimate plans the kernel and its initrd into ever smaller regions, adds what the initrd "
     "unpacks to and what a kernel and a program need to save a dump, and prints the crashkernel= "
     "parameter to boot with. Nothing is loaded."},
    {Command::kGenerate, "generate", "print the man page or the bash completion", "", true},
});

constexpr auto kOptions = std::to_array<OptionRow>({
    {.id = Option::kKernel,
     .commands = kPlans,
     .takes = Takes::kFile,
     .argument = "KERNEL",
     .help = "zImage or Image of the next kernel",
     .required = true},
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
     .commands = kLoadOrPlan | set_of(Command::kProbe) | kCrashkernelOnly,
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
    {.id = Option::kArch,
     .commands = kRehearseOnly,
     .names = "--arch",
     .takes = Takes::kChoice,
     .argument = "ARCH",
     .help = "architecture of the guest: arm or arm64",
     .choices = "arm arm64",
     .required = true},
    {.id = Option::kFrom,
     .commands = kRehearseOnly,
     .names = "--from",
     .takes = Takes::kFile,
     .argument = "KERNEL",
     .help = "kernel that QEMU boots",
     .required = true},
    {.id = Option::kTo,
     .commands = kRehearseOnly,
     .names = "--to",
     .takes = Takes::kFile,
     .argument = "KERNEL",
     .help = "kernel that the handoff starts; several are taken in turn, hop by hop",
     .required = true,
     .repeats = true},
    {.id = Option::kRehearseInitrd,
     .commands = kRehearseOnly,
     .names = "--initrd",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "initrd to carry along behind the rehearsal's own",
     .default_text = "none"},
    {.id = Option::kRehearseDtb,
     .commands = kRehearseOnly,
     .names = "--dtb",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "device tree for hyprelay load",
     .default_text = "the guest's"},
    {.id = Option::kRehearseAppend,
     .commands = kRehearseOnly,
     .names = "--append",
     .takes = Takes::kText,
     .argument = "TEXT",
     .help = "added to the command line of every kernel"},
    {.id = Option::kMemory,
     .commands = kRehearseOnly,
     .names = "--memory",
     .takes = Takes::kText,
     .argument = "SIZE",
     .help = "memory of the guest, as QEMU's -m takes it",
     .default_text = "1G"},
    {.id = Option::kCpus,
     .commands = kRehearseOnly,
     .names = "--cpus",
     .takes = Takes::kNumber,
     .argument = "N",
     .help = "CPUs of the guest",
     .default_text = "2, or 1 with --icount"},
    {.id = Option::kCpu,
     .commands = kRehearseOnly,
     .names = "--cpu",
     .takes = Takes::kText,
     .argument = "NAME",
     .help = "QEMU's name of the CPU",
     .default_text = "cortex-a15 or cortex-a57"},
    {.id = Option::kQemuMachine,
     .commands = kRehearseOnly,
     .names = "--machine",
     .takes = Takes::kText,
     .argument = "OPTIONS",
     .help = "more options of QEMU's virt machine: virtualization=off"},
    {.id = Option::kHops,
     .commands = kRehearseOnly,
     .names = "--hops",
     .takes = Takes::kNumber,
     .argument = "N",
     .help = "handoffs in a row",
     .default_text = "1"},
    {.id = Option::kQemuArgument,
     .commands = kRehearseOnly,
     .names = "--qemu-arg",
     .takes = Takes::kText,
     .argument = "WORD",
     .help = "one more word for QEMU's command line",
     .repeats = true},
    {.id = Option::kIcount,
     .commands = kRehearseOnly,
     .names = "--icount",
     .help = "count guest instructions; one CPU at a time, slower"},
    {.id = Option::kConsole,
     .commands = kRehearseOnly,
     .names = "--console",
     .help = "show the guest's console also when stderr is no terminal"},
    {.id = Option::kTranscript,
     .commands = kRehearseOnly,
     .names = "--transcript",
     .takes = Takes::kFile,
     .argument = "FILE",
     .help = "write the guest's console to this file",
     .default_text = "none"},
    {.id = Option::kPatience,
     .commands = kRehearseOnly,
     .names = "--patience",
     .takes = Takes::kNumber,
     .argument = "SECONDS",
     .help = "give up when the guest prints nothing for that long",
     .default_text = "120"},
    {.id = Option::kRehearsePanic,
     .commands = kRehearseOnly,
     .names = "--panic",
     .help = "the first kernel panics, and the second is its crash kernel; its dump is read"},
    {.id = Option::kPanicCpu,
     .commands = kRehearseOnly,
     .names = "--panic-cpu",
     .takes = Takes::kNumber,
     .argument = "N",
     .help = "CPU that panics",
     .default_text = "whichever comes"},
    {.id = Option::kCrashSize,
     .commands = kRehearseOnly,
     .names = "--crashkernel",
     .takes = Takes::kText,
     .argument = "SIZE",
     .help = "memory that the first kernel reserves for --panic",
     .default_text = "256M, or 448M on arm64"},
    {.id = Option::kCaptureRun,
     .commands = kRehearseOnly,
     .names = "--capture-run",
     .takes = Takes::kText,
     .argument = "COMMAND",
     .help = "program of the user's initrd, and its arguments, to run in the crash kernel",
     .repeats = true},
    {.id = Option::kCorrupt,
     .commands = kRehearseOnly,
     .names = "--corrupt",
     .takes = Takes::kChoice,
     .argument = "SEGMENT",
     .help = "flip one byte of a segment when the relay starts",
     .choices = "kernel initrd tree relay",
     .hidden = true},
    {.id = Option::kWatch,
     .commands = kRehearseOnly,
     .names = "--watch",
     .help = "watch every write to initrd, tree and relay until the kernel runs",
     .hidden = true},
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
    {.id = Option::kFormat,
     .commands = kHypCheckOnly,
     .names = "--format",
     .takes = Takes::kChoice,
     .argument = "FORMAT",
     .help = "image: zImage or Image, for every loader of kernels; elf: for QEMU's -kernel",
     .default_text = "image",
     .choices = "image elf"},
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
  return kOptions;
}

const CommandRow& row_of(Command command) {
  return *std::ranges::find(kCommands, command, &CommandRow::id);
}

}  // namespace hyprelay::cli
