// SPDX-License-Identifier: BSD-2-Clause
// What a kernel has of the machine's firmware: who tells it of its devices, and whether EFI's
// runtime services work. Environment: the guest; the functions with a `root` also on the host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hyprelay::rehearse::guest {

// "acpi" where the kernel took its devices from ACPI's tables, else "tree".
std::string description_of(const std::string& root);

// Whether the kernel has EFI's runtime services.
bool has_efi(const std::string& root);

struct EfiServices {
  // How many variables there are; nullopt: nobody could list them, for want of efivarfs.
  std::optional<std::uint64_t> variables;
  // The clock was read by GetTime(), through the kernel's rtc-efi.
  bool time_read = false;
};

// Mounts efivarfs, after loading its module, where the user's initrd has it, and rtc-efi's. Returns
// why it is not there; empty: it is.
std::string mount_variables(const std::string& release);

// Calls the runtime services by way of efivarfs (`mounted`: it is there) and of the class of
// clocks. nullopt: the kernel has no EFI.
std::optional<EfiServices> read_efi(const std::string& root, bool mounted);

}  // namespace hyprelay::rehearse::guest
