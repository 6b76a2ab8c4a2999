// SPDX-License-Identifier: BSD-2-Clause
// The assembly of arm/ and arm64/, where this process may use it.
#include "digest/assembly.hpp"
#include "digest/digest.hpp"
#include "digest/hwcap.hpp"

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
  const Simd simd = simd_of_process();
  if (!simd.is_there) {
    return engine;
  }
  engine.multilinear = hr_multilinear_simd;
  engine.sha256_instructions = simd.sha256_instructions;
  engine.sha256 = engine.sha256_instructions ? sha256_by_instructions : sha256_by_simd;
  return engine;
}

}  // namespace hyprelay::digest
