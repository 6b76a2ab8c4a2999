// SPDX-License-Identifier: BSD-2-Clause
#include "cli/abi_command.hpp"

#include "abi/hr_abi.h"
#include "base/json.hpp"
#include "cli/print.hpp"
#include "cli/text.hpp"
#include "compat/text.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::cli {
namespace {

using Json = nlohmann::ordered_json;

struct OpRow {
  std::string_view name, since, in, out, does;
  unsigned value;
};
constexpr OpRow kOps[] = {
#define HR_OP(name, value, since, in, out, does) {#name, since, in, out, does, value},
#include "abi/op.def"
#undef HR_OP
};

std::string_view text_of(compat::CallerArch arch) {
  return arch == compat::CallerArch::kARM     ? "arm"
         : arch == compat::CallerArch::kARM64 ? "arm64"
                                              : "both";
}

struct SpaceRow {
  unsigned first, last;
  std::string_view owner, api, source;
  compat::CallerArch callers;
  bool live;
};
constexpr SpaceRow kSpace[] = {
#define HR_HVC_SPACE(first, last, owner, api, arch, met, source) \
  {first, last, owner, api, source, compat::CallerArch::k##arch, std::string_view(#met) == "LIVE"},
#include "abi/hvc_space.def"
};

struct BlindRow {
  compat::Dialect dialect;
  std::string_view looks, text;
  unsigned own;
};
constexpr std::string_view kLooksBLIND = "no";
constexpr std::string_view kLooksLOOKS = "yes";
constexpr std::string_view kLooksNOBODY = "nobody";
constexpr std::string_view kLooksUNKNOWN = "unknown";
constexpr BlindRow kBlind[] = {
#define HR_HVC_BLIND(dialect, how, own, other, text) \
  {compat::Dialect::k##dialect, kLooks##how, text, own},
#include "abi/hvc_space.def"
};

std::string hex(unsigned value, int digits) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%0*x", digits, value);
  return text;
}

// Columns of their widest cell, two blanks apart.
std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) {
        line.append(widths[i] + 2 - row[i].size(), ' ');
      }
    }
    text += line + "\n";
  }
  return text;
}

std::string range_text(const SpaceRow& row) {
  return row.first == row.last ? hex(row.first, 4) : hex(row.first, 4) + "-" + hex(row.last, 4);
}

std::string space_text() {
  std::vector<std::vector<std::string>> space = {{"immediate", "callers", "whose", "functions"}};
  for (const SpaceRow& row : kSpace) {
    space.push_back({range_text(row), std::string(text_of(row.callers)),
                     std::string(row.owner) + (row.live ? "" : " (past)"), std::string(row.api)});
  }
  std::vector<std::vector<std::string>> blind = {{"resident", "looks", "own", "another immediate"}};
  for (const BlindRow& row : kBlind) {
    blind.push_back({std::string(compat::text_of(row.dialect)), std::string(row.looks),
                     row.own == 0 ? "-" : hex(row.own, 4), std::string(row.text)});
  }
  return columns(space) + "\n" + columns(blind);
}

Json space_json() {
  Json space = Json::array();
  for (const SpaceRow& row : kSpace) {
    space.push_back({{"first", row.first},
                     {"last", row.last},
                     {"owner", row.owner},
                     {"functions", row.api},
                     {"callers", text_of(row.callers)},
                     {"live", row.live},
                     {"source", row.source}});
  }
  Json residents = Json::array();
  for (const BlindRow& row : kBlind) {
    residents.push_back({{"dialect", compat::text_of(row.dialect)},
                         {"looks", row.looks},
                         {"own", row.own == 0 ? Json() : Json(row.own)},
                         {"other", row.text}});
  }
  return {{"immediates", space}, {"residents", residents}};
}

std::string tables_text() {
  std::string ops;
  for (const OpRow& row : kOps) {
    ops += hex(row.value, 8) + "  " + std::string(row.name) + "\n";
    for (const std::string_view part : {row.in, row.does}) {
      ops += part.empty() ? "" : wrapped(part, 4);
    }
  }
  std::vector<std::vector<std::string>> dialects;
  for (const compat::DialectRow& row : compat::kDialects) {
    dialects.push_back({std::string(compat::text_of(row.dialect)), std::string(text_of(row.arch)),
                        std::string(compat::meaning_of(row.dialect))});
  }
  return "common ABI " + version_number(HR_ABI_VERSION) + ", hvc #" + hex(HR_HVC_IMMEDIATE, 4) +
         "; r0 (x0):\n" + ops + "\ndialects, and whose callers speak them:\n" + columns(dialects);
}

Json tables_json() {
  Json ops = Json::array();
  for (const OpRow& row : kOps) {
    ops.push_back({{"name", row.name},
                   {"value", row.value},
                   {"since", row.since},
                   {"in", row.in},
                   {"out", row.out},
                   {"does", row.does}});
  }
  Json dialects = Json::array();
  for (const compat::DialectRow& row : compat::kDialects) {
    dialects.push_back({{"name", compat::text_of(row.dialect)},
                        {"callers", text_of(row.arch)},
                        {"meaning", compat::meaning_of(row.dialect)}});
  }
  return {{"abi", version_number(HR_ABI_VERSION)},
          {"immediate", HR_HVC_IMMEDIATE},
          {"ops", ops},
          {"dialects", dialects}};
}

}  // namespace

base::Result<int> run_abi(const Arguments& arguments) {
  const bool space = arguments.has("--hvc-space");
  if (arguments.has("--json")) {
    return print(json_line(space ? space_json() : tables_json()));
  }
  return print(space ? space_text() : tables_text());
}

}  // namespace hyprelay::cli
