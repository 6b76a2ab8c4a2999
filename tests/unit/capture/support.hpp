// SPDX-License-Identifier: BSD-2-Clause
// Files of tests/data/capture, and expectations about errors.
#pragma once

#include "capture/core.hpp"
#include "os/files.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include <string>
#include <vector>

namespace hyprelay::test {

// One or more zstd frames, unpacked.
inline std::vector<std::byte> unpack(base::ByteView packed) {
  std::vector<std::byte> all;
  while (!packed.empty()) {
    const std::size_t frame = ZSTD_findFrameCompressedSize(packed.data(), packed.size());
    const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (ZSTD_isError(frame) != 0 || size > (1u << 30)) {
      ADD_FAILURE() << "not a whole zstd frame at " << all.size();
      return all;
    }
    const std::size_t at = all.size();
    all.resize(at + static_cast<std::size_t>(size));
    EXPECT_EQ(ZSTD_decompress(all.data() + at, size, packed.data(), frame), size);
    packed = packed.subspan(frame);
  }
  return all;
}

inline std::string captured_text(const std::string& name) {
  const auto bytes = os::read_fact(HR_TEST_DATA "/capture/" + name);
  EXPECT_TRUE(bytes) << name;
  return bytes ? std::string(base::text_of(bytes.value())) : std::string();
}

inline std::vector<std::byte> captured_core(const std::string& name) {
  const std::string packed = captured_text(name);
  return unpack(base::bytes_of(packed));
}

template <class T>
void expect_code(const base::Result<T>& result, base::Code code) {
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), code);
}

}  // namespace hyprelay::test
