// SPDX-License-Identifier: BSD-2-Clause
#include "capture/copy.hpp"

#include "capture/zstd.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
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

// A piece of the image on its way.
struct Piece {
  std::vector<std::byte> raw;
  Compressor compressor;
  ByteView packed;  // of the compressor
  bool failed = false;
};

// Fills `into`; pages that cannot be read become zero and are counted.
void read_pages(ByteSource& source, std::uint64_t offset, std::span<std::byte> into,
                CopyResult& result) {
  if (source.read(offset, into)) {
    return;
  }
  for (std::size_t at = 0; at < into.size(); at += kPage) {
    const std::span<std::byte> page = into.subspan(at, std::min(kPage, into.size() - at));
    if (!source.read(offset + at, page)) {
      std::ranges::fill(page, std::byte{0});
      result.unreadable_bytes += page.size();
    }
  }
}

base::Error no_memory(CopyFormat format) {
  return base::Error(Code::NO_MEMORY, base::Stage::kCapture,
                     format == CopyFormat::kZstd ? "zstd" : "a copy that is not compressed");
}

class ImageCopy {
 public:
  ImageCopy(CopyFormat format, Sink& sink) : format_(format), sink_(sink) {}

  // All memory that the copy takes is taken here: with less than `threads` want, fewer pieces are
  // on their way at a time. Error: NO_MEMORY, not even for one.
  base::Result<void> prepare(unsigned threads) {
    try {
      while (pieces_.size() < std::max(threads, 1u)) {
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

  std::size_t pieces() const { return pieces_.size(); }
  Piece& piece(std::size_t index) { return pieces_[index]; }

  base::Result<void> put(std::size_t count) {
    if (format_ == CopyFormat::kElf) {
      for (std::size_t i = 0; i < count; ++i) {
        HR_TRYV(put_sparse(pieces_[i].raw));
      }
      return base::success();
    }
    std::vector<std::thread> helpers;
    for (std::size_t i = 1; i < count; ++i) {
      // No thread to be had, or no memory for it.
      try {
        helpers.emplace_back([this, i] { pack(pieces_[i], pieces_[i].compressor); });
      } catch (const std::exception&) {
        pack(pieces_[i], pieces_[i].compressor);
      }
    }
    pack(pieces_[0], pieces_[0].compressor);
    for (std::thread& helper : helpers) {
      helper.join();
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (pieces_[i].failed) {
        // What the first compressor has made is written already.
        pack(pieces_[i], pieces_[0].compressor);
      }
      if (pieces_[i].failed) {
        return no_memory(format_);
      }
      HR_TRYV(sink_.write(pieces_[i].packed));
    }
    return base::success();
  }

 private:
  void pack(Piece& piece, Compressor& compressor) {
    piece.failed = false;
    const bool nothing = piece.raw.size() == kPiece && is_zero(piece.raw);
    if (nothing) {
      piece.packed = zero_frame_;
      return;
    }
    const auto packed = compressor.frame(piece.raw);
    piece.failed = !packed;
    piece.packed = packed ? packed.value() : ByteView();
  }

  // Runs of pages that are all zero, or all not.
  base::Result<void> put_sparse(ByteView bytes) {
    while (!bytes.empty()) {
      const bool zero = is_zero(bytes.first(std::min(kPage, bytes.size())));
      std::size_t run = 0;
      while (run < bytes.size() &&
             is_zero(bytes.subspan(run, std::min(kPage, bytes.size() - run))) == zero) {
        run = std::min(run + kPage, bytes.size());
      }
      HR_TRYV(zero ? sink_.skip(run) : sink_.write(bytes.first(run)));
      bytes = bytes.subspan(run);
    }
    return base::success();
  }

  CopyFormat format_;
  Sink& sink_;
  std::vector<Piece> pieces_;
  // Of a piece that is all zero, as most of a machine's memory is.
  std::vector<std::byte> zero_frame_;
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
  ImageCopy copy(format, sink);
  HR_TRYV(copy.prepare(threads));
  while (result.image_bytes < end) {
    std::size_t count = 0;
    while (count < copy.pieces() && result.image_bytes < end) {
      Piece& piece = copy.piece(count++);
      piece.raw.resize(std::min<std::uint64_t>(kPiece, end - result.image_bytes));
      read_pages(source, result.image_bytes, piece.raw, result);
      result.image_bytes += piece.raw.size();
    }
    HR_TRYV(copy.put(count));
    progress(result.image_bytes);
  }
  return result;
}

base::Result<std::uint64_t> estimate_bytes(ByteSource& source, const Core& core,
                                           CopyFormat format) {
  constexpr std::size_t kSample = std::size_t{16} * 1024;
  constexpr std::uint64_t kSamples = 512;
  const std::uint64_t end = std::min(source.size_bytes(), core.size_bytes);
  Compressor compressor;
  std::vector<std::byte> sample(kSample);
  std::uint64_t read_bytes = 0;
  std::uint64_t kept_bytes = 0;
  const std::uint64_t step = std::max<std::uint64_t>(end / kSamples, kSample);
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
