// SPDX-License-Identifier: BSD-2-Clause
// What the kernel says of the CPU [linux/arch/arm/include/uapi/asm/hwcap.h].
#include "digest/hwcap.hpp"

#include <asm/hwcap.h>
#include <sys/auxv.h>

namespace hyprelay::digest {

Simd simd_of_process() {
  return {.is_there = (getauxval(AT_HWCAP) & HWCAP_NEON) != 0,
          .sha256_instructions = (getauxval(AT_HWCAP2) & HWCAP2_SHA2) != 0};
}

}  // namespace hyprelay::digest
