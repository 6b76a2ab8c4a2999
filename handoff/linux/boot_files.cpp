// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/boot_files.hpp"

#include "handoff/image.hpp"
#include "handoff/linux/grub.hpp"
#include "handoff/linux/line_place.hpp"
#include "os/files.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <utility>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKernelPrefix = "vmlinuz-";
constexpr std::string_view kBesideModules = "vmlinuz";

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

// Whether a kernel starts on this machine, by what its first bytes say; one that says nothing, as a
// compressed one, may.
bool may_start(const Root& root, const std::string& path) {
  const auto file = os::InputFile::open(path, os::kKernelFile);
  const auto running = arch_of(root.machine);
  if (!file || !running) {
    return file.has_value();
  }
  const auto start = file.value().peek(kImageStartBytes);
  switch (start ? arch_of_image(start.value()) : ImageArch::kUntold) {
    case ImageArch::kArm:
      return running.value() == Arch::kArm;
    case ImageArch::kArm64:
      return running.value() == Arch::kArm64;
    case ImageArch::kForeign:
      return false;
    case ImageArch::kUntold:
      break;
  }
  return true;
}

// Where a link of the machine below `root` leads to; nullopt: nowhere, or to no kernel for it.
std::optional<std::string> target_of(const Root& root, const char* link) {
  std::error_code error;
  const fs::path path = fs::canonical(root.path + link, error);
  return error || !may_start(root, path) ? std::nullopt : std::optional(path.string());
}

// Put aside by hand, by make install, or by a package manager that has it under way.
bool is_set_aside(std::string_view name) {
  constexpr std::string_view kEnds[] = {".old", ".bak", ".orig", ".save", "~"};
  return name.find(".dpkg-") != std::string_view::npos ||
         name.find(".rpm") != std::string_view::npos ||
         std::ranges::any_of(kEnds, [name](std::string_view end) { return name.ends_with(end); });
}

struct Found {
  std::string path;
  std::string version;
  // Set aside, and of another flavour: the lower comes first.
  std::pair<bool, bool> faults;

  // The names begin alike, so that strverscmp compares the versions; the newest comes first.
  bool before(const Found& other) const {
    return faults != other.faults ? faults < other.faults
                                  : ::strverscmp(version.c_str(), other.version.c_str()) > 0;
  }
};

// Where packages put a kernel that is no file of /boot, or not yet: beside its modules
// [systemd kernel-install(8)].
std::string beside_modules(const Root& root, const std::string& version) {
  return root.path + "/lib/modules/" + version + "/vmlinuz";
}

// The kernel of the machine that suits the running one best; of two of one version that of /boot.
std::optional<std::string> best_kernel(const Root& root) {
  const std::string flavour = flavour_of(root.kernel_release);
  std::optional<Found> best;
  const auto consider = [&](const std::string& path) {
    const auto version = version_of_kernel(path);
    if (!version) {
      return;
    }
    const Found found{path, *version, {is_set_aside(*version), flavour_of(*version) != flavour}};
    if ((!best || found.before(*best)) && may_start(root, path)) {
      best = found;
    }
  };
  std::error_code error;
  for (fs::directory_iterator entry(root.path + "/boot", error), end; !error && entry != end;
       entry.increment(error)) {
    consider(entry->path().string());
  }
  error.clear();
  for (fs::directory_iterator entry(root.path + "/lib/modules", error), end; !error && entry != end;
       entry.increment(error)) {
    consider(beside_modules(root, entry->path().filename().string()));
  }
  return best ? std::optional(best->path) : std::nullopt;
}

// By the names of Debian and of dracut: beside the kernel, or in /boot for one that lies with its
// modules.
std::optional<std::string> initrd_of(const Root& root, const fs::path& kernel) {
  const auto version = version_of_kernel(kernel.string());
  if (!version) {
    return std::nullopt;
  }
  const fs::path folder =
      kernel.filename() == kBesideModules ? fs::path(root.path + "/boot") : kernel.parent_path();
  for (const std::string& name : {"initrd.img-" + *version, "initramfs-" + *version + ".img"}) {
    std::error_code error;
    if (fs::exists(folder / name, error)) {
      return (folder / name).string();
    }
  }
  return std::nullopt;
}

// A file as GRUB names it, below the root of its filesystem, which is /boot where that is one of
// its own; by its name alone where GRUB sees a subvolume.
std::optional<std::string> file_of_grub(const Root& root, const std::string& name) {
  const fs::path path = name;
  for (const std::string& place : {root.path + name, root.path + "/boot" + name,
                                   root.path + "/boot/" + path.filename().string()}) {
    std::error_code error;
    if (fs::is_regular_file(place, error)) {
      return place;
    }
  }
  return std::nullopt;
}

// `named`, else the one of GRUB's entry: a kernel that lacks its own does not find its disks.
base::Result<std::optional<std::string>> initrd_of_grub(const Root& root, const GrubEntry& entry,
                                                        const std::optional<std::string>& named) {
  if (named || entry.initrds.empty()) {
    return named;
  }
  const std::string of = " of GRUB's entry \"" + entry.title + "\"";
  if (entry.initrds.size() > 1) {
    return base::Error(base::Code::INITRD_UNKNOWN, base::Stage::kFile,
                       "several, which are not joined (set next_initrd= to one):" + of);
  }
  const auto file = file_of_grub(root, entry.initrds.front());
  return file ? base::Result<std::optional<std::string>>(file)
              : base::Error(base::Code::FILE_MISSING, base::Stage::kFile,
                            entry.initrds.front() + " (set next_initrd= to another), initrd" + of);
}

// What GRUB would boot, where it boots this machine and its kernel is there. Errors:
// FILE_TOO_LARGE, rather than another kernel in silence; those of next_files() for the initrd.
base::Result<std::optional<BootFiles>> files_of_grub(const Root& root,
                                                     const std::optional<std::string>& named) {
  const std::optional<BootFiles> none;
  const auto text_of = [&](const char* name) {
    return os::read_input_text(root.path + name, os::kGrubFile);
  };
  const auto config = text_of("/boot/grub/grub.cfg");
  if (!config && config.error().code() == base::Code::FILE_TOO_LARGE) {
    return config.error();
  }
  if (!config || started_by_stub(root)) {
    return none;
  }
  const auto block = text_of("/boot/grub/grubenv");
  const auto entry = default_grub_entry(config.value(), block ? block.value() : std::string());
  const auto kernel = entry ? file_of_grub(root, entry->kernel) : std::nullopt;
  if (!kernel || !may_start(root, *kernel)) {
    return none;
  }
  HR_TRY(initrd, initrd_of_grub(root, *entry, named));
  return std::optional(BootFiles{*kernel, initrd, entry->command_line});
}

base::Error no_kernel(const std::string& path) {
  return {base::Code::FILE_MISSING, base::Stage::kFile,
          path + " (nor is there another for this machine)"};
}

}  // namespace

std::optional<std::string> version_of_kernel(const std::string& path) {
  const std::string name = fs::path(path).filename().string();
  const fs::path folder = fs::path(path).parent_path();
  if (name == kBesideModules && folder.parent_path().filename() == "modules") {
    return folder.filename().string();
  }
  return name.starts_with(kKernelPrefix) && name.size() > kKernelPrefix.size()
             ? std::optional(name.substr(kKernelPrefix.size()))
             : std::nullopt;
}

std::string flavour_of(std::string_view version) {
  for (std::size_t at = version.find('-'); at != std::string_view::npos;
       at = version.find('-', at + 1)) {
    const std::string_view rest = version.substr(at + 1);
    // "6.12-rc5-arm64": a release candidate's number is no flavour.
    const bool candidate = rest.starts_with("rc") && rest.size() > 2 && is_digit(rest[2]);
    if (!rest.empty() && !is_digit(rest[0]) && !candidate) {
      return std::string(rest);
    }
  }
  return {};
}

base::Result<BootFiles> crash_files(const Root& root, const std::optional<std::string>& kernel) {
  BootFiles files;
  files.kernel = root.path + "/boot/" + std::string(kKernelPrefix) + root.kernel_release;
  if (kernel) {
    files.kernel = *kernel;
  } else if (!may_start(root, files.kernel)) {
    const std::string same = beside_modules(root, root.kernel_release);
    const auto other = may_start(root, same) ? std::optional(same) : best_kernel(root);
    if (!other) {
      return no_kernel(files.kernel);
    }
    files.kernel = *other;
  }
  files.initrd = root.path + "/var/lib/hyprelay/initrd.img-" +
                 version_of_kernel(files.kernel).value_or(root.kernel_release);
  return files;
}

base::Result<BootFiles> next_files(const Root& root, const std::optional<std::string>& kernel,
                                   const std::optional<std::string>& initrd) {
  BootFiles files;
  if (!kernel) {
    HR_TRY(grub, files_of_grub(root, initrd));
    if (grub) {
      return *grub;
    }
  }
  std::optional<std::string> found = kernel;
  for (const char* link : {"/vmlinuz", "/boot/vmlinuz"}) {
    found = found ? found : target_of(root, link);
  }
  found = found ? found : best_kernel(root);
  if (!found) {
    return no_kernel(root.path + "/boot/vmlinuz");
  }
  files.kernel = *found;
  files.initrd = initrd ? initrd : initrd_of(root, *found);
  return files;
}

}  // namespace hyprelay::handoff::linux_host
