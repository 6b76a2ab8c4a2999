// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/unpack/frames.hpp"

#include "handoff/archive.hpp"

#include <lz4.h>
#include <lzma.h>
#include <zstd.h>

#include <limits>

namespace hyprelay::handoff {
namespace {

constexpr const char* kEndsEarly = "it ends before its frame does, or is damaged";

Unpacked frame_of(std::size_t size_bytes) {
  return {size_bytes, ""};
}
Unpacked no_frame() {
  return {{}, kEndsEarly};
}

Unpacked pass_zstd(base::ByteView packed) {
  const std::size_t size = ZSTD_findFrameCompressedSize(packed.data(), packed.size());
  return ZSTD_isError(size) != 0 ? no_frame() : frame_of(size);
}

// Its lengths are multiples of four [xz-file-format 2.1.2]; a footer has a checksum of its own, so
// that nothing else is taken for one.
Unpacked pass_xz(base::ByteView packed) {
  constexpr std::size_t kHeaderBytes = LZMA_STREAM_HEADER_SIZE;
  for (std::size_t end = 2 * kHeaderBytes; end <= packed.size(); end += 4) {
    const auto* footer = reinterpret_cast<const std::uint8_t*>(packed.data()) + end - kHeaderBytes;
    lzma_stream_flags flags;
    if (footer[kHeaderBytes - 2] == 'Y' && lzma_stream_footer_decode(&flags, footer) == LZMA_OK) {
      return frame_of(end);
    }
  }
  return no_frame();
}

// As linux/lib/decompress_unlz4.c goes through them: a length that no block has is behind the last.
Unpacked pass_lz4(base::ByteView packed) {
  constexpr std::size_t kWord = 4;
  constexpr std::uint32_t kMagic = 0x184c2102;
  constexpr int kBlockBytes = 8 << 20;
  std::size_t at = kWord;
  while (packed.size() - at >= kWord) {
    const auto word = base::read_le<std::uint32_t>(packed, at);
    const std::uint32_t length = word ? word.value() : 0;
    if (length == kMagic) {
      at += kWord;
      continue;
    }
    if (length == 0 || length > static_cast<std::uint32_t>(LZ4_compressBound(kBlockBytes))) {
      break;
    }
    if (length > packed.size() - at - kWord) {
      return no_frame();
    }
    at += kWord + length;
  }
  return frame_of(at);
}

}  // namespace

std::optional<std::string> why_not_whole(base::ByteView initrd) {
  if (packing_of(initrd) == Packing::kNone) {
    return std::nullopt;
  }
  // Nobody knows where it ends: what is behind it may be anything.
  bool is_untold = false;
  const Unpack pass = [&](Packing packing, base::ByteView packed, const TakeUnpacked&) {
    switch (packing) {
      case Packing::kZstd:
        return pass_zstd(packed);
      case Packing::kXz:
        return pass_xz(packed);
      case Packing::kLz4:
        return pass_lz4(packed);
      default:
        is_untold = true;
        return no_frame();
    }
  };
  const ArchiveWalk walk = walk_archive(initrd, pass, std::numeric_limits<std::uint64_t>::max());
  return walk.stopped.empty() || is_untold ? std::nullopt : std::optional(walk.stopped);
}

}  // namespace hyprelay::handoff
