// SPDX-License-Identifier: BSD-2-Clause
#include "base/bytes.hpp"
#include "base/number_text.hpp"
#include "handoff/command_line.hpp"
#include "handoff/linux/boot_menu.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>

namespace hyprelay::handoff::linux_host {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

struct Sorted {
  BootEntry entry;
  std::string sort_key;
  std::string machine_id;
  std::string version;
  bool used_up = false;

  // [UAPI.1, section Sorting]
  bool before(const Sorted& other) const {
    if (used_up != other.used_up) {
      return other.used_up;
    }
    if (sort_key.empty() != other.sort_key.empty()) {
      return !sort_key.empty();
    }
    if (!sort_key.empty()) {
      if (sort_key != other.sort_key) {
        return sort_key < other.sort_key;
      }
      if (machine_id != other.machine_id) {
        return machine_id < other.machine_id;
      }
      if (const int order = compare_versions(version, other.version); order != 0) {
        return order > 0;
      }
    }
    const int order = compare_versions(entry.id, other.entry.id);
    return order != 0 ? order > 0 : entry.id < other.entry.id;
  }
};

// "NAME+LEFT-DONE" and "NAME+LEFT": the counter taken off. Whether no try is left
// [UAPI.1, section Boot counting].
bool take_counter(std::string& id) {
  const std::size_t plus = id.rfind('+');
  if (plus == std::string::npos) {
    return false;
  }
  std::string_view rest = std::string_view(id).substr(plus + 1);
  const auto left = base::take_number(rest);
  if (left && rest.starts_with('-')) {
    rest.remove_prefix(1);
    if (!base::take_number(rest)) {
      return false;
    }
  }
  if (!left || !rest.empty()) {
    return false;
  }
  id.erase(plus);
  return *left == 0;
}

// nullopt: it names nothing to start, or is for another architecture.
std::optional<Sorted> read_loader_entry(const LoaderFile& file, std::string_view architecture) {
  Sorted read;
  BootEntry& entry = read.entry;
  std::string_view rest = file.text;
  std::string profile;
  bool is_ours = true;
  while (!rest.empty()) {
    std::string_view value = base::take_line(rest);
    const std::string_view key = take_menu_word(value);
    if (key.starts_with('#') || value.empty()) {
      continue;
    }
    if (key == "title") {
      entry.title = value;
    } else if (key == "version") {
      read.version = value;
    } else if (key == "machine-id") {
      read.machine_id = value;
    } else if (key == "sort-key") {
      read.sort_key = value;
    } else if (key == "linux") {
      take_menu_kernel(value, entry);
    } else if (key == "initrd") {
      entry.initrds.emplace_back(value);
    } else if (key == "options") {
      append_words(entry.command_line, value);
    } else if (key == "devicetree") {
      entry.tree = value;
    } else if (key == "devicetree-overlay") {
      add_menu_words(value, entry.overlays);
    } else if (key == "architecture") {
      is_ours = architecture.empty() || lower(value) == architecture;
    } else if (key == "efi" || key == "uki") {
      entry.kernel = value;
      entry.is_program = true;
    } else if (key == "uki-url") {
      entry.why_not = "a unified kernel image that is fetched at every boot: " + std::string(value);
    } else if (key == "profile") {
      profile = value;
    }
  }
  // The first is profile 0 [UAPI.1; UAPI.5, Multi-Profile UKIs].
  if (!profile.empty() && profile != "0") {
    entry.why_not = "profile " + profile + " of a unified kernel image: the first alone is loaded";
  }
  if (!is_ours || (entry.kernel.empty() && entry.why_not.empty())) {
    return std::nullopt;
  }
  entry.id = file.name.substr(0, file.name.rfind(".conf"));
  entry.names = {entry.id, file.name};
  read.used_up = take_counter(entry.id);
  entry.names.push_back(entry.id + ".conf");
  entry.title = entry.title.empty() ? entry.id : entry.title;
  return read;
}

Sorted image_entry(const std::string& name) {
  Sorted read;
  read.entry.id = name.substr(0, name.rfind(".efi"));
  read.entry.names = {name, read.entry.id};
  read.used_up = take_counter(read.entry.id);
  read.entry.names.push_back(read.entry.id + ".efi");
  read.entry.title = read.entry.id;
  read.entry.kernel = "/EFI/Linux/" + name;
  read.entry.is_program = true;
  return read;
}

// The value of the last line with this key.
std::string value_of_key(std::string_view text, std::string_view wanted) {
  std::string found;
  while (!text.empty()) {
    std::string_view value = base::take_line(text);
    if (take_menu_word(value) == wanted) {
      found = value;
    }
  }
  return found;
}

std::optional<std::size_t> matching(const std::vector<BootEntry>& entries,
                                    const std::string& pattern) {
  const auto entry = std::ranges::find_if(entries, [&pattern](const BootEntry& one) {
    return std::ranges::any_of(one.names, [&pattern](const std::string& name) {
      return ::fnmatch(pattern.c_str(), name.c_str(), FNM_CASEFOLD) == 0;
    });
  });
  return pattern.empty() || entry == entries.end()
             ? std::nullopt
             : std::optional(static_cast<std::size_t>(entry - entries.begin()));
}

}  // namespace

BootMenu read_loader_menu(const LoaderFiles& files, std::string_view architecture) {
  std::vector<Sorted> read;
  for (const LoaderFile& file : files.entries) {
    if (auto entry = read_loader_entry(file, architecture)) {
      read.push_back(std::move(*entry));
    }
  }
  for (const std::string& name : files.images) {
    read.push_back(image_entry(name));
  }
  std::ranges::stable_sort(read, [](const Sorted& a, const Sorted& b) { return a.before(b); });
  BootMenu menu{.kind = "loader", .entries = {}, .fallback = std::nullopt};
  for (Sorted& one : read) {
    menu.entries.push_back(std::move(one.entry));
  }
  constexpr std::string_view kSaved = "@saved";
  for (const std::string& wanted :
       {files.once, files.chosen, value_of_key(files.configuration, "default")}) {
    if (menu.fallback) {
      break;
    }
    menu.fallback = matching(menu.entries, wanted == kSaved ? files.last : wanted);
    if (wanted == kSaved && !menu.fallback) {
      menu.fallback_note =
          "default is @saved, the entry that was booted last, and " +
          (files.last.empty() ? "no EFI variable LoaderEntryLastBooted names one"
                              : "LoaderEntryLastBooted names " + files.last + ", which is gone") +
          ": systemd-boot takes the first then";
    }
  }
  menu.fallback_note = menu.fallback ? "" : menu.fallback_note;
  // In their order those whose tries are used up come last.
  if (!menu.fallback && !menu.entries.empty()) {
    menu.fallback = 0;
  }
  return menu;
}

}  // namespace hyprelay::handoff::linux_host
