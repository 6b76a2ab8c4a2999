// SPDX-License-Identifier: BSD-2-Clause
// From what a command line names to what handoff/prepare.hpp takes: files are opened and read here,
// and the machine is asked.
#pragma once

#include "base/result.hpp"
#include "cli/request.hpp"
#include "cli/stopwatch.hpp"
#include "handoff/initrd.hpp"
#include "handoff/kernel_file.hpp"
#include "handoff/prepare.hpp"
#include "os/files.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::cli {

// The kernel is read and understood; of the initrd only what a plan needs is known.
struct Files {
  os::FileContent kernel_file;
  os::FileContent vendor_boot;
  std::vector<std::vector<std::byte>> kernel;  // what the file unpacks to, if it does
  handoff::ImageView image;                    // of one of the two
  // What the file is packed and contained in, from the outermost in.
  std::vector<std::string> layers;
  // What else is in the kernel's file, of the same bytes.
  handoff::Contained contained;
  // What is in a zImage, from inflate() on, when that can be started at once.
  std::vector<std::byte> bare_kernel;
  std::optional<handoff::ImageView> bare;  // of `bare_kernel`
  // What travels of the kernel where it is copied with caches off; empty: itself.
  std::vector<std::byte> packed;
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
  std::optional<os::InputFile> initrd;
  // Of that file, or of what the kernel's file holds.
  std::optional<handoff::InitrdPart> initrd_part;
  // From seal() on.
  os::FileContent initrd_content;
  Stopwatch watch;
};

// A kernel that is packed as a whole is unpacked, but for the running kernel's own loader, which
// reads the file itself. Errors: FILE_*, NO_MEMORY, IMAGE_*, INITRD_*.
enum class Packed : std::uint8_t { kUnpack, kRefuse };
base::Result<Files> open_files(const Request& request, Packed packed = Packed::kUnpack);

// What read_kernel() of that request works with.
handoff::KernelTools kernel_tools(const Request& request, base::ByteView vendor_boot);
// Empty when none is named. Errors: FILE_*, NO_MEMORY.
base::Result<os::FileContent> open_vendor_boot(const Request& request);

// A tree of the request, or (null) any. Errors: FILE_*, TREE_*.
base::Result<fdt::Tree> read_tree(const std::string& path, const Request* request = nullptr);

// A machine that somebody saved, by itself or in a report. Errors: FILE_*, MACHINE_MALFORMED.
base::Result<handoff::Machine> read_machine(const std::string& path);

// Of a zImage, what is in it, from then on: unless it is asked for as it is, or cannot stand alone,
// which a note tells. Errors: IMAGE_COMPRESSED (it is damaged).
base::Result<void> inflate(const Request& request, Files& files);

// For that machine, with no tree but its own. The files must outlive what is made of it. An initrd
// for a crash kernel is unpacked to be measured, which may take seconds.
handoff::PrepareInput input_for(const Request& request, const Files& files,
                                handoff::Machine machine);

// Reads the tree and the machine, inflates a zImage, which takes some seconds on a slow machine,
// and plans. Errors: of every stage up to the plan, IMAGE_COMPRESSED of a zImage that is damaged.
base::Result<handoff::Planned> plan(const Request& request, Files& files);

// With what `seeds` says. Reads the initrd: once per Files. A warning or a note in `planned` tells
// when there are none. The files must outlive a handoff that borrows. Errors: FILE_*, NO_MEMORY,
// INITRD_DAMAGED, and those of handoff::seal().
enum class SeedsOf : std::uint8_t { kThisBoot, kManyBoots };
base::Result<handoff::SealedHandoff> seal(
    handoff::Planned& planned, Files& files, SeedsOf seeds = SeedsOf::kThisBoot,
    handoff::Contents contents = handoff::Contents::kBorrowed);

}  // namespace hyprelay::cli
