// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/boot_menu.hpp"

#include <algorithm>
#include <cstring>

namespace hyprelay::handoff::linux_host {
namespace {

constexpr std::string_view kBlanksOfMenu = " \t\r";

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanksOfMenu), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanksOfMenu) + 1);
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_number(char c) {
  return c >= '0' && c <= '9';
}

// The characters in front that `is_one` holds for, taken off.
std::string_view take_run(std::string_view& text, bool (*is_one)(char)) {
  const auto end = std::ranges::find_if_not(text, is_one);
  const std::string_view run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(run.size());
  return run;
}

int sign_of(int comparison) {
  return (comparison > 0) - (comparison < 0);
}

int compare_numbers(std::string_view left, std::string_view right) {
  const auto is_zero = [](char c) { return c == '0'; };
  take_run(left, is_zero);
  take_run(right, is_zero);
  return left.size() != right.size() ? (left.size() < right.size() ? -1 : 1)
                                     : sign_of(left.compare(right));
}

// What one side alone begins with makes it the lower one. nullopt: neither or both do, and it is
// taken off then.
std::optional<int> compare_mark(std::string_view& left, std::string_view& right, char mark) {
  const bool in_left = left.starts_with(mark);
  const bool in_right = right.starts_with(mark);
  if (in_left != in_right) {
    return in_left ? -1 : 1;
  }
  left.remove_prefix(in_left ? 1 : 0);
  right.remove_prefix(in_right ? 1 : 0);
  return std::nullopt;
}

}  // namespace

int compare_versions(std::string_view left, std::string_view right) {
  const auto is_none_of_a_version = [](char c) {
    return !is_letter(c) && !is_number(c) && std::string_view("~-^.").find(c) == std::string::npos;
  };
  for (;;) {
    take_run(left, is_none_of_a_version);
    take_run(right, is_none_of_a_version);
    const std::size_t before = left.size() + right.size();
    if (const auto order = compare_mark(left, right, '~')) {
      return *order;
    }
    if (left.empty() || right.empty()) {
      return left.empty() ? (right.empty() ? 0 : -1) : 1;
    }
    // One at a time: where a text ends behind it is looked at first.
    for (const char mark : {'-', '^', '.'}) {
      if (const auto order = compare_mark(left, right, mark)) {
        return *order;
      }
      if (left.size() + right.size() != before) {
        break;
      }
    }
    if (left.size() + right.size() != before) {
      continue;
    }
    const bool numbers = is_number(left.front()) || is_number(right.front());
    const std::string_view left_run = take_run(left, numbers ? is_number : is_letter);
    const std::string_view right_run = take_run(right, numbers ? is_number : is_letter);
    // No number at all is lower than any.
    const int order = numbers && (left_run.empty() || right_run.empty())
                          ? (left_run.empty() ? -1 : 1)
                      : numbers ? compare_numbers(left_run, right_run)
                                : sign_of(left_run.compare(right_run));
    if (order != 0) {
      return order;
    }
  }
}

std::string_view take_menu_word(std::string_view& line) {
  line = without_blanks(line);
  const std::string_view word = line.substr(0, line.find_first_of(kBlanksOfMenu));
  line = without_blanks(line.substr(word.size()));
  return word;
}

void add_menu_words(std::string_view value, std::vector<std::string>& words) {
  while (!value.empty()) {
    words.emplace_back(take_menu_word(value));
  }
}

void take_menu_kernel(std::string_view value, BootEntry& entry) {
  const std::size_t mark = std::min(value.find('#'), value.size());
  entry.kernel = value.substr(0, mark);
  entry.fit_config = value.substr(std::min(mark + 1, value.size()));
}

bool BootEntry::is(std::string_view name) const {
  return name == id || std::ranges::find(names, name) != names.end();
}

const BootEntry* BootMenu::find(std::string_view name) const {
  const auto entry =
      std::ranges::find_if(entries, [name](const BootEntry& one) { return one.id == name; });
  const auto other =
      entry != entries.end()
          ? entry
          : std::ranges::find_if(entries, [name](const BootEntry& one) { return one.is(name); });
  return other == entries.end() ? nullptr : &*other;
}

const BootEntry* BootMenu::default_entry() const {
  return fallback ? &entries[*fallback] : nullptr;
}

}  // namespace hyprelay::handoff::linux_host
