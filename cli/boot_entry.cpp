// SPDX-License-Identifier: BSD-2-Clause
#include "cli/boot_entry.hpp"

#include "cli/print.hpp"

#include <sys/mman.h>

#include <array>
#include <filesystem>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;

struct Chosen {
  const linux_host::FoundMenu* menu = nullptr;
  const linux_host::BootEntry* entry = nullptr;
  // Nobody has named it.
  bool is_default = false;
};

// The menu that boots the machine comes first, and its default is the default.
base::Result<Chosen> choose_entry(const std::vector<linux_host::FoundMenu>& menus,
                                  const std::string& name) {
  const bool by_itself = name == "default";
  for (const linux_host::FoundMenu& menu : menus) {
    const linux_host::BootEntry* entry = menu.menu.find(name);
    const bool is_default = entry == nullptr && by_itself;
    if (is_default) {
      entry = menu.menu.default_entry();
    }
    if (entry != nullptr) {
      return Chosen{&menu, entry, is_default};
    }
  }
  return Error(Code::BOOT_ENTRY_MISSING, Stage::kFile, name + ", in " + menus.front().file);
}

// Each begins at a multiple of four [UAPI.1, key initrd; grub/grub-core/loader/linux.c; Linux'
// Documentation/driver-api/early-userspace/buffer-format.rst allows zeroes between archives].
base::Result<void> join_initrds(const std::vector<std::string>& paths, Request& request) {
  // Microcode, a bootloader's and a system's are three; a line may name one file a thousand times.
  constexpr std::size_t kMostInitrds = 32;
  if (paths.size() > kMostInitrds) {
    return Error(Code::BOOT_ENTRY_REFUSED, Stage::kFile,
                 std::to_string(paths.size()) + " initrds, of which " +
                     std::to_string(kMostInitrds) + " at most are joined");
  }
  auto joined = std::make_shared<os::FileDescriptor>(::memfd_create("initrd", MFD_CLOEXEC));
  for (const std::string& path : paths) {
    HR_TRY(file, os::InputFile::open(path, os::kInitrdFile));
    HR_TRY(content, file.content());
    constexpr std::array<char, 3> kZeroes = {};
    const std::string_view padding(kZeroes.data(), (4 - content.bytes().size() % 4) % 4);
    if (!os::write_all(joined->get(), base::text_of(content.bytes())) ||
        !os::write_all(joined->get(), padding)) {
      return Error(Code::NO_MEMORY, Stage::kFile, path);
    }
  }
  request.initrd = "/proc/self/fd/" + std::to_string(joined->get());
  request.joined = std::move(joined);
  return base::success();
}

base::Result<void> check_entry(const Arguments& arguments) {
  for (const OptionName option :
       {OptionName("KERNEL"), OptionName("--reuse-cmdline"), OptionName("--panic")}) {
    if (arguments.has(option)) {
      return Error(Code::USAGE, Stage::kUsage,
                   std::string(option.text()) +
                       " does not go with --entry, which says what is booted, and by which line");
    }
  }
  return base::success();
}

void complain_of_overlays(const Chosen& chosen) {
  if (!chosen.entry->overlays.empty()) {
    complain(
        "note: the entry's overlays are for its own tree, and left out: --overlay gives them to "
        "that of --dtb");
  }
}

// What the kernel's file holds of the two counts where the entry says nothing.
void take_line(const linux_host::BootEntry& entry, bool is_unified, Request& request) {
  if (request.fit_config.empty()) {
    request.fit_config = entry.fit_config;
  }
  if (request.wishes.command_line) {
    return;
  }
  if (is_unified && entry.command_line.empty()) {
    request.last_command_line = "";
    return;
  }
  request.wishes.command_line = entry.command_line;
  request.of_entry.command_line = true;
}

base::Result<void> take_files(const Chosen& chosen, const linux_host::EntryFiles& files,
                              const Arguments& arguments, Request& request) {
  const std::string of = " of entry \"" + chosen.entry->id + "\" in " + chosen.menu->file;
  const auto path_of = [&of](const linux_host::EntryFile& file) {
    return file.path ? base::Result<std::string>(*file.path)
                     : Error(Code::FILE_MISSING, Stage::kFile, file.name + of);
  };
  HR_TRY(kernel, path_of(files.kernel));
  request.kernel = std::move(kernel);
  if (arguments.has("--dtb")) {
    complain_of_overlays(chosen);
  } else if (files.tree) {
    HR_TRY(tree, path_of(*files.tree));
    request.dtb = std::move(tree);
    request.of_entry.tree = true;
    std::vector<std::string> overlays;
    for (const linux_host::EntryFile& file : files.overlays) {
      HR_TRY(overlay, path_of(file));
      overlays.push_back(std::move(overlay));
    }
    request.overlays.insert(request.overlays.begin(), overlays.begin(), overlays.end());
  }
  if (arguments.has("--initrd") || files.initrds.empty()) {
    return base::success();
  }
  request.of_entry.initrd = true;
  std::vector<std::string> paths;
  for (const linux_host::EntryFile& file : files.initrds) {
    HR_TRY(initrd, path_of(file));
    paths.push_back(std::move(initrd));
  }
  if (paths.size() > 1) {
    return join_initrds(paths, request);
  }
  request.initrd = paths.front();
  return base::success();
}

}  // namespace

linux_host::Root root_of_place(const std::optional<std::string>& place) {
  linux_host::Root root = linux_host::Root::live();
  std::error_code error;
  if (place && std::filesystem::is_directory(*place, error)) {
    const std::string path = std::filesystem::absolute(*place).lexically_normal().string();
    root.path = path.substr(0, path.find_last_not_of('/') + 1);
  }
  return root;
}

base::Result<std::vector<linux_host::FoundMenu>> boot_menus(
    const linux_host::Root& root, const std::optional<std::string>& place) {
  std::error_code error;
  if (!place || std::filesystem::is_directory(*place, error)) {
    return linux_host::find_boot_menus(root);
  }
  HR_TRY(menu, linux_host::read_boot_menu(root, *place));
  if (menu.menu.entries.empty()) {
    return Error(Code::BOOT_MENU_MISSING, Stage::kFile, *place);
  }
  std::vector<linux_host::FoundMenu> menus;
  menus.push_back(std::move(menu));
  return menus;
}

base::Result<void> take_boot_entry(const Arguments& arguments, Request& request) {
  HR_TRYV(check_entry(arguments));
  const auto place = arguments.text("--root");
  const linux_host::Root root = root_of_place(place);
  HR_TRY(menus, boot_menus(root, place));
  HR_TRY(chosen, choose_entry(menus, arguments.text("--entry").value_or("")));
  const linux_host::BootEntry& entry = *chosen.entry;
  const linux_host::EntryFiles files = linux_host::files_of(root, *chosen.menu, entry);
  if (!files.why_not.empty()) {
    return Error(Code::BOOT_ENTRY_REFUSED, Stage::kFile, entry.id + ": " + files.why_not);
  }
  HR_TRYV(take_files(chosen, files, arguments, request));
  if (chosen.is_default && !chosen.menu->menu.fallback_note.empty()) {
    complain("note: " + chosen.menu->menu.fallback_note);
  }
  for (const std::string& note : files.notes) {
    complain("note: " + note);
  }
  take_line(entry, files.is_unified, request);
  return base::success();
}

}  // namespace hyprelay::cli
