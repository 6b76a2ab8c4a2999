// SPDX-License-Identifier: BSD-2-Clause
// What the running kernel said about itself in its log.
#pragma once

#include <string>
#include <string_view>

namespace hyprelay::rehearse::guest {

// The last oops in the log, from its first sentence to the end of its registers and calls; empty
// when there is none [linux/arch/arm/kernel/traps.c, linux/arch/arm64/kernel/traps.c die].
std::string oops_in(std::string_view log);

// The first line of the log that contains the text; empty when there is none.
std::string line_with(std::string_view log, std::string_view text);

}  // namespace hyprelay::rehearse::guest
