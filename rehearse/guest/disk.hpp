// SPDX-License-Identifier: BSD-2-Clause
// The disk that the host gives a guest, and the modules it needs.
#pragma once

#include <string>

namespace hyprelay::rehearse::guest {

// Waits until kDisk is there, after loading what drives it: QEMU's virt machine has virtio on MMIO,
// for which Debian's kernels have modules. Those are taken from the folder of that release below
// root + "/lib/modules", as the user's initrd has it; a module that is not there may be built in.
// Returns why there is no disk; empty: there is.
std::string open_disk(const std::string& root, const std::string& release);

}  // namespace hyprelay::rehearse::guest
