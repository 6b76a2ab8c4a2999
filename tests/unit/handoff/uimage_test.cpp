// SPDX-License-Identifier: BSD-2-Clause
// U-Boot's legacy images, made by mkimage.
#include "tests/unit/handoff/workshop.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using Strings = std::vector<std::string>;

class UImage : public testing::Workshop {
 protected:
  Bytes mkimage(const std::string& words, const std::string& files) const {
    return made("mkimage " + words + " -n 'Linux 6.1' -d " + files + " out >/dev/null", "out");
  }
};

TEST_F(UImage, debians_zimage_is_found_in_it) {
  for (const auto& kernel : testing::debian_kernels("armhf")) {
    const Bytes file =
        mkimage("-A arm -O linux -T kernel -C none -a 0x8000 -e 0x8000", kernel.string());
    const KernelFile read = opened(file);
    EXPECT_EQ(read.layers, Strings{"uImage"});
    EXPECT_EQ(read.image.arch, Arch::kArm);
    EXPECT_TRUE(same(read.image.bytes, read_image(content_at(kernel), "k").value().bytes));
    ASSERT_EQ(read.contained.parts.size(), 1U);
    EXPECT_EQ(read.contained.parts[0].name, "Linux 6.1");
    EXPECT_TRUE(read.notes.empty() && read.contained.notes.empty());
  }
}

TEST_F(UImage, an_image_packed_by_each_program) {
  const Bytes image = testing::short_image();
  write("Image", image);
  for (const std::string packer :
       {"gzip -c", "bzip2 -c", "lzma -c", "lzop -c", "lz4 -l -c", "zstd -c"}) {
    run(packer + " Image >packed 2>/dev/null");
    const std::string name =
        packer.substr(0, packer.find(' ')) == "lzop" ? "lzo" : packer.substr(0, packer.find(' '));
    const Bytes file = mkimage("-A arm64 -O linux -T kernel_noload -C " + name, "packed");
    const KernelFile read = opened(file);
    EXPECT_EQ(read.layers, (Strings{"uImage", name}));
    EXPECT_TRUE(same(read.image.bytes, image)) << name;
  }
}

TEST_F(UImage, of_several_files_initrd_and_tree_come_along) {
  write("Image", testing::short_image());
  write_text("initrd", "070701 as it were");
  write_text("tree", "a tree!");
  const Bytes file = mkimage("-A arm64 -O linux -T multi -C none", "Image:initrd:tree:tree");
  const KernelFile read = opened(file);
  EXPECT_EQ(read.layers, Strings{"uImage of several files"});
  EXPECT_TRUE(same(read.image.bytes, testing::short_image()));
  ASSERT_TRUE(read.contained.initrd);
  EXPECT_EQ(base::text_of(*read.contained.initrd), "070701 as it were");
  ASSERT_TRUE(read.contained.tree);
  EXPECT_EQ(base::text_of(*read.contained.tree), "a tree!");
  ASSERT_EQ(read.contained.notes.size(), 1U);
  EXPECT_EQ(read.contained.notes[0], "file: file 3 of the uImage is left out: bootm takes three");
}

TEST_F(UImage, checksums_are_compared) {
  write("Image", testing::short_image());
  const Bytes file = mkimage("-A arm64 -O linux -T kernel -C none", "Image");
  Bytes content = file;
  content[64 + 0x2000] ^= std::byte{1};
  expect_refused(content, Code::IMAGE_SUM, "the uImage's content, crc32");
  Bytes header = file;
  header[10] ^= std::byte{1};
  expect_refused(header, Code::IMAGE_SUM, "the uImage's header, crc32");
}

TEST_F(UImage, what_is_no_kernel_for_arm_is_refused_by_its_field) {
  write("Image", testing::short_image());
  expect_refused(mkimage("-A x86_64 -O linux -T kernel -C none", "Image"), Code::IMAGE_WRONG_ARCH,
                 "architecture 24");
  expect_refused(mkimage("-A arm64 -O linux -T ramdisk -C none", "Image"), Code::IMAGE_NO_KERNEL,
                 "of type 3");
  expect_refused(mkimage("-A arm64 -O netbsd -T kernel -C none", "Image"), Code::IMAGE_NO_KERNEL,
                 "operating system 2");
  expect_refused(mkimage("-A arm64 -O linux -T kernel -C gzip", "Image"), Code::IMAGE_PACKING,
                 "said to be gzip, is not");
  write_text("text", "no kernel at all, whatever its header says");
  expect_refused(mkimage("-A arm64 -O linux -T kernel -C none", "text"), Code::IMAGE_UNKNOWN,
                 "file, the kernel in it: looks like a text file");
}

TEST_F(UImage, cut_anywhere_it_is_refused) {
  write("Image", testing::short_image());
  const Bytes file = mkimage("-A arm64 -O linux -T multi -C none", "Image:Image");
  for (std::size_t size = 4; size < file.size(); size += size < 200 ? 1 : 997) {
    expect_refused(base::ByteView(file).first(size), Code::IMAGE_TRUNCATED, "file");
  }
  Bytes longer = file;
  longer.resize(file.size() + 7);
  EXPECT_EQ(opened(longer).contained.notes.at(0),
            "file: 7 bytes behind the end of the uImage are left out");
}

TEST_F(UImage, a_thousand_damaged_ones) {
  write("Image", testing::short_image(0x600));
  EXPECT_GT(
      testing::refused_variants(mkimage("-A arm64 -O linux -T kernel -C none", "Image"), tools()),
      400);
  EXPECT_GT(testing::refused_variants(mkimage("-A arm64 -O linux -T multi -C none", "Image:Image"),
                                      tools()),
            400);
}

}  // namespace
}  // namespace hyprelay::handoff
