// SPDX-License-Identifier: BSD-2-Clause
// Variants of a kernel's file, each with bytes changed, or cut: read or refused, and none of them a
// reason to stop.
#pragma once

#include "base/error_text.hpp"
#include "handoff/kernel_file.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hyprelay::handoff::testing {

// So many of each format [docs/images.md "What was run"].
inline constexpr int kManyVariants = 1000;

// The variant of that number, which every run makes alike.
inline Bytes damaged(const Bytes& file, int number, std::mt19937& random) {
  Bytes variant = file;
  // Fields are in front, mostly, and where the parts begin and end.
  const std::size_t reach =
      number % 3 == 0 ? variant.size() : std::min<std::size_t>(variant.size(), 4096);
  for (unsigned changes = 1 + random() % 4; changes != 0; --changes) {
    variant[random() % reach] = static_cast<std::byte>(random() % 4 == 0 ? 0xff : random());
  }
  if (number % 5 == 0) {
    variant.resize(random() % variant.size());
  }
  return variant;
}

// How many were refused; the checksums once believed and once compared.
inline int refused_variants(const Bytes& file, const KernelTools& with,
                            int variants = kManyVariants) {
  std::mt19937 random(1);
  KernelTools blind = with;
  blind.hash = {};
  int refused = 0;
  for (int i = 0; i < variants; ++i) {
    const Bytes variant = damaged(file, i, random);
    const auto read = read_kernel(variant, "file", i % 2 == 0 ? with : blind);
    EXPECT_TRUE(read || read.error().stage() == base::Stage::kImage);
    EXPECT_TRUE(read || read.error().code() != base::Code::INTERNAL);
    refused += read ? 0 : 1;
  }
  return refused;
}

}  // namespace hyprelay::handoff::testing
