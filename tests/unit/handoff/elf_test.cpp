// SPDX-License-Identifier: BSD-2-Clause
// Kernels as they were linked: made from Debian's by objcopy.
#include "handoff/bare_kernel.hpp"
#include "handoff/kernel_needs.hpp"
#include "tests/unit/handoff/workshop.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using Strings = std::vector<std::string>;

class ElfKernel : public testing::Workshop {
 protected:
  // A program's file around bytes at an address.
  Bytes elf(const std::string& prefix, const std::string& target, base::ByteView bytes,
            const std::string& address, const std::string& more = "") const {
    write("flat", bytes);
    write_text("script",
               "SECTIONS { . = " + address + "; .head.text : { *(.data) } " + more + " }");
    run(prefix + "objcopy -I binary -O " + target + " -B " +
        (prefix.starts_with("arm") ? "arm" : "aarch64") + " flat flat.o && " + prefix +
        "ld -T script -z max-page-size=4096 -o vmlinux flat.o 2>/dev/null");
    return content_at(path("vmlinux"));
  }
  Bytes elf64(base::ByteView bytes, const std::string& more = "") const {
    return elf("aarch64-linux-gnu-", "elf64-littleaarch64", bytes, "0xffff800008000000", more);
  }
  Bytes elf32(base::ByteView bytes, const std::string& more) const {
    return elf("arm-linux-gnueabihf-", "elf32-littlearm", bytes, "0xc0208000", more);
  }
};

TEST_F(ElfKernel, an_arm64_one_is_its_image) {
  for (const auto& kernel : testing::debian_kernels("arm64")) {
    const Bytes image = content_at(kernel);
    const KernelFile read = opened(elf64(image));
    EXPECT_EQ(read.layers, Strings{"ELF"});
    EXPECT_TRUE(same(read.image.bytes, opened(image).image.bytes));
    EXPECT_EQ(read.image.image.image_size, opened(image).image.image.image_size);
  }
}

// What Debian's zImage has in it, put into an ELF file, is the same kernel again.
TEST_F(ElfKernel, an_arm_one_is_what_is_in_its_zimage) {
  for (const auto& kernel : testing::debian_kernels("armhf")) {
    const Bytes file = content_at(kernel);
    const ImageView zimage = read_image(file, "k").value();
    const BareInflation inflated = inflate_zimage(zimage, unpack_part);
    ASSERT_TRUE(inflated.read.view) << inflated.read.why_not;
    const base::ByteView flat = base::ByteView(inflated.bytes).subspan(kBareLead);
    const KernelFile read =
        opened(elf32(flat, ".init.pv_table : { LONG(1) } .bss : { . += 0x12340; }"));
    ASSERT_TRUE(read.image.bare);
    EXPECT_TRUE(same(read.image.bytes.first(inflated.bytes.size()), inflated.bytes));
    EXPECT_EQ(read.image.zimage.text_offset, 0x208000U);
    EXPECT_GE(read.image.zimage.bss_bytes, 0x12340U);
    EXPECT_EQ(read.image.bare->major, 6U);
    EXPECT_EQ(needs_of(read.image, read.image).lpae, kernel.string().ends_with("lpae"));
    EXPECT_EQ(needs_of(read.image, read.image).keeps_hyp, true);
    expect_refused(elf32(flat, ""), Code::IMAGE_ELF, "CONFIG_ARM_PATCH_PHYS_VIRT");
  }
}

TEST_F(ElfKernel, other_programs_are_refused) {
  expect_refused(content_at("/proc/self/exe"), Code::IMAGE_WRONG_ARCH, "an ELF file for machine");
  expect_refused(elf64(base::bytes_of("no kernel, whatever is around it")), Code::IMAGE_ELF,
                 "no Image's header");
  Bytes big = elf64(testing::short_image());
  big[5] = std::byte{2};
  expect_refused(big, Code::IMAGE_WRONG_ENDIAN, "an ELF file");
}

TEST_F(ElfKernel, cut_or_damaged_a_thousand_times) {
  const Bytes file = elf64(testing::short_image(0x600));
  expect_refused(base::ByteView(file).first(0x1200), Code::IMAGE_TRUNCATED, "segment");
  EXPECT_GT(testing::refused_variants(file, tools()), 100);
}

}  // namespace
}  // namespace hyprelay::handoff
