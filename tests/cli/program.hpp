// SPDX-License-Identifier: BSD-2-Clause
// Starts the hyprelay program for a test and keeps what it said.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::test {

struct Outcome {
  int exit_code = -1;
  std::string output;
  std::string errors;
};

// What the kernel answers to kexec_load, kexec_file_load and reboot while the program runs: a
// system error number, or 0 for success. Without more said, one that has kexec, from root, and
// takes nothing; and no kexec_file_load, as Debian's. The calls themselves never happen, by a
// seccomp filter of the child: a test must neither restart the machine it runs on nor drop what is
// loaded there.
struct Kernel {
  int kexec_load = 22;       // EINVAL
  int reboot = 1;            // EPERM
  int kexec_file_load = 38;  // ENOSYS
};

// Runs a program with its standard input empty. With `output_path`, stdout goes there.
Outcome run(const std::string& program, const std::vector<std::string>& words, Kernel kernel = {},
            const std::string& output_path = "");
// The hyprelay of this build.
Outcome hyprelay(const std::vector<std::string>& words, Kernel kernel = {});

}  // namespace hyprelay::test
