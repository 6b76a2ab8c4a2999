// SPDX-License-Identifier: BSD-2-Clause
#include "base/sha256.hpp"

#include <bit>

namespace hyprelay::base {

// FIPS 180-4 section 4.2.2.
const std::uint32_t kSha256Round[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

namespace {

// A big-endian word. Kernels and initrds lie at page boundaries, so that the aligned load is the
// usual one; with strict alignment, the other one is four loads of a byte.
std::uint32_t load_be32(const std::byte* p, bool aligned) {
  if (aligned) {
    std::uint32_t word;
    __builtin_memcpy(&word, __builtin_assume_aligned(p, 4), 4);
    return std::endian::native == std::endian::little ? __builtin_bswap32(word) : word;
  }
  return std::to_integer<std::uint32_t>(p[0]) << 24 | std::to_integer<std::uint32_t>(p[1]) << 16 |
         std::to_integer<std::uint32_t>(p[2]) << 8 | std::to_integer<std::uint32_t>(p[3]);
}

void store_be32(std::byte* p, std::uint32_t v) {
  for (unsigned i = 0; i < 4; ++i) {
    p[i] = static_cast<std::byte>(v >> (24 - 8 * i));
  }
}

std::uint32_t small_sigma0(std::uint32_t x) {
  return std::rotr(x, 7) ^ std::rotr(x, 18) ^ x >> 3;
}
std::uint32_t small_sigma1(std::uint32_t x) {
  return std::rotr(x, 17) ^ std::rotr(x, 19) ^ x >> 10;
}
// rotr(x, first) ^ rotr(x, first + second) ^ rotr(x, first + second + third), with the inner
// rotations shared: x ^ rotr(x ^ rotr(x, third), second), rotated by first.
std::uint32_t big_sigma(std::uint32_t x, int first, int second, int third) {
  return std::rotr(x ^ std::rotr(x ^ std::rotr(x, third), second), first);
}

// Sixteen rounds of FIPS 180-4 section 6.2.2. The schedule is a ring of 16 words, and so are the
// eight working variables: in round t, variable i is s[(i - t) mod 8]. Unrolled, every index is a
// constant and nothing is moved from variable to variable.
template <bool kSchedule>
inline void sixteen_rounds(std::uint32_t s[8], std::uint32_t w[16], const std::uint32_t* k) {
#pragma GCC unroll 16
  for (unsigned t = 0; t < 16; ++t) {
    const std::uint32_t a = s[(0 - t) & 7], b = s[(1 - t) & 7], c = s[(2 - t) & 7];
    const std::uint32_t e = s[(4 - t) & 7], f = s[(5 - t) & 7], g = s[(6 - t) & 7];
    std::uint32_t& d = s[(3 - t) & 7];
    std::uint32_t& h = s[(7 - t) & 7];
    if (kSchedule) {
      w[t] += small_sigma1(w[(t + 14) & 15]) + w[(t + 9) & 15] + small_sigma0(w[(t + 1) & 15]);
    }
    h += big_sigma(e, 6, 5, 14) + (g ^ (e & (f ^ g))) + k[t] + w[t];
    d += h;
    h += big_sigma(a, 2, 11, 9) + ((a & b) | (c & (a | b)));
  }
}

void compress_block(std::uint32_t state[8], const std::byte* block) {
  const bool aligned = reinterpret_cast<std::uintptr_t>(block) % 4 == 0;
  std::uint32_t w[16];
  for (std::size_t i = 0; i < 16; ++i) {
    w[i] = load_be32(block + 4 * i, aligned);
  }
  std::uint32_t s[8];
  for (int i = 0; i < 8; ++i) {
    s[i] = state[i];
  }
  sixteen_rounds<false>(s, w, kSha256Round);
  for (int t = 16; t < 64; t += 16) {
    sixteen_rounds<true>(s, w, kSha256Round + t);
  }
  for (int i = 0; i < 8; ++i) {
    state[i] += s[i];
  }
}

}  // namespace

void sha256_compress_portable(std::uint32_t state[8], const std::byte* data, std::size_t blocks) {
  for (; blocks != 0; --blocks, data += 64) {
    compress_block(state, data);
  }
}

Sha256::Sha256(Sha256Compress compress)
    : compress_(compress), state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19} {}

void Sha256::update(ByteView bytes) {
  std::size_t used = static_cast<std::size_t>(size_bytes_ % 64);
  size_bytes_ += bytes.size();
  if (used != 0) {
    for (; used < 64 && !bytes.empty(); bytes = bytes.subspan(1)) {
      block_[used++] = bytes.front();
    }
    if (used < 64) {
      return;
    }
    compress_(state_, block_, 1);
  }
  const std::size_t whole = bytes.size() / 64;
  if (whole != 0) {
    compress_(state_, bytes.data(), whole);
  }
  bytes = bytes.subspan(whole * 64);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    block_[i] = bytes[i];
  }
}

Sha256Digest Sha256::finish() {
  const std::uint64_t size_bits = size_bytes_ * 8;
  std::size_t used = static_cast<std::size_t>(size_bytes_ % 64);
  block_[used++] = std::byte{0x80};
  if (used > 56) {
    while (used < 64) {
      block_[used++] = std::byte{0};
    }
    compress_(state_, block_, 1);
    used = 0;
  }
  while (used < 56) {
    block_[used++] = std::byte{0};
  }
  store_be32(block_ + 56, static_cast<std::uint32_t>(size_bits >> 32));
  store_be32(block_ + 60, static_cast<std::uint32_t>(size_bits));
  compress_(state_, block_, 1);
  Sha256Digest digest;
  for (std::size_t i = 0; i < 8; ++i) {
    store_be32(digest.data() + 4 * i, state_[i]);
  }
  return digest;
}

Sha256Digest sha256(ByteView bytes, Sha256Compress compress) {
  Sha256 hash(compress);
  hash.update(bytes);
  return hash.finish();
}

}  // namespace hyprelay::base
