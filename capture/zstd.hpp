// SPDX-License-Identifier: BSD-2-Clause
// Compression by libzstd; the only code that includes <zstd.h>. Environment: hosted.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <memory>

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

}  // namespace hyprelay::capture
