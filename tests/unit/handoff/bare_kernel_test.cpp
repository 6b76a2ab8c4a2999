// SPDX-License-Identifier: BSD-2-Clause
// What is in a zImage: in Debian's, by what xz makes of them, and in ones packed by each program
// that Linux packs them with.
#include "handoff/bare_kernel.hpp"

#include "handoff/unpack/decoders.hpp"
#include "tests/unit/handoff/damaged.hpp"
#include "tests/unit/handoff/packed.hpp"

#include <random>

namespace hyprelay::handoff {
namespace {

using testing::Bytes;
using testing::put32;

constexpr std::size_t kPayloadAt = 0x2000;

struct Made {
  Bytes kernel =
      testing::bytes_of("code and Linux version 5.15.0-test (somebody@somewhere) (gcc 12) #1");
  testing::Packer packer = testing::kPackers[1];
  testing::ZImageNumbers numbers = {.size_bytes = 0, .text_offset = 0x8000};
  bool computes_start = true;

  // The size word is gzip's trailer, and stands behind all others [linux/scripts/Makefile.lib].
  Bytes zimage() {
    const Bytes packed = testing::filtered(packer.filter, kernel);
    const std::size_t word_at =
        kPayloadAt + packed.size() - (std::string_view(packer.name) == "gzip" ? 4 : 0);
    testing::ZImageNumbers all = numbers;
    all.size_bytes = static_cast<std::uint32_t>(word_at + 4 + 0x40);
    all.inflated = static_cast<std::uint32_t>(kernel.size());
    Bytes image = testing::make_zimage(all);
    std::ranges::copy(packed, image.begin() + kPayloadAt);
    if (numbers.tag_words != 0) {
      put32(image, testing::kSizeTagAt + 8, word_at);
    }
    put32(image, word_at, kernel.size());
    // and r0, r0, #0xf8000000
    put32(image, 0x1064, computes_start ? 0xe200033e : 0xe1a00000);
    return image;
  }
};

std::string why_kept(const Bytes& image) {
  const BareInflation made = inflate_zimage(read_image(image, "zImage").value(), unpack_part);
  EXPECT_FALSE(made.read.view);
  EXPECT_TRUE(made.bytes.empty());
  return made.read.why_not;
}

TEST(BareKernel, of_debian_is_what_xz_makes_of_its_payload) {
  const auto kernels = testing::debian_kernels("armhf");
  ASSERT_GE(kernels.size(), 2u);
  for (const auto& path : kernels) {
    const Bytes file = testing::read_file(path);
    const BareInflation made = inflate_zimage(read_image(file, "zImage").value(), unpack_part);
    ASSERT_TRUE(made.read.view) << made.read.why_not;
    const ImageView& view = *made.read.view;
    EXPECT_EQ(view.inflated_from, "zImage (xz)");
    // vmlinuz-6.1.0-50-armmp
    const std::string release = path.filename().string().substr(std::strlen("vmlinuz-"));
    const std::string version =
        std::to_string(view.bare->major) + "." + std::to_string(view.bare->minor) + ".";
    EXPECT_TRUE(release.starts_with(version)) << release << " is " << version;
    const base::ByteView kernel = view.bytes.subspan(kBareLead);
    EXPECT_EQ(kernel.size(), view.zimage.inflated_bytes);
    // The last magic is the payload's: that of the decompressor's own data lies in front.
    const std::size_t at =
        base::text_of(file).rfind(std::string_view("\xfd"
                                                   "7zXZ\0",
                                                   6));
    const Bytes by_xz =
        testing::filtered("xz -dc --single-stream", base::ByteView(file).subspan(at));
    EXPECT_TRUE(std::ranges::equal(kernel, by_xz)) << path;
    // linux_banner of the release itself.
    EXPECT_NE(base::text_of(kernel).find("Linux version " + release + " "), std::string::npos);
  }
}

TEST(BareKernel, is_found_however_linux_packs_it) {
  for (const testing::Packer& packer : testing::kPackers) {
    Made made{.packer = packer};
    // Longer than what any decoder gives at once.
    made.kernel.resize(1 << 20, std::byte{7});
    const Bytes image = made.zimage();
    const BareInflation read = inflate_zimage(read_image(image, "zImage").value(), unpack_part);
    ASSERT_TRUE(read.read.view) << packer.name << ": " << read.read.why_not;
    const ImageView& view = *read.read.view;
    EXPECT_EQ(view.inflated_from, std::string("zImage (") + packer.name + ")");
    EXPECT_EQ(view.bare->major, 5u);
    EXPECT_EQ(view.bare->minor, 15u);
    EXPECT_EQ(view.bare->size_bytes, kBareLead + made.kernel.size());
    EXPECT_TRUE(std::ranges::equal(view.bytes.subspan(kBareLead), made.kernel)) << packer.name;
    EXPECT_TRUE(std::ranges::all_of(view.bytes.first(kBareLead),
                                    [](std::byte b) { return b == std::byte{0}; }));
    EXPECT_EQ(view.zimage.text_offset, 0x8000u);
  }
}

TEST(BareKernel, a_tree_behind_the_zimage_stays_known) {
  Bytes image = Made().zimage();
  const Bytes tree = testing::bytes_of("\xd0\x0d\xfe\xed and so on");
  image.insert(image.end(), tree.begin(), tree.end());
  const BareInflation made = inflate_zimage(read_image(image, "zImage").value(), unpack_part);
  ASSERT_TRUE(made.read.view);
  EXPECT_TRUE(std::ranges::equal(made.read.view->appended_tree, tree));
}

TEST(BareKernel, what_cannot_stand_alone_is_kept_and_why) {
  Made old;
  old.numbers.tag_words = 4;
  EXPECT_EQ(why_kept(old.zimage()), "its size table has no TEXT_OFFSET (before 5.8)");
  Bytes without_table = Made().zimage();
  put32(without_table, 0x34, 0);
  EXPECT_EQ(why_kept(without_table), "it has no size table (before 4.15)");
  Made nameless;
  nameless.kernel = testing::bytes_of("Linux version of somebody, and Linux version 7 of another");
  EXPECT_EQ(why_kept(nameless.zimage()), "what it inflates to does not say which Linux it is");
  Made fixed{.computes_start = false};
  EXPECT_EQ(why_kept(fixed.zimage()), "it was built for one address of memory (no AUTO_ZRELADDR)");
  Bytes unknown = Made().zimage();
  std::fill_n(unknown.begin() + kPayloadAt, 6, std::byte{0x55});
  EXPECT_EQ(why_kept(unknown), "how its payload is compressed is not known");
  Bytes damaged = Made().zimage();
  damaged[kPayloadAt + 40] ^= std::byte{0x40};
  EXPECT_EQ(why_kept(damaged), "xz: it is damaged or cut off");
}

// Neither more than was promised is kept, nor less taken for the whole.
TEST(BareKernel, a_size_table_that_lies_is_not_believed) {
  for (const int by : {-1, 1}) {
    const Made made;
    Bytes image = Made().zimage();
    const std::size_t word_at = image.size() - 0x44;
    put32(image, word_at, made.kernel.size() + static_cast<std::size_t>(by));
    const std::string why = why_kept(image);
    EXPECT_EQ(why, "xz: it is not what its size table says");
  }
}

// A magic of gzip by chance inside of the payload does not decide what is said of it.
TEST(BareKernel, damage_far_into_its_payload_is_told_from_what_is_none) {
  const auto kernels = testing::debian_kernels("armhf");
  ASSERT_FALSE(kernels.empty());
  Bytes file = testing::read_file(kernels.front());
  file[file.size() / 2] ^= std::byte{1};
  const BareInflation made = inflate_zimage(read_image(file, "zImage").value(), unpack_part);
  EXPECT_FALSE(made.read.view);
  EXPECT_TRUE(made.read.is_damaged);
  EXPECT_EQ(made.read.why_not, "xz: it is damaged or cut off");
  const BareInflation odd = inflate_zimage(
      read_image(Made{.computes_start = false}.zimage(), "zImage").value(), unpack_part);
  EXPECT_FALSE(odd.read.is_damaged);
}

// Text of other kernels is no banner.
TEST(BareKernel, its_version_is_that_of_its_banner) {
  Made made;
  made.kernel = testing::bytes_of(
      "Linux version 2.6 is told of, and Linux version 4.1.0 (without what follows in a banner\n"
      "Linux version 5.10.0-7 (somebody@somewhere) (gcc 10) #1\n");
  const Bytes image = made.zimage();
  const BareInflation read = inflate_zimage(read_image(image, "zImage").value(), unpack_part);
  ASSERT_TRUE(read.read.view) << read.read.why_not;
  EXPECT_EQ(read.read.view->bare->major, 5u);
  EXPECT_EQ(read.read.view->bare->minor, 10u);
}

TEST(BareKernel, a_promise_that_no_32_bit_kernel_keeps_is_not_tried) {
  Bytes image = Made().zimage();
  put32(image, image.size() - 0x44, 0x10000001);
  EXPECT_EQ(why_kept(image), "its size table promises more than a 32-bit kernel can be");
}

// What seal() finds in place of what was planned.
TEST(BareKernel, is_read_again_from_its_bytes) {
  const Bytes image = Made().zimage();
  BareInflation made = inflate_zimage(read_image(image, "zImage").value(), unpack_part);
  ASSERT_TRUE(made.read.view);
  const ZImage facts = made.read.view->zimage;
  EXPECT_TRUE(read_bare_kernel(facts, made.bytes).view);
  EXPECT_FALSE(read_bare_kernel(facts, base::ByteView(made.bytes).first(100)).view);
  made.bytes[17] = std::byte{1};
  EXPECT_FALSE(read_bare_kernel(facts, made.bytes).view);
}

// With what inflates them, each packing in its turn: damage to a payload is found there, and half
// of them is damaged in the payload for sure.
TEST(BareKernel, a_thousand_damaged_zimages) {
  std::vector<Bytes> files;
  for (const testing::Packer& packer : testing::kPackers) {
    Made made;
    made.packer = packer;
    files.push_back(made.zimage());
    EXPECT_TRUE(inflate_zimage(read_image(files.back(), "zImage").value(), unpack_part).read.view);
  }
  std::mt19937 random(1);
  int whole = 0;
  int kept = 0;
  for (int i = 0; i < testing::kManyVariants; ++i) {
    const Bytes& file = files[static_cast<std::size_t>(i) % files.size()];
    Bytes variant = testing::damaged(file, i, random);
    if (random() % 2 == 0 && variant.size() > kPayloadAt) {
      const std::size_t reach = variant.size() - kPayloadAt;
      variant[kPayloadAt + random() % reach] ^= static_cast<std::byte>(1 << random() % 8);
    }
    const auto read = read_image(variant, "zImage");
    if (!read || read.value().arch != Arch::kArm) {
      EXPECT_TRUE(read || read.error().stage() == base::Stage::kImage);
      continue;
    }
    const BareInflation inflated = inflate_zimage(read.value(), unpack_part);
    EXPECT_TRUE(inflated.read.view ? !inflated.bytes.empty() : !inflated.read.why_not.empty());
    ++(inflated.read.view ? whole : kept);
  }
  EXPECT_GT(whole, 50);
  EXPECT_GT(kept, 100);
}

}  // namespace
}  // namespace hyprelay::handoff
