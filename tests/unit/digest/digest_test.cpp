// SPDX-License-Identifier: BSD-2-Clause
#include "digest/digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace hyprelay::digest {
namespace {

TEST(Digest, has_a_name_for_each_algorithm_and_no_other) {
  for (std::uint32_t algorithm = 0; algorithm < 100; ++algorithm) {
    EXPECT_EQ(is_known(algorithm), !name_of(algorithm).empty()) << algorithm;
    if (is_known(algorithm)) {
      EXPECT_EQ(algorithm_named(name_of(algorithm)), algorithm);
    }
  }
  // As the baton's page has them, written out a second time on purpose.
  EXPECT_EQ(algorithm_named("sha256"), 1u);
  EXPECT_EQ(algorithm_named("fast"), 2u);
  EXPECT_EQ(algorithm_named(""), std::nullopt);
  EXPECT_EQ(algorithm_named("SHA256"), std::nullopt);
}

TEST(Digest, fills_up_with_zeroes) {
  const std::vector<std::byte> bytes(5000, std::byte{7});
  const Digest fast = digest_of(HR_DIGEST_FAST, bytes, {});
  EXPECT_TRUE(std::equal(fast.begin(), fast.begin() + 16, base::multilinear(bytes).begin()));
  EXPECT_TRUE(
      std::all_of(fast.begin() + 16, fast.end(), [](std::byte b) { return b == std::byte{0}; }));
  EXPECT_EQ(digest_of(HR_DIGEST_SHA256, bytes, {}), base::sha256(bytes));
}

TEST(Digest, zeroes_behind_are_as_if_they_were_there) {
  const std::vector<std::byte> bytes(5000, std::byte{7});
  for (const std::size_t zeroes : {0u, 120u, 3192u, 4096u, 10000u}) {
    std::vector<std::byte> padded = bytes;
    padded.resize(bytes.size() + zeroes);
    for (const std::uint32_t algorithm : {HR_DIGEST_SHA256, HR_DIGEST_FAST}) {
      EXPECT_EQ(digest_with_zeroes(algorithm, bytes, zeroes, engine_of_process()),
                digest_of(algorithm, padded, {}))
          << zeroes;
    }
  }
}

TEST(Digest, the_engine_of_this_process_gives_what_plain_code_gives) {
  std::vector<std::byte> bytes(70000);
  std::uint32_t seed = 1;
  for (std::byte& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<std::byte>(seed >> 24);
  }
  const Engine engine = engine_of_process();
  for (const std::size_t size_bytes : {0u, 64u, 1024u, 1025u, 4096u, 65537u}) {
    for (const std::size_t offset : {0u, 1u, 8u}) {
      const auto view = base::ByteView(bytes).subspan(offset, size_bytes);
      for (const std::uint32_t algorithm : {HR_DIGEST_SHA256, HR_DIGEST_FAST}) {
        EXPECT_EQ(digest_of(algorithm, view, engine), digest_of(algorithm, view, {}));
      }
    }
  }
}

}  // namespace
}  // namespace hyprelay::digest
