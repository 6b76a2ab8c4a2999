// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/unpack/stream.hpp"

#include <zstd.h>

namespace hyprelay::handoff {
namespace {

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
    return ZSTD_isError(said) != 0 ? kDamaged : said == 0 ? kEnd : kMore;
  });
  ZSTD_freeDCtx(context);
  return result;
}

}  // namespace

Unpacked unpack_part(Packing packing, base::ByteView packed, const TakeUnpacked& take) {
  if (packing == Packing::kZstd) {
    return unzstd(packed, take);
  }
  return packing == Packing::kNone || packing == Packing::kCpio
             ? failed("it is not compressed")
             : unpack_other(packing, packed, take);
}

}  // namespace hyprelay::handoff
