// SPDX-License-Identifier: BSD-2-Clause
// JSON as all of the tree reads and writes it: Debian's nlohmann-json, whose reader and writer are
// compiled here alone. They are most of what a file that names them costs the compiler.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hyprelay::base {

// Spaces for each level; without, all is one line.
enum class Indent : int { kNone = -1, kOne = 1, kTwo = 2 };

// In the order in which the fields were set; no newline at the end. Bytes that are no UTF-8 are
// replaced by U+FFFD.
std::string json_text(const nlohmann::ordered_json& json, Indent indent = Indent::kNone);
// The same in ASCII, on one line: for a console.
std::string json_ascii(const nlohmann::ordered_json& json);

// A value of which is_discarded() is true where the text is no JSON.
nlohmann::ordered_json parse_json(std::string_view text);

}  // namespace hyprelay::base
