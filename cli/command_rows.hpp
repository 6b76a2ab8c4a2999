// SPDX-License-Identifier: BSD-2-Clause
// What each command is, in the words of its help: one row each, in the order in which help shows
// them.
#pragma once

#include "cli/options.hpp"

#include <array>

namespace hyprelay::cli {

inline constexpr auto kCommands = std::to_array<CommandRow>({
    {Command::kLoad, "load", "load a kernel for the handoff", R"(
Reads the kernel, an initrd and a device tree, plans where each of them goes, patches the tree for
the next kernel, seals everything with digests, and gives it to the running kernel together with the
relay that will verify it. What was loaded before is replaced. Nothing starts before hyprelay exec.

With --panic it is loaded into the memory that crashkernel= reserved, beside the next kernel, and
starts when the running kernel panics; its /proc/vmcore is then the memory of the kernel that died.

KERNEL is a zImage (32-bit ARM) or an Image (arm64), as it is, compressed, or in a container that may
hold an initrd and a device tree too: docs/images.md lists the formats, and hyprelay image tells
what a file is. What options give takes the place of what the file holds. The device tree is the running
machine's unless --dtb gives another; one without /memory gets the running machine's. Without any
option for it, the next kernel gets the command line of the running one.

A kernel that is locked down, as by Secure Boot, takes nothing that it cannot verify. Where it has
kexec_file_load (Debian's kernels for ARM have not), --file gives it kernel and initrd as they are:
the kernel must be signed. There is no relay then, so that nothing is verified at the start,
recorded or climbed, and the tree is the running kernel's.

Without KERNEL, the lines of /etc/hyprelay.conf that begin with next_ (with --panic: panic_) name
kernel, initrd and command line, and what they leave open is what the machine would boot next (with
--panic: the running kernel with its capture initrd). Options still count. docs/capture.md lists the
keys.

With --entry it is an entry of the bootloader's that names kernel, initrds, device tree and command
line, as hyprelay boot-entry lists them; "default" is the one that would come up. An option for one
of these counts instead.

With --require-signature nothing is loaded that is not signed: a text, as hyprelay warrant prints it,
has the digests of the files and the command line, and minisign's signature of it lies beside. Every
file is read once, and what was checked is what is loaded.)"},
    {Command::kExec, "exec", "leave this kernel and start what is loaded", R"(
Writes filesystems back, prints one line with the counter, and jumps. It does not stop services nor
unmount anything: on a system with systemd, systemctl kexec does that first, and then starts what
hyprelay load has loaded.)"},
    {Command::kUnload, "unload", "drop what is loaded", R"(
Nothing loaded is no error.)"},
    {Command::kStatus, "status", "tell how this kernel came up, and whether another is loaded", R"(
Decodes the record that the relay left in /chosen of this kernel's device tree: the mode that it was
entered in and left in, who was resident at HYP/EL2, how many segments were verified, and how long
that took. With --timeline a line for each phase of the relay's.)"},
    {Command::kPlan, "plan", "show where a handoff would put everything, and why", R"(
Takes the options of load and loads nothing. With --machine it works on every host, without
privileges. With --map it draws memory as one looks at it: banks, what is reserved, what is loaded
and what the next kernel writes early, to scale.)"},
    {Command::kBundle, "bundle", "write a handoff as files, for a bootloader or QEMU", R"(
Plans for a machine that is known by its device tree alone, and writes what load would have loaded:
kernel, initrd, patched tree and relay, a manifest with addresses and digests, and the lines for
U-Boot and QEMU. Whoever loads the files enters the relay at its first byte, MMU and data cache off.)"},
    {Command::kMachine, "machine", "print the facts of the running machine as JSON", R"(
Memory, reserved ranges, command line, boot mode, device tree and what tells of HYP/EL2: what
hyprelay plan --machine and hyprelay probe --machine read on another host, and what a bug report
can be made with. The device tree may hold serial numbers and MAC addresses: hyprelay report leaves
them out.)"},
    {Command::kProbe, "probe", "tell who is resident at HYP/EL2, without asking it", R"(
Goes by evidence alone: device tree, kernel release, kernel log, kallsyms, /dev/kvm, hypervisor
nodes, CPU identification. It makes no call to HYP/EL2, where a wrong one can hang the machine. The
verdict is likely or certain, or names who is left, and the reasons follow. Root sees more than
others: without it, kernel log and virtual machines may stay unknown.)"},
    {Command::kExplain, "explain", "explain an error code", R"(
CODE is a name (PLAN_NO_ROOM) or a number (E300, 0x300). Without one, all are listed.)"},
    {Command::kVersion, "version", "print the version", ""},
    {Command::kRehearse, "rehearse", "try a handoff in QEMU before it happens on a board", R"(
Boots the first kernel in QEMU, performs the handoff inside with hyprelay load and exec, watches the
console, and reports what arrived. What follows -- is given to hyprelay load in the guest.)"},
    {Command::kHypCheck, "hyp-check", "write the program that checks HYP/EL2 on a board", R"(
A small image without an operating system, to be booted like a kernel: it prints as TAP how it was
entered, whether the boot law holds, who is resident at HYP/EL2, which calls that resident answers
and which registers each preserves. Words for it on the kernel's command line:
hyp-check.resident=DIALECT and hyp-check.kernel=RELEASE say what is known of the resident,
hyp-check.end=off and hyp-check.end=reset end by PSCI instead of stopping there.)"},
    {Command::kCrashkernel, "crashkernel", "tell how much memory a crash kernel needs", R"(
estimate plans the kernel and its initrd into ever smaller regions, adds what the initrd unpacks to
and what a kernel and a program need to save a dump, and prints the crashkernel= parameter to boot
with. Nothing is loaded.)"},
    {Command::kCapture, "capture", "save the memory of a kernel that panicked", R"(
Runs in the kernel that a panic started. The log of the dead kernel is saved first, which takes
seconds; then its memory, by makedumpfile when it is there and can read it, else as a copy
compressed by zstd. Free space is looked at before, and progress goes to stderr. A dump gets its
final name when it is complete and written back; one that is not stays, under a name that ends in
.incomplete.

Without options, the lines of /etc/hyprelay.conf that begin with capture_ say what to do:
capture_to, capture_fallback, capture_format, capture_level, capture_after, capture_on_failure,
capture_force, capture_ssh_key, capture_ssh_port. An option overrides its line. What is saved, and
how to open it, is in docs/capture.md.)"},
    {Command::kTest, "test", "check everything that a dump will need, short of the panic", R"(
Looks at the configuration, kernel and capture initrd, the reserved memory, what is loaded, the
destinations of the dump, and what the kernel does when it fails. One line for each: ok, not ok, or
a note where there will be a dump but something may be wanted otherwise; with the remedy. The exit
code is 0 when nothing is not ok.

With --really the machine then panics on purpose, which ends everything that runs on it: filesystems
are written back before, and somebody has to type yes, unless --yes is given.)"},
    {Command::kConfig, "config", "print the configuration as it is understood", R"(
What /etc/hyprelay.conf says, and for what it leaves open what holds then on this machine.
docs/capture.md lists the keys. Lines that mean nothing are named on stderr.)"},
    {Command::kAbi, "abi", "print the tables of the ABIs: ops, dialects, immediates of HVC", R"(
The ops of the common ABI that the stub speaks, and the dialects by whose names --resident and
hyp-check.resident go. With --hvc-space: who uses which immediate of HVC, and which residents do not
look at it, so that an HVC that is meant for somebody else is not harmless there. Nobody is asked:
the tables are part of hyprelay.)"},
    {Command::kReport, "report", "write the one file to attach to a report of a fault", R"(
How this kernel came up, who is at HYP/EL2, what is loaded, memory, command line, configuration,
what the kernel's log says of all that, and the facts of hyprelay machine, of which hyprelay plan
KERNEL --machine FILE makes a plan on every host. As one text, to be read before it is sent. Whoever
is not root sees less, and the report says what it did without.

Seeds, MAC addresses, serial numbers, keys, passwords and users are left out: each has a mark in its
place, and a list of them comes first. docs/machines.md says by what they are known. Addresses, host
names and UUIDs stay.)"},
    {Command::kBootEntry, "boot-entry", "show what the bootloader would boot", R"(
Reads the configuration of the bootloader, and lists its entries: what each of them would load,
whether those files are there, and which one comes up when nobody touches the menu. It reads
grub.cfg, U-Boot's extlinux.conf and the entries of the Boot Loader Specification (loader/entries).

PLACE is the root of a system (default: /), or one file of these. hyprelay load --entry NAME loads
one of them.)"},
    {Command::kFdt, "fdt", "look at device trees, compare and change them, on any host", R"(
show FILE [NODE] prints a tree, or a node of it by path, alias or &label, as a source that dtc takes.

diff FILE OTHER prints what differs, property by property, sorted: - is what FILE has, + what OTHER
has. Phandles count as the nodes that they lead to. The exit code is 20 when there are differences.

patch FILE applies --overlay, then --delete, then --set, and writes the tree to --output.

merge FILE OVERLAY... applies overlays, as patch --overlay does.)"},
    {Command::kImage, "image", "tell what a kernel's file is, and why it would be refused", R"(
Opens FILE as load would: packed kernels, EFI zboot, uImage, FIT, UKI, Android's boot
images, vmlinux. Prints its layers, the architecture, what it takes in memory and where it wants to be, the modes that it can be entered in
and what it needs of a CPU, and what else the file holds: initrd, device tree, command line. A file
that load would refuse is refused with the same sentence, remedy and exit code. It works on every
host; docs/images.md lists the formats.)"},
    {Command::kWarrant, "warrant", "print what is to be signed, for load --require-signature", R"(
Takes the options of load that name files and the command line, loads nothing, and prints a text with
the digest of each file and with the command line. Who may say what is booted signs it by minisign,
anywhere: minisign -Sm KERNEL.warrant. It works on every host. docs/threat-model.md says against whom
that helps, and against whom not.)"},
    {Command::kGenerate, "generate", "print the man page or the bash completion", "", true},
});

// A command that was forgotten in the table does not build.
static_assert(kCommands.size() == static_cast<std::size_t>(Command::kGenerate) + 1);

}  // namespace hyprelay::cli
