// SPDX-License-Identifier: BSD-2-Clause
// What the fuzz targets share. Environment: hosted.
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>

namespace hyprelay::fuzz {

// A condition that must hold, also in a build without assertions.
inline void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

inline base::ByteView bytes_of(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

}  // namespace hyprelay::fuzz
