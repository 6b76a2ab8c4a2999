// SPDX-License-Identifier: BSD-2-Clause
// SHA-256 [FIPS 180-4]. One source for the loader and the relay, which has no library to call.
// Environment: everywhere, also freestanding; no allocation, no table that needs relocation.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hyprelay::base {

using Sha256Digest = std::array<std::byte, 32>;

// The round constants [FIPS 180-4 section 4.2.2]. Hidden, so that position independent code reaches
// them without a global offset table.
[[gnu::visibility("hidden")]] extern const std::uint32_t kSha256Round[64];

// Runs the compression function over `blocks` consecutive 64-byte blocks.
using Sha256Compress = void (*)(std::uint32_t state[8], const std::byte* data, std::size_t blocks);

// The compression function in plain C++. An architecture may offer a faster one with instructions
// of its own; both must give the same state.
[[gnu::visibility("hidden")]] void sha256_compress_portable(std::uint32_t state[8],
                                                            const std::byte* data,
                                                            std::size_t blocks);

class Sha256 {
 public:
  explicit Sha256(Sha256Compress compress = sha256_compress_portable);

  void update(ByteView bytes);
  // Ends the message. The object must not be used afterwards.
  Sha256Digest finish();

 private:
  Sha256Compress compress_;
  std::uint32_t state_[8];
  std::uint64_t size_bytes_ = 0;
  std::byte block_[64] = {};
};

// The digest of one contiguous message.
Sha256Digest sha256(ByteView bytes, Sha256Compress compress = sha256_compress_portable);

}  // namespace hyprelay::base
