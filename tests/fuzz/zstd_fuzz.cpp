// SPDX-License-Identifier: BSD-2-Clause
// Any bytes as a vmcore.zst: what is read of them is what libzstd's stream decoder makes of the
// whole frames at their front, wherever it is read from, and they are not read more than twice.
#include "capture/zstd.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/capture/sources.hpp"

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace {

namespace capture = hyprelay::capture;
namespace base = hyprelay::base;
using hyprelay::fuzz::require;

constexpr std::size_t kMost = std::size_t{16} << 20;

// The first `most` bytes that the stream decoder gives before it finds fault or the end.
std::vector<std::byte> stream(base::ByteView packed, std::size_t most) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                     &ZSTD_freeDCtx);
  std::vector<std::byte> out(most);
  ZSTD_inBuffer from{packed.data(), packed.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  while (to.pos < most) {
    const std::size_t before = to.pos + from.pos;
    const std::size_t left = ZSTD_decompressStream(context.get(), &to, &from);
    if (ZSTD_isError(left) != 0 || to.pos + from.pos == before) {
      break;
    }
  }
  out.resize(to.pos);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView packed = hyprelay::fuzz::bytes_of(data, size);
  hyprelay::test::CountingSource source(packed);
  auto unpacked = capture::UnpackedSource::open(source);
  require(source.read_bytes <= 2 * size);
  if (!unpacked) {
    require(unpacked.error().code() == base::Code::CAPTURE_DAMAGED ||
            unpacked.error().code() == base::Code::CAPTURE_TRUNCATED);
    return 0;
  }
  const std::size_t end =
      static_cast<std::size_t>(std::min<std::uint64_t>(unpacked.value().size_bytes(), kMost));
  std::vector<std::byte> all(end);
  if (!unpacked.value().read(0, all)) {
    return 0;  // A frame whose blocks are damaged behind a sound header.
  }
  require(stream(packed, end) == all);
  std::vector<std::byte> piece(std::min<std::size_t>(end, 3));
  for (std::size_t i = 0; i < 8 && size != 0; ++i) {
    const std::size_t at = data[i % size] * (end - piece.size()) / 255;
    require(unpacked.value().read(at, piece).has_value());
    require(std::ranges::equal(piece, std::span(all).subspan(at, piece.size())));
  }
  return 0;
}
