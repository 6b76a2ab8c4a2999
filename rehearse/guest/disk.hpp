// SPDX-License-Identifier: BSD-2-Clause
// The disk that the host gives a guest, and the modules it needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hyprelay::rehearse::guest {

// Waits until kDisk is there, after loading what drives it: QEMU's virt machine has virtio on MMIO,
// or on PCI when a firmware starts it, for which Debian's kernels have modules. Those are taken
// from the folder of that release below root + "/lib/modules", as the user's initrd has it; a
// module that is not there may be built in. Returns why there is no disk; empty: there is.
std::string open_disk(const std::string& root, const std::string& release);

struct DiskRead {
  std::uint64_t bytes = 0;
  // Who brings the disk's interrupts, as /proc/interrupts calls it: "ITS-MSI", "MSI", "GICv3".
  // Empty: none has come.
  std::string interrupts;
};

// Reads the start of kDisk, which no cache of a fresh kernel holds, and tells how the disk said
// that it was done.
DiskRead read_disk();

// The name of the chip behind the first interrupt of a device, "virtio0", that has come at least
// once; empty when there is none [linux/kernel/irq/proc.c show_interrupts]. Pure.
std::string interrupts_of(std::string_view proc_interrupts, std::string_view device);

}  // namespace hyprelay::rehearse::guest
