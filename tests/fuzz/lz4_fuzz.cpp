// SPDX-License-Identifier: BSD-2-Clause
// Any bytes as an LZ4 block, for a place of any size: both ways to inflate it say the same, what
// liblz4 inflates they inflate to the same, and it stands for that alone.
#include "base/lz4_block.hpp"
#include "base/lz4_inflate.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <lz4.h>

#include <vector>

namespace base = hyprelay::base;
using hyprelay::fuzz::require;

namespace {

// Of a block that is whole otherwise.
bool has_offset_0(base::ByteView block) {
  std::size_t at = 0;
  const auto next = [&] { return at < block.size() ? std::to_integer<unsigned>(block[at++]) : 0; };
  const auto length = [&](std::size_t bytes) {
    for (unsigned more = bytes == 15 ? 255 : 0; more == 255;) {
      more = next();
      bytes += more;
    }
    return bytes;
  };
  while (at < block.size()) {
    const unsigned token = next();
    at += length(token >> 4);
    if (at >= block.size()) {
      return false;
    }
    const unsigned low = next();
    if ((low | next()) == 0) {
      return true;
    }
    length(token & 15);
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) {
    return 0;
  }
  // Of the sizes that count near ends one per byte, and some where the fast way is taken.
  const std::size_t out_bytes = data[0] < 128 ? data[1] : (data[0] & 127U) * 1024U + data[1];
  const base::ByteView block = hyprelay::fuzz::bytes_of(data + 2, size - 2);
  std::vector<std::byte> bytes(out_bytes);
  std::vector<std::byte> wide(out_bytes);
  const bool whole = base::lz4_inflate_bytes(block, bytes);
  require(base::lz4::Inflation<base::lz4::ByWords>(block, wide).run() == whole);
  require(!whole || bytes == wide);
  require(base::lz4_is_of(block, bytes) == whole);
  if (whole && out_bytes != 0) {
    std::byte& other = wide[data[0] * 7919U % out_bytes];
    other ^= std::byte{1};
    require(!base::lz4_is_of(block, wide));
  }
  std::vector<std::byte> theirs(out_bytes + 1);
  const int given = LZ4_decompress_safe(
      reinterpret_cast<const char*>(block.data()), reinterpret_cast<char*>(theirs.data()),
      static_cast<int>(block.size()), static_cast<int>(out_bytes));
  if (given >= 0 && static_cast<std::size_t>(given) == out_bytes) {
    theirs.resize(out_bytes);
    // An offset of 0 is invalid [lz4_Block_format.md, "Offset"], but liblz4 takes it.
    require(whole ? theirs == bytes : has_offset_0(block));
  }
  return 0;
}
