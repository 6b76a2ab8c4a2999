// SPDX-License-Identifier: BSD-2-Clause
#include "base/json.hpp"

namespace hyprelay::base {

using nlohmann::ordered_json;

std::string json_text(const ordered_json& json, Indent indent) {
  return json.dump(static_cast<int>(indent), ' ', false, ordered_json::error_handler_t::replace);
}

std::string json_ascii(const ordered_json& json) {
  return json.dump(static_cast<int>(Indent::kNone), ' ', true,
                   ordered_json::error_handler_t::replace);
}

ordered_json parse_json(std::string_view text) {
  return ordered_json::parse(text, nullptr, false);
}

}  // namespace hyprelay::base
