// SPDX-License-Identifier: BSD-2-Clause
// From what a command line names to what handoff/prepare.hpp takes: files are opened and read here,
// and the machine is asked.
#pragma once

#include "base/result.hpp"
#include "cli/request.hpp"
#include "handoff/initrd.hpp"
#include "handoff/prepare.hpp"
#include "os/files.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::cli {

// The kernel is read and understood; of the initrd only what a plan needs is known.
struct Files {
  std::vector<std::byte> kernel;
  handoff::ImageView image;  // of `kernel`
  std::optional<os::InputFile> initrd;
  // Of that file.
  handoff::InitrdPart initrd_part;
};

// Errors: FILE_*, NO_MEMORY, IMAGE_*, INITRD_*.
base::Result<Files> open_files(const Request& request);

// A machine that somebody saved. Errors: FILE_*, MACHINE_MALFORMED.
base::Result<handoff::Machine> read_machine(const std::string& path);

// For that machine, with no tree but its own. The files must outlive what is made of it. An initrd
// for a crash kernel is unpacked to be measured, which may take seconds.
handoff::PrepareInput input_for(const Request& request, const Files& files,
                                handoff::Machine machine);

// Reads the tree and the machine, and plans. Errors: of every stage up to the plan.
base::Result<handoff::Planned> plan(const Request& request, const Files& files);

// With what `seeds` says. Reads the initrd: once per Files. A warning or a note in `planned` tells
// when there are none. Errors: FILE_*, NO_MEMORY,
// INITRD_DAMAGED, and those of handoff::seal().
enum class SeedsOf : std::uint8_t { kThisBoot, kManyBoots };
base::Result<handoff::SealedHandoff> seal(handoff::Planned& planned, Files& files,
                                          SeedsOf seeds = SeedsOf::kThisBoot);

}  // namespace hyprelay::cli
