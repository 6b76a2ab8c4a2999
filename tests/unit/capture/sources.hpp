// SPDX-License-Identifier: BSD-2-Clause
// Sources of bytes that tell what is asked of them, or fail. Environment: hosted.
#pragma once

#include "capture/source.hpp"

#include <cstdint>
#include <span>

namespace hyprelay::test {

// A source with a page that cannot be read, as a vmcore with a machine check in it.
class BadSource : public capture::ByteSource {
 public:
  BadSource(base::ByteView bytes, std::uint64_t bad) : view_(bytes), bad_(bad) {}
  std::uint64_t size_bytes() const override { return view_.size_bytes(); }
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    if (offset <= bad_ && bad_ < offset + into.size()) {
      return base::Error(base::Code::CAPTURE_UNREADABLE, base::Stage::kCapture).with_at(offset);
    }
    return view_.read(offset, into);
  }

 private:
  capture::ViewSource view_;
  std::uint64_t bad_;
};

// Counts what is read of the bytes behind it.
class CountingSource : public capture::ByteSource {
 public:
  explicit CountingSource(base::ByteView bytes) : view_(bytes) {}
  std::uint64_t size_bytes() const override { return view_.size_bytes(); }
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    read_bytes += into.size();
    return view_.read(offset, into);
  }
  std::uint64_t read_bytes = 0;

 private:
  capture::ViewSource view_;
};

}  // namespace hyprelay::test
