// SPDX-License-Identifier: BSD-2-Clause
#include "cli/print.hpp"

#include "abi/hr_abi.h"
#include "base/printable.hpp"
#include "os/files.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace hyprelay::cli {

base::Result<int> print(const std::string& text) {
  HR_TRYV(os::write_text("-", base::printable(text, base::Lines::kMany)));
  return HR_EXIT_OK;
}

void complain(const std::string& sentence) {
  std::fprintf(stderr, "hyprelay: %s\n", base::printable(sentence, base::Lines::kMany).c_str());
}

std::string json_line(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string json_lines(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace hyprelay::cli
