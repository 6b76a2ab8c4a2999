// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/user_programs.hpp"

#include "os/process.hpp"
#include "rehearse/guest/console.hpp"

#include <algorithm>

namespace hyprelay::rehearse::guest {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    if (end != at) {
      words.emplace_back(line.substr(at, end - at));
    }
    at = end + 1;
  }
  return words;
}

std::optional<FailedProgram> run_programs(std::string_view event, unsigned hop,
                                          const std::vector<std::string>& commands) {
  for (const std::string& command : commands) {
    mark({{"event", "program"}, {"hop", hop}, {"command", command}});
    const os::Outcome outcome = os::run_shown(words_of(command));
    mark({{"event", event}, {"hop", hop}, {"command", command}, {"exit", outcome.exit_code}});
    if (outcome.exit_code != 0) {
      return FailedProgram{command, outcome.exit_code};
    }
  }
  return std::nullopt;
}

}  // namespace hyprelay::rehearse::guest
