// SPDX-License-Identifier: BSD-2-Clause
// Compression by libzstd; the only code that includes <zstd.h>. Environment: hosted.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "capture/source.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace hyprelay::capture {

// One thread's compressor. Frames one behind the other are a file that zstd(1) reads, and each of
// them can be read without the ones behind it.
class Compressor {
 public:
  Compressor();
  ~Compressor();
  Compressor(Compressor&&) noexcept;
  Compressor& operator=(Compressor&&) noexcept;

  // A whole frame; it lives until the next call. Error: NO_MEMORY.
  base::Result<base::ByteView> frame(base::ByteView bytes);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// Whether the source begins as a frame does.
bool is_packed(ByteSource& source);

// Frames of a Compressor, one behind the other, read as what they hold. Behind a whole frame,
// whatever is no whole frame is the end: a copy that was cut off, wherever, is read up to there.
// The content of kKeptFrames frames is in memory at a time: what a log is made of lies in a few.
class UnpackedSource : public ByteSource {
 public:
  // Looks at every frame, reading `packed` once, and once more at worst; `packed` must outlive it.
  // Errors (at: the offset in `packed`): CAPTURE_DAMAGED (it does not begin with a frame, or with
  // none of a Compressor), CAPTURE_TRUNCATED (not one is whole), and those of `packed`.
  static base::Result<UnpackedSource> open(ByteSource& packed);
  UnpackedSource(UnpackedSource&& other) noexcept;

  std::uint64_t size_bytes() const override { return frames_.back().content_at; }
  // Error besides those of a source: CAPTURE_DAMAGED (at: as above).
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override;

 private:
  // Where a frame begins; it ends where the next one does. The last entry is the end of them all.
  struct Frame {
    std::uint64_t content_at = 0;
    std::uint64_t packed_at = 0;
  };
  explicit UnpackedSource(ByteSource& packed) : packed_(packed) {}
  base::Result<void> find_frames();
  // The content of a frame that is in memory.
  struct Kept {
    std::uint64_t at = 0;
    std::vector<std::byte> content;
    bool has(std::uint64_t offset) const { return offset >= at && offset - at < content.size(); }
  };
  static constexpr std::size_t kKeptFrames = 4;
  base::Result<void> unpack(const Frame& frame, const Frame& next, Kept& into);
  base::Result<const Kept*> frame_of(std::uint64_t offset);

  ByteSource& packed_;
  std::vector<Frame> frames_;
  // The one that was asked for last is the first.
  std::vector<Kept> kept_;
};

}  // namespace hyprelay::capture
