// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/kernel_needs.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::handoff {
namespace {

// What a kernel with long descriptors does before it has a page table: it reads ID_MMFR0 and stops
// unless its VMSA field, bits 3 to 0, is at least 5 [linux/arch/arm/kernel/head.S, CONFIG_ARM_LPAE;
// arm/ddi0406c B4.1.89]: mrc p15, 0, r3, c0, c1, 4; and r3, r3, #0xf; cmp r3, #5, in A32 or T32.
constexpr auto kLooksForLpaeA32 = std::to_array<unsigned char>(
    {0x91, 0x3f, 0x10, 0xee, 0x0f, 0x30, 0x03, 0xe2, 0x05, 0x00, 0x53, 0xe3});
constexpr auto kLooksForLpaeT32 =
    std::to_array<unsigned char>({0x10, 0xee, 0x91, 0x3f, 0x03, 0xf0, 0x0f, 0x03, 0x05, 0x2b});
// stext is among the first instructions.
constexpr std::size_t kHeadBytes = 0x2000;

template <std::size_t kSize>
bool has_code(base::ByteView head, const std::array<unsigned char, kSize>& code) {
  const auto bytes = std::as_bytes(std::span(code));
  return std::search(head.begin(), head.end(), bytes.begin(), bytes.end()) != head.end();
}

// Only a kernel with that option tells in which mode it was started
// [linux/arch/arm/kernel/setup.c hyp_mode_check].
bool tells_of_hyp(base::ByteView kernel) {
  return base::text_of(kernel).find("started in HYP mode") != std::string_view::npos;
}

}  // namespace

KernelNeeds needs_of(const ImageView& kernel, const std::optional<ImageView>& bare) {
  if (kernel.program) {
    return {.modes = kernel.arch == Arch::kArm64 ? std::vector<std::string>{"EL2", "EL1"}
                                                 : std::vector<std::string>{"HYP", "SVC"}};
  }
  if (kernel.arch == Arch::kArm64) {
    // [linux/arm64/booting section 4, flags]: 4 KiB, 16 KiB, 64 KiB.
    constexpr std::uint32_t kCoarser = 4;
    KernelNeeds needs{.modes = {"EL2", "EL1"}};
    if (std::uint32_t bytes = 0x1000; kernel.image.page_size_code != 0) {
      for (int code = 1; code < kernel.image.page_size_code; ++code) {
        bytes *= kCoarser;
      }
      needs.page_size_bytes = bytes;
    }
    return needs;
  }
  KernelNeeds needs{.modes = {"HYP", "SVC"}, .page_size_bytes = 0x1000};
  if (bare && bare->bare) {
    const base::ByteView code = bare->bytes.subspan(static_cast<std::size_t>(
        std::min<std::uint64_t>(bare->bare->lead_bytes, bare->bytes.size())));
    const base::ByteView head = code.first(std::min(code.size(), kHeadBytes));
    needs.lpae = has_code(head, kLooksForLpaeA32) || has_code(head, kLooksForLpaeT32);
    needs.keeps_hyp = tells_of_hyp(code);
  }
  return needs;
}

std::uint64_t memory_bytes_of(const ImageView& kernel) {
  return kernel.program                ? kernel.bytes.size()
         : kernel.arch == Arch::kArm64 ? kernel.image.image_size
                                       : kernel.zimage.inflated_bytes + kernel.zimage.bss_bytes;
}

}  // namespace hyprelay::handoff
