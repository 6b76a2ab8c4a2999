// SPDX-License-Identifier: BSD-2-Clause
// Errors as sentences. Environment: hosted (std::string).
#pragma once

#include "base/error.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hyprelay::base {

// One row of abi/error.def. The views live for ever.
struct ErrorRow {
  Code code;
  std::string_view name;
  int exit_code;
  std::string_view sentence;
  std::string_view remedy;
};

// One row of abi/exit.def.
struct ExitRow {
  std::string_view name;
  int code;
  std::string_view meaning;
};

std::span<const ErrorRow> error_rows();
std::span<const ExitRow> exit_rows();

const ErrorRow& row_of(Code code);
// By name ("PLAN_NO_ROOM") or number ("0x300", "768", "E300"). nullopt when there is no such row.
std::optional<ErrorRow> find_error(std::string_view name_or_number);

std::string_view stage_name(Stage stage);
int exit_code_of(const Error& error);

// "image: vmlinuz: the file ends before the image does (at 0x54a3e8, limit 0x1000) [E104]\n"
// "  remedy: copy the kernel again and compare its checksum"
std::string describe(const Error& error);

}  // namespace hyprelay::base
