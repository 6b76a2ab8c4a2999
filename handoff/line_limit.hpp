// SPDX-License-Identifier: BSD-2-Clause
// What a kernel keeps of a command line that is longer than its buffer. Pure.
#pragma once

#include "handoff/machine.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::handoff {

// The characters that a kernel keeps: one less than COMMAND_LINE_SIZE, for the zero behind them
// [linux/arch/arm/include/uapi/asm/setup.h 1024, linux/arch/arm64/include/uapi/asm/setup.h 2048,
// the same in every release; linux/drivers/of/fdt.c early_init_dt_scan_chosen cuts]. An image does
// not tell its own: the buffer is in its .bss.
std::size_t command_line_limit(Arch arch);

// `line` with `must_have` behind it (before a "--"), when the kernel keeps all of it. Else
// `must_have` moves forward, behind the last word of `line` with which the kernel keeps both;
// blanks fill the rest of what it keeps, so that no word is cut in its middle and means something
// else; and the rest of `line` follows, for a kernel that was built to keep more. Words in quotes
// are not parted, and a quote that `line` leaves open takes no word of `must_have`. When even
// `must_have` alone is too long it stands first.
std::string fit_command_line(std::string_view line, std::string_view must_have, std::size_t limit);

// What a kernel with that limit will not see of it, without blanks around it; empty: it sees all.
std::string_view cut_of(std::string_view line, std::size_t limit);

// A sentence about that, for who asked for the plan; nullopt: nothing is cut.
std::optional<std::string> command_line_warning(std::string_view line, Arch arch);

}  // namespace hyprelay::handoff
