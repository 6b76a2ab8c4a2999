// SPDX-License-Identifier: BSD-2-Clause
// Bytes packed by the programs that pack kernels, for tests.
#pragma once

#include "os/process.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace hyprelay::handoff::testing {

// What a shell's filter makes of them.
inline Bytes filtered(const std::string& filter, base::ByteView bytes) {
  const auto path =
      std::filesystem::path(::testing::TempDir()) / ("packed-" + std::to_string(::getpid()));
  std::ofstream(path, std::ios::binary) << base::text_of(bytes);
  const auto outcome = os::run_captured({"/bin/sh", "-c", filter + " <" + path.string()});
  EXPECT_EQ(outcome.exit_code, 0) << filter << outcome.errors;
  std::filesystem::remove(path);
  return bytes_of(outcome.output);
}

struct Packer {
  const char* filter;
  const char* name;
};
// As Linux calls them [linux/scripts/Makefile.lib], for arm with its filter of branches.
inline constexpr Packer kPackers[] = {
    {"gzip -n -f -9", "gzip"}, {"xz --check=crc32 --arm --lzma2=,dict=32MiB", "xz"},
    {"lzma -9", "lzma"},       {"lzop -9", "lzo"},
    {"lz4 -l -9 - -", "lz4"},  {"zstd -q -22 --ultra", "zstd"},
};

}  // namespace hyprelay::handoff::testing
