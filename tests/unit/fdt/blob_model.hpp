// SPDX-License-Identifier: BSD-2-Clause
// A reader of device tree blobs that shares nothing with the code under test nor with libfdt: the
// oracle that their results are compared with [devicetree specification chapter 5].
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hyprelay::test {

using Bytes = std::vector<std::byte>;

struct BlobModel {
  // Path of each node -> its properties. A path that occurs twice gets "#2" and so on behind it.
  std::map<std::string, std::map<std::string, Bytes>> nodes;
  // Address and size of each /memreserve/ entry.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> reservations;
  std::size_t nops = 0;

  bool operator==(const BlobModel&) const = default;
};

// The blob must be well formed: anything else ends the program.
BlobModel model_of(std::span<const std::byte> blob);

}  // namespace hyprelay::test
