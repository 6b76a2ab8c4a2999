// SPDX-License-Identifier: BSD-2-Clause
#include "capture/zstd.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
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
  try {
    out.resize(std::max(out.size(), ZSTD_compressBound(bytes.size())));
  } catch (const std::bad_alloc&) {
    // Of a thread it would be the end of the program.
    return no_memory;
  }
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
      kept_(std::move(other.kept_)) {}

base::Result<UnpackedSource> UnpackedSource::open(ByteSource& packed) {
  UnpackedSource source(packed);
  HR_TRYV(source.find_frames());
  return source;
}

// Frames are of some bytes (zeros) to a MiB, so many of them are found in each window that is read,
// and a window begins where the last whole frame of the one before it ended.
base::Result<void> UnpackedSource::find_frames() {
  const std::uint64_t most_packed = ZSTD_compressBound(kMostContent);
  std::vector<std::byte> window;
  std::uint64_t window_at = 0;
  Frame next;
  frames_.push_back(next);
  while (next.packed_at < packed_.size_bytes()) {
    const std::uint64_t left = packed_.size_bytes() - next.packed_at;
    if (window_at + window.size() - next.packed_at < std::min(most_packed, left)) {
      window.resize(static_cast<std::size_t>(std::min(2 * most_packed, left)));
      window_at = next.packed_at;
      HR_TRYV(packed_.read(window_at, window));
    }
    const base::ByteView rest =
        base::ByteView(window).subspan(static_cast<std::size_t>(next.packed_at - window_at));
    const unsigned long long content = ZSTD_getFrameContentSize(rest.data(), rest.size());
    const std::size_t length = ZSTD_findFrameCompressedSize(rest.data(), rest.size());
    const bool first = next.packed_at == 0;
    if (first && content > kMostContent) {
      return base::Error(base::Code::CAPTURE_DAMAGED, base::Stage::kCapture).with_at(0);
    }
    if (first && ZSTD_isError(length) != 0) {
      return base::Error(base::Code::CAPTURE_TRUNCATED, base::Stage::kCapture)
          .with_at(0)
          .with_limit(packed_.size_bytes());
    }
    if (content > kMostContent || ZSTD_isError(length) != 0) {
      break;
    }
    next = {next.content_at + content, next.packed_at + length};
    if (content == 0) {
      frames_.back() = next;  // Empty ones hold nothing.
    } else {
      frames_.push_back(next);
    }
  }
  return base::success();
}

base::Result<void> UnpackedSource::unpack(const Frame& frame, const Frame& next, Kept& into) {
  // Up to the next one there may be empty ones too, however many.
  std::vector<std::byte> bytes(static_cast<std::size_t>(
      std::min<std::uint64_t>(next.packed_at - frame.packed_at, ZSTD_compressBound(kMostContent))));
  HR_TRYV(packed_.read(frame.packed_at, bytes));
  const std::size_t length = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
  into.content.resize(static_cast<std::size_t>(next.content_at - frame.content_at));
  into.at = frame.content_at;
  if (ZSTD_isError(length) != 0 || ZSTD_decompress(into.content.data(), into.content.size(),
                                                   bytes.data(), length) != into.content.size()) {
    into.content.clear();
    return base::Error(base::Code::CAPTURE_DAMAGED, base::Stage::kCapture).with_at(frame.packed_at);
  }
  return base::success();
}

base::Result<const UnpackedSource::Kept*> UnpackedSource::frame_of(std::uint64_t offset) {
  auto found = std::ranges::find_if(kept_, [&](const Kept& kept) { return kept.has(offset); });
  const bool is_new = found == kept_.end();
  if (is_new) {
    // In the place of the one that was not asked for the longest.
    if (kept_.size() < kKeptFrames) {
      kept_.emplace_back();
    }
    found = kept_.end() - 1;
  }
  std::rotate(kept_.begin(), found, found + 1);
  if (is_new) {
    // The last frame that begins at or before the offset.
    const auto behind = std::ranges::upper_bound(frames_, offset, {}, &Frame::content_at);
    HR_TRYV(unpack(*(behind - 1), *behind, kept_.front()));
  }
  return &kept_.front();
}

base::Result<void> UnpackedSource::read(std::uint64_t offset, std::span<std::byte> into) {
  if (offset > size_bytes() || into.size() > size_bytes() - offset) {
    return base::Error(base::Code::CAPTURE_TRUNCATED, base::Stage::kCapture)
        .with_at(offset)
        .with_limit(size_bytes());
  }
  while (!into.empty()) {
    HR_TRY(frame, frame_of(offset));
    const auto rest =
        std::span(frame->content).subspan(static_cast<std::size_t>(offset - frame->at));
    const std::size_t size = std::min(into.size(), rest.size());
    std::ranges::copy(rest.first(size), into.begin());
    into = into.subspan(size);
    offset += size;
  }
  return base::success();
}

}  // namespace hyprelay::capture
