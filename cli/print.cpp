// SPDX-License-Identifier: BSD-2-Clause
#include "cli/print.hpp"

#include "abi/hr_abi.h"
#include "os/files.hpp"

#include <nlohmann/json.hpp>

namespace hyprelay::cli {

base::Result<int> print(const std::string& text) {
  HR_TRYV(os::write_text("-", text));
  return HR_EXIT_OK;
}

std::string json_line(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string json_lines(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace hyprelay::cli
