// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/archive.hpp"

#include "tests/unit/handoff/cpio.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using testing::archive_of;

constexpr std::uint64_t kPlenty = std::uint64_t{1} << 30;
constexpr std::uint64_t kPage = 4096;

// A packing of the test's own: "\x1f\x8b", four digits of a length, and that many bytes as they
// are.
std::string packed(const std::string& content) {
  char length[8];
  std::snprintf(length, sizeof length, "%06zu", content.size());
  return "\x1f\x8b" + std::string(length) + content;
}
Unpacked unpack(Packing packing, base::ByteView bytes, const TakeUnpacked& take) {
  EXPECT_EQ(packing, Packing::kGzip);
  const std::string_view text = base::text_of(bytes);
  if (text.size() < 8) {
    return {{}, "cut off"};
  }
  const std::size_t length = std::stoul(std::string(text.substr(2, 6)));
  if (text.size() < 8 + length) {
    return {{}, "cut off"};
  }
  // In pieces, so that every header is met cut somewhere.
  for (std::size_t at = 0; at < length; at += 37) {
    if (!take(bytes.subspan(8 + at, std::min<std::size_t>(37, length - at)))) {
      return {{}, "unwanted"};
    }
  }
  return {8 + length, ""};
}
ArchiveWalk walk(const std::string& initrd, std::uint64_t most_bytes = kPlenty) {
  return walk_archive(base::bytes_of(initrd), unpack, most_bytes);
}

TEST(Archive, a_plain_one_is_counted_in_whole_pages) {
  const ArchiveWalk plain = walk(archive_of("file", std::string(kPage + 1, 'x')));
  EXPECT_EQ(plain.stopped, "");
  EXPECT_EQ(plain.content.entries, 3u);
  EXPECT_EQ(plain.content.bytes, kPage + 1);
  EXPECT_EQ(plain.packed_parts, 0u);
  EXPECT_EQ(plain.content.memory_bytes(0x1000), 2 * kPage + std::uint64_t{3} * 1024);
  EXPECT_EQ(plain.content.memory_bytes(0x4000), 4 * kPage + std::uint64_t{3} * 1024);
  EXPECT_EQ(plain.content.memory_bytes(0x10000), 16 * kPage + std::uint64_t{3} * 1024);
}

TEST(Archive, an_early_one_in_front_hides_nothing_of_what_follows) {
  const std::string early = archive_of("kernel/x86/microcode", "");
  ASSERT_EQ(early.size(), 512u);
  const std::string all = early + packed(archive_of("big", std::string(100 * kPage, 'b'))) +
                          std::string(8, '\0') + archive_of("late", "l") +
                          packed(archive_of("last", "l"));
  const ArchiveWalk series = walk(all);
  EXPECT_EQ(series.stopped, "");
  EXPECT_EQ(series.understood_bytes, all.size());
  EXPECT_EQ(series.packed_parts, 2u);
  EXPECT_EQ(series.content.entries, 12u);
  EXPECT_EQ(series.content.bytes, 100 * kPage + 2);
}

TEST(Archive, what_linux_stops_at_is_said_with_its_words) {
  const std::string good = archive_of("file", "content");
  const auto expect = [](const std::string& initrd, const char* words) {
    const ArchiveWalk stopped = walk(initrd);
    EXPECT_NE(stopped.stopped.find(words), std::string::npos) << stopped.stopped;
    EXPECT_LT(stopped.understood_bytes, initrd.size());
  };
  expect("some text", "invalid magic at start of compressed archive at byte 0");
  expect(good + "text", "invalid magic");
  expect(good + std::string(3, '\0') + packed(good), "broken padding");
  expect(packed(good) + std::string(5, '\0') + good, "invalid magic");
  expect(packed(good + "text"), "junk within compressed archive");
  expect(packed(good.substr(0, 200)), "junk at the end of compressed archive");
  expect(good.substr(0, 200), "it ends within a file");
  expect(packed(good).substr(0, 300), "cut off");
  expect("070707" + good.substr(6), "use -H newc");
  EXPECT_NE(walk(packed(good), 3).stopped, "") << "more content than is looked at";
  EXPECT_NE(walk(good, 3).stopped, "");
}

TEST(Archive, cut_anywhere_it_never_seems_whole_unless_it_is) {
  const std::string early = archive_of("early", "");
  const std::string all = early + packed(archive_of("file", std::string(100, 'x')));
  for (std::size_t length = 1; length < all.size(); ++length) {
    const ArchiveWalk cut = walk(all.substr(0, length));
    EXPECT_LE(cut.understood_bytes, length);
    if (length > early.size()) {
      EXPECT_NE(cut.stopped, "") << length;
    }
  }
}

TEST(Archive, each_packing_is_told_by_its_first_bytes) {
  const auto is = [](std::string_view start) { return packing_of(base::bytes_of(start)); };
  EXPECT_EQ(is("070701"), Packing::kCpio);
  EXPECT_EQ(is("BZh9"), Packing::kBzip2);
  EXPECT_EQ(is(std::string("\x5d\0\0\x80", 4)), Packing::kLzma);
  EXPECT_EQ(is(std::string("\xfd"
                           "7zXZ\0",
                           6)),
            Packing::kXz);
  EXPECT_EQ(is("\x02\x21\x4c\x18"), Packing::kLz4);
  EXPECT_EQ(is("\x04\x22\x4d\x18"), Packing::kNone) << "the frames of lz4 that Linux does not know";
  EXPECT_EQ(is(""), Packing::kNone);
  EXPECT_STREQ(packing_name(Packing::kZstd), "zstd");
}

}  // namespace
}  // namespace hyprelay::handoff
