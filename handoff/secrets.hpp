// SPDX-License-Identifier: BSD-2-Clause
// What must not leave a machine with a report of it: seeds, MAC addresses, serial numbers, keys,
// passwords. Known by name and form (secret_words.hpp) where they stand, and from then on by
// themselves wherever else they occur. Pure.
#pragma once

#include "base/bytes.hpp"
#include "handoff/machine.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// One that was found.
struct LeftOutSecret {
  // "device tree: /chosen: kaslr-seed"
  std::string where;
  // "seed"
  std::string what;
  std::size_t size_bytes = 0;

  bool operator==(const LeftOutSecret&) const = default;
};

// In place of it: "<left-out-seed-of-8-bytes>", one word without an equals sign wherever it stands.
std::string secret_mark(std::string_view what, std::size_t size_bytes);

// Texts go through it twice when a later one may hold what an earlier one only repeats.
class Secrets {
 public:
  // The text with a mark in place of each; `where` it stands is for left_out().
  std::string command_line(std::string_view line, std::string_view where);
  // Lines of KEY=VALUE, whose values may be command lines.
  std::string configuration(std::string_view text, std::string_view where);
  std::string text(std::string_view text, std::string_view where);
  // Only what is known already.
  std::string mark_known(std::string text) const;
  // A plan can be made of it still: in the tree a binary secret becomes zeroes of its length. A
  // tree that cannot be read is left out as a whole.
  Machine machine(const Machine& machine);

  // Each of them once.
  const std::vector<LeftOutSecret>& left_out() const { return left_out_; }

  // Whether the text still holds one that was found, by its bytes or reversed, as text of either
  // case, in hexadecimal or in base64. Those of less than kLeastBytes are not looked for, nor those
  // that are one byte over and over: they are found everywhere.
  bool is_any_in(std::string_view text) const;
  static constexpr std::size_t kLeastBytes = 6;

 private:
  std::string mark(std::string_view value, std::string_view what, std::string_view where,
                   bool remembered);
  void remember(base::ByteView value);
  std::vector<std::byte> tree(base::ByteView blob, std::string_view name);
  void note(std::string_view where, std::string_view what, std::size_t size_bytes);
  std::vector<std::byte> property(const std::string& node, std::string_view name,
                                  base::ByteView value);

  std::vector<LeftOutSecret> left_out_;
  std::vector<std::vector<std::byte>> known_;
};

}  // namespace hyprelay::handoff
