// SPDX-License-Identifier: BSD-2-Clause
// The digests that the loader takes and the relay compares, each by the fastest code that a CPU
// has. Environment: everywhere, also freestanding; no allocation, no constant that needs
// relocation.
#pragma once

#include "abi/hr_abi.h"
#include "base/bytes.hpp"
#include "base/multilinear.hpp"
#include "base/sha256.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hyprelay::digest {

// As a segment of the baton holds it: what the algorithm gives, and zeroes behind it.
using Digest = std::array<std::byte, HR_DIGEST_SIZE>;

// Who computes: plain C++ until somebody knows better. The pointers are stored by code: a constant
// that holds them would need relocation.
struct Engine {
  Engine() {
    sha256 = base::sha256_compress_portable;
    multilinear = base::multilinear_blocks_portable;
    sha256_instructions = false;
  }

  base::Sha256Compress sha256;
  base::MultilinearBlocks multilinear;
  // sha256 uses the CPU's own instructions for it.
  bool sha256_instructions;
};

// HR_DIGEST_SHA256 or HR_DIGEST_FAST; nothing else is computed here.
bool is_known(std::uint32_t algorithm);

// `algorithm` must be a known one.
Digest digest_of(std::uint32_t algorithm, base::ByteView bytes, const Engine& engine);

// The same with so many zeroes behind the bytes, which need not be anywhere.
Digest digest_with_zeroes(std::uint32_t algorithm, base::ByteView bytes,
                          std::uint64_t zeroes_behind, const Engine& engine);

// "sha256", "fast"; empty for what is not known. And back: nullopt.
std::string_view name_of(std::uint32_t algorithm);
std::optional<std::uint32_t> algorithm_named(std::string_view name);

// The best that the CPU of this process can do, by what its kernel says (getauxval). Not in a
// freestanding program: the relay asks the CPU itself (relay/core/digest.cpp).
Engine engine_of_process();

}  // namespace hyprelay::digest
