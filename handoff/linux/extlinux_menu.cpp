// SPDX-License-Identifier: BSD-2-Clause
#include "base/bytes.hpp"
#include "handoff/linux/boot_menu.hpp"

#include <strings.h>

#include <algorithm>

namespace hyprelay::handoff::linux_host {
namespace {

// U-Boot's own bound of how deep files may include others [u-boot/boot/pxe_utils.h MAX_NEST_LEVEL];
// how many there may be in all is ours.
constexpr int kMostNested = 16;
constexpr int kMostIncluded = 64;

bool is_keyword(std::string_view token, std::string_view keyword) {
  return token.size() == keyword.size() &&
         ::strncasecmp(token.data(), keyword.data(), token.size()) == 0;
}

bool is_one_of(std::string_view token, std::initializer_list<std::string_view> keywords) {
  return std::ranges::any_of(keywords,
                             [token](std::string_view one) { return is_keyword(token, one); });
}

class ExtlinuxReader {
 public:
  explicit ExtlinuxReader(const ReadIncluded& included) : included_(included) {}

  BootMenu run(std::string_view config) {
    read(config, 0);
    std::ranges::for_each(menu_.entries, drop_contained);
    std::erase_if(menu_.entries, [](const BootEntry& entry) {
      return entry.kernel.empty() && entry.why_not.empty();
    });
    const auto wanted = std::ranges::find_if(
        menu_.entries, [this](const BootEntry& entry) { return entry.id == default_; });
    if (!menu_.entries.empty()) {
      // U-Boot tries the labels from the first on where there is no such one.
      menu_.fallback = wanted == menu_.entries.end()
                           ? 0
                           : static_cast<std::size_t>(wanted - menu_.entries.begin());
    }
    return std::move(menu_);
  }

 private:
  void read(std::string_view config, int depth) {
    while (!config.empty()) {
      std::string_view value = base::take_line(config);
      const std::string_view token = take_menu_word(value);
      if (token.empty() || token.starts_with('#')) {
        continue;
      }
      if (is_keyword(token, "label")) {
        BootEntry entry;
        entry.id = entry.title = value;
        menu_.entries.push_back(std::move(entry));
      } else if (is_one_of(token, {"default", "ontimeout"}) && !value.empty()) {
        default_ = value;
      } else if (is_keyword(token, "include")) {
        include(value, depth);
      } else if (is_keyword(token, "menu")) {
        take_menu(value, depth);
      } else if (!menu_.entries.empty()) {
        take_of_label(token, value, menu_.entries.back());
      }
    }
  }

  // By the kernel's own text an initrd or a tree is the one in the FIT.
  static void drop_contained(BootEntry& entry) {
    if (entry.fit_config.empty()) {
      return;
    }
    const std::string kernel = entry.kernel + "#" + entry.fit_config;
    std::erase(entry.initrds, kernel);
    entry.tree = entry.tree == kernel ? "" : entry.tree;
  }

  void include(std::string_view name, int depth) {
    if (depth < kMostNested && included_count_ < kMostIncluded && !name.empty()) {
      ++included_count_;
      if (const auto text = included_(std::string(name))) {
        read(*text, depth + 1);
      }
    }
  }

  void take_menu(std::string_view value, int depth) {
    const std::string_view token = take_menu_word(value);
    if (is_keyword(token, "include")) {
      include(value, depth);
    } else if (!menu_.entries.empty() && is_keyword(token, "default")) {
      default_ = default_.empty() ? menu_.entries.back().id : default_;
    } else if (!menu_.entries.empty() && is_keyword(token, "label")) {
      // The letter behind a '^' is a key of syslinux's.
      std::string& title = menu_.entries.back().title = value;
      std::erase(title, '^');
      menu_.entries.back().names = {title};
    }
  }

  static void take_of_label(std::string_view token, std::string_view value, BootEntry& entry) {
    if (is_one_of(token, {"kernel", "linux", "fit"})) {
      take_menu_kernel(value, entry);
    } else if (is_keyword(token, "append")) {
      entry.command_line = value;
    } else if (is_keyword(token, "initrd")) {
      entry.initrds = {std::string(value)};
    } else if (is_one_of(token, {"fdt", "devicetree"})) {
      entry.tree = value;
    } else if (is_one_of(token, {"fdtdir", "devicetreedir"})) {
      entry.tree_folder = value;
    } else if (is_one_of(token, {"fdtoverlays", "devicetree-overlay"})) {
      entry.overlays.clear();
      add_menu_words(value, entry.overlays);
    } else if (is_keyword(token, "localboot")) {
      entry.why_not = "what the bootloader's own localcmd would boot";
    }
  }

  const ReadIncluded& included_;
  int included_count_ = 0;
  BootMenu menu_{.kind = "extlinux", .entries = {}, .fallback = std::nullopt};
  std::string default_;
};

}  // namespace

BootMenu read_extlinux_menu(std::string_view config, const ReadIncluded& included) {
  return ExtlinuxReader(included).run(config);
}

}  // namespace hyprelay::handoff::linux_host
