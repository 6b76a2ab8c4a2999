// SPDX-License-Identifier: BSD-2-Clause
#include "digest/digest.hpp"

#include <algorithm>

namespace hyprelay::digest {

bool is_known(std::uint32_t algorithm) {
  return algorithm == HR_DIGEST_SHA256 || algorithm == HR_DIGEST_FAST;
}

Digest digest_of(std::uint32_t algorithm, base::ByteView bytes, const Engine& engine) {
  Digest digest{};
  if (algorithm == HR_DIGEST_SHA256) {
    std::ranges::copy(base::sha256(bytes, engine.sha256), digest.begin());
  } else {
    std::ranges::copy(base::multilinear(bytes, engine.multilinear), digest.begin());
  }
  return digest;
}

Digest digest_with_zeroes(std::uint32_t algorithm, base::ByteView bytes,
                          std::uint64_t zeroes_behind, const Engine& engine) {
  Digest digest{};
  if (algorithm != HR_DIGEST_SHA256) {
    std::ranges::copy(base::multilinear_with_zeroes(bytes, zeroes_behind, engine.multilinear),
                      digest.begin());
    return digest;
  }
  static constexpr std::array<std::byte, 4096> kZeroes = {};
  base::Sha256 hash(engine.sha256);
  hash.update(bytes);
  for (std::uint64_t left = zeroes_behind; left != 0;) {
    const std::size_t some =
        static_cast<std::size_t>(std::min<std::uint64_t>(left, kZeroes.size()));
    hash.update(base::ByteView(kZeroes).first(some));
    left -= some;
  }
  std::ranges::copy(hash.finish(), digest.begin());
  return digest;
}

std::string_view name_of(std::uint32_t algorithm) {
  return algorithm == HR_DIGEST_SHA256 ? "sha256" : algorithm == HR_DIGEST_FAST ? "fast" : "";
}

std::optional<std::uint32_t> algorithm_named(std::string_view name) {
  for (const std::uint32_t algorithm : {HR_DIGEST_SHA256, HR_DIGEST_FAST}) {
    if (name == name_of(algorithm)) {
      return algorithm;
    }
  }
  return std::nullopt;
}

}  // namespace hyprelay::digest
