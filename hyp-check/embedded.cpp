// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/embedded.hpp"

extern "C" const std::byte hr_hyp_check_arm_bin[], hr_hyp_check_arm_bin_end[];
extern "C" const std::byte hr_hyp_check_arm_elf[], hr_hyp_check_arm_elf_end[];
extern "C" const std::byte hr_hyp_check_arm64_bin[], hr_hyp_check_arm64_bin_end[];
extern "C" const std::byte hr_hyp_check_arm64_elf[], hr_hyp_check_arm64_elf_end[];

namespace hyprelay::hyp_check {

base::ByteView embedded_hyp_check(handoff::Arch arch, Format format) {
  const bool image = format == Format::kImage;
  if (arch == handoff::Arch::kArm) {
    return image ? base::ByteView(hr_hyp_check_arm_bin, hr_hyp_check_arm_bin_end)
                 : base::ByteView(hr_hyp_check_arm_elf, hr_hyp_check_arm_elf_end);
  }
  return image ? base::ByteView(hr_hyp_check_arm64_bin, hr_hyp_check_arm64_bin_end)
               : base::ByteView(hr_hyp_check_arm64_elf, hr_hyp_check_arm64_elf_end);
}

}  // namespace hyprelay::hyp_check
