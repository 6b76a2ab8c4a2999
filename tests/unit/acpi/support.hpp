// SPDX-License-Identifier: BSD-2-Clause
// Tables of EDK2 and of iasl, and ways to change them.
#pragma once

#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace hyprelay::test {

using Bytes = std::vector<std::byte>;

inline Bytes file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  EXPECT_FALSE(text.empty()) << path;
  Bytes bytes(text.size());
  std::ranges::copy(base::bytes_of(text), bytes.begin());
  return bytes;
}

// Of a machine that was captured.
inline Bytes edk2(const std::string& folder, const std::string& name) {
  return file(std::string(HR_TEST_DATA "/linux/") + folder + "/sys/firmware/acpi/tables/" + name);
}

// What iasl made.
inline Bytes iasl(const std::string& name) {
  return file(HR_TEST_DATA "/acpi/" + name + ".aml");
}

inline void put(Bytes& table, std::size_t at, std::uint64_t value, std::size_t size_bytes) {
  for (std::size_t i = 0; i < size_bytes; ++i) {
    table.at(at + i) = static_cast<std::byte>(value >> (8 * i));
  }
}

// Length and checksum as the content has them.
inline Bytes sealed(Bytes table) {
  put(table, 4, table.size(), 4);
  put(table, 9, 0, 1);
  unsigned sum = 0;
  for (const std::byte byte : table) {
    sum += std::to_integer<unsigned>(byte);
  }
  put(table, 9, 0x100 - (sum & 0xff), 1);
  return table;
}

// With that number there, and the checksum put right.
inline Bytes with(Bytes table, std::size_t at, std::uint64_t value, std::size_t size_bytes) {
  put(table, at, value, size_bytes);
  return sealed(std::move(table));
}

}  // namespace hyprelay::test
