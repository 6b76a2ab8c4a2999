// SPDX-License-Identifier: BSD-2-Clause
#include "base/error_text.hpp"
#include "handoff/kernel_file.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using testing::make_image;
using testing::make_zimage;

// The error of an image that must be refused.
base::Error refusal(const Bytes& file) {
  const auto view = read_image(file, "vmlinuz");
  EXPECT_FALSE(view.has_value());
  return view.has_value() ? base::Error() : view.error();
}

TEST(ZImage, reads_the_size_table) {
  const Bytes file = make_zimage();
  const auto view = read_image(file, "vmlinuz");
  ASSERT_TRUE(view.has_value()) << base::describe(view.error());
  EXPECT_EQ(view.value().arch, Arch::kArm);
  EXPECT_EQ(view.value().bytes.size(), 0x532200u);
  EXPECT_EQ(view.value().zimage.size_bytes, 0x532200u);
  EXPECT_EQ(view.value().zimage.inflated_bytes, 0x13a10b4u);
  EXPECT_EQ(view.value().zimage.bss_bytes, 0x5e4d4u);
  EXPECT_EQ(view.value().zimage.text_offset, 0x208000u);
  EXPECT_EQ(view.value().zimage.text_offset_max, 0x208000u);
  EXPECT_EQ(view.value().zimage.malloc_bytes, 0x10000u);
  EXPECT_TRUE(view.value().zimage.reads_memory_nodes);
  EXPECT_TRUE(view.value().zimage.reads_usable_range);
}

TEST(ZImage, a_table_without_text_offset_leaves_a_range) {
  const Bytes file =
      make_zimage({.tag_words = 4, .reads_memory_nodes = false, .reads_usable_range = false});
  const auto view = read_image(file, "vmlinuz");
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view.value().zimage.text_offset, 0x8000u);
  EXPECT_EQ(view.value().zimage.text_offset_max, 0x408000u);
  EXPECT_FALSE(view.value().zimage.reads_memory_nodes);
  EXPECT_FALSE(view.value().zimage.reads_usable_range);
}

TEST(ZImage, another_tag_before_the_size_tag_is_skipped) {
  Bytes file = make_zimage();
  testing::put32(file, 0x38, 0xf4);
  testing::put32(file, 0xf4, 3);
  testing::put32(file, 0xf8, 0x12345678);
  const auto view = read_image(file, "vmlinuz");
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view.value().zimage.text_offset, 0x208000u);
}

TEST(ZImage, what_was_appended_is_not_loaded) {
  Bytes file = make_zimage();
  const Bytes tree = testing::bytes_of("\xd0\x0d\xfe\xed");
  file.insert(file.end(), tree.begin(), tree.end());
  const auto view = read_image(file, "vmlinuz");
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view.value().bytes.size(), 0x532200u);
  EXPECT_EQ(view.value().appended_tree.size(), 4u);
  file[0x532200] = std::byte{0};
  EXPECT_TRUE(read_image(file, "vmlinuz").value().appended_tree.empty());
}

TEST(ZImage, every_truncation_is_refused) {
  const Bytes whole = make_zimage({.size_bytes = 0x1000});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes file(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const base::Error error = refusal(file);
    const Code wanted = size == 0     ? Code::FILE_EMPTY
                        : size < 0x28 ? Code::IMAGE_UNKNOWN
                                      : Code::IMAGE_TRUNCATED;
    EXPECT_EQ(error.code(), wanted) << size;
    if (wanted == Code::IMAGE_TRUNCATED && size >= 0x40) {
      EXPECT_EQ(error.at(), whole.size());
      EXPECT_EQ(error.limit(), size);
    }
  }
}

TEST(ZImage, lies_are_named_by_the_offset_of_the_field) {
  struct Row {
    std::size_t at;
    std::uint32_t value;
    std::uint64_t blamed;
  };
  const Row rows[] = {
      {0x28, 0xfffffff0, 0x2c},    // start behind end
      {0x2c, 0x20, 0x2c},          // end inside the header
      {0x38, 0x10, 0x38},          // table inside the header
      {0x38, 0x101, 0x38},         // table misaligned
      {0x38, 0xfffffffc, 0x38},    // table outside
      {0x100, 1, 0x100},           // a tag shorter than its head
      {0x100, 3, 0x100},           // a size tag without bss
      {0x100, 0x7fffffff, 0x100},  // a tag longer than the image
      {0x108, 0x20, 0x108},        // inflated size inside the header
      {0x108, 0x1ffe, 0x108},      // inflated size across the end
      {0x180, 0, 0x180},           // inflates to nothing
      {0x180, 0xf0000000, 0x180},  // inflates to more than any kernel
      {0x10c, 0xf0000000, 0x10c},  // bss
      {0x110, 0x4000, 0x110},      // no room for page tables
      {0x110, 0x208004, 0x110},    // not even word aligned to a page
      {0x110, 0x8000000, 0x110},   // outside of the window
      {0x114, 0xf0000000, 0x114},  // malloc
  };
  for (const Row& row : rows) {
    Bytes file = make_zimage({.size_bytes = 0x2000});
    testing::put32(file, row.at, row.value);
    const base::Error error = refusal(file);
    EXPECT_EQ(error.code(), Code::IMAGE_LIES) << std::hex << row.at << " " << row.value;
    EXPECT_EQ(error.at(), row.blamed) << std::hex << row.at << " " << row.value;
  }
}

// Kernels before 4.15. Debian's zImage with its table taken away stands for one.
TEST(ZImage, without_size_table_is_bounded) {
  Bytes no_mark = make_zimage();
  testing::put32(no_mark, 0x34, 0);
  Bytes no_tag = make_zimage();
  testing::put32(no_tag, 0x100, 0);
  for (const Bytes& file : {no_mark, no_tag}) {
    const auto view = read_image(file, "vmlinuz");
    ASSERT_TRUE(view) << base::describe(view.error());
    const ZImage& z = view.value().zimage;
    EXPECT_TRUE(z.sizes_are_bounds);
    EXPECT_EQ(z.inflated_bytes, 8 * z.size_bytes);
    EXPECT_EQ(z.bss_bytes, 0x1400000u);
    EXPECT_EQ(z.text_offset, 0x8000u);
    EXPECT_EQ(z.text_offset_max, 0x408000u);
  }
  EXPECT_FALSE(read_image(make_zimage(), "vmlinuz").value().zimage.sizes_are_bounds);
}

TEST(ZImage, the_bound_holds_for_debians_kernels) {
  for (const auto& path : testing::debian_kernels("armhf")) {
    Bytes file = testing::read_file(path);
    const ZImage real = read_image(file, path.string()).value().zimage;
    testing::put32(file, 0x34, 0);
    const ZImage bound = read_image(file, path.string()).value().zimage;
    EXPECT_TRUE(bound.sizes_are_bounds);
    EXPECT_GE(bound.inflated_bytes, real.inflated_bytes) << path;
    EXPECT_GE(bound.bss_bytes, real.bss_bytes) << path;
    EXPECT_GE(bound.malloc_bytes, real.malloc_bytes) << path;
    EXPECT_GE(real.text_offset, bound.text_offset) << path;
    EXPECT_LE(real.text_offset, bound.text_offset_max) << path;
  }
}

TEST(ZImage, big_endian_is_refused) {
  Bytes marked = make_zimage({.size_bytes = 0x2000});
  testing::put32(marked, 0x30, 0x01020304);
  EXPECT_EQ(refusal(marked).code(), Code::IMAGE_WRONG_ENDIAN);
  Bytes swapped = make_zimage({.size_bytes = 0x2000});
  testing::put32(swapped, 0x24, 0x18286f01);
  EXPECT_EQ(refusal(swapped).code(), Code::IMAGE_WRONG_ENDIAN);
}

TEST(Arm64Image, reads_the_header) {
  const Bytes file = make_image();
  const auto view = read_image(file, "Image");
  ASSERT_TRUE(view.has_value()) << base::describe(view.error());
  EXPECT_EQ(view.value().arch, Arch::kArm64);
  EXPECT_EQ(view.value().image.size_bytes, 0x1f6dfc0u);
  EXPECT_EQ(view.value().image.image_size, 0x2010000u);
  EXPECT_EQ(view.value().image.text_offset, 0u);
  EXPECT_EQ(view.value().image.page_size_code, 1);
  EXPECT_TRUE(view.value().image.anywhere);
}

TEST(Arm64Image, refuses_what_contradicts_itself) {
  EXPECT_EQ(refusal(make_image({.size_bytes = 0x1000, .flags = 0xb})).code(),
            Code::IMAGE_WRONG_ENDIAN);
  EXPECT_EQ(refusal(make_image({.size_bytes = 0x1000, .image_size = 0})).code(),
            Code::IMAGE_NO_SIZE);
  const base::Error lie = refusal(make_image({.size_bytes = 0x1000, .text_offset = 0x200000}));
  EXPECT_EQ(lie.code(), Code::IMAGE_LIES);
  EXPECT_EQ(lie.at(), 8u);
  EXPECT_TRUE(read_image(make_image({.size_bytes = 0x1000, .image_size = 0x40000000}), "Image"));
  for (const std::uint64_t bytes : {std::uint64_t{0x40000001}, std::uint64_t{1} << 63}) {
    const base::Error size = refusal(make_image({.size_bytes = 0x1000, .image_size = bytes}));
    EXPECT_EQ(size.code(), Code::IMAGE_LIES) << bytes;
    EXPECT_EQ(size.at(), 0x10u);
  }
  Bytes header = make_image({.size_bytes = 0x1000});
  header.resize(0x3f);
  EXPECT_EQ(refusal(header).code(), Code::IMAGE_TRUNCATED);
}

// As [linux/arm64/booting section 4] of 3.16 has it: size and flags are reserved words of zeroes.
TEST(Arm64Image, before_3_17_the_header_tells_neither_size_nor_endianness) {
  for (const std::uint64_t offset : {std::uint64_t{0x80000}, std::uint64_t{0}}) {
    const Bytes file =
        make_image({.size_bytes = 0x5000, .image_size = 0, .text_offset = offset, .flags = 0});
    const auto view = read_image(file, "Image");
    ASSERT_TRUE(view.has_value()) << base::describe(view.error());
    EXPECT_EQ(view.value().image.text_offset, 0x80000u);
    EXPECT_EQ(view.value().image.size_bytes, 0x5000u);
    // U-Boot and kexec-tools: 16 MiB; here they are behind the file.
    EXPECT_EQ(view.value().image.image_size, 0x5000u + 0x1000000u);
    EXPECT_TRUE(view.value().image.size_is_bound);
    EXPECT_FALSE(view.value().image.anywhere);
    EXPECT_EQ(view.value().image.page_size_code, 0);
  }
  EXPECT_FALSE(read_image(make_image({.size_bytes = 0x1000}), "Image").value().image.size_is_bound);
  // In a big endian kernel's endianness.
  Bytes big = make_image({.size_bytes = 0x1000, .image_size = 0, .flags = 0});
  big[0x08 + 5] = std::byte{0x08};
  EXPECT_EQ(refusal(big).code(), Code::IMAGE_WRONG_ENDIAN);
}

// Debian's kernel with the header that it would have had, and the plan for it: what is behind the
// file stays free, and the start of memory is where its first 2 MiB boundary is.
TEST(Arm64Image, a_real_one_with_a_header_of_before_3_17_is_planned_for) {
  for (const auto& path : testing::debian_kernels("arm64")) {
    Bytes file = testing::read_file(path);
    testing::put64(file, 0x08, 0x80000);
    testing::put64(file, 0x10, 0);
    testing::put64(file, 0x18, 0);
    const auto read = read_kernel(file, "Image", {});
    ASSERT_TRUE(read) << base::describe(read.error());
    ASSERT_EQ(read.value().notes.size(), 1U);
    EXPECT_NE(read.value().notes[0].find("before 3.17"), std::string::npos);
    const ImageView& image = read.value().image;
    EXPECT_TRUE(std::ranges::equal(image.bytes, file));
    const Machine machine = testing::virt(Arch::kArm64, 512 * testing::kMega);
    const PlanRequest request = testing::request_for(machine, 5 * testing::kMega);
    const auto plan = make_plan(machine, image, request);
    ASSERT_TRUE(plan) << base::describe(plan.error());
    EXPECT_EQ(plan.value().entry.raw(), 0x40080000u);
    EXPECT_EQ(plan.value().memory_start.raw(), 0x40000000u);
    for (const Placement& one : plan.value().placements) {
      EXPECT_TRUE(one.kind == SegmentKind::kKERNEL ||
                  one.memory.start().raw() >= 0x40080000 + file.size() + 0x1000000);
    }
    EXPECT_TRUE(check_plan(machine, image, request, plan.value()));
  }
}

// An Image whose PE header says that its only section's raw data ends at `raw_end`.
Bytes make_pe_image(std::uint32_t file_bytes, std::uint32_t raw_end) {
  Bytes file = make_image({.size_bytes = file_bytes, .image_size = 0x20000});
  testing::put_text(file, 0, "MZ");
  testing::put32(file, 0x3c, 0x40);
  testing::put_text(file, 0x40, "PE");
  testing::put32(file, 0x46, 1);
  testing::put32(file, 0x40 + 24 + 16, raw_end - 0x1000);
  testing::put32(file, 0x40 + 24 + 20, 0x1000);
  return file;
}

TEST(Arm64Image, its_efi_header_says_how_long_the_file_must_be) {
  EXPECT_TRUE(read_image(make_pe_image(0x8000, 0x8000), "Image").has_value());
  const base::Error cut = refusal(make_pe_image(0x7fff, 0x8000));
  EXPECT_EQ(cut.code(), Code::IMAGE_TRUNCATED);
  EXPECT_EQ(cut.at(), 0x8000u);
  EXPECT_EQ(cut.limit(), 0x7fffu);
  const base::Error lie = refusal(make_pe_image(0x30000, 0x20001));
  EXPECT_EQ(lie.code(), Code::IMAGE_LIES);
  EXPECT_EQ(lie.at(), 0x10u);
}

TEST(Arm64Image, what_lies_beyond_image_size_is_not_loaded) {
  const auto view = read_image(make_image({.size_bytes = 0x3000, .image_size = 0x2000}), "Image");
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view.value().image.size_bytes, 0x2000u);
}

TEST(Image, says_what_an_unknown_file_looks_like) {
  struct Row {
    std::string bytes;
    Code code;
    std::string_view looks_like;
  };
  using namespace std::string_literals;
  const Row rows[] = {
      {"\x1f\x8b\x08"s, Code::IMAGE_COMPRESSED, "gzip"},
      {"\xfd\x37zXZ\0\0"s, Code::IMAGE_COMPRESSED, "xz"},
      {"\x28\xb5\x2f\xfd\x04"s, Code::IMAGE_COMPRESSED, "zstd"},
      {"MZ\0\0zimg"s, Code::IMAGE_ZBOOT, "an EFI zboot kernel"},
      {"\x7f"
       "ELF\2\1\1"s,
       Code::IMAGE_UNKNOWN, "an ELF file"},
      {"\x27\x05\x19\x56zzzz"s, Code::IMAGE_UNKNOWN, "a uImage"},
      {"\xd0\x0d\xfe\xed\0\0"s, Code::IMAGE_UNKNOWN, "a device tree or a FIT"},
      {"070701000"s, Code::IMAGE_UNKNOWN, "a cpio archive, like an initrd"},
      {"ANDROID!"s, Code::IMAGE_UNKNOWN, "an Android boot image"},
      {"#!/bin/sh\necho\n"s, Code::IMAGE_UNKNOWN, "a text file"},
      {std::string(100, '\0'), Code::IMAGE_UNKNOWN, "nothing but zeroes"},
      {std::string(0x38, '\1') + "RSC\x05", Code::IMAGE_WRONG_ARCH, "a RISC-V Image"},
      {std::string(0x202, '\1') + "HdrS", Code::IMAGE_WRONG_ARCH, "an x86 bzImage"},
  };
  for (const Row& row : rows) {
    const base::Error error = refusal(testing::bytes_of(row.bytes));
    EXPECT_EQ(error.code(), row.code) << row.looks_like;
    EXPECT_EQ(error.subject(), "vmlinuz: looks like " + std::string(row.looks_like));
  }
  EXPECT_EQ(refusal(testing::bytes_of("\1\2\3\4")).subject(), "vmlinuz");
}

TEST(Image, debian_kernels_are_read_and_every_kind_of_cut_is_noticed) {
  for (const char* arch : {"armhf", "arm64"}) {
    const auto kernels = testing::debian_kernels(arch);
    ASSERT_FALSE(kernels.empty()) << "no kernel below " HR_CACHE;
    for (const auto& path : kernels) {
      const Bytes file = testing::read_file(path);
      const auto view = read_image(file, path.filename().string());
      ASSERT_TRUE(view.has_value()) << base::describe(view.error());
      if (view.value().arch == Arch::kArm) {
        EXPECT_EQ(view.value().zimage.size_bytes, file.size());
        EXPECT_GT(view.value().zimage.inflated_bytes, file.size());
        EXPECT_TRUE(view.value().zimage.reads_memory_nodes);
      } else {
        EXPECT_GT(view.value().image.image_size, view.value().image.size_bytes);
        EXPECT_TRUE(view.value().image.anywhere);
      }
      for (const std::size_t size : {file.size() - 0x1000, file.size() / 2, std::size_t{0x1000}}) {
        const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(refusal(cut).code(), Code::IMAGE_TRUNCATED) << path << " " << size;
      }
    }
  }
}

// From the header of 64 bytes to the end of the PE header, which the kernels with an EFI stub have.
// Of one byte nobody can tell, and an empty file is one.
TEST(Image, a_real_kernel_cut_anywhere_in_its_headers_is_truncated) {
  for (const char* arch : {"armhf", "arm64"}) {
    const auto kernels = testing::debian_kernels(arch);
    ASSERT_FALSE(kernels.empty());
    for (const auto& path : kernels) {
      const Bytes whole = testing::read_file(path);
      for (std::size_t size = 2; size < 0x400; ++size) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(refusal(cut).code(), Code::IMAGE_TRUNCATED) << path << " " << size;
      }
    }
  }
}

}  // namespace
}  // namespace hyprelay::handoff
