// SPDX-License-Identifier: BSD-2-Clause
// The words of a kernel's command line, as Linux reads them, and which of the running kernel's a
// crash kernel gets. Pure.
#pragma once

#include "handoff/machine.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// The next word, taken off `rest`; empty at the end. Blanks in quotes do not end a word
// [linux/lib/cmdline.c next_arg].
std::string_view take_word(std::string_view& rest);

// What a word sets: up to its '=', without quotes, and with '_' where it has '-', which are the
// same to Linux [linux/kernel/params.c parameq].
std::string name_of_word(std::string_view word);

// The last word, when its quotes do not balance: all that follows would be its value; else empty.
std::string_view open_word(std::string_view line);
// Ends such a word where the line ends. A kernel reads the same value: it leaves out the quotes
// around one, and misses none at the end [linux/lib/cmdline.c next_arg].
void close_quote(std::string& line);

// What the kernel's parameter of that name (as name_of_word() has it) is set to, without quotes:
// the last one counts. nullopt: it is not set, or has no '='.
std::optional<std::string> value_in(std::string_view line, std::string_view name);

// Adds words at the end.
void append_words(std::string& line, std::string_view words);
// Adds words where the kernel reads them: before a "--", behind which all is for init
// [linux/kernel/params.c parse_args], and not in quotes that either of the two leaves open.
void add_words(std::string& line, std::string_view words);

// The words that make a kernel take the memory at an address for its initrd, and not what its tree
// names: initrd= and initrdmem= with START,SIZE. (EFI's initrd= has a path.)
// [linux/init/do_mounts_initrd.c early_initrdmem; before 5.8 linux/arch/arm/mm/init.c early_initrd]
std::vector<std::string> initrd_words(std::string_view line);

// A word of the running kernel that its crash kernel must not have.
struct BigWord {
  // As name_of_word(); with a '*' at its end every name that begins so.
  std::string_view name;
  // Completes "...: it".
  std::string_view why;
  // Who leaves it out too, or where Linux describes what it does.
  std::string_view source;
};
std::span<const BigWord> big_words();

// Of a line that somebody gives to a crash kernel: its big_words() but for those that switch
// something off, that only hide messages, or whose names are in `keep`; with why in brackets.
std::vector<std::string> costly_words(std::string_view line, const std::vector<std::string>& keep);

struct CrashLine {
  std::string text;
  // What it is made of: words of the running kernel or of the user, and words that hyprelay adds or
  // was told to add. A kernel that cuts a long line must not cut these.
  std::string kept = {};
  std::string added = {};
  // Words of the running kernel that are big_words(), each as it stood there.
  std::vector<std::string> left_out = {};
  // open_word() of each text that it is made of, of the running kernel or of the user.
  std::vector<std::string> open = {};
};

// The command line of the next kernel that is to run like the running one: without what a
// bootloader told the running one of itself. BOOT_IMAGE= names the kernel that GRUB read
// [grub/grub-core/loader/arm64/linux.c LINUX_IMAGE]. "initrd=\file" is for the EFI stub
// [linux/drivers/firmware/efi/libstub/file.c], which no handoff enters. "initrd=ADDRESS,SIZE" and
// "initrdmem=" are obeyed, after the tree and against it: the kernel would take the memory where
// the running one's initrd lay [linux/init/do_mounts_initrd.c early_initrd].
std::string inherited_command_line(std::string_view running);

// The command line of a crash kernel that is to run like the running one: without crashkernel=,
// elfcorehdr=, mem= and BOOT_IMAGE=, which are the running kernel's own, without big_words() but
// for the names in `keep`, and with what a kernel in a small region on a machine that crashed
// needs: `cpus` CPUs and no more, drivers that reset their devices
// [linux/Documentation/admin-guide/kdump/kdump.rst], and no memory set aside [rhkdump/kdump-utils
// gen-kdump-sysconfig.sh KDUMP_COMMANDLINE_APPEND; of those also openSUSE/kdump init/load.sh:
// cgroup_disable]. On arm CPUs are limited by maxcpus= and not by nr_cpus=: with that the kernel
// does not find the CPU it runs on in the tree when the panic was on another one than the first
// [linux/arch/arm/kernel/devtree.c arm_dt_init_cpu_maps].
CrashLine crash_command_line(std::string_view running, Arch arch, bool add_defaults,
                             const std::vector<std::string>& keep = {}, std::uint32_t cpus = 1);

}  // namespace hyprelay::handoff
