// SPDX-License-Identifier: BSD-2-Clause
#include "capture/zstd.hpp"

#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hyprelay::capture {
namespace {

// The fastest of the regular levels: the time until the machine runs again counts for more than the
// last tenth of the size.
constexpr int kLevel = 1;

}  // namespace

struct Compressor::Context {
  ZSTD_CCtx* zstd = ZSTD_createCCtx();
  // Kept: pages that are new to the process cost a 32-bit capture kernel more than the compression.
  std::vector<std::byte> out;
  ~Context() { ZSTD_freeCCtx(zstd); }
};

Compressor::Compressor() : context_(std::make_unique<Context>()) {
  if (context_->zstd != nullptr) {
    ZSTD_CCtx_setParameter(context_->zstd, ZSTD_c_compressionLevel, kLevel);
  }
}
Compressor::~Compressor() = default;
Compressor::Compressor(Compressor&&) noexcept = default;
Compressor& Compressor::operator=(Compressor&&) noexcept = default;

base::Result<base::ByteView> Compressor::frame(base::ByteView bytes) {
  const base::Error no_memory(base::Code::NO_MEMORY, base::Stage::kCapture, "zstd");
  if (context_->zstd == nullptr) {
    return no_memory;
  }
  std::vector<std::byte>& out = context_->out;
  out.resize(std::max(out.size(), ZSTD_compressBound(bytes.size())));
  const std::size_t used =
      ZSTD_compress2(context_->zstd, out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(used) != 0) {
    return no_memory;
  }
  return base::ByteView(out).first(used);
}

}  // namespace hyprelay::capture
