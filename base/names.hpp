// SPDX-License-Identifier: BSD-2-Clause
// The one way from a value to its text and back: an array of rows, most of them made of a table of
// abi/. Environment: hosted. (An image has no array of pointers, which would need relocation: there
// a switch over the table says the text.)
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace hyprelay::base {

// The text lives for ever.
template <class Value>
struct Named {
  const char* name;
  Value value;
};

// The text of the first row with this value; `otherwise` when there is none.
template <class Value, std::size_t kCount>
constexpr const char* name_of(const Named<Value> (&rows)[kCount], Value value,
                              const char* otherwise = "") {
  const auto* const row = std::ranges::find(rows, value, &Named<Value>::value);
  return row == std::end(rows) ? otherwise : row->name;
}

template <class Value, std::size_t kCount>
constexpr std::optional<Value> value_named(const Named<Value> (&rows)[kCount],
                                           std::string_view name) {
  const auto* const row = std::ranges::find_if(
      rows, [name](const Named<Value>& candidate) { return name == candidate.name; });
  return row == std::end(rows) ? std::nullopt : std::optional(row->value);
}

}  // namespace hyprelay::base
