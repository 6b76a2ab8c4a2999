// SPDX-License-Identifier: BSD-2-Clause
// Talking to the host over the console.
#pragma once

#include "base/json.hpp"

#include <string>

namespace hyprelay::rehearse::guest {

// Makes descriptors 0, 1 and 2 the console if the kernel did not (no /dev/console in its rootfs).
void open_console();

// From here on the kernel's log stays off the console: printk writes into the middle of a line
// that a program is printing, and the host could not read it.
void silence_kernel_log();

// Prints kMark and the object on a line of its own and waits until the UART has it.
void mark(const nlohmann::ordered_json& object);

// The next line of console input without its newline; empty when there is none any more.
std::string read_line();

}  // namespace hyprelay::rehearse::guest
