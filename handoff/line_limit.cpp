// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/line_limit.hpp"

#include "handoff/command_line.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

constexpr std::size_t kArmBytes = 1024;
constexpr std::size_t kArm64Bytes = 2048;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Moves words off `rest` to the end of `line` until one would make it longer than that, or is the
// "--" behind which all is for init, unless `also_init`.
void move_words(std::string_view& rest, std::string& line, std::size_t most, bool also_init) {
  for (std::string_view behind = rest;; rest = behind) {
    const std::string_view word = take_word(behind);
    const std::size_t blank = line.empty() ? 0 : 1;
    if (word.empty() || (word == "--" && !also_init) || line.size() + blank + word.size() > most) {
      return;
    }
    append_words(line, word);
  }
}

}  // namespace

std::size_t command_line_limit(Arch arch) {
  return (arch == Arch::kArm ? kArmBytes : kArm64Bytes) - 1;
}

std::string fit_command_line(std::string_view line, std::string_view must_have, std::size_t limit) {
  const std::string_view own = trimmed(must_have);
  std::string all(line);
  if (!own.empty()) {
    close_quote(all);
  }
  std::string fitted = all;
  add_words(fitted, own);
  if (fitted.size() <= limit) {
    return fitted;
  }
  const std::size_t room = own.empty() ? 0 : own.size() + 1;
  std::string_view rest = all;
  fitted.clear();
  move_words(rest, fitted, limit - std::min(limit, room), false);
  append_words(fitted, own);
  move_words(rest, fitted, limit, true);
  if (!trimmed(rest).empty()) {
    fitted.resize(std::max(limit, fitted.size()), ' ');
    append_words(fitted, trimmed(rest));
  }
  return fitted;
}

std::string_view cut_of(std::string_view line, std::size_t limit) {
  return trimmed(line.substr(std::min(line.size(), limit)));
}

std::optional<std::string> command_line_warning(std::string_view line, Arch arch) {
  const std::size_t limit = command_line_limit(arch);
  const std::string_view cut = cut_of(line, limit);
  if (cut.empty()) {
    return std::nullopt;
  }
  return "the command line is too long: a kernel for " + std::string(arch_name(arch)) + " keeps " +
         std::to_string(limit) + " characters and will not see \"" + std::string(cut) +
         "\"; leave words out with --command-line";
}

}  // namespace hyprelay::handoff
