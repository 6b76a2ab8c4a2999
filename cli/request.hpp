// SPDX-License-Identifier: BSD-2-Clause
// What load, plan, bundle and crashkernel are asked for, and test what a panic needs: paths as they
// were given, and what is wanted of the handoff.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"
#include "handoff/tree_edits.hpp"
#include "handoff/wishes.hpp"
#include "os/files.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::cli {

// What an entry of the bootloader's gives beside its kernel, and no option: of a file that holds a
// kernel and more it takes the place of what is in it.
struct OfEntry {
  bool initrd = false;
  bool tree = false;
  bool command_line = false;
};

struct Request {
  std::string kernel;
  std::optional<std::string> initrd;
  // Keeps an initrd that was joined of several; `initrd` is its name then.
  std::shared_ptr<os::FileDescriptor> joined;
  std::optional<std::string> dtb;
  OfEntry of_entry;
  // Of the next kernel, where neither an option nor the kernel's file has one; unset: the running
  // kernel's.
  std::optional<std::string> last_command_line;
  // Of the tree: its overlays are named here and read with the files.
  std::vector<std::string> overlays;
  handoff::TreeEdits edits;
  handoff::Wishes wishes;
  // Of a FIT: this configuration; empty: its default.
  std::string fit_config;
  // Android's vendor_boot image.
  std::optional<std::string> vendor_boot;
  // A zImage is handed over as it is.
  bool keep_zimage = false;
  // The machine is the one that `dtb` describes.
  bool machine_of_tree = false;
  // Of the machine, whichever it is: nothing is put there.
  std::vector<handoff::NamedRange> reserved;
  // A JSON file instead of the running machine.
  std::optional<std::string> machine;
  // What says what may be loaded, where that must be signed; unset: KERNEL.warrant.
  std::optional<std::string> warrant;
  // By path: what is read instead of the file, of which a signature was checked.
  std::map<std::string, std::shared_ptr<os::FileDescriptor>> held;
  // Whose signature that was, as minisign prints the key; empty: nobody's.
  std::string signed_by;
};

// A file of the request, from where it is held. Errors: those of os::InputFile::open().
base::Result<os::InputFile> open_input(const Request& request, const std::string& path,
                                       const os::FileBound& bound);

// --delete and --set; the files of --overlay are not read. Error: USAGE.
base::Result<handoff::TreeEdits> edits_of(const Arguments& arguments);

// The configuration says what the arguments leave open when they name no kernel; where they name an
// entry of the bootloader's, that does. Errors: USAGE, FILE_*, BOOT_*.
base::Result<Request> request_of(const Arguments& arguments);

}  // namespace hyprelay::cli
