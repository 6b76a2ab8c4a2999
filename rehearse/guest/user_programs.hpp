// SPDX-License-Identifier: BSD-2-Clause
// The programs of the user's own initrd that a rehearsal of a panic runs in the guest.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::rehearse::guest {

// A command line cut at its spaces. There is no quoting: what needs a shell is a script.
std::vector<std::string> words_of(std::string_view line);

struct FailedProgram {
  std::string command;
  int exit_code = 0;
};

// Runs them one after the other on the console, each between a mark "program" and one of the name
// `event` that tells its exit code: what stands between them it has printed, not a kernel. The
// first that fails is the last, and is returned.
std::optional<FailedProgram> run_programs(std::string_view event, unsigned hop,
                                          const std::vector<std::string>& commands);

}  // namespace hyprelay::rehearse::guest
