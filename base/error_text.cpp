// SPDX-License-Identifier: BSD-2-Clause
#include "base/error_text.hpp"

#include "base/names.hpp"
#include "base/number_text.hpp"
#include "base/printable.hpp"

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

constexpr Named<Stage> kStages[] = {
    {"usage", Stage::kUsage},       {"file", Stage::kFile},      {"machine", Stage::kMachine},
    {"image", Stage::kImage},       {"tree", Stage::kTree},      {"plan", Stage::kPlan},
    {"patch", Stage::kPatch},       {"seal", Stage::kSeal},      {"load", Stage::kLoad},
    {"unload", Stage::kUnload},     {"exec", Stage::kExec},      {"relay", Stage::kRelay},
    {"rehearse", Stage::kRehearse}, {"capture", Stage::kCapture}};
static_assert(std::size(kStages) == static_cast<std::size_t>(Stage::kCapture) + 1);

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
  return name_of(kStages, stage);
}

int exit_code_of(const Error& error) {
  return row_of(error.code()).exit_code;
}

std::string describe(const Error& error) {
  const ErrorRow& row = row_of(error.code());
  std::string text(stage_name(error.stage()));
  text += ": ";
  if (!error.subject().empty()) {
    text.append(printable(error.subject())).append(": ");
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
