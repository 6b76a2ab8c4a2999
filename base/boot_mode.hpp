// SPDX-License-Identifier: BSD-2-Clause
// What a kernel says in its log about the mode its CPUs were started in. Environment: hosted. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace hyprelay::base {

// The text of one record of /dev/kmsg, "priority,sequence,time,flags;text", when the kernel itself
// wrote it. nullopt: a program did, and may have written anything (its records have a facility, the
// priority's bits above the lowest three), or the line only belongs to a record
// [linux/Documentation/ABI/testing/dev-kmsg].
std::optional<std::string_view> kernel_message(std::string_view record);

// "HYP", "SVC", "EL2" or "EL1" (texts of abi/mode.def) by the sentence in which the kernel tells,
// with which a line begins: in the middle of one somebody is quoted, such as a command line.
// "mixed" when it says that the CPUs differ, "unknown" without such a sentence. `kernel_log`:
// messages without their headers, one a line.
std::string_view boot_mode_in(std::string_view kernel_log);

}  // namespace hyprelay::base
