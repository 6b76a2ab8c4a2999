// SPDX-License-Identifier: BSD-2-Clause
// What follows below.bin in a kernel image that goes below a resident which an earlier kernel left
// in memory: a bundle, and this table of it. tests/boot/chain.cpp writes it, below.cpp reads it;
// little endian.
#pragma once

#include <cstdint>

namespace hyprelay::target {

constexpr std::uint32_t kBelowMagic = 0x574c4542;  // "BELW"
constexpr std::uint32_t kBelowSegments = 8;
// The table and every segment begin at a multiple of this, from the start of the image.
constexpr std::uint64_t kBelowAlign = 4096;
// On the command line: the physical address of the resident's vectors, in hex
// (rehearse/protocol/words.hpp).
constexpr char kBelowParameter[] = "hyprelay-resident=0x";

struct BelowSegment {
  std::uint64_t offset;  // in the image
  std::uint64_t start;   // where it belongs
  std::uint64_t size_bytes;
};

struct BelowTable {
  std::uint32_t magic;
  std::uint32_t segment_count;
  std::uint64_t image_bytes;  // table and segments included
  std::uint64_t entry;        // of the bundle: its relay
  BelowSegment segments[kBelowSegments];
};

}  // namespace hyprelay::target
