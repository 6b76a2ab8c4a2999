// SPDX-License-Identifier: BSD-2-Clause
// The log of the running kernel. Environment: Linux.
#pragma once

#include <string>

namespace hyprelay::os {

// What the kernel itself has logged so far, or what is left of it, one message a line without
// header (base/boot_mode.hpp, kernel_message); empty when it cannot be read. `path`: /dev/kmsg, or
// a copy of its records.
std::string read_kernel_log(const std::string& path);

}  // namespace hyprelay::os
