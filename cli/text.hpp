// SPDX-License-Identifier: BSD-2-Clause
// Small things about text that several printers need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::cli {

// Of the program: "0.2.0".
std::string_view version();
// "1.0": of an ABI, major << 16 | minor.
std::string version_number(std::uint32_t version);

// "a,b" -> {"a", "b"}; empty text gives nothing.
std::vector<std::string_view> split(std::string_view text, std::string_view separator);
// What blanks and ends of lines divide.
std::vector<std::string_view> words_of(std::string_view text);
// Lines of at most `width` columns, each behind `indent` spaces; "\n\n" separates paragraphs.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 80);

}  // namespace hyprelay::cli
