// SPDX-License-Identifier: BSD-2-Clause
// What the kernel says of the CPU [linux/arch/arm64/include/uapi/asm/hwcap.h].
#include "digest/assembly.hpp"
#include "digest/digest.hpp"

#include <asm/hwcap.h>
#include <sys/auxv.h>

namespace hyprelay::digest {
namespace {

void sha256_by_simd(std::uint32_t state[8], const std::byte* data, std::size_t blocks) {
  hr_sha256_simd(state, data, blocks, base::kSha256Round);
}
void sha256_by_instructions(std::uint32_t state[8], const std::byte* data, std::size_t blocks) {
  hr_sha256_instructions(state, data, blocks, base::kSha256Round);
}

}  // namespace

Engine engine_of_process() {
  Engine engine;
  if ((getauxval(AT_HWCAP) & HWCAP_ASIMD) == 0) {
    return engine;
  }
  engine.multilinear = hr_multilinear_simd;
  engine.sha256_instructions = (getauxval(AT_HWCAP) & HWCAP_SHA2) != 0;
  engine.sha256 = engine.sha256_instructions ? sha256_by_instructions : sha256_by_simd;
  return engine;
}

}  // namespace hyprelay::digest
