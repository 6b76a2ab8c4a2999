// SPDX-License-Identifier: BSD-2-Clause
// What the kernel says of the CPU [linux/arch/arm64/include/uapi/asm/hwcap.h].
#include "digest/hwcap.hpp"

#include <asm/hwcap.h>
#include <sys/auxv.h>

namespace hyprelay::digest {

Simd simd_of_process() {
  return {.is_there = (getauxval(AT_HWCAP) & HWCAP_ASIMD) != 0,
          .sha256_instructions = (getauxval(AT_HWCAP) & HWCAP_SHA2) != 0};
}

}  // namespace hyprelay::digest
