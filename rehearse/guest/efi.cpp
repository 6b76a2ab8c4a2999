// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/efi.hpp"

#include "base/number_text.hpp"
#include "os/files.hpp"
#include "os/folders.hpp"
#include "rehearse/guest/modules.hpp"

#include <sys/mount.h>

#include <cerrno>
#include <cstring>

namespace hyprelay::rehearse::guest {
namespace {

constexpr const char* kEfi = "/sys/firmware/efi";
constexpr const char* kVariables = "/sys/firmware/efi/efivars";
constexpr unsigned kMostClocks = 8;

bool mount_efivarfs() {
  return mount("efivarfs", kVariables, "efivarfs", MS_RDONLY, nullptr) == 0;
}

}  // namespace

std::string description_of(const std::string& root) {
  return os::is_there(root + "/sys/firmware/acpi/tables") ? "acpi" : "tree";
}

bool has_efi(const std::string& root) {
  return os::is_there(root + kEfi);
}

std::string mount_variables(const std::string& release) {
  // Debian has the clock built in; where it is a module a kernel without it reads no clock.
  load_module("", release, "drivers/rtc/rtc-efi");
  if (mount_efivarfs()) {
    return {};
  }
  // ENODEV: the kernel knows no such filesystem yet.
  if (const int fault = load_module("", release, "fs/efivarfs/efivarfs"); fault != 0) {
    // The module is there, and the kernel has no variables for it [linux/fs/efivarfs/super.c
    // efivarfs_init].
    return module_folder("", release) + "fs/efivarfs/efivarfs.ko: " + std::strerror(fault) +
           (fault == ENODEV ? "; this firmware has no variables for a running kernel"
                            : "; an --initrd with it lists EFI's variables");
  }
  return mount_efivarfs() ? std::string() : std::string(kVariables) + ": " + std::strerror(errno);
}

std::optional<EfiServices> read_efi(const std::string& root, bool mounted) {
  if (!has_efi(root)) {
    return std::nullopt;
  }
  EfiServices services;
  if (mounted) {
    services.variables = os::list_files(root + kVariables).size();
  }
  for (unsigned i = 0; i < kMostClocks; ++i) {
    const std::string clock = root + "/sys/class/rtc/rtc" + std::to_string(i);
    // "rtc-efi rtc-efi.0"
    if (os::read_file(clock + "/name").value_or("").starts_with("rtc-efi")) {
      std::string seconds = os::read_file(clock + "/since_epoch").value_or("");
      seconds.erase(seconds.find_last_not_of('\n') + 1);
      services.time_read = base::parse_number(seconds).value_or(0) != 0;
    }
  }
  return services;
}

}  // namespace hyprelay::rehearse::guest
