// SPDX-License-Identifier: BSD-2-Clause
// Where the bytes of a memory image come from. Environment: hosted.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace hyprelay::capture {

// A memory image is larger than what a capture kernel may use, so it is read piece by piece.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  virtual std::uint64_t size_bytes() const = 0;
  // Fills all of `into` from that offset. Errors (stage capture, at: the offset): CAPTURE_TRUNCATED
  // (it ends before), CAPTURE_UNREADABLE.
  virtual base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) = 0;
};

// Bytes that somebody else owns, as a source.
class ViewSource : public ByteSource {
 public:
  explicit ViewSource(base::ByteView bytes) : bytes_(bytes) {}
  std::uint64_t size_bytes() const override { return bytes_.size(); }
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override;

 private:
  base::ByteView bytes_;
};

}  // namespace hyprelay::capture
