// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/grub.hpp"

#include "base/bytes.hpp"
#include "base/number_text.hpp"
#include "handoff/command_line.hpp"
#include "handoff/linux/boot_menu.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace hyprelay::handoff::linux_host {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kEnds = "\n;{}";

// The line in front of `rest`, taken off it, without blanks around it.
std::string_view take_trimmed_line(std::string_view& rest) {
  std::string_view line = base::take_line(rest);
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  return line.substr(0, line.find_last_not_of(kBlanks) + 1);
}

// A word as GRUB's shell takes it, without its quotes.
struct Word {
  std::string text;
  // A variable, which is empty as often as not, stands in front.
  bool is_variable = false;
};

// Words, and what ends them: a newline, a ';', a '{' or a '}'.
struct Command {
  std::vector<Word> words;
  char end = '\n';

  std::string word(std::size_t number) const {
    return number < words.size() ? words[number].text : std::string();
  }
};

// Takes from `rest` what a backslash in front of it says. A newline behind one is nothing.
void take_escaped(std::string_view& rest, std::string_view special, std::string& text) {
  rest.remove_prefix(1);
  if (rest.empty()) {
    return;
  }
  const char letter = rest.front();
  if (letter != '\n') {
    const bool is_special = special.empty() || special.find(letter) != std::string_view::npos;
    text.append(is_special ? "" : "\\").append(1, letter);
  }
  rest.remove_prefix(1);
}

// "${name}" keeps its braces: they end no command.
void take_variable(std::string_view& rest, std::string& text) {
  const std::size_t line = std::min(rest.find('\n'), rest.size());
  const std::size_t close = rest.starts_with("${") ? rest.find('}') : 0;
  const std::size_t size = close < line ? close + 1 : 1;
  text.append(rest.substr(0, size));
  rest.remove_prefix(size);
}

// Quotes end with their line at the latest, whatever GRUB makes of those that do not.
void take_quoted(std::string_view& rest, std::string& text) {
  const char quote = rest.front();
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '\n' && rest.front() != quote) {
    if (quote == '"' && rest.front() == '\\') {
      take_escaped(rest, "\\\"$", text);
    } else if (quote == '"' && rest.front() == '$') {
      take_variable(rest, text);
    } else {
      text += rest.front();
      rest.remove_prefix(1);
    }
  }
  rest.remove_prefix(rest.starts_with(quote) ? 1 : 0);
}

Word take_shell_word(std::string_view& rest) {
  Word word;
  word.is_variable = rest.starts_with('$') || rest.starts_with("\"$");
  while (!rest.empty() && (kBlanks.find(rest.front()) == std::string_view::npos) &&
         kEnds.find(rest.front()) == std::string_view::npos) {
    const char letter = rest.front();
    if (letter == '\'' || letter == '"') {
      take_quoted(rest, word.text);
    } else if (letter == '\\') {
      take_escaped(rest, "", word.text);
    } else if (letter == '$') {
      take_variable(rest, word.text);
    } else {
      word.text += letter;
      rest.remove_prefix(1);
    }
  }
  return word;
}

// The next command of a script, taken off it. Comments begin where a word could.
Command take_command(std::string_view& rest) {
  Command command;
  while (!rest.empty()) {
    if (kBlanks.find(rest.front()) != std::string_view::npos) {
      rest.remove_prefix(1);
    } else if (rest.starts_with("\\\n")) {
      rest.remove_prefix(2);
    } else if (rest.front() == '#') {
      rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
    } else if (kEnds.find(rest.front()) != std::string_view::npos) {
      command.end = rest.front();
      rest.remove_prefix(1);
      return command;
    } else {
      command.words.push_back(take_shell_word(rest));
    }
  }
  return command;
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

// "menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-UUID' {"
Item item_of(const Command& command) {
  Item item;
  item.title = command.word(1);
  item.entry.title = item.title;
  for (std::size_t i = 2; i < command.words.size(); ++i) {
    if (command.word(i) == "--id" || command.word(i) == "$menuentry_id_option") {
      item.id = command.word(++i);
    }
  }
  return item;
}

// A word as GRUB hands it to the kernel [grub/grub-core/lib/cmdline.c grub_create_loader_cmdline].
std::string loader_word(const std::string& word) {
  const std::string quote = word.find_first_of(kBlanks) == std::string::npos ? "" : "\"";
  std::string text = quote;
  for (const char letter : word) {
    text.append(letter == '\\' || letter == '\'' || letter == '"' ? "\\" : "").append(1, letter);
  }
  return text + quote;
}

// Of several commands in an entry the last counts; a kernel lets go of the initrd before it.
void take_boot_command(const Command& command, GrubEntry& entry) {
  const std::string name = command.word(0);
  if (name == "linux" || name == "linuxefi") {
    entry.kernel = command.word(1);
    entry.command_line.clear();
    for (std::size_t i = 2; i < command.words.size(); ++i) {
      const Word& word = command.words[i];
      append_words(entry.command_line, word.is_variable ? "" : loader_word(word.text));
    }
    entry.initrds.clear();
  } else if (name == "devicetree") {
    entry.tree = command.word(1);
  } else if (name == "initrd" || name == "initrdefi") {
    entry.initrds.clear();
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      entry.initrds.push_back(command.word(i));
    }
  }
}

Menu read_menu(std::string_view config) {
  constexpr std::string_view kDefault = "default=";
  Menu menu;
  // For each open brace the item that holds until it closes.
  std::vector<std::size_t> open;
  while (!config.empty()) {
    const Command command = take_command(config);
    const std::size_t here = open.empty() ? 0 : open.back();
    const std::string name = command.word(0);
    if (command.end == '{') {
      const bool is_item = name == "menuentry" || name == "submenu";
      if (is_item) {
        Item item = item_of(command);
        item.parent = here;
        item.number = menu.items[here].children++;
        menu.items.push_back(std::move(item));
      }
      open.push_back(is_item ? menu.items.size() - 1 : here);
    } else if (here != 0) {
      take_boot_command(command, menu.items[here].entry);
    } else if (name == "set" && command.word(1).starts_with(kDefault)) {
      const std::string value = command.word(1).substr(kDefault.size());
      menu.fallback = value == "${next_entry}" ? menu.fallback : value;
    }
    if (command.end == '}' && !open.empty()) {
      open.pop_back();
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

// "1>0": the places in the menus above it, and its own. No menu is that deep.
std::string place_of_item(const Menu& menu, std::size_t at) {
  constexpr int kDeepest = 16;
  std::string place = std::to_string(menu.items[at].number);
  at = menu.items[at].parent;
  for (int depth = 0; at != 0 && depth < kDeepest; ++depth, at = menu.items[at].parent) {
    place = std::to_string(menu.items[at].number) + ">" + place;
  }
  return place;
}

// 0: there is no such one.
std::size_t default_item(const Menu& menu, std::string_view block) {
  std::string wanted = grub_variable(block, "next_entry");
  if (wanted.empty()) {
    wanted =
        menu.fallback == "${saved_entry}" ? grub_variable(block, "saved_entry") : menu.fallback;
  }
  const std::size_t at = find_item(menu, wanted);
  return at != 0 ? at : find_item(menu, "0");
}

}  // namespace

std::string grub_variable(std::string_view block, std::string_view name) {
  while (!block.empty()) {
    const std::string_view line = take_trimmed_line(block);
    if (line.starts_with(name) && line.substr(name.size()).starts_with('=')) {
      return std::string(line.substr(name.size() + 1));
    }
  }
  return {};
}

std::optional<GrubEntry> default_grub_entry(std::string_view config, std::string_view block) {
  const Menu menu = read_menu(config);
  const GrubEntry& entry = menu.items[default_item(menu, block)].entry;
  return entry.kernel.empty() ? std::nullopt : std::optional(entry);
}

BootMenu read_grub_menu(std::string_view config, std::string_view block) {
  const Menu menu = read_menu(config);
  const std::size_t fallback = default_item(menu, block);
  BootMenu read{.kind = "grub", .entries = {}, .fallback = std::nullopt};
  for (std::size_t at = 1; at < menu.items.size(); ++at) {
    const Item& item = menu.items[at];
    if (item.entry.kernel.empty()) {
      continue;
    }
    BootEntry entry;
    entry.names = {place_of_item(menu, at), item.title};
    entry.id = item.id.empty() ? entry.names.front() : item.id;
    entry.title = item.title;
    entry.kernel = item.entry.kernel;
    entry.initrds = item.entry.initrds;
    entry.command_line = item.entry.command_line;
    entry.tree = item.entry.tree;
    if (at == fallback) {
      read.fallback = read.entries.size();
    }
    read.entries.push_back(std::move(entry));
  }
  return read;
}

}  // namespace hyprelay::handoff::linux_host
