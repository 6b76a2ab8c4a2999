// SPDX-License-Identifier: BSD-2-Clause
#include "capture/copy.hpp"

#include "capture/progress.hpp"
#include "capture/zstd.hpp"
#include "tests/unit/capture/sources.hpp"
#include "tests/unit/capture/support.hpp"
#include "tests/unit/capture/synthetic.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>

namespace hyprelay::test {
namespace {

using base::Code;
using capture::CopyFormat;

class Collector : public capture::Sink {
 public:
  explicit Collector(std::size_t room = ~std::size_t{0}) : room_(room) {}
  base::Result<void> write(base::ByteView bytes) override {
    if (bytes.size() > room_) {
      return base::Error(Code::CAPTURE_FULL, base::Stage::kCapture, "collector");
    }
    room_ -= bytes.size();
    written_bytes += bytes.size();
    all.insert(all.end(), bytes.begin(), bytes.end());
    return base::success();
  }
  base::Result<void> skip(std::uint64_t size_bytes) override {
    all.resize(all.size() + size_bytes);
    return base::success();
  }
  std::vector<std::byte> all;
  std::uint64_t written_bytes = 0;

 private:
  std::size_t room_;
};

// 9 MiB and a bit: three pieces, a hole in the middle, and noise.
std::vector<std::byte> image() {
  std::vector<std::byte> bytes((std::size_t{9} << 20) + 5000);
  std::uint64_t seed = 1;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    const bool hole = i >= (1u << 20) && i < (7u << 20);
    bytes[i] = hole ? std::byte{0} : static_cast<std::byte>(seed >> (i % 3 == 0 ? 56 : 63));
  }
  return bytes;
}

class Copy : public testing::Test {
 protected:
  Copy() : memory_(image()) {
    CoreBuilder builder(true, capture::kMachineArm64);
    builder.add_memory(0x40000000, 0, memory_);
    file_ = builder.build();
    capture::ViewSource source(file_);
    core_ = capture::read_core(source).value();
  }
  base::Result<capture::CopyResult> copy(capture::ByteSource& source, CopyFormat format,
                                         unsigned threads, capture::Sink& sink) {
    return capture::copy_image(source, core_, format, threads, sink,
                               [this](std::uint64_t done) { progress_ = done; });
  }

  std::vector<std::byte> memory_;
  std::vector<std::byte> file_;
  capture::Core core_;
  std::uint64_t progress_ = 0;
};

TEST_F(Copy, zstd_comes_back_as_it_was_with_any_number_of_threads) {
  std::vector<std::byte> first;
  for (const unsigned threads : {0u, 1u, 2u, 5u}) {
    capture::ViewSource source(file_);
    Collector sink;
    const auto copied = copy(source, CopyFormat::kZstd, threads, sink);
    ASSERT_TRUE(copied) << threads;
    EXPECT_EQ(copied.value().image_bytes, file_.size());
    EXPECT_FALSE(copied.value().truncated);
    EXPECT_EQ(progress_, file_.size());
    EXPECT_EQ(unpack(sink.all), file_) << threads;
    first = first.empty() ? sink.all : first;
    EXPECT_EQ(sink.all, first) << threads;
  }
}

// Notes how far it was read, for another thread.
class WatchedSource : public capture::ByteSource {
 public:
  explicit WatchedSource(base::ByteView bytes) : view_(bytes) {}
  std::uint64_t size_bytes() const override { return view_.size_bytes(); }
  base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    EXPECT_FALSE(busy_.exchange(true)) << "by two threads at a time";
    const auto done = view_.read(offset, into);
    busy_ = false;
    const std::lock_guard lock(mutex_);
    end_ = std::max(end_, offset + into.size());
    read_.notify_all();
    return done;
  }
  std::uint64_t end() {
    const std::lock_guard lock(mutex_);
    return end_;
  }
  bool wait_until_read(std::uint64_t end) {
    std::unique_lock lock(mutex_);
    return read_.wait_for(lock, std::chrono::seconds(20), [&] { return end_ >= end; });
  }

 private:
  capture::ViewSource view_;
  std::atomic<bool> busy_ = false;
  std::mutex mutex_;
  std::condition_variable read_;
  std::uint64_t end_ = 0;
};

// A disk that takes its time must not keep the compressor waiting, on one CPU neither; nor may all
// of the memory be read while it does.
TEST_F(Copy, is_ahead_of_what_is_written_but_not_by_more_than_it_may_hold) {
  class SlowSink : public Collector {
   public:
    SlowSink(WatchedSource& source, std::uint64_t ahead) : source_(source), ahead_(ahead) {}
    base::Result<void> write(base::ByteView bytes) override {
      const std::uint64_t own = (written_++ + 1) << 20;
      EXPECT_TRUE(source_.wait_until_read(std::min(own + (1u << 20), source_.size_bytes())));
      EXPECT_LE(source_.end(), own + ahead_);
      return Collector::write(bytes);
    }

   private:
    WatchedSource& source_;
    std::uint64_t ahead_;
    std::uint64_t written_ = 0;
  };
  for (const unsigned threads : {1u, 3u}) {
    WatchedSource source(file_);
    SlowSink sink(source, std::uint64_t{threads + 1} << 20);
    ASSERT_TRUE(copy(source, CopyFormat::kZstd, threads, sink)) << threads;
    EXPECT_EQ(unpack(sink.all), file_) << threads;
  }
}

// Whatever thread it is thrown in.
TEST_F(Copy, what_a_source_throws_reaches_the_caller) {
  class Thrower : public capture::ViewSource {
   public:
    using ViewSource::ViewSource;
    base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
      if (offset >= (5u << 20)) {
        throw std::bad_alloc();
      }
      return ViewSource::read(offset, into);
    }
  };
  for (const unsigned threads : {1u, 3u}) {
    Thrower source(file_);
    Collector sink;
    EXPECT_THROW(static_cast<void>(copy(source, CopyFormat::kZstd, threads, sink)), std::bad_alloc);
  }
}

TEST_F(Copy, a_packed_image_is_read_from_anywhere) {
  capture::ViewSource source(file_);
  Collector sink;
  ASSERT_TRUE(copy(source, CopyFormat::kZstd, 2, sink));
  capture::ViewSource packed(sink.all);
  auto unpacked = capture::UnpackedSource::open(packed);
  ASSERT_TRUE(unpacked);
  EXPECT_EQ(unpacked.value().size_bytes(), file_.size());
  constexpr std::size_t kMiB = 1 << 20;
  // The last piece, back to the first, over a border, in a hole, all of it.
  for (const auto& [at, size] :
       std::vector<std::pair<std::size_t, std::size_t>>{{file_.size() - 5, 5},
                                                        {0, 64},
                                                        {kMiB - 3, 7},
                                                        {3 * kMiB + 9, 2 * kMiB},
                                                        {0, file_.size()}}) {
    std::vector<std::byte> piece(size);
    ASSERT_TRUE(unpacked.value().read(at, piece)) << at;
    EXPECT_TRUE(std::ranges::equal(piece, std::span(file_).subspan(at, size))) << at;
  }
  std::vector<std::byte> piece(6);
  expect_code(unpacked.value().read(file_.size() - 5, piece), Code::CAPTURE_TRUNCATED);
  expect_code(unpacked.value().read(~std::uint64_t{0} - 2, piece), Code::CAPTURE_TRUNCATED);
}

// A machine of 1 TiB whose memory is zero has a million such frames.
TEST_F(Copy, many_small_frames_are_found_by_reading_them_once) {
  capture::Compressor compressor;
  std::vector<std::byte> packed;
  constexpr std::size_t kFrames = 60'000;
  for (std::size_t i = 0; i < kFrames; ++i) {
    const std::array<std::byte, 2> content = {static_cast<std::byte>(i),
                                              static_cast<std::byte>(i >> 8)};
    const auto frame = compressor.frame(content);
    ASSERT_TRUE(frame);
    packed.insert(packed.end(), frame.value().begin(), frame.value().end());
  }
  CountingSource source(packed);
  auto unpacked = capture::UnpackedSource::open(source);
  ASSERT_TRUE(unpacked);
  EXPECT_EQ(unpacked.value().size_bytes(), 2 * kFrames);
  EXPECT_LE(source.read_bytes, 2 * packed.size());
  std::array<std::byte, 2> last{};
  ASSERT_TRUE(unpacked.value().read(2 * kFrames - 2, last));
  EXPECT_EQ(last[1], static_cast<std::byte>((kFrames - 1) >> 8));
}

// A log is made of several tables, each in a frame of its own.
TEST_F(Copy, reading_here_and_there_unpacks_a_frame_once) {
  capture::Compressor compressor;
  std::vector<std::byte> packed;
  constexpr std::size_t kContent = 1000;
  for (std::size_t i = 0; i < 6; ++i) {
    const auto frame = compressor.frame(base::ByteView(file_).subspan(i * kContent, kContent));
    ASSERT_TRUE(frame);
    packed.insert(packed.end(), frame.value().begin(), frame.value().end());
  }
  CountingSource source(packed);
  auto unpacked = capture::UnpackedSource::open(source);
  ASSERT_TRUE(unpacked);
  const auto is_right = [&](std::size_t at) {
    std::array<std::byte, 20> there{};
    return unpacked.value().read(at, there).has_value() &&
           std::ranges::equal(there, base::ByteView(file_).subspan(at, there.size()));
  };
  source.read_bytes = 0;
  for (std::size_t turn = 0; turn < 100; ++turn) {
    for (std::size_t frame = 0; frame < 4; ++frame) {
      EXPECT_TRUE(is_right(frame * kContent + turn * 9));
    }
  }
  EXPECT_LE(source.read_bytes, packed.size());
  // More than are kept.
  for (std::size_t frame = 0; frame < 12; ++frame) {
    EXPECT_TRUE(is_right(frame % 6 * kContent + 970));
  }
}

TEST_F(Copy, a_packed_image_that_is_cut_anywhere_is_read_to_its_last_whole_frame) {
  capture::Compressor compressor;
  std::vector<std::byte> packed;
  std::vector<std::size_t> ends;
  for (const std::size_t size : {1000u, 3u, 0u, 500u}) {
    std::vector<std::byte> content(file_.begin() + 9'000'000,
                                   file_.begin() + 9'000'000 + static_cast<std::ptrdiff_t>(size));
    const auto frame = compressor.frame(content);
    ASSERT_TRUE(frame);
    packed.insert(packed.end(), frame.value().begin(), frame.value().end());
    ends.push_back(packed.size());
  }
  for (std::size_t cut = 0; cut <= packed.size(); ++cut) {
    capture::ViewSource source(base::ByteView(packed).first(cut));
    auto unpacked = capture::UnpackedSource::open(source);
    if (cut != 0 && cut < ends[0]) {
      EXPECT_FALSE(unpacked) << cut;
      continue;
    }
    const std::size_t expected = cut < ends[0]   ? 0
                                 : cut < ends[1] ? 1000
                                 : cut < ends[3] ? 1003
                                                 : 1503;
    ASSERT_TRUE(unpacked) << cut;
    ASSERT_EQ(unpacked.value().size_bytes(), expected) << cut;
    std::vector<std::byte> all(expected);
    EXPECT_TRUE(unpacked.value().read(0, all)) << cut;
  }
}

TEST_F(Copy, damage_to_a_packed_image_is_found) {
  capture::ViewSource source(file_);
  Collector sink;
  ASSERT_TRUE(copy(source, CopyFormat::kZstd, 2, sink));
  // What is whole is there, as in a copy that filled its disk.
  capture::ViewSource cut(base::ByteView(sink.all).first(sink.all.size() - 10));
  auto begun = capture::UnpackedSource::open(cut);
  ASSERT_TRUE(begun);
  EXPECT_LT(begun.value().size_bytes(), file_.size());
  std::vector<std::byte> all(begun.value().size_bytes());
  ASSERT_TRUE(begun.value().read(0, all));
  EXPECT_TRUE(std::ranges::equal(all, std::span(file_).first(all.size())));
  capture::ViewSource stump(base::ByteView(sink.all).first(100));
  expect_code(capture::UnpackedSource::open(stump), Code::CAPTURE_TRUNCATED);
  EXPECT_TRUE(capture::is_packed(stump));
  capture::ViewSource other(file_);
  EXPECT_FALSE(capture::is_packed(other));
  expect_code(capture::UnpackedSource::open(other), Code::CAPTURE_DAMAGED);

  const std::size_t first = ZSTD_findFrameCompressedSize(sink.all.data(), sink.all.size());
  for (std::size_t at = first / 2; at < first; ++at) {
    sink.all[at] = std::byte{0xff};
  }
  capture::ViewSource damaged(sink.all);
  auto unpacked = capture::UnpackedSource::open(damaged);
  // Where the frames end may be lost as well.
  if (unpacked) {
    std::vector<std::byte> piece(64);
    expect_code(unpacked.value().read(0, piece), Code::CAPTURE_DAMAGED);
  }
}

TEST_F(Copy, elf_skips_pages_of_zeros) {
  capture::ViewSource source(file_);
  Collector sink;
  ASSERT_TRUE(copy(source, CopyFormat::kElf, 1, sink));
  EXPECT_EQ(sink.all, file_);
  EXPECT_LT(sink.written_bytes, (4u << 20));
}

TEST_F(Copy, a_page_that_cannot_be_read_is_zero_and_counted) {
  BadSource source(file_, (8u << 20) + 17);
  Collector sink;
  const auto copied = copy(source, CopyFormat::kElf, 1, sink);
  ASSERT_TRUE(copied);
  EXPECT_EQ(copied.value().unreadable_bytes, 4096u);
  auto expected = file_;
  std::fill_n(expected.begin() + (8 << 20), 4096, std::byte{0});
  EXPECT_EQ(sink.all, expected);
}

TEST_F(Copy, an_image_that_is_cut_off_is_copied_as_far_as_it_goes) {
  const std::size_t there = (std::size_t{5} << 20) + 3;
  capture::ViewSource source(base::ByteView(file_).first(there));
  Collector sink;
  const auto copied = copy(source, CopyFormat::kZstd, 1, sink);
  ASSERT_TRUE(copied);
  EXPECT_TRUE(copied.value().truncated);
  EXPECT_EQ(unpack(sink.all), std::vector(file_.begin(), file_.begin() + there));
}

TEST_F(Copy, a_destination_that_is_full_stops_it) {
  capture::ViewSource source(file_);
  Collector sink(100'000);
  expect_code(copy(source, CopyFormat::kZstd, 2, sink), Code::CAPTURE_FULL);
}

TEST_F(Copy, the_estimate_is_above_the_size_and_not_far_above) {
  for (const CopyFormat format : {CopyFormat::kZstd, CopyFormat::kElf}) {
    capture::ViewSource source(file_);
    Collector sink;
    ASSERT_TRUE(copy(source, format, 1, sink));
    const auto estimate = capture::estimate_bytes(source, core_, format);
    ASSERT_TRUE(estimate);
    EXPECT_GE(estimate.value(), sink.written_bytes);
    EXPECT_LE(estimate.value(), sink.written_bytes * 13 / 10 + (2u << 20));
  }
}

TEST(Zero, is_what_has_no_other_byte) {
  std::vector<std::byte> bytes(4096);
  EXPECT_TRUE(capture::is_zero(bytes));
  EXPECT_TRUE(capture::is_zero({}));
  for (const std::size_t at : {0u, 1u, 2047u, 4095u}) {
    bytes[at] = std::byte{1};
    EXPECT_FALSE(capture::is_zero(bytes)) << at;
    bytes[at] = std::byte{0};
  }
}

TEST(Progress, is_said_at_a_bounded_rate) {
  capture::ProgressLine line(100u << 20, 5000);
  EXPECT_EQ(line.at(0, 0), std::nullopt);
  EXPECT_EQ(line.at(4999, 10u << 20), std::nullopt);
  EXPECT_EQ(line.at(5000, 25u << 20), "25 % of 100.0 MiB, 5.0 MiB/s, 15 s left");
  EXPECT_EQ(line.at(9999, 40u << 20), std::nullopt);
  EXPECT_EQ(line.at(10000, 100u << 20), "100 % of 100.0 MiB, 10.0 MiB/s, 0 s left");
}

}  // namespace
}  // namespace hyprelay::test
