// SPDX-License-Identifier: BSD-2-Clause
// The firmware of a rehearsal, when there is one: Debian's builds for QEMU's virt machine, and the
// flash in which it keeps its variables.
#pragma once

#include "base/result.hpp"
#include "rehearse/options.hpp"

#include <cstdint>
#include <string>

namespace hyprelay::rehearse {

// How the option, the report and a test call it; empty for none.
std::string_view text_of(Firmware firmware);

// The file that QEMU's -bios takes, of Debian's package for it, below `root`; empty for no
// firmware. Error: REHEARSE_FIRMWARE, which names the package.
base::Result<std::string> find_firmware(const Options& options, const std::string& root = "");

// Makes the second flash of the virt machine, with holes. EDK2 finds it empty and makes its store
// of variables in it; U-Boot finds its environment there, which starts kernel and initrd by EFI.
// Errors: FILE_UNWRITABLE, FILE_MISSING (of --from).
base::Result<void> write_flash(const Options& options, const std::string& initramfs,
                               const std::string& path);

// U-Boot's environment as it lies in flash: a CRC-32 and texts that end with a zero each
// [u-boot/include/env_internal.h env_t, u-boot/configs/qemu_arm_defconfig]. Pure.
std::string u_boot_environment(handoff::Arch arch, std::uint64_t kernel_bytes,
                               std::uint64_t initrd_bytes);

}  // namespace hyprelay::rehearse
