// SPDX-License-Identifier: BSD-2-Clause
// Kernels as they were linked: made from Debian's by objcopy.
#include "handoff/bare_kernel.hpp"
#include "handoff/kernel_needs.hpp"
#include "handoff/plan.hpp"
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

// What Xen, U-Boot or hyp-check is: it says where it wants to be.
TEST_F(ElfKernel, with_an_images_header_it_is_a_program_if_it_is_no_linux) {
  Bytes image = testing::short_image();
  const auto linked_low = [&] {
    Bytes file = elf("aarch64-linux-gnu-", "elf64-littleaarch64", image, "0x41000000");
    testing::put64(file, 24, 0x41000000);
    return file;
  };
  const KernelFile program = opened(linked_low());
  ASSERT_TRUE(program.image.program);
  EXPECT_EQ(program.image.program->start, 0x41000000u);
  EXPECT_TRUE(same(program.image.bytes, image));
  testing::put_text(image, 0x1000, "Linux version 6.1");
  EXPECT_FALSE(opened(linked_low()).image.program);
}

TEST_F(ElfKernel, other_programs_are_refused) {
  expect_refused(content_at("/proc/self/exe"), Code::IMAGE_WRONG_ARCH, "an ELF file for machine");
  expect_refused(elf64(base::bytes_of("no kernel, whatever is around it")), Code::IMAGE_ELF,
                 "which is no address of memory");
  Bytes big = elf64(testing::short_image());
  big[5] = std::byte{2};
  expect_refused(big, Code::IMAGE_WRONG_ENDIAN, "an ELF file");
}

// Programs that are no Linux, assembled and linked by binutils.
class ElfProgram : public testing::Workshop {
 protected:
  Bytes linked(const std::string& prefix, const std::string& source,
               const std::string& script) const {
    write_text("source.S", source);
    write_text("script", script);
    run(prefix + "gcc -c -o source.o source.S && " + prefix +
        "ld -z max-page-size=4096 --no-warn-rwx-segments "
        "-T script -o program source.o");
    return content_at(path("program"));
  }
  Bytes arm(const std::string& entry, const std::string& address = "0x41001000") const {
    return linked(
        "arm-linux-gnueabihf-",
        ".syntax unified; .section .text; .word 0x12345678; .arm; .global a32; .type a32, "
        "%function; a32: b a32; .thumb; .global t32; .type t32, %function; .thumb_func; "
        "t32: b t32; .section .data; .word 0x9abcdef0; .section .bss; .space 0x2345",
        "ENTRY(" + entry + ") SECTIONS { . = " + address +
            "; .text : { *(.text) } . += 0x1000; .data : { *(.data) } .bss : { *(.bss) } }");
  }
  Bytes arm64(const std::string& address) const {
    return linked("aarch64-linux-gnu-", ".word 0x12345678; .global start; start: b start",
                  "ENTRY(start) SECTIONS { . = " + address + "; .text : { *(.text) } }");
  }
  static std::uint32_t word_at(const ImageView& image, std::uint64_t address) {
    return base::read_le<std::uint32_t>(image.bytes, address - image.program->start).value();
  }
};

TEST_F(ElfProgram, lies_where_it_was_linked_in_one_piece) {
  const KernelFile read = opened(arm("a32"));
  const ImageView& image = read.image;
  ASSERT_TRUE(image.program);
  EXPECT_EQ(image.arch, Arch::kArm);
  EXPECT_EQ(image.program->start, 0x41001000u);
  EXPECT_EQ(image.program->entry, 0x41001004u);
  EXPECT_EQ(word_at(image, 0x41001000), 0x12345678u);
  EXPECT_EQ(word_at(image, 0x41001004), 0xeafffffeu);
  EXPECT_EQ(word_at(image, 0x4100200c), 0x9abcdef0u);
  EXPECT_EQ(image.bytes.size(), 0x1010u + 0x2345u);
  EXPECT_EQ(word_at(image, 0x41002010), 0u);
  // In Thumb.
  EXPECT_EQ(opened(arm("t32")).image.program->entry, 0x41001009u);
  const KernelFile wide = opened(arm64("0x41000000"));
  EXPECT_EQ(wide.image.arch, Arch::kArm64);
  EXPECT_EQ(wide.image.program->entry, 0x41000004u);
}

TEST_F(ElfProgram, is_planned_there_or_refused_with_what_is_in_the_way) {
  const KernelFile read = opened(arm("t32"));
  Machine machine = testing::virt(Arch::kArm, 512 * testing::kMega);
  const PlanRequest request = testing::request_for(machine, 5 * testing::kMega);
  const auto plan = make_plan(machine, read.image, request);
  ASSERT_TRUE(plan) << base::describe(plan.error());
  EXPECT_EQ(plan.value().find(SegmentKind::kKERNEL)->memory, testing::range(0x41001000, 0x4000));
  EXPECT_EQ(plan.value().entry.raw(), 0x41001009u);
  EXPECT_TRUE(check_plan(machine, read.image, request, plan.value()));
  // The check believes neither place nor entry.
  Plan moved = plan.value();
  moved.entry = moved.entry + 4;
  EXPECT_FALSE(check_plan(machine, read.image, request, moved));
  moved = plan.value();
  moved.placements[0].memory = testing::range(0x41002000, 0x4000);
  EXPECT_FALSE(check_plan(machine, read.image, request, moved));

  const auto why_not = [&](const ImageView& image) {
    const auto refused = make_plan(machine, image, request);
    EXPECT_FALSE(refused);
    EXPECT_TRUE(refused || refused.error().code() == Code::PLAN_NO_ROOM);
    return refused ? std::string() : std::string(refused.error().subject());
  };
  machine.reserved = {{testing::range(0x41004000, 0x1000), "firmware"}};
  EXPECT_EQ(why_not(read.image),
            "program linked for 0x41001000 to 0x41005000: firmware lies there, from 0x41004000");
  machine.reserved.clear();
  const KernelFile outside = opened(arm("a32", "0x80000000"));
  EXPECT_EQ(why_not(outside.image),
            "program linked for 0x80000000 to 0x80004000: not all of that is memory");
  machine.page_size_bytes = 0x10000;
  EXPECT_EQ(why_not(read.image),
            "program linked for 0x41001000 to 0x41011000: that is no multiple of this kernel's "
            "pages");
}

TEST_F(ElfProgram, without_an_address_or_an_entry_is_refused) {
  expect_refused(arm64("0xffff800008000000"), Code::IMAGE_ELF, "which is no address of memory");
  // ET_DYN.
  Bytes anywhere = arm64("0x41000000");
  testing::put(anywhere, 16, 3, 2);
  expect_refused(anywhere, Code::IMAGE_ELF, "a program for no address");
  Bytes no_entry = arm64("0x41000000");
  testing::put64(no_entry, 24, 0x41000006);
  expect_refused(no_entry, Code::IMAGE_ELF, "its entry is no instruction");
  testing::put64(no_entry, 24, 0x42000000);
  expect_refused(no_entry, Code::IMAGE_ELF, "its entry is no instruction");
}

TEST_F(ElfProgram, cut_or_damaged_a_thousand_times) {
  EXPECT_GT(testing::refused_variants(arm("a32"), tools()), 100);
}

TEST_F(ElfKernel, cut_or_damaged_a_thousand_times) {
  const Bytes file = elf64(testing::short_image(0x600));
  expect_refused(base::ByteView(file).first(0x1200), Code::IMAGE_TRUNCATED, "segment");
  EXPECT_GT(testing::refused_variants(file, tools()), 100);
}

}  // namespace
}  // namespace hyprelay::handoff
