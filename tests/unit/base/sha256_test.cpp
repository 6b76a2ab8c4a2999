// SPDX-License-Identifier: BSD-2-Clause
// SHA-256 against the vectors of FIPS 180-4 and against coreutils' sha256sum.
#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace hyprelay::base {
namespace {

std::string hex(const Sha256Digest& digest) {
  std::string text;
  for (const std::byte b : digest) {
    std::array<char, 3> two{};
    std::snprintf(two.data(), two.size(), "%02x", std::to_integer<unsigned>(b));
    text += two.data();
  }
  return text;
}

std::string digest_of(const std::string& text) {
  return hex(sha256(std::as_bytes(std::span(text))));
}

TEST(Sha256, matches_the_published_vectors) {
  EXPECT_EQ(digest_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(digest_of(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

std::string digest_by_coreutils(const std::string& path) {
  std::array<char, 65> text{};
  std::FILE* pipe = popen(("sha256sum " + path).c_str(), "r");
  const std::size_t size = std::fread(text.data(), 1, 64, pipe);
  pclose(pipe);
  return {text.data(), size};
}

TEST(Sha256, agrees_with_coreutils_at_every_length_around_a_block) {
  std::mt19937 random(4);
  const std::string path = testing::TempDir() + "sha256_test.bin";
  for (const std::size_t size : {1u, 55u, 56u, 57u, 63u, 64u, 65u, 119u, 120u, 128u, 4095u}) {
    std::string bytes(size, '\0');
    for (char& c : bytes) {
      c = static_cast<char>(random());
    }
    std::ofstream(path, std::ios::binary) << bytes;
    EXPECT_EQ(digest_of(bytes), digest_by_coreutils(path)) << size;
  }
}

TEST(Sha256, does_not_depend_on_how_the_message_is_cut) {
  std::mt19937 random(5);
  std::vector<std::byte> bytes(1000);
  for (std::byte& b : bytes) {
    b = static_cast<std::byte>(random());
  }
  const Sha256Digest whole = sha256(bytes);
  for (int round = 0; round < 200; ++round) {
    Sha256 hash;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = std::min<std::size_t>(random() % 150, bytes.size() - at);
      hash.update(ByteView(bytes).subspan(at, size));
      at += size;
    }
    EXPECT_EQ(hash.finish(), whole);
  }
}

}  // namespace
}  // namespace hyprelay::base
