// SPDX-License-Identifier: BSD-2-Clause
// Any text as extlinux.conf (which includes itself), as an entry of loader/entries, and as
// grub.cfg. What comes of it stands in the text, and one of the entries is the default.
#include "handoff/linux/boot_menu.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <string>
#include <string_view>

namespace {

namespace linux_host = hyprelay::handoff::linux_host;
using hyprelay::fuzz::require;

void check(const linux_host::BootMenu& menu, std::string_view text) {
  require(!menu.fallback || *menu.fallback < menu.entries.size());
  require(menu.entries.size() <= 65 * text.size());
  for (const linux_host::BootEntry& entry : menu.entries) {
    require(!entry.kernel.empty() || !entry.why_not.empty());
    require(menu.find(entry.id) != nullptr);
    require(entry.command_line.find('\n') == std::string::npos);
  }
}

bool stands_in(std::string_view part, std::string_view text) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto extlinux =
      linux_host::read_extlinux_menu(text, [&text](const std::string&) { return text; });
  check(extlinux, text);
  for (const linux_host::BootEntry& entry : extlinux.entries) {
    require(stands_in(entry.kernel, text) && stands_in(entry.command_line, text) &&
            stands_in(entry.tree, text));
  }
  const auto loader = linux_host::read_loader_menu(
      {.entries = {{"a+1-2.conf", text}, {"b.conf", text}}, .images = {}, .configuration = text},
      "aa64");
  check(loader, text);
  for (const linux_host::BootEntry& entry : loader.entries) {
    require(stands_in(entry.kernel, text) && stands_in(entry.tree, text));
  }
  require(loader.entries.empty() == !loader.fallback);
  check(linux_host::read_grub_menu(text, text), text);
  const std::string_view half = std::string_view(text).substr(0, size / 2);
  const std::string_view rest = std::string_view(text).substr(size / 2);
  require(linux_host::compare_versions(half, rest) == -linux_host::compare_versions(rest, half));
  require(linux_host::compare_versions(text, text) == 0);
  return 0;
}
