// SPDX-License-Identifier: BSD-2-Clause
// How guest_test has Debian's kernel boot below a real hypervisor: files, and QEMU's command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::boot_test {

using Words = std::vector<std::string>;

struct Arguments {
  std::string way;
  std::string cache;
  std::string folder;
  std::string monitor;
  std::optional<int> load_exit;
  Words programs;
  Words expectations;
  Words says;
};

// The rehearsal that takes place in the guest.
struct Inside {
  std::string kernel;
  std::string initrd;
  std::string line;
  std::string manifest_digest;
};

// Writes its initrd into the folder. nullopt: that, or the guest's programs, cannot be had.
std::optional<Inside> make_inside(const Arguments& arguments);

// QEMU's command line. nullopt: a file cannot be written.
std::optional<Words> command_of(const Arguments& arguments, const Inside& inside);

}  // namespace hyprelay::boot_test
