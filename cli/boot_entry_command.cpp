// SPDX-License-Identifier: BSD-2-Clause
#include "cli/boot_entry_command.hpp"

#include "base/json.hpp"
#include "cli/boot_entry.hpp"
#include "cli/print.hpp"

#include <string_view>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using Json = nlohmann::ordered_json;

std::string shown_file(const linux_host::EntryFile& file) {
  return file.path ? *file.path : file.name + " (missing)";
}

std::string entry_text(const linux_host::BootEntry& entry, const linux_host::EntryFiles& files,
                       bool is_default) {
  const auto line = [](const char* what, const std::string& value) {
    return "    " + std::string(what) + value + "\n";
  };
  std::string text = std::string(is_default ? "* " : "  ") + entry.id +
                     (entry.title == entry.id ? "" : "  " + entry.title) + "\n";
  if (!entry.kernel.empty()) {
    text += line("kernel:       ",
                 shown_file(files.kernel) +
                     (entry.fit_config.empty() ? "" : ", configuration " + entry.fit_config));
  }
  for (const linux_host::EntryFile& file : files.initrds) {
    text += line("initrd:       ", shown_file(file));
  }
  if (files.tree) {
    text += line("device tree:  ", shown_file(*files.tree));
  }
  for (const linux_host::EntryFile& file : files.overlays) {
    text += line("overlay:      ", shown_file(file));
  }
  text +=
      line("command line: ", files.is_unified && entry.command_line.empty() ? "that in the image"
                                                                            : entry.command_line);
  for (const std::string& note : files.notes) {
    text += line("note: ", note);
  }
  return text + (files.why_not.empty() ? "" : line("not loaded: ", files.why_not));
}

Json file_json(const linux_host::EntryFile& file) {
  return {{"name", file.name}, {"path", file.path ? Json(*file.path) : Json()}};
}

Json entry_json(const linux_host::BootEntry& entry, const linux_host::EntryFiles& files,
                bool is_default) {
  Json initrds = Json::array();
  Json overlay_files = Json::array();
  for (const linux_host::EntryFile& file : files.initrds) {
    initrds.push_back(file_json(file));
  }
  for (const linux_host::EntryFile& file : files.overlays) {
    overlay_files.push_back(file_json(file));
  }
  return {{"id", entry.id},
          {"title", entry.title},
          {"default", is_default},
          {"kernel", file_json(files.kernel)},
          {"initrds", initrds},
          {"device_tree", files.tree ? file_json(*files.tree) : Json()},
          {"overlays", entry.overlays},
          {"overlay_files", overlay_files},
          {"fit_config", entry.fit_config},
          {"command_line", entry.command_line},
          {"not_loaded", files.why_not},
          {"notes", files.notes}};
}

}  // namespace

base::Result<int> run_boot_entry(const Arguments& arguments) {
  const auto place = arguments.text("PLACE");
  const linux_host::Root root = root_of_place(place);
  HR_TRY(menus, boot_menus(root, place));
  std::string text;
  Json json = Json::array();
  for (const linux_host::FoundMenu& found : menus) {
    text += found.menu.kind + ": " + found.file + "\n";
    if (!found.menu.fallback_note.empty()) {
      text += "  note: " + found.menu.fallback_note + "\n";
    }
    Json entries = Json::array();
    for (const linux_host::BootEntry& entry : found.menu.entries) {
      const linux_host::EntryFiles files = linux_host::files_of(root, found, entry);
      const bool is_default = &entry == found.menu.default_entry();
      text += entry_text(entry, files, is_default);
      entries.push_back(entry_json(entry, files, is_default));
    }
    json.push_back({{"kind", found.menu.kind},
                    {"file", found.file},
                    {"entries", entries},
                    {"note", found.menu.fallback_note}});
  }
  text += "hyprelay load --entry NAME loads one of them; * comes up by itself\n";
  return print(arguments.has("--json") ? json_line({{"menus", json}}) : text);
}

}  // namespace hyprelay::cli
