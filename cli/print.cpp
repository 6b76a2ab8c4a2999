// SPDX-License-Identifier: BSD-2-Clause
#include "cli/print.hpp"

#include "abi/hr_abi.h"
#include "base/json.hpp"
#include "base/printable.hpp"
#include "os/files.hpp"

#include <cstdio>

namespace hyprelay::cli {

base::Result<int> print(const std::string& text) {
  HR_TRYV(os::write_text("-", base::printable(text, base::Lines::kMany)));
  return HR_EXIT_OK;
}

void complain(const std::string& sentence) {
  std::fprintf(stderr, "hyprelay: %s\n", base::printable(sentence, base::Lines::kMany).c_str());
}

std::string json_line(const nlohmann::ordered_json& json) {
  return base::json_text(json) + "\n";
}

std::string json_lines(const nlohmann::ordered_json& json) {
  return base::json_text(json, base::Indent::kTwo) + "\n";
}

}  // namespace hyprelay::cli
