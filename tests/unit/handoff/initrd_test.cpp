// SPDX-License-Identifier: BSD-2-Clause
// What a file given as an initrd is.
#include "handoff/initrd.hpp"

#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using namespace std::string_view_literals;

Bytes with_start(std::string_view start, std::size_t size_bytes = 4096) {
  Bytes bytes = testing::bytes_of(start);
  bytes.resize(std::max(size_bytes, bytes.size()), std::byte{0x81});
  return bytes;
}

// [u-boot/include/image.h]: magic, two words, size, ..., type at 30, name; then the content.
Bytes uimage(std::uint8_t type, const Bytes& content, std::size_t promised) {
  Bytes bytes = testing::bytes_of("\x27\x05\x19\x56"sv);
  bytes.resize(64);
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[12 + i] = static_cast<std::byte>(promised >> (24 - 8 * i));
  }
  bytes[30] = std::byte{type};
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

base::Result<InitrdPart> found(const Bytes& file) {
  return find_initrd(base::ByteView(file).first(std::min(file.size(), kInitrdStartBytes)),
                     file.size(), "initrd");
}

TEST(Initrd, what_linux_unpacks_is_taken_whole) {
  for (const std::string_view start :
       {"070701"sv, "070702"sv, "\x1f\x8b\x08"sv, "\xfd\x37zXZ\0"sv, "\x28\xb5\x2f\xfd"sv,
        "\x02\x21\x4c\x18"sv, "\x5d\0\0\x80\0"sv, "\x89LZO\0\r\n\x1a\n"sv, "BZh9"sv}) {
    const Bytes file = with_start(start, 9000);
    const auto part = found(file);
    ASSERT_TRUE(part) << start;
    EXPECT_EQ(part.value().offset_bytes, 0u);
    EXPECT_EQ(part.value().size_bytes, file.size());
    EXPECT_TRUE(part.value().note.empty());
    EXPECT_TRUE(part.value().warnings.empty()) << start;
    EXPECT_FALSE(part.value().content_sum);
  }
}

TEST(Initrd, what_nobody_knows_may_be_a_file_system_and_is_warned_of) {
  for (const Bytes& file :
       {with_start("\x81\x82"), with_start("0\x01"), with_start("-rom1fs-\x81")}) {
    const auto part = found(file);
    ASSERT_TRUE(part);
    ASSERT_EQ(part.value().warnings.size(), 1u);
    EXPECT_TRUE(part.value().warnings[0].starts_with("initrd: begins as no archive that Linux "));
  }
  const auto uimage_of_noise = found(uimage(3, with_start("\x81\x82", 5000), 5000));
  ASSERT_TRUE(uimage_of_noise);
  EXPECT_EQ(uimage_of_noise.value().warnings.size(), 1u);
}

TEST(Initrd, a_cpio_archive_that_linux_does_not_unpack_is_warned_of) {
  const auto part = found(with_start("070707"));
  ASSERT_TRUE(part);
  ASSERT_EQ(part.value().warnings.size(), 1u);
  EXPECT_NE(part.value().warnings[0].find("cpio -H newc"), std::string::npos);
}

TEST(Initrd, an_archive_of_kernels_is_an_archive) {
  Bytes file = with_start("070701");
  testing::put32(file, 0x24, 0x016f2818);
  testing::put32(file, 0x38, 0x644d5241);
  EXPECT_TRUE(found(file));
}

TEST(Initrd, what_no_kernel_can_use_is_refused_by_name) {
  const struct {
    Bytes file;
    std::string_view looks_like;
  } rows[] = {
      {testing::make_zimage({.size_bytes = 0x2000}), "a zImage"},
      {testing::make_image({.size_bytes = 0x2000}), "an arm64 Image"},
      {with_start("\x7f"
                  "ELF"sv),
       "an ELF file"},
      {with_start("\xd0\x0d\xfe\xed"sv), "a device tree or a FIT"},
      {with_start("\x04\x22\x4d\x18"sv), "lz4 frames, which Linux does not unpack: use lz4 -l"},
      {with_start("!<arch>\n"), "an ar archive, like a .deb"},
      {with_start("MZ"), "an EFI or Windows program"},
      {testing::bytes_of("<html>404</html>\n"), "a text file"},
      {Bytes(100000), "nothing but zeroes"},
      {Bytes(1), "nothing but zeroes"},
  };
  for (const auto& row : rows) {
    const auto part = found(row.file);
    ASSERT_FALSE(part) << row.looks_like;
    EXPECT_EQ(part.error().code(), Code::INITRD_UNKNOWN);
    EXPECT_EQ(part.error().subject(), "initrd: looks like " + std::string(row.looks_like));
  }
}

TEST(Initrd, a_uimage_of_a_ramdisk_loses_its_header_and_what_is_behind_it) {
  const Bytes content = with_start("070701", 5000);
  const auto part = found(uimage(3, content, 4990));
  ASSERT_TRUE(part);
  EXPECT_EQ(part.value().offset_bytes, 64u);
  EXPECT_EQ(part.value().size_bytes, 4990u);
  EXPECT_EQ(part.value().note, "initrd: a uImage: its header of 64 bytes is left out");
  ASSERT_EQ(part.value().warnings.size(), 1u);
  EXPECT_TRUE(part.value().warnings[0].starts_with("initrd: 10 bytes behind the end"));
  EXPECT_EQ(part.value().content_sum, 0u);
  EXPECT_TRUE(found(uimage(3, content, 5000)).value().warnings.empty());
}

TEST(Initrd, a_uimage_of_anything_else_is_refused) {
  const Bytes content = with_start("070701", 5000);
  for (const std::uint8_t type : {2, 4, 8, 0, 6}) {
    const auto part = found(uimage(type, content, 5000));
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error().code(), Code::INITRD_UNKNOWN);
  }
  EXPECT_EQ(found(uimage(2, content, 5000)).error().subject(),
            "initrd: looks like a uImage of a kernel");
  const Bytes kernel = testing::make_zimage({.size_bytes = 0x2000});
  EXPECT_EQ(found(uimage(3, kernel, kernel.size())).error().subject(),
            "initrd: looks like a uImage of a zImage");
  EXPECT_FALSE(found(testing::bytes_of("\x27\x05\x19\x56"sv)));
}

TEST(Initrd, a_uimage_that_promises_more_is_truncated) {
  const Bytes content = with_start("070701", 5000);
  for (const std::size_t promised : {5001u, 0u, 0xffffffffu}) {
    const auto part = found(uimage(3, content, promised));
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error().code(), Code::IMAGE_TRUNCATED);
  }
}

}  // namespace
}  // namespace hyprelay::handoff
