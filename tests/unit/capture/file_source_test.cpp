// SPDX-License-Identifier: BSD-2-Clause
// An image that is a file, and one that stops answering while it is read.
#include "capture/linux/file_source.hpp"

#include "capture/copy.hpp"
#include "tests/unit/capture/support.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace hyprelay::test {
namespace {

using base::Code;
namespace fs = std::filesystem;

class ImageFile : public testing::Test {
 protected:
  ImageFile() : bytes_((std::size_t{9} << 20) + 4321) {
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      bytes_[i] = static_cast<std::byte>(i * 7 + (i >> 12));
    }
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes_.data()),
               static_cast<std::streamsize>(bytes_.size()));
  }
  ~ImageFile() override { fs::remove(path_); }

  void expect_all(capture::FileSource& source) const {
    constexpr std::size_t kMiB = 1 << 20;
    for (const auto& [at, size] :
         std::vector<std::pair<std::size_t, std::size_t>>{{0, 64},
                                                          {64, kMiB},
                                                          {5 * kMiB + 3, 2},
                                                          {4 * kMiB - 1, 2},
                                                          {65536, 10000},
                                                          {3 * kMiB, kMiB},
                                                          {bytes_.size() - 1, 1},
                                                          {3 * kMiB, 5 * kMiB},
                                                          {70000, 0},
                                                          {0, bytes_.size()}}) {
      std::vector<std::byte> piece(size);
      ASSERT_TRUE(source.read(at, piece)) << at;
      EXPECT_TRUE(std::ranges::equal(piece, std::span(bytes_).subspan(at, size))) << at;
    }
  }
  // The offsets in the file of its mappings [linux/Documentation/filesystems/proc.rst, maps].
  std::vector<std::uint64_t> mapped_from() const {
    std::vector<std::uint64_t> offsets;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
      std::istringstream words(line);
      std::string range;
      std::string flags;
      std::uint64_t offset = 0;
      if (line.find(path_.string()) != std::string::npos &&
          words >> range >> flags >> std::hex >> offset) {
        offsets.push_back(offset);
      }
    }
    return offsets;
  }

  fs::path path_ = fs::path(testing::TempDir()) / ("image." + std::to_string(::getpid()));
  std::vector<std::byte> bytes_;
};

TEST_F(ImageFile, is_read_from_anywhere_and_in_any_order) {
  auto source = capture::FileSource::open(path_);
  ASSERT_TRUE(source);
  ASSERT_EQ(source.value().size_bytes(), bytes_.size());
  // Nothing mapped, all of it, all but the beginning.
  for (const std::uint64_t from : {~std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{70000}}) {
    if (from != ~std::uint64_t{0}) {
      source.value().map_from(from);
    }
    expect_all(source.value());
  }
  std::vector<std::byte> piece(10);
  expect_code(source.value().read(bytes_.size() - 5, piece), Code::CAPTURE_TRUNCATED);
  expect_code(source.value().read(bytes_.size() + (1 << 20), piece), Code::CAPTURE_TRUNCATED);
}

// By Linux's own list of what is mapped: a kernel of arm takes a header's page for its own when a
// mapping has notes as well.
TEST_F(ImageFile, headers_and_notes_are_never_mapped) {
  auto source = capture::FileSource::open(path_);
  ASSERT_TRUE(source);
  std::vector<std::byte> piece(1 << 20);
  ASSERT_TRUE(source.value().read(0, piece));
  EXPECT_TRUE(mapped_from().empty());
  source.value().map_from(70000);
  ASSERT_TRUE(source.value().read(0, std::span(piece).first(4096)));
  EXPECT_TRUE(mapped_from().empty());
  for (const std::size_t at : {0u, 60000u, 69999u, 70000u, 73728u, 3u << 20}) {
    ASSERT_TRUE(source.value().read(at, piece)) << at;
    ASSERT_EQ(mapped_from().size(), 1u) << at;
    EXPECT_GE(mapped_from()[0], 70000u) << at;
  }
}

// As a page of memory at which the bus reports an error: the kernel sends SIGBUS to who touches it.
TEST_F(ImageFile, that_does_not_answer_is_an_error_and_not_the_end) {
  auto opened = capture::FileSource::open(path_);
  ASSERT_TRUE(opened);
  opened.value().map_from(0);
  capture::FileSource source(std::move(opened.value()));
  std::vector<std::byte> piece(1 << 20);
  ASSERT_TRUE(source.read(0, piece));
  const std::size_t there = 3 << 20;
  fs::resize_file(path_, there);
  std::vector<std::byte> page(4096);
  EXPECT_TRUE(source.read(there - page.size(), page));
  expect_code(source.read(there, page), Code::CAPTURE_UNREADABLE);
  expect_code(source.read(there - 4096, piece), Code::CAPTURE_UNREADABLE);
  expect_code(source.read(7 << 20, page), Code::CAPTURE_UNREADABLE);
  EXPECT_TRUE(source.read(4096, page)) << "what is there is read as before";
  EXPECT_TRUE(std::ranges::equal(page, std::span(bytes_).subspan(4096, page.size())));
}

// In a copy, by another thread than the one that opened the image.
TEST_F(ImageFile, that_does_not_answer_costs_a_copy_the_pages_that_it_is_named) {
  class Collector : public capture::Sink {
   public:
    base::Result<void> write(base::ByteView bytes) override {
      all.insert(all.end(), bytes.begin(), bytes.end());
      return base::success();
    }
    std::vector<std::byte> all;
  };
  auto source = capture::FileSource::open(path_);
  ASSERT_TRUE(source);
  source.value().map_from(0);
  const std::size_t there = (2 << 20) + 3 * 4096;
  fs::resize_file(path_, there);
  capture::Core core;
  core.size_bytes = bytes_.size();
  Collector sink;
  const auto copied = capture::copy_image(source.value(), core, capture::CopyFormat::kElf, 1, sink,
                                          [](std::uint64_t) {});
  ASSERT_TRUE(copied);
  EXPECT_EQ(copied.value().unreadable_bytes, bytes_.size() - there);
  std::fill(bytes_.begin() + there, bytes_.end(), std::byte{0});
  EXPECT_EQ(sink.all, bytes_);
}

// Where nothing can be mapped, as in a kernel before 3.11: here because there is no address space.
TEST_F(ImageFile, is_read_where_it_cannot_be_mapped) {
  capture::Window window;
  auto source = capture::FileSource::open("/proc/self/maps");
  ASSERT_TRUE(source) << "a file of no size, of which nothing can be mapped";
  source.value().map_from(0);
  EXPECT_FALSE(window.open(0, 1, 10)) << "no multiple of a page";
  std::vector<std::byte> piece(16);
  EXPECT_TRUE(source.value().read(0, piece));
}

}  // namespace
}  // namespace hyprelay::test
