// SPDX-License-Identifier: BSD-2-Clause
// A file that is shorter than its mapping stands for a disk that does not answer: SIGBUS is the
// same.
#include "os/fault_safe.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

namespace hyprelay::os {
namespace {

constexpr std::size_t kPage = 4096;

// Three pages mapped, of which the file has one.
class FaultSafe : public testing::Test {
 protected:
  void SetUp() override {
    file_ = std::tmpfile();
    ASSERT_NE(file_, nullptr);
    ASSERT_EQ(::ftruncate(::fileno(file_), kPage), 0);
    void* const memory = ::mmap(nullptr, 3 * kPage, PROT_READ, MAP_PRIVATE, ::fileno(file_), 0);
    ASSERT_NE(memory, MAP_FAILED);
    memory_ = {static_cast<const std::byte*>(memory), 3 * kPage};
  }
  void TearDown() override {
    ::munmap(const_cast<std::byte*>(memory_.data()), memory_.size());
    std::fclose(file_);
  }

  std::FILE* file_ = nullptr;
  std::span<const std::byte> memory_;
};

TEST_F(FaultSafe, memory_answers_or_not) {
  EXPECT_TRUE(answers({}));
  EXPECT_TRUE(answers(memory_.first(kPage)));
  EXPECT_FALSE(answers(memory_.first(kPage + 1)));
  EXPECT_FALSE(answers(memory_));
  EXPECT_TRUE(answers(memory_.first(1)));
}

TEST_F(FaultSafe, what_answers_is_copied) {
  std::array<std::byte, 2> to = {std::byte{1}, std::byte{1}};
  EXPECT_TRUE(fault_safe_copy(to, memory_.data()));
  EXPECT_EQ(to[1], std::byte{0});
  EXPECT_FALSE(fault_safe_copy(to, &memory_[kPage]));
}

TEST_F(FaultSafe, other_faults_end_the_program_as_they_would_have) {
  EXPECT_FALSE(answers(memory_));
  EXPECT_EXIT(
      ::_exit(std::to_integer<int>(*static_cast<const volatile std::byte*>(&memory_[kPage]))),
      testing::KilledBySignal(SIGBUS), "");
}

}  // namespace
}  // namespace hyprelay::os
