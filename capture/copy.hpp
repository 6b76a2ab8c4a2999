// SPDX-License-Identifier: BSD-2-Clause
// Copying a memory image as it is, compressed or with holes. Environment: hosted, threads.
#pragma once

#include "base/result.hpp"
#include "capture/core.hpp"
#include "capture/source.hpp"

#include <cstdint>
#include <functional>

namespace hyprelay::capture {

// Where the bytes of a dump go, one behind the other.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  // Errors: CAPTURE_FULL, CAPTURE_WRITE, CAPTURE_SSH.
  virtual base::Result<void> write(base::ByteView bytes) = 0;
  // As many zero bytes, for which a file may have a hole.
  virtual base::Result<void> skip(std::uint64_t size_bytes);
};

// Called now and then with the bytes of the image that are done.
using Progress = std::function<void(std::uint64_t done_bytes)>;

enum class CopyFormat : std::uint8_t { kElf, kZstd };

struct CopyResult {
  // Of the image: what was read, and how much of it was not readable and is zero in the copy.
  std::uint64_t image_bytes = 0;
  std::uint64_t unreadable_bytes = 0;
  // The image ends before its headers say; all that is there was copied.
  bool truncated = false;
};

// Copies the first core.size_bytes of the source. kZstd: a frame for each MiB, compressed by
// `threads` threads (0 is 1); kElf: byte by byte, with runs of zero pages given to skip(). Those
// threads read the source as well, one at a time and ahead of what is written; the sink and
// `progress` are called by the caller's own.
// Memory: 3 MiB per thread and 6 MiB, taken before anything is written; with less, by fewer
// threads, and not ahead. Errors: those of the sink, NO_MEMORY.
base::Result<CopyResult> copy_image(ByteSource& source, const Core& core, CopyFormat format,
                                    unsigned threads, Sink& sink, const Progress& progress);

// Of 16 KiB each: some 0.2 s of a slow CPU when all of them are compressed.
inline constexpr std::uint64_t kSamples = 512;

// How large a copy will be, from that many samples all over the image. For kZstd an upper bound in
// practice, since small samples compress less well. What cannot be read counts in full. Error:
// NO_MEMORY.
base::Result<std::uint64_t> estimate_bytes(ByteSource& source, const Core& core, CopyFormat format,
                                           std::uint64_t samples = kSamples);

bool is_zero(base::ByteView bytes);
// 64 KiB of zeros, which live for ever.
base::ByteView zero_bytes();

}  // namespace hyprelay::capture
