// SPDX-License-Identifier: BSD-2-Clause
// Kernels that are packed as a whole, and EFI zboot programs.
#include "handoff/kernel_file.hpp"

#include "base/error_text.hpp"
#include "handoff/unpack/decoders.hpp"
#include "tests/unit/handoff/damaged.hpp"
#include "tests/unit/handoff/packed.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using testing::put32;

Bytes small_image() {
  Bytes image = testing::make_image({.size_bytes = 0x60000, .image_size = 0x80000});
  for (std::size_t at = 0x100; at < image.size(); ++at) {
    image[at] = static_cast<std::byte>(at * 7 >> 3);
  }
  return image;
}

// [linux/drivers/firmware/efi/libstub/zboot-header.S]: the length that is appended to the payload
// is not counted.
Bytes zboot(const Bytes& payload, std::string_view type) {
  Bytes file(0x1000);
  testing::put_text(file, 0, std::string_view("MZ\0\0zimg", 8));
  put32(file, 8, file.size());
  put32(file, 12, payload.size());
  testing::put_text(file, 24, type);
  file.insert(file.end(), payload.begin(), payload.end());
  file.resize(file.size() + 0x200);
  return file;
}

base::Error refusal(const Bytes& file) {
  const auto read = read_kernel(file, "Image.x", {unpack_part});
  EXPECT_FALSE(read);
  return read ? base::Error() : read.error();
}

void expect_inside(const Bytes& file, const std::string& from, const Bytes& inside) {
  EXPECT_TRUE(is_packed_kernel(file));
  const auto read = read_kernel(file, "Image.x", {unpack_part});
  ASSERT_TRUE(read) << from << ": " << base::describe(read.error());
  EXPECT_EQ(read.value().image.inflated_from, from);
  EXPECT_EQ(read.value().image.arch, Arch::kArm64);
  EXPECT_TRUE(std::ranges::equal(read.value().image.bytes, inside)) << from;
}

TEST(KernelFile, packed_by_each_program_and_in_zboot) {
  const Bytes image = small_image();
  for (const testing::Packer& packer : testing::kPackers) {
    const Bytes packed = testing::filtered(packer.filter, image);
    expect_inside(packed, packer.name, image);
    expect_inside(zboot(packed, "whatever"), std::string("EFI zboot (") + packer.name + ")", image);
  }
}

TEST(KernelFile, what_is_not_packed_is_read_as_it_is) {
  const Bytes image = small_image();
  EXPECT_FALSE(is_packed_kernel(image));
  const auto read = read_kernel(image, "Image", {unpack_part});
  ASSERT_TRUE(read);
  EXPECT_TRUE(read.value().unpacked.empty());
  EXPECT_EQ(read.value().image.bytes.data(), image.data());
  EXPECT_TRUE(read.value().image.inflated_from.empty());
}

TEST(KernelFile, a_zimage_may_be_packed_too) {
  const Bytes packed = testing::filtered("gzip -c", testing::make_zimage());
  const auto read = read_kernel(packed, "zImage.gz", {unpack_part});
  ASSERT_TRUE(read) << base::describe(read.error());
  EXPECT_EQ(read.value().image.arch, Arch::kArm);
}

TEST(KernelFile, what_follows_a_packed_kernel_is_told) {
  Bytes packed = testing::filtered("gzip -c", small_image());
  EXPECT_TRUE(read_kernel(packed, "Image.gz", {unpack_part}).value().notes.empty());
  packed.resize(packed.size() + 900, std::byte{0x55});
  EXPECT_EQ(read_kernel(packed, "Image.gz", {unpack_part}).value().notes.at(0),
            "Image.gz: 900 bytes behind what is compressed are nobody's, and are left out");
}

TEST(KernelFile, cut_damaged_or_lying_it_is_refused_with_its_name) {
  const Bytes image = small_image();
  for (const testing::Packer& packer : testing::kPackers) {
    Bytes packed = testing::filtered(packer.filter, image);
    packed.resize(packed.size() / 2);
    const base::Error error = refusal(packed);
    EXPECT_EQ(error.code(), Code::IMAGE_COMPRESSED) << packer.name << base::describe(error);
    EXPECT_TRUE(error.subject().starts_with(std::string("Image.x: ") + packer.name + ": "))
        << error.subject();
  }
  Bytes cut = zboot(testing::filtered("gzip -c", image), "gzip");
  cut.resize(0x1100);
  EXPECT_EQ(refusal(cut).code(), Code::IMAGE_TRUNCATED);
  cut.resize(10);
  EXPECT_EQ(refusal(cut).code(), Code::IMAGE_TRUNCATED);
  const base::Error odd = refusal(zboot(testing::bytes_of("no packing that is known"), "rot13"));
  EXPECT_EQ(odd.code(), Code::IMAGE_ZBOOT);
  EXPECT_EQ(odd.subject(), "Image.x: packed by \"rot13\"");
}

// Ten MiB of zeroes behind what says that it needs half a MiB, and no kernel at all.
TEST(KernelFile, no_more_is_unpacked_than_a_kernel_needs) {
  Bytes image = small_image();
  image.resize(10 << 20);
  const base::Error more = refusal(testing::filtered("gzip -c", image));
  EXPECT_EQ(more.code(), Code::IMAGE_COMPRESSED);
  EXPECT_NE(more.subject().find("more than the kernel in it says"), std::string::npos);
  Bytes zimage = testing::make_zimage();
  zimage.resize(zimage.size() + (10 << 20));
  EXPECT_NE(refusal(testing::filtered("gzip -c", zimage)).subject().find("more than the kernel"),
            std::string::npos);
  const base::Error none = refusal(testing::filtered("gzip -c", Bytes(10 << 20)));
  EXPECT_EQ(none.code(), Code::IMAGE_UNKNOWN);
  EXPECT_TRUE(none.subject().starts_with("Image.x, unpacked")) << none.subject();
}

// Each layer is kept, so that all of them together are bounded.
TEST(KernelFile, no_more_is_unpacked_than_all_layers_may_have) {
  const Bytes image = small_image();
  const Bytes once = testing::filtered("gzip -c", image);
  KernelTools tools{unpack_part};
  tools.most_unpacked = image.size();
  EXPECT_TRUE(read_kernel(once, "Image.x", tools));
  tools.most_unpacked = image.size() - 1;
  const auto more = read_kernel(once, "Image.x", tools);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code(), Code::IMAGE_COMPRESSED);
}

// As it is, packed by each program, and in a zboot program by each.
TEST(KernelFile, a_thousand_damaged_ones_of_each_packing) {
  Bytes image = small_image();
  image.resize(0x600);
  testing::put64(image, 0x10, 0x80000);
  EXPECT_GT(testing::refused_variants(image, {unpack_part}), 20);
  // A thousand of each of the two, the packings sharing them: what a decoder reserves for its
  // window, 128 MiB of zstd, costs 20 ms a file under ASan.
  constexpr int kShare =
      testing::kManyVariants / static_cast<int>(std::size(testing::kPackers)) + 1;
  for (const testing::Packer& packer : testing::kPackers) {
    const Bytes packed = testing::filtered(packer.filter, image);
    EXPECT_GT(testing::refused_variants(packed, {unpack_part}, kShare), 30) << packer.name;
    EXPECT_GT(testing::refused_variants(zboot(packed, packer.name), {unpack_part}, kShare), 15)
        << packer.name;
  }
}

}  // namespace
}  // namespace hyprelay::handoff
