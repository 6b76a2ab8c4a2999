// SPDX-License-Identifier: BSD-2-Clause
// What the running kernel said about itself in its log.
#pragma once

#include <string>
#include <string_view>

namespace hyprelay::rehearse::guest {

// The whole log of the kernel so far, one message per line, without the prefixes of /dev/kmsg.
std::string read_kernel_log();

// The first line of the log that contains the text; empty when there is none.
std::string line_with(std::string_view log, std::string_view text);

}  // namespace hyprelay::rehearse::guest
