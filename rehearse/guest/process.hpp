// SPDX-License-Identifier: BSD-2-Clause
// Running a program of the guest.
#pragma once

#include <string>
#include <vector>

namespace hyprelay::rehearse::guest {

struct Outcome {
  // Exit code, 128 + signal, or -1 when it could not be started.
  int exit_code = -1;
  std::string output;  // stdout, when captured
  std::string errors;  // stderr, when captured
};

// Waits for the program and captures what it prints.
Outcome run_captured(const std::vector<std::string>& arguments);

// Waits for the program, which prints on our own console.
Outcome run_on_console(const std::vector<std::string>& arguments);

}  // namespace hyprelay::rehearse::guest
