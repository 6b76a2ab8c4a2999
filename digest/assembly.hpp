// SPDX-License-Identifier: BSD-2-Clause
// What sha256.S and multilinear.S of arm/ and arm64/ offer. The contracts stand at the labels.
// Whoever calls must know that the CPU has what they need, and that SIMD may be used where he runs.
#pragma once

#include <cstddef>
#include <cstdint>

#pragma GCC visibility push(hidden)
extern "C" {

void hr_sha256_simd(std::uint32_t state[8], const std::byte* data, std::size_t blocks,
                    const std::uint32_t k[64]);
void hr_sha256_instructions(std::uint32_t state[8], const std::byte* data, std::size_t blocks,
                            const std::uint32_t k[64]);
void hr_multilinear_simd(std::uint64_t accumulators[16], const std::byte* data, std::size_t blocks,
                         const std::uint32_t keys[64]);

}  // extern "C"
#pragma GCC visibility pop
