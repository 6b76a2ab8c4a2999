// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/unpack/stream.hpp"

#include <bzlib.h>
#include <lz4.h>
#include <lzma.h>
#include <lzo/lzo1x.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace hyprelay::handoff {
namespace {

// A number of a header; none behind the end.
template <typename Number>
std::optional<Number> number_at(base::ByteView bytes, std::size_t at, std::endian order) {
  const auto number = base::read<Number>(bytes, at, order);
  return number ? std::optional(number.value()) : std::nullopt;
}

// zlib and its likes count what they read in 32 bits.
unsigned count_of(std::size_t bytes) {
  return static_cast<unsigned>(std::min<std::size_t>(bytes, 1U << 30));
}

Unpacked gunzip(base::ByteView packed, const TakeUnpacked& take) {
  z_stream stream = {};
  constexpr int kGzipWindow = 15 + 16;
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) {
    return failed(kNoMemory);
  }
  Unpacked result = run(packed, take, [&](base::ByteView& in, std::span<std::byte>& out) {
    // zlib does not write to what it reads.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
    stream.avail_in = count_of(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = count_of(out.size());
    const unsigned had = stream.avail_in;
    const int said = inflate(&stream, Z_NO_FLUSH);
    in = in.subspan(had - stream.avail_in);
    out = out.last(stream.avail_out);
    return said == Z_STREAM_END                  ? kEnd
           : said == Z_OK || said == Z_BUF_ERROR ? kMore
           : said == Z_MEM_ERROR                 ? kNoMemory
                                                 : kDamaged;
  });
  inflateEnd(&stream);
  return result;
}

Unpacked bunzip2(base::ByteView packed, const TakeUnpacked& take) {
  bz_stream stream = {};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) {
    return failed(kNoMemory);
  }
  Unpacked result = run(packed, take, [&](base::ByteView& in, std::span<std::byte>& out) {
    stream.next_in = reinterpret_cast<char*>(const_cast<std::byte*>(in.data()));
    stream.avail_in = count_of(in.size());
    stream.next_out = reinterpret_cast<char*>(out.data());
    stream.avail_out = count_of(out.size());
    const unsigned had = stream.avail_in;
    const int said = BZ2_bzDecompress(&stream);
    in = in.subspan(had - stream.avail_in);
    out = out.last(stream.avail_out);
    return said == BZ_STREAM_END ? kEnd : said == BZ_OK ? kMore : kDamaged;
  });
  BZ2_bzDecompressEnd(&stream);
  return result;
}

Unpacked unxz(base::ByteView packed, const TakeUnpacked& take, bool alone) {
  lzma_stream stream = LZMA_STREAM_INIT;
  const lzma_ret begun = alone ? lzma_alone_decoder(&stream, kDecoderBytes)
                               : lzma_stream_decoder(&stream, kDecoderBytes, 0);
  if (begun != LZMA_OK) {
    return failed(kNoMemory);
  }
  Unpacked result = run(packed, take, [&](base::ByteView& in, std::span<std::byte>& out) {
    stream.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream.avail_in = in.size();
    stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    stream.avail_out = out.size();
    const lzma_ret said = lzma_code(&stream, LZMA_RUN);
    in = in.last(stream.avail_in);
    out = out.last(stream.avail_out);
    return said == LZMA_STREAM_END                                 ? kEnd
           : said == LZMA_OK || said == LZMA_BUF_ERROR             ? kMore
           : said == LZMA_MEMLIMIT_ERROR || said == LZMA_MEM_ERROR ? kNoMemory
                                                                   : kDamaged;
  });
  lzma_end(&stream);
  return result;
}

// One frame, as Linux takes it [linux/lib/decompress_unzstd.c decompress_single].
Unpacked unzstd(base::ByteView packed, const TakeUnpacked& take) {
  ZSTD_DCtx* const context = ZSTD_createDCtx();
  if (context == nullptr) {
    return failed(kNoMemory);
  }
  constexpr int kWindowLog = 27;
  ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, kWindowLog);
  Unpacked result = run(packed, take, [&](base::ByteView& in, std::span<std::byte>& out) {
    ZSTD_inBuffer from = {in.data(), in.size(), 0};
    ZSTD_outBuffer into = {out.data(), out.size(), 0};
    const std::size_t said = ZSTD_decompressStream(context, &into, &from);
    in = in.subspan(from.pos);
    out = out.subspan(into.pos);
    if (ZSTD_isError(said) != 0) {
      const ZSTD_ErrorCode code = ZSTD_getErrorCode(said);
      const bool too_large =
          code == ZSTD_error_memory_allocation || code == ZSTD_error_frameParameter_windowTooLarge;
      return too_large ? kNoMemory : kDamaged;
    }
    return said == 0 ? kEnd : kMore;
  });
  ZSTD_freeDCtx(context);
  return result;
}

// The "legacy" frames of lz4(1), the only ones that Linux knows: a magic, then blocks of at most 8
// MiB with their length in front [linux/lib/decompress_unlz4.c]. Nothing says where they end: a
// length that no block has does, zeroes of padding above all.
Unpacked unlz4(base::ByteView packed, const TakeUnpacked& take) {
  constexpr std::size_t kMagicBytes = 4;
  constexpr std::uint32_t kMagic = 0x184c2102;
  constexpr std::size_t kBlockBytes = std::size_t{8} << 20;
  const auto block = std::make_unique_for_overwrite<std::byte[]>(kBlockBytes);
  std::size_t at = kMagicBytes;
  while (packed.size() - at >= kMagicBytes) {
    const std::uint32_t length =
        number_at<std::uint32_t>(packed, at, std::endian::little).value_or(0);
    if (length == kMagic) {
      at += kMagicBytes;
      continue;
    }
    if (length == 0 || length > static_cast<std::uint32_t>(LZ4_compressBound(kBlockBytes))) {
      break;
    }
    const auto content = base::slice(packed, at + kMagicBytes, length);
    const int made =
        content ? LZ4_decompress_safe(reinterpret_cast<const char*>(content.value().data()),
                                      reinterpret_cast<char*>(block.get()),
                                      static_cast<int>(length), static_cast<int>(kBlockBytes))
                : -1;
    if (made < 0) {
      return failed(kDamaged);
    }
    if (!take(base::ByteView(block.get(), static_cast<std::size_t>(made)))) {
      return failed(kUnwanted);
    }
    at += kMagicBytes + length;
  }
  return at == kMagicBytes ? failed(kDamaged) : done(at);
}

// How long the header of lzop(1) is, as Linux reads it [linux/lib/decompress_unlzo.c parse_header];
// 0: it is damaged.
std::size_t lzop_header_bytes(base::ByteView packed) {
  constexpr std::size_t kVersionAt = 9;
  constexpr std::uint16_t kFirstWithLevel = 0x940;
  constexpr std::uint32_t kHasFilter = 0x800;
  const std::uint16_t version =
      number_at<std::uint16_t>(packed, kVersionAt, std::endian::big).value_or(0);
  const bool has_level = version >= kFirstWithLevel;
  // Version, of the library, the one needed, method, level; then flags.
  std::size_t at = kVersionAt + 2 + 2 + (has_level ? 2 : 0) + 1 + (has_level ? 1 : 0);
  const std::uint32_t flags = number_at<std::uint32_t>(packed, at, std::endian::big).value_or(0);
  // Filter, mode, times; then the name.
  at += 4 + ((flags & kHasFilter) != 0 ? 4 : 0) + 4 + 4 + (has_level ? 4 : 0);
  const auto name_bytes = number_at<std::uint8_t>(packed, at, std::endian::big);
  constexpr std::size_t kSumBytes = 4;
  return name_bytes ? at + 1 + *name_bytes + kSumBytes : 0;
}

// [linux/lib/decompress_unlzo.c unlzo]
Unpacked unlzo(base::ByteView packed, const TakeUnpacked& take) {
  constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
  constexpr std::size_t kSumBytes = 4;
  std::size_t at = lzop_header_bytes(packed);
  if (at == 0 || lzo_init() != LZO_E_OK) {
    return failed(kDamaged);
  }
  std::vector<std::byte> block(kBlockBytes);
  while (true) {
    const auto length = number_at<std::uint32_t>(packed, at, std::endian::big);
    if (!length) {
      return failed(kDamaged);
    }
    if (*length == 0) {
      return done(at + sizeof(std::uint32_t));
    }
    const auto packed_length = number_at<std::uint32_t>(packed, at + 4, std::endian::big);
    if (!packed_length) {
      return failed(kDamaged);
    }
    at += 8 + kSumBytes;
    const auto content = base::slice(packed, at, *packed_length);
    if (!content || *length > kBlockBytes || *packed_length > *length) {
      return failed(kDamaged);
    }
    base::ByteView piece = content.value();
    if (*packed_length < *length) {
      lzo_uint made = block.size();
      const int said =
          lzo1x_decompress_safe(reinterpret_cast<const unsigned char*>(piece.data()), piece.size(),
                                reinterpret_cast<unsigned char*>(block.data()), &made, nullptr);
      if (said != LZO_E_OK || made != *length) {
        return failed(kDamaged);
      }
      piece = base::ByteView(block).first(made);
    }
    if (!take(piece)) {
      return failed(kUnwanted);
    }
    at += *packed_length;
  }
}

}  // namespace

Unpacked unpack_part(Packing packing, base::ByteView packed, const TakeUnpacked& take) {
  switch (packing) {
    case Packing::kGzip:
      return gunzip(packed, take);
    case Packing::kBzip2:
      return bunzip2(packed, take);
    case Packing::kLzma:
      return unxz(packed, take, true);
    case Packing::kXz:
      return unxz(packed, take, false);
    case Packing::kLzo:
      return unlzo(packed, take);
    case Packing::kLz4:
      return unlz4(packed, take);
    case Packing::kZstd:
      return unzstd(packed, take);
    case Packing::kNone:
    case Packing::kCpio:
      break;
  }
  return failed("it is not compressed");
}

}  // namespace hyprelay::handoff
