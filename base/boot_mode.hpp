// SPDX-License-Identifier: BSD-2-Clause
// What a kernel says in its log about the mode its CPUs were started in. Environment: hosted. Pure.
#pragma once

#include <string_view>

namespace hyprelay::base {

// "HYP", "SVC", "EL2" or "EL1" (texts of abi/mode.def) by the sentence in which the kernel tells;
// "mixed" when it says that the CPUs differ, "unknown" without such a sentence.
std::string_view boot_mode_in(std::string_view kernel_log);

}  // namespace hyprelay::base
