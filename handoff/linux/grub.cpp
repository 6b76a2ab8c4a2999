// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/grub.hpp"

#include "base/bytes.hpp"
#include "base/number_text.hpp"
#include "handoff/command_line.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace hyprelay::handoff::linux_host {
namespace {

constexpr std::string_view kBlanks = " \t\r";

// The line in front of `rest`, taken off it, without blanks around it.
std::string_view take_trimmed_line(std::string_view& rest) {
  std::string_view line = base::take_line(rest);
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  return line.substr(0, line.find_last_not_of(kBlanks) + 1);
}

// A word as a shell takes it, quotes of either kind removed; empty at the end of the line.
std::string take_shell_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  std::string word;
  char quote = '\0';
  while (!rest.empty() && (quote != '\0' || kBlanks.find(rest.front()) == std::string_view::npos)) {
    const char letter = rest.front();
    rest.remove_prefix(1);
    if (quote == '\0' ? letter == '\'' || letter == '"' : letter == quote) {
      quote = quote == '\0' ? letter : '\0';
    } else {
      word += letter;
    }
  }
  return word;
}

std::string variable_of_block(std::string_view block, std::string_view name) {
  while (!block.empty()) {
    const std::string_view line = take_trimmed_line(block);
    if (line.starts_with(name) && line.substr(name.size()).starts_with('=')) {
      return std::string(line.substr(name.size() + 1));
    }
  }
  return {};
}

// A menu entry, a submenu, or the whole menu.
struct Item {
  std::string title;
  std::string id;
  // The place in its menu.
  std::uint64_t number = 0;
  // In the list of all; the whole menu is its own parent.
  std::size_t parent = 0;
  std::uint64_t children = 0;
  GrubEntry entry = {};
};

struct Menu {
  std::vector<Item> items = {Item()};
  std::string fallback = "0";  // of "set default="
};

// "'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-UUID' {"
Item item_of(std::string_view words) {
  Item item;
  item.title = take_shell_word(words);
  for (std::string word = take_shell_word(words); !word.empty(); word = take_shell_word(words)) {
    if (word == "--id" || word == "$menuentry_id_option") {
      item.id = take_shell_word(words);
    }
  }
  return item;
}

std::string without_variables(std::string_view words) {
  std::string line;
  for (std::string_view word = take_word(words); !word.empty(); word = take_word(words)) {
    append_words(line, word.starts_with('$') ? std::string_view() : word);
  }
  return line;
}

void take_command(std::string_view line, GrubEntry& entry) {
  const std::string command = take_shell_word(line);
  if (command == "linux" || command == "linuxefi") {
    entry.kernel = take_shell_word(line);
    entry.command_line = without_variables(line);
  } else if (command == "initrd" || command == "initrdefi") {
    for (std::string file = take_shell_word(line); !file.empty(); file = take_shell_word(line)) {
      entry.initrd = file;
    }
  }
}

Menu read_menu(std::string_view config) {
  Menu menu;
  // For each open brace the item that holds until it closes.
  std::vector<std::size_t> open;
  while (!config.empty()) {
    std::string_view line = take_trimmed_line(config);
    const std::size_t here = open.empty() ? 0 : open.back();
    if (line.ends_with('{')) {
      const std::string command = take_shell_word(line);
      const bool is_item = command == "menuentry" || command == "submenu";
      if (is_item) {
        Item item = item_of(line);
        item.parent = here;
        item.number = menu.items[here].children++;
        menu.items.push_back(std::move(item));
      }
      open.push_back(is_item ? menu.items.size() - 1 : here);
    } else if (line == "}") {
      if (!open.empty()) {
        open.pop_back();
      }
    } else if (here != 0) {
      take_command(line, menu.items[here].entry);
    } else if (line.starts_with("set default=")) {
      const std::string value = item_of(line.substr(line.find('=') + 1)).title;
      menu.fallback = value == "${next_entry}" ? menu.fallback : value;
    }
  }
  return menu;
}

// "1>gnulinux-6.1.0-50"; 0: there is no such item.
std::size_t find_item(const Menu& menu, std::string_view wanted) {
  std::size_t at = 0;
  while (!wanted.empty()) {
    const std::string_view name = wanted.substr(0, wanted.find('>'));
    wanted.remove_prefix(std::min(name.size() + 1, wanted.size()));
    const auto number = base::parse_number(name);
    // What is in a menu stands behind its name: each item is looked at once, however deep it goes.
    const auto from = menu.items.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    const auto child = std::find_if(from, menu.items.end(), [&](const Item& item) {
      return item.parent == at &&
             (number ? item.number == *number : item.title == name || item.id == name);
    });
    if (child == menu.items.end()) {
      return 0;
    }
    at = static_cast<std::size_t>(child - menu.items.begin());
  }
  return at;
}

}  // namespace

std::optional<GrubEntry> default_grub_entry(std::string_view config, std::string_view block) {
  const Menu menu = read_menu(config);
  std::string wanted = variable_of_block(block, "next_entry");
  if (wanted.empty()) {
    wanted =
        menu.fallback == "${saved_entry}" ? variable_of_block(block, "saved_entry") : menu.fallback;
  }
  std::size_t at = find_item(menu, wanted);
  at = at != 0 ? at : find_item(menu, "0");
  const GrubEntry& entry = menu.items[at].entry;
  return entry.kernel.empty() ? std::nullopt : std::optional(entry);
}

}  // namespace hyprelay::handoff::linux_host
