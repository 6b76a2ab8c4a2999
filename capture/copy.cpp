// SPDX-License-Identifier: BSD-2-Clause
#include "capture/copy.hpp"

#include "capture/zstd.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

namespace hyprelay::capture {
namespace {

using base::ByteView;
using base::Code;

// Level 1 looks back no further than half of it.
constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kPage = 4096;

// Beside one piece for each thread: one is written while the next waits for the same.
constexpr unsigned kWaiting = 2;

// A piece of the image on its way.
struct Piece {
  std::vector<std::byte> raw;
  Compressor compressor;
  ByteView packed;  // of the compressor
  bool ready = false;
  bool failed = false;
};

// Fills `into`; pages that cannot be read become zero and are counted.
void read_pages(ByteSource& source, std::uint64_t offset, std::span<std::byte> into,
                std::uint64_t& unreadable_bytes) {
  if (source.read(offset, into)) {
    return;
  }
  for (std::size_t at = 0; at < into.size(); at += kPage) {
    const std::span<std::byte> page = into.subspan(at, std::min(kPage, into.size() - at));
    if (!source.read(offset + at, page)) {
      std::ranges::fill(page, std::byte{0});
      unreadable_bytes += page.size();
    }
  }
}

base::Error no_memory(CopyFormat format) {
  return base::Error(Code::NO_MEMORY, base::Stage::kCapture,
                     format == CopyFormat::kZstd ? "zstd" : "a copy that is not compressed");
}

// Runs of pages that are all zero, or all not.
base::Result<void> put_sparse(ByteView bytes, Sink& sink) {
  while (!bytes.empty()) {
    const bool zero = is_zero(bytes.first(std::min(kPage, bytes.size())));
    std::size_t run = 0;
    while (run < bytes.size() &&
           is_zero(bytes.subspan(run, std::min(kPage, bytes.size() - run))) == zero) {
      run = std::min(run + kPage, bytes.size());
    }
    HR_TRYV(zero ? sink.skip(run) : sink.write(bytes.first(run)));
    bytes = bytes.subspan(run);
  }
  return base::success();
}

// Pieces go round in a ring: a thread takes the next one of the image, one thread at a time, reads
// it, and packs it while the next thread reads; the caller writes them in their order. So the
// reader is ahead of the destination by as much as the ring holds, on one CPU too: what waits there
// is the disk.
class ImageCopy {
 public:
  ImageCopy(ByteSource& source, std::uint64_t end, CopyFormat format, Sink& sink)
      : source_(source), end_(end), format_(format), sink_(sink) {}
  ImageCopy(const ImageCopy&) = delete;
  ImageCopy& operator=(const ImageCopy&) = delete;
  ~ImageCopy() { stop(); }

  // All memory that the copy takes is taken here: with less than `threads` want, fewer pieces are
  // on their way at a time. Error: NO_MEMORY, not even for one.
  base::Result<void> prepare(unsigned threads) {
    threads_ = std::max(threads, 1u);
    try {
      while (pieces_.size() < threads_ + kWaiting) {
        Piece piece;
        piece.raw.resize(kPiece);
        // The first use is what makes a compressor take its memory.
        const auto zeros =
            format_ == CopyFormat::kZstd ? piece.compressor.frame(piece.raw) : ByteView();
        if (!zeros) {
          break;
        }
        zero_frame_.assign(zeros.value().begin(), zeros.value().end());
        pieces_.push_back(std::move(piece));
      }
    } catch (const std::bad_alloc&) {
      // Some may be there all the same.
    }
    return pieces_.empty() ? base::Result<void>(no_memory(format_)) : base::success();
  }

  // Error: of the sink, NO_MEMORY.
  base::Result<void> run(const Progress& progress) {
    start();
    for (std::uint64_t done = 0; done < end_;) {
      Piece& piece = next_ready();
      if (piece.failed) {
        pack(piece);
      }
      if (piece.failed) {
        return no_memory(format_);
      }
      HR_TRYV(format_ == CopyFormat::kElf ? put_sparse(piece.raw, sink_)
                                          : sink_.write(piece.packed));
      done += piece.raw.size();
      {
        const std::lock_guard lock(mutex_);
        piece.ready = false;
        ++written_;
      }
      changed_.notify_all();
      progress(done);
    }
    return base::success();
  }

  // After run().
  std::uint64_t unreadable_bytes() {
    stop();
    return unreadable_bytes_;
  }

 private:
  void start() {
    // With one piece they would take turns.
    const std::size_t useful = std::min<std::size_t>(threads_, pieces_.size() - 1);
    try {
      helpers_.reserve(useful);
      while (helpers_.size() < useful) {
        helpers_.emplace_back([this] {
          while (make_one()) {
          }
        });
      }
    } catch (const std::exception&) {
      // No thread to be had, or no memory for it: those that are there do it, or the caller.
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    for (std::thread& helper : helpers_) {
      helper.join();
    }
    helpers_.clear();
  }

  // The one to be written next, packed. Throws what a source has thrown.
  Piece& next_ready() {
    Piece& piece = pieces_[written_ % pieces_.size()];
    if (helpers_.empty()) {
      make_one();
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return piece.ready || thrown_; });
    if (thrown_) {
      std::rethrow_exception(thrown_);
    }
    return piece;
  }

  // Takes the next piece of the image when there is room for it, reads it and packs it. False:
  // there is no more, or nobody wants more.
  bool make_one() {
    try {
      std::unique_lock turn(turn_);
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopped_ || taken_ - written_ < pieces_.size(); });
        if (stopped_ || next_at_ >= end_) {
          return false;
        }
      }
      Piece& piece = pieces_[taken_ % pieces_.size()];
      ++taken_;
      piece.raw.resize(std::min<std::uint64_t>(kPiece, end_ - next_at_));
      read_pages(source_, next_at_, piece.raw, unreadable_bytes_);
      next_at_ += piece.raw.size();
      turn.unlock();
      if (format_ == CopyFormat::kZstd) {
        pack(piece);
      }
      const std::lock_guard lock(mutex_);
      piece.ready = true;
    } catch (...) {
      const std::lock_guard lock(mutex_);
      thrown_ = std::current_exception();
      stopped_ = true;
    }
    changed_.notify_all();
    return true;
  }

  void pack(Piece& piece) {
    piece.failed = false;
    const bool nothing = piece.raw.size() == kPiece && is_zero(piece.raw);
    if (nothing) {
      piece.packed = zero_frame_;
      return;
    }
    const auto packed = piece.compressor.frame(piece.raw);
    piece.failed = !packed;
    piece.packed = packed ? packed.value() : ByteView();
  }

  ByteSource& source_;
  std::uint64_t end_;
  CopyFormat format_;
  Sink& sink_;
  unsigned threads_ = 1;
  std::vector<Piece> pieces_;
  // Of a piece that is all zero, as most of a machine's memory is.
  std::vector<std::byte> zero_frame_;
  std::vector<std::thread> helpers_;

  // Held by who takes the next piece until it is read; it guards these four.
  std::mutex turn_;
  std::uint64_t taken_ = 0;
  std::uint64_t next_at_ = 0;
  std::uint64_t unreadable_bytes_ = 0;

  // Guards the rest, and `ready` of the pieces; written_ changes by the caller alone.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t written_ = 0;
  bool stopped_ = false;
  std::exception_ptr thrown_;
};

}  // namespace

bool is_zero(ByteView bytes) {
  return bytes.empty() || (bytes.front() == std::byte{0} &&
                           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

ByteView zero_bytes() {
  static constexpr std::array<std::byte, std::size_t{64} * 1024> kZeros{};
  return kZeros;
}

base::Result<void> Sink::skip(std::uint64_t size_bytes) {
  while (size_bytes != 0) {
    const std::size_t part = std::min<std::uint64_t>(size_bytes, zero_bytes().size());
    HR_TRYV(write(zero_bytes().first(part)));
    size_bytes -= part;
  }
  return base::success();
}

base::Result<CopyResult> copy_image(ByteSource& source, const Core& core, CopyFormat format,
                                    unsigned threads, Sink& sink, const Progress& progress) {
  CopyResult result;
  result.truncated = source.size_bytes() < core.size_bytes;
  const std::uint64_t end = std::min(source.size_bytes(), core.size_bytes);
  ImageCopy copy(source, end, format, sink);
  HR_TRYV(copy.prepare(threads));
  HR_TRYV(copy.run(progress));
  result.image_bytes = end;
  result.unreadable_bytes = copy.unreadable_bytes();
  return result;
}

base::Result<std::uint64_t> estimate_bytes(ByteSource& source, const Core& core, CopyFormat format,
                                           std::uint64_t samples) {
  constexpr std::size_t kSample = std::size_t{16} * 1024;
  const std::uint64_t end = std::min(source.size_bytes(), core.size_bytes);
  Compressor compressor;
  std::vector<std::byte> sample(kSample);
  std::uint64_t read_bytes = 0;
  std::uint64_t kept_bytes = 0;
  const std::uint64_t step = std::max<std::uint64_t>(end / samples, kSample);
  for (std::uint64_t at = 0; at < end; at += step) {
    const std::span<std::byte> part =
        std::span(sample).first(std::min<std::uint64_t>(kSample, end - at));
    read_bytes += part.size();
    const bool readable = source.read(at, part).has_value();
    if (!readable || (format == CopyFormat::kElf && !is_zero(part))) {
      kept_bytes += part.size();
    } else if (!is_zero(part)) {
      HR_TRY(packed, compressor.frame(part));
      kept_bytes += packed.size();
    }
  }
  // An image may be of terabytes: the product would not fit a number of 64 bits.
  constexpr std::uint64_t kMargin = std::uint64_t{1} << 20;
  const double share =
      static_cast<double>(kept_bytes) / static_cast<double>(std::max<std::uint64_t>(read_bytes, 1));
  return static_cast<std::uint64_t>(share * static_cast<double>(end)) + kMargin;
}

}  // namespace hyprelay::capture
