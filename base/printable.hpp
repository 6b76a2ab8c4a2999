// SPDX-License-Identifier: BSD-2-Clause
// Text of others (names of files, strings of trees, command lines, logs) as it may go to a
// terminal: the one place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hyprelay::base {

// A control character, which a terminal would obey [ECMA-48 5.2, 5.3]: 0x00 to 0x1f but for the
// tab, which harms nobody, 0x7f, and 0x80 to 0x9f. Of the last ones what counts is their form in
// UTF-8; a byte that is no UTF-8 stays, since names of files may have any and no terminal of UTF-8
// obeys it.
//
// Where the first one stands; npos: there is none.
std::size_t find_control(std::string_view text);

enum class Lines : bool { kOne, kMany };
// With each control character as "\x1b"; newlines of kMany stay. Nothing else changes, a
// backslash neither: it is for eyes, and cannot be read back.
std::string printable(std::string_view text, Lines lines = Lines::kOne);

}  // namespace hyprelay::base
