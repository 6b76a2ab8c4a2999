// SPDX-License-Identifier: BSD-2-Clause
#include "capture/zstd.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace hyprelay::capture {
namespace {

// The fastest of the regular levels: the time until the machine runs again counts for more than the
// last tenth of the size.
constexpr int kLevel = 1;
// More than any frame of copy_image holds, so that no file makes a reader take all of the memory.
constexpr std::uint64_t kMostContent = std::uint64_t{4} << 20;

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

bool is_packed(ByteSource& source) {
  // [RFC 8878, 3.1.1], little endian.
  std::array<std::byte, 4> magic{};
  return source.read(0, magic).has_value() &&
         magic == std::array{std::byte{0x28}, std::byte{0xb5}, std::byte{0x2f}, std::byte{0xfd}};
}

UnpackedSource::UnpackedSource(UnpackedSource&& other) noexcept
    : ByteSource(),
      packed_(other.packed_),
      frames_(std::move(other.frames_)),
      size_bytes_(other.size_bytes_),
      content_(std::move(other.content_)),
      content_at_(other.content_at_) {}

base::Result<UnpackedSource> UnpackedSource::open(ByteSource& packed) {
  UnpackedSource source(packed);
  std::vector<std::byte> window;
  for (std::uint64_t at = 0; at < packed.size_bytes();) {
    window.resize(static_cast<std::size_t>(
        std::min<std::uint64_t>(ZSTD_compressBound(kMostContent), packed.size_bytes() - at)));
    HR_TRYV(packed.read(at, window));
    const unsigned long long content = ZSTD_getFrameContentSize(window.data(), window.size());
    if (content > kMostContent) {
      return base::Error(base::Code::CAPTURE_DAMAGED, base::Stage::kCapture).with_at(at);
    }
    const std::size_t length = ZSTD_findFrameCompressedSize(window.data(), window.size());
    if (ZSTD_isError(length) != 0 && !source.frames_.empty()) {
      break;
    }
    if (ZSTD_isError(length) != 0) {
      return base::Error(base::Code::CAPTURE_TRUNCATED, base::Stage::kCapture)
          .with_at(at)
          .with_limit(packed.size_bytes());
    }
    source.frames_.push_back({source.size_bytes_, at, static_cast<std::size_t>(content), length});
    source.size_bytes_ += content;
    at += length;
  }
  return source;
}

base::Result<void> UnpackedSource::unpack(const Frame& frame) {
  std::vector<std::byte> bytes(frame.packed_bytes);
  HR_TRYV(packed_.read(frame.packed_at, bytes));
  content_.resize(frame.content_bytes);
  content_at_ = frame.content_at;
  if (ZSTD_decompress(content_.data(), content_.size(), bytes.data(), bytes.size()) !=
      frame.content_bytes) {
    content_.clear();
    return base::Error(base::Code::CAPTURE_DAMAGED, base::Stage::kCapture).with_at(frame.packed_at);
  }
  return base::success();
}

base::Result<void> UnpackedSource::read(std::uint64_t offset, std::span<std::byte> into) {
  if (offset > size_bytes_ || into.size() > size_bytes_ - offset) {
    return base::Error(base::Code::CAPTURE_TRUNCATED, base::Stage::kCapture)
        .with_at(offset)
        .with_limit(size_bytes_);
  }
  while (!into.empty()) {
    if (offset < content_at_ || offset - content_at_ >= content_.size()) {
      // The last frame that begins at or before the offset; empty ones hold nothing.
      const auto behind = std::ranges::upper_bound(frames_, offset, {}, &Frame::content_at);
      HR_TRYV(unpack(*(behind - 1)));
    }
    const std::size_t at = static_cast<std::size_t>(offset - content_at_);
    const std::size_t size = std::min(into.size(), content_.size() - at);
    std::ranges::copy(std::span(content_).subspan(at, size), into.begin());
    into = into.subspan(size);
    offset += size;
  }
  return base::success();
}

}  // namespace hyprelay::capture
