// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/boot_files.hpp"

#include <cstring>
#include <filesystem>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKernelPrefix = "vmlinuz-";

// Where a link of the machine below `root` leads to; nullopt: nowhere.
std::optional<std::string> target_of(const std::string& root, const char* link) {
  std::error_code error;
  const fs::path path = fs::canonical(root + link, error);
  return error ? std::nullopt : std::optional(path.string());
}

// The names begin alike, so that strverscmp compares the versions.
std::optional<std::string> newest_in(const std::string& folder) {
  std::string newest;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    // A dot of a backup or of a package manager's copy: "vmlinuz-6.1.0-50-arm64.dpkg-new".
    if (name.starts_with(kKernelPrefix) && name.find(".dpkg-") == std::string::npos &&
        (newest.empty() || ::strverscmp(newest.c_str(), name.c_str()) < 0)) {
      newest = name;
    }
  }
  return newest.empty() ? std::nullopt : std::optional(folder + "/" + newest);
}

}  // namespace

std::optional<std::string> version_of_kernel(const std::string& path) {
  const std::string name = fs::path(path).filename().string();
  return name.starts_with(kKernelPrefix) && name.size() > kKernelPrefix.size()
             ? std::optional(name.substr(kKernelPrefix.size()))
             : std::nullopt;
}

BootFiles crash_files(const Root& root, const std::optional<std::string>& kernel) {
  BootFiles files;
  files.kernel = kernel.value_or(root.path + "/boot/vmlinuz-" + root.kernel_release);
  files.initrd = root.path + "/var/lib/hyprelay/initrd.img-" +
                 version_of_kernel(files.kernel).value_or(root.kernel_release);
  return files;
}

base::Result<BootFiles> next_files(const Root& root, const std::optional<std::string>& kernel) {
  BootFiles files;
  std::optional<std::string> found = kernel;
  for (const char* link : {"/vmlinuz", "/boot/vmlinuz"}) {
    found = found ? found : target_of(root.path, link);
  }
  found = found ? found : newest_in(root.path + "/boot");
  if (!found) {
    return base::Error(base::Code::FILE_MISSING, base::Stage::kFile, root.path + "/boot/vmlinuz");
  }
  files.kernel = *found;
  if (const auto version = version_of_kernel(*found)) {
    const fs::path initrd = fs::path(*found).parent_path() / ("initrd.img-" + *version);
    std::error_code error;
    if (fs::exists(initrd, error)) {
      files.initrd = initrd.string();
    }
  }
  return files;
}

}  // namespace hyprelay::handoff::linux_host
