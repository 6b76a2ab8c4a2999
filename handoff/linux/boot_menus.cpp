// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/boot_menus.hpp"

#include "fdt/tree.hpp"
#include "handoff/kernel_file.hpp"
#include "handoff/linux/grub.hpp"
#include "handoff/linux/line_place.hpp"
#include "os/files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

// No folder has more that matters.
constexpr std::size_t kMostEntries = 1000;
constexpr std::size_t kMostTrees = 10000;

// As the Boot Loader Specification calls them.
std::string_view loader_architecture(const Root& root) {
  const auto arch = arch_of(root.machine);
  return !arch ? std::string_view() : arch.value() == Arch::kArm ? "arm" : "aa64";
}

std::vector<std::string> names_in(const std::string& folder, std::string_view end) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), last; !error && entry != last;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (name.ends_with(end) && names.size() < kMostEntries) {
      names.push_back(std::move(name));
    }
  }
  std::ranges::sort(names);
  return names;
}

// A variable of systemd-boot's: four bytes of attributes, then UTF-16 [systemd.io,
// The Boot Loader Interface]. Names of entries are ASCII.
std::string loader_variable(const Root& root, const char* name) {
  const auto bytes = os::read_fact(root.path + "/sys/firmware/efi/efivars/" + name +
                                   "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f");
  std::string text;
  for (std::size_t at = 4; bytes && at + 1 < bytes.value().size(); at += 2) {
    const auto letter = std::to_integer<char>(bytes.value()[at]);
    if (letter == 0 || std::to_integer<int>(bytes.value()[at + 1]) != 0) {
      break;
    }
    text += letter;
  }
  return text;
}

base::Result<std::optional<FoundMenu>> loader_menu_in(const Root& root, const std::string& folder) {
  const std::string entries = folder + "/loader/entries";
  LoaderFiles files;
  for (const std::string& name : names_in(entries, ".conf")) {
    HR_TRY(text, os::read_input_text(entries + "/" + name, os::kBootMenuFile));
    files.entries.push_back({name, std::move(text)});
  }
  files.images = names_in(folder + "/EFI/Linux", ".efi");
  if (files.entries.empty() && files.images.empty()) {
    return std::optional<FoundMenu>();
  }
  if (auto text = os::read_input_text(folder + "/loader/loader.conf", os::kBootMenuFile)) {
    files.configuration = std::move(text.value());
  }
  files.once = loader_variable(root, "LoaderEntryOneShot");
  files.last = loader_variable(root, "LoaderEntryLastBooted");
  files.chosen = loader_variable(root, "LoaderEntryDefault");
  return std::optional(FoundMenu{.menu = read_loader_menu(files, loader_architecture(root)),
                                 .file = entries,
                                 .folder = folder,
                                 .root = root.path});
}

// "FOLDER/extlinux/extlinux.conf" -> "FOLDER", of the system whose root that is or has as /boot.
FoundMenu place_of_menu(const std::string& file, const fs::path& folder) {
  FoundMenu found;
  found.file = file;
  found.folder = folder.string();
  const fs::path name = folder.filename();
  found.root = name == "boot" || name == "efi" ? folder.parent_path().string() : found.folder;
  found.root = found.root == "/" ? "" : found.root;
  found.folder = found.folder == "/" ? "" : found.folder;
  return found;
}

// Where a file of a menu is, by each of the two places that it may be named from: which is first
// tells whether the folder is a filesystem of its own.
std::optional<std::string> find_in(const FoundMenu& menu, const std::string& name) {
  const fs::path given = name;
  if (name.empty()) {
    return std::nullopt;
  }
  if (menu.menu.kind == "extlinux" && !given.is_absolute()) {
    const std::string beside = (fs::path(menu.file).parent_path() / given).string();
    return os::is_there(beside) ? std::optional(beside) : std::nullopt;
  }
  const auto device_of = [](const std::string& path) {
    struct stat found = {};
    return ::stat(path.empty() ? "/" : path.c_str(), &found) == 0 ? found.st_dev : dev_t{0};
  };
  std::vector<std::string> places = {menu.root, menu.folder};
  if (device_of(menu.root) != device_of(menu.folder)) {
    std::swap(places[0], places[1]);
  }
  const std::string below = given.is_absolute() ? name : "/" + name;
  for (const std::string& place : places) {
    if (os::is_there(place + below)) {
      return place + below;
    }
  }
  // GRUB names a subvolume of btrfs in front.
  const std::string alone = menu.folder + "/" + given.filename().string();
  return menu.menu.kind == "grub" && os::is_there(alone) ? std::optional(alone) : std::nullopt;
}

base::Result<FoundMenu> extlinux_menu_at(const std::string& file, FoundMenu found) {
  HR_TRY(text, os::read_input_text(file, os::kBootMenuFile));
  found.menu.kind = "extlinux";
  found.menu = read_extlinux_menu(text, [&found](const std::string& name) {
    const auto path = find_in(found, name);
    const auto more = path ? os::read_input_text(*path, os::kBootMenuFile)
                           : base::Result<std::string>(base::Error());
    return more ? std::optional(more.value()) : std::nullopt;
  });
  return found;
}

struct GrubText {
  std::string config;
  std::string block;
  bool takes_loader_entries = false;
};
base::Result<GrubText> read_grub_files(const std::string& file) {
  GrubText read;
  HR_TRY(config, os::read_input_text(file, os::kGrubFile));
  read.config = std::move(config);
  const auto block =
      os::read_input_text((fs::path(file).parent_path() / "grubenv").string(), os::kGrubFile);
  read.block = block ? block.value() : std::string();
  std::string_view rest = read.config;
  while (!rest.empty()) {
    const std::string_view line = base::take_line(rest);
    const std::size_t first = line.find_first_not_of(" \t");
    read.takes_loader_entries =
        read.takes_loader_entries ||
        (first != std::string_view::npos && line.substr(first).starts_with("blscfg"));
  }
  return read;
}

// Variables of GRUB's in an entry of loader/entries, "$kernelopts": those of its block, or nothing
// [Fedora, grub2's blscfg].
std::string without_variables(const std::string& line, std::string_view block) {
  std::string text;
  std::string_view rest = line;
  while (!rest.empty()) {
    const std::size_t at = std::min(rest.find('$'), rest.size());
    text += rest.substr(0, at);
    rest.remove_prefix(at);
    if (!rest.empty()) {
      constexpr std::string_view kLetters =
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
      const std::size_t end = std::min(rest.find_first_not_of(kLetters, 1), rest.size());
      text += grub_variable(block, rest.substr(1, end - 1));
      rest.remove_prefix(end);
    }
  }
  return text;
}

void take_over_by_grub(BootMenu& menu, std::string_view block) {
  for (BootEntry& entry : menu.entries) {
    entry.command_line = without_variables(entry.command_line, block);
    std::erase_if(entry.initrds, [](const std::string& name) { return name.starts_with('$'); });
  }
  const std::string saved = grub_variable(block, "saved_entry");
  if (const BootEntry* const entry = menu.find(saved)) {
    menu.fallback = static_cast<std::size_t>(entry - menu.entries.data());
  }
}

// The machine by its tree, as files of /proc have it, with their NULs.
struct TreeNames {
  std::string model;
  std::string compatible;
};
TreeNames running_names(const Root& root) {
  const auto text_of = [&root](const char* name) {
    const auto bytes = os::read_fact(root.path + "/proc/device-tree/" + name);
    return bytes ? std::string(base::text_of(bytes.value())) : std::string();
  };
  return {text_of("model"), text_of("compatible")};
}

bool is_tree_of(const std::string& path, const TreeNames& names) {
  const auto content = os::read_file(path);
  // Most are another board's, which is seen without taking them apart.
  if (!content || content->find(names.model) == std::string::npos) {
    return false;
  }
  const auto tree = fdt::Tree::from_bytes(base::bytes_of(*content), path);
  if (!tree) {
    return false;
  }
  const auto same = [&tree](const char* property, const std::string& value) {
    const auto found = tree.value().property("/", property);
    return found && base::text_of(*found) == value;
  };
  return same("model", names.model) && same("compatible", names.compatible);
}

// U-Boot's $fdtfile is a name that only it knows: what is known of it here is the tree that it
// chose. nullopt: there is no such one, or more than one.
std::optional<std::string> tree_in(const std::string& folder, const TreeNames& names) {
  std::optional<std::string> found;
  std::size_t count = 0;
  std::error_code error;
  if (names.model.empty()) {
    return std::nullopt;
  }
  for (fs::recursive_directory_iterator entry(folder, error), last; !error && entry != last;
       entry.increment(error)) {
    const std::string path = entry->path().string();
    if (!path.ends_with(".dtb") || !is_tree_of(path, names)) {
      continue;
    }
    if (found || ++count > kMostTrees) {
      return std::nullopt;
    }
    found = path;
  }
  return found;
}

// The tree is that of the entry's file or of its folder's; its overlays are for that alone, as
// U-Boot has it [boot/pxe_utils.c label_boot]: what the running machine's tree got is in there.
void find_tree(const Root& root, const FoundMenu& menu, const BootEntry& entry, EntryFiles& files) {
  if (!entry.tree.empty()) {
    files.tree = EntryFile{entry.tree, find_in(menu, entry.tree)};
  } else if (!entry.tree_folder.empty()) {
    const auto folder = find_in(menu, entry.tree_folder);
    const auto tree = folder ? tree_in(*folder, running_names(root)) : std::nullopt;
    if (tree) {
      files.tree = EntryFile{entry.tree_folder, tree};
    } else {
      files.notes.push_back("no tree of " + entry.tree_folder +
                            " has the model and compatible of the running machine's, which is "
                            "taken instead");
    }
  }
  if (files.tree) {
    for (const std::string& name : entry.overlays) {
      files.overlays.push_back({name, find_in(menu, name)});
    }
  } else if (!entry.overlays.empty()) {
    files.notes.emplace_back(
        "the entry's overlays are for a tree of the entry's, and left out; where the bootloader "
        "has applied them the running machine's tree has them; else give them by --overlay");
  }
}

// What is in the file of an EFI program's name.
void find_program(EntryFiles& files) {
  const std::string& path = *files.kernel.path;
  const auto file = os::InputFile::open(path, os::kKernelFile);
  const auto peeked = file ? file.value().peek(kImageStartBytes)
                           : base::Result<std::vector<std::byte>>(file.error());
  // What cannot be read is told by who reads all of it.
  const auto start = peeked ? peeked.value() : std::vector<std::byte>();
  if (peeked && !is_packed_kernel(start) && !check_image_start(start, path)) {
    files.why_not = "an EFI program, which firmware alone can start: " + files.kernel.name;
  }
  files.is_unified = container_of(start) == Container::kUki;
  // [systemd-stub(7)]
  if (const std::string extra = path + ".extra.d"; os::is_there(extra)) {
    files.notes.push_back(
        "what is in " + extra +
        " is left out: its addons, credentials and extensions are systemd-stub's");
  }
}

}  // namespace

base::Result<std::vector<FoundMenu>> find_boot_menus(const Root& root) {
  std::vector<FoundMenu> menus;
  std::optional<std::string> block;
  for (const char* folder : {"/boot", ""}) {
    for (const char* name : {"/grub/grub.cfg", "/grub2/grub.cfg"}) {
      const std::string file = root.path + folder + name;
      if (os::is_there(file)) {
        HR_TRY(read, read_grub_files(file));
        FoundMenu found{.menu = read_grub_menu(read.config, read.block),
                        .file = file,
                        .folder = root.path + folder,
                        .root = root.path};
        block = read.takes_loader_entries ? std::optional(read.block) : block;
        if (!found.menu.entries.empty()) {
          menus.push_back(std::move(found));
        }
      }
    }
  }
  for (const char* folder : {"/boot", "", "/boot/firmware"}) {
    const std::string file = root.path + folder + "/extlinux/extlinux.conf";
    if (os::is_there(file)) {
      HR_TRY(
          found,
          extlinux_menu_at(
              file, {.menu = {}, .file = file, .folder = root.path + folder, .root = root.path}));
      menus.push_back(std::move(found));
    }
  }
  const bool loader_first = block || (root.path.empty() && started_by_stub(root));
  for (const char* folder : {"/boot", "/efi", "/boot/efi", ""}) {
    HR_TRY(found, loader_menu_in(root, root.path + folder));
    if (found) {
      if (block) {
        take_over_by_grub(found->menu, *block);
      }
      menus.insert(loader_first ? menus.begin() : menus.end(), std::move(*found));
    }
  }
  return menus.empty() ? base::Result<std::vector<FoundMenu>>(
                             base::Error(base::Code::BOOT_MENU_MISSING, base::Stage::kFile,
                                         root.path.empty() ? "/" : root.path))
                       : std::move(menus);
}

base::Result<FoundMenu> read_boot_menu(const Root& root, const std::string& file) {
  const fs::path path = fs::absolute(file);
  const std::string name = path.filename().string();
  const fs::path folder = path.parent_path();
  if (folder.filename() == "entries" && name.ends_with(".conf")) {
    HR_TRY(text, os::read_input_text(path.string(), os::kBootMenuFile));
    FoundMenu found = place_of_menu(path.string(), folder.parent_path().parent_path());
    found.menu =
        read_loader_menu({.entries = {{name, std::move(text)}}, .images = {}, .configuration = ""},
                         loader_architecture(root));
    return found;
  }
  FoundMenu found = place_of_menu(path.string(), folder.parent_path());
  if (name == "grub.cfg") {
    HR_TRY(read, read_grub_files(path.string()));
    found.menu = read_grub_menu(read.config, read.block);
    return found;
  }
  return extlinux_menu_at(path.string(), std::move(found));
}

EntryFiles files_of(const Root& root, const FoundMenu& menu, const BootEntry& entry) {
  EntryFiles files;
  files.kernel = {entry.kernel, find_in(menu, entry.kernel)};
  files.why_not = entry.why_not;
  if (entry.is_program && files.kernel.path && files.why_not.empty()) {
    find_program(files);
  }
  for (const std::string& name : entry.initrds) {
    files.initrds.push_back({name, find_in(menu, name)});
  }
  find_tree(root, menu, entry, files);
  return files;
}

}  // namespace hyprelay::handoff::linux_host
