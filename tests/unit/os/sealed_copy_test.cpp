// SPDX-License-Identifier: BSD-2-Clause
#include "os/sealed_copy.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>

namespace hyprelay::os {
namespace {

class SealedCopy : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "sealed-" + std::to_string(::getpid());
    write("as it was");
  }
  void TearDown() override { ::unlink(path_.c_str()); }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }
  std::string path_;
};

TEST_F(SealedCopy, stays_what_the_file_was) {
  const auto copy = sealed_copy(path_, kKernelFile);
  ASSERT_TRUE(copy);
  auto file = InputFile::open(path_of(copy.value()), kKernelFile);
  ASSERT_TRUE(file);
  file.value().rename(path_);
  EXPECT_EQ(file.value().path(), path_);
  write("another thing");
  const auto content = file.value().content();
  ASSERT_TRUE(content);
  EXPECT_EQ(base::text_of(content.value().bytes()), "as it was");
}

// Not who has the descriptor either, by any of the ways there are.
TEST_F(SealedCopy, nobody_writes_to_it) {
  const auto copy = sealed_copy(path_, kKernelFile);
  ASSERT_TRUE(copy);
  const int fd = copy.value().get();
  EXPECT_EQ(::pwrite(fd, "x", 1, 0), -1);
  EXPECT_NE(::ftruncate(fd, 1), 0);
  EXPECT_NE(::ftruncate(fd, 100), 0);
  EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
  EXPECT_EQ(read_file(path_of(copy.value())), "as it was");
}

TEST_F(SealedCopy, of_what_cannot_be_read_there_is_none) {
  EXPECT_EQ(sealed_copy(path_ + "-gone", kKernelFile).error().code(), base::Code::FILE_MISSING);
  EXPECT_EQ(sealed_copy("/", kKernelFile).error().code(), base::Code::FILE_UNREADABLE);
  EXPECT_EQ(sealed_copy(path_, {"a short thing", 3}).error().code(), base::Code::FILE_TOO_LARGE);
}

}  // namespace
}  // namespace hyprelay::os
