// SPDX-License-Identifier: BSD-2-Clause
// Any text as GRUB's menu and environment block, which "====" on a line divides. What comes of it
// stands in the menu, and a menu with nothing else in it says the same again.
#include "handoff/linux/grub.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace {

namespace linux_host = hyprelay::handoff::linux_host;
using hyprelay::fuzz::require;

constexpr std::string_view kDivider = "\n====\n";

// Whether the letters stand there in this order: quotes may be between them.
bool is_within(std::string_view letters, std::string_view line) {
  for (const char letter : line) {
    if (!letters.empty() && letter == letters.front()) {
      letters.remove_prefix(1);
    }
  }
  return letters.empty();
}

bool has_line_for(std::string_view menu, const linux_host::GrubEntry& entry) {
  while (!menu.empty()) {
    const std::string_view line = menu.substr(0, menu.find('\n'));
    menu.remove_prefix(std::min(line.size() + 1, menu.size()));
    if (is_within("linux" + entry.kernel, line)) {
      return true;
    }
  }
  return false;
}

// No letter that means something to the reader where a word of its own is written.
constexpr std::string_view kSpecial = "'\\#$;{}\v\f\r\n";
bool is_plain(std::string_view text) {
  return text.find_first_of(kSpecial) == std::string_view::npos;
}

// Commands that go on behind a newline, in one line each.
std::string joined(std::string_view menu) {
  std::string text(menu);
  for (std::size_t at = text.find("\\\n"); at != std::string::npos; at = text.find("\\\n", at)) {
    text.erase(at, 2);
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t divider = text.find(kDivider);
  const std::string_view menu = text.substr(0, divider);
  const std::string_view block = divider == std::string_view::npos
                                     ? std::string_view()
                                     : text.substr(divider + kDivider.size());
  const auto entry = linux_host::default_grub_entry(menu, block);
  // What nobody reads changes nothing.
  const std::string longer = "# front\n\n" + std::string(menu) + "\n\n# end\n";
  const auto again = linux_host::default_grub_entry(longer, "# front\n" + std::string(block));
  require(entry.has_value() == again.has_value());
  if (!entry) {
    return 0;
  }
  require(entry->kernel == again->kernel && entry->initrds == again->initrds &&
          entry->command_line == again->command_line);
  require(!entry->kernel.empty() && has_line_for(joined(menu), *entry));
  require(entry->command_line.size() <= 2 * menu.size());
  require(entry->command_line.find('\n') == std::string::npos);
  if (is_plain(entry->kernel) && entry->kernel.find_first_of(" \t\"") == std::string::npos &&
      is_plain(entry->command_line)) {
    const auto alone = linux_host::default_grub_entry(
        "menuentry x {\nlinux " + entry->kernel + " " + entry->command_line + "\n}\n", "");
    require(alone && alone->kernel == entry->kernel);
    require(alone->command_line == entry->command_line);
  }
  return 0;
}
