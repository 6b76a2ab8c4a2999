// SPDX-License-Identifier: BSD-2-Clause
#include "base/error_text.hpp"

#include "base/number_text.hpp"

#include <array>
#include <cstdio>

namespace hyprelay::base {
namespace {

constexpr auto kErrors = std::to_array<ErrorRow>({
#define HR_ERROR(name, number, exit, sentence, remedy) \
  {Code::name, #name, HR_EXIT_##exit, sentence, remedy},
#include "abi/error.def"
#undef HR_ERROR
});

constexpr auto kExits = std::to_array<ExitRow>({
#define HR_EXIT(name, code, meaning) {#name, code, meaning},
#include "abi/exit.def"
#undef HR_EXIT
});

// "E300" is what messages print.
std::optional<std::uint64_t> parse_code(std::string_view text) {
  const bool printed = text.starts_with('E') || text.starts_with('e');
  return parse_number(printed ? "0x" + std::string(text.substr(1)) : text);
}

}  // namespace

std::span<const ErrorRow> error_rows() {
  return kErrors;
}
std::span<const ExitRow> exit_rows() {
  return kExits;
}

const ErrorRow& row_of(Code code) {
  for (const ErrorRow& row : kErrors) {
    if (row.code == code) {
      return row;
    }
  }
  return kErrors.front();
}

std::optional<ErrorRow> find_error(std::string_view name_or_number) {
  const auto number = parse_code(name_or_number);
  for (const ErrorRow& row : kErrors) {
    if (row.name == name_or_number || (number && *number == static_cast<unsigned>(row.code))) {
      return row;
    }
  }
  return std::nullopt;
}

std::string_view stage_name(Stage stage) {
  switch (stage) {
    case Stage::kUsage:
      return "usage";
    case Stage::kFile:
      return "file";
    case Stage::kMachine:
      return "machine";
    case Stage::kImage:
      return "image";
    case Stage::kTree:
      return "tree";
    case Stage::kPlan:
      return "plan";
    case Stage::kPatch:
      return "patch";
    case Stage::kSeal:
      return "seal";
    case Stage::kLoad:
      return "load";
    case Stage::kUnload:
      return "unload";
    case Stage::kExec:
      return "exec";
    case Stage::kRelay:
      return "relay";
    case Stage::kRehearse:
      return "rehearse";
    case Stage::kCapture:
      return "capture";
  }
  __builtin_unreachable();
}

int exit_code_of(const Error& error) {
  return row_of(error.code()).exit_code;
}

std::string describe(const Error& error) {
  const ErrorRow& row = row_of(error.code());
  std::string text(stage_name(error.stage()));
  text += ": ";
  if (!error.subject().empty()) {
    text.append(error.subject()).append(": ");
  }
  text += row.sentence;
  if (error.has_at() || error.has_limit()) {
    text += " (";
    text += error.has_at() ? "at " + hex(error.at()) : "";
    text += error.has_at() && error.has_limit() ? ", " : "";
    text += error.has_limit() ? "limit " + hex(error.limit()) : "";
    text += ")";
  }
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), " [E%03x]", static_cast<unsigned>(row.code));
  text += number.data();
  text.append("\n  remedy: ").append(row.remedy);
  return text;
}

}  // namespace hyprelay::base
