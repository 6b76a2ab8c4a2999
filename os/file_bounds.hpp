// SPDX-License-Identifier: BSD-2-Clause
// The most that a file may have, by what it is. The one place: docs/howto-kexec.md has the same
// table for users. Each is far above any real one, so that what is named by mistake (a disk,
// /dev/zero, a sparse file) costs neither memory nor time.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace hyprelay::os {

struct FileBound {
  // "a configuration", for messages.
  std::string_view kind;
  std::uint64_t most_bytes;
  // Neither a pipe, for which one may wait for ever, nor anything else but a file.
  bool file_alone = false;
};

inline constexpr FileBound kConfigurationFile = {"a configuration", std::uint64_t{1} << 20};
// grub.cfg has some kilobytes for each kernel, grubenv 1024 bytes.
inline constexpr FileBound kGrubFile = {"a file of GRUB's", std::uint64_t{16} << 20};
// Of other bootloaders: some lines for each kernel.
inline constexpr FileBound kBootMenuFile = {"a bootloader's configuration", std::uint64_t{1} << 20};
// A key, a signature, and what is signed: some lines, one of them a command line.
inline constexpr FileBound kSignatureFile = {"a key, warrant or signature", std::uint64_t{64} << 10,
                                             true};
// A hundred thousand ranges, with their names, are half of it.
inline constexpr FileBound kMachineFile = {"the facts of a machine", std::uint64_t{64} << 20};
// The boot protocols allow 2 MiB; a file may be padded.
inline constexpr FileBound kTreeFile = {"a device tree", std::uint64_t{16} << 20};
// What handoff/image_formats.hpp calls sane.
inline constexpr FileBound kKernelFile = {"a kernel", std::uint64_t{1} << 30};
// None: whether the machine has room is for the plan to say, before it is read.
inline constexpr FileBound kInitrdFile = {"an initrd", std::numeric_limits<std::uint64_t>::max()};
// Of /proc and /sys; /proc/kallsyms is the longest, with some 10 MiB.
inline constexpr FileBound kFactFile = {"a fact of the kernel's", std::uint64_t{64} << 20};
// Kept in memory until the guest has it.
inline constexpr FileBound kRehearsedFile = {"a file of a rehearsal", std::uint64_t{2} << 30};
// Of whatever kind: a pipe's size is only known when all of it is in memory.
inline constexpr FileBound kPipedContent = {"a pipe's content", std::uint64_t{2} << 30};

}  // namespace hyprelay::os
