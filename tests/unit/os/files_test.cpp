// SPDX-License-Identifier: BSD-2-Clause
#include "os/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace hyprelay::os {
namespace {

namespace fs = std::filesystem;

using base::Code;

class InputFiles : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) / ("hyprelay-files-" + std::to_string(::getpid()));
    fs::create_directories(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }
  std::string path(const char* name) { return (directory_ / name).string(); }

  fs::path directory_;
};

Code code_of(const std::string& path) {
  const auto file = InputFile::open(path);
  return file ? Code::INTERNAL : file.error().code();
}

TEST_F(InputFiles, are_read_whole) {
  std::ofstream(path("a"), std::ios::binary) << std::string(100000, 'x') << '\0';
  auto file = InputFile::open(path("a")).value();
  EXPECT_EQ(file.size_bytes(), 100001u);
  const auto bytes = file.read().value();
  EXPECT_EQ(bytes.size(), 100001u);
  EXPECT_EQ(base::text_of(bytes).back(), '\0');
}

TEST_F(InputFiles, each_mistake_has_its_code) {
  { const std::ofstream created(path("empty")); }
  EXPECT_EQ(code_of(path("missing")), Code::FILE_MISSING);
  EXPECT_EQ(code_of(path("empty/below-a-file")), Code::FILE_MISSING);
  EXPECT_EQ(code_of(path("empty")), Code::FILE_EMPTY);
  EXPECT_EQ(code_of(directory_.string()), Code::FILE_UNREADABLE);
  EXPECT_EQ(code_of("/dev/zero"), Code::FILE_UNREADABLE);
}

TEST_F(InputFiles, a_huge_one_costs_nothing_until_it_is_read) {
  { const std::ofstream created(path("huge")); }
  fs::resize_file(path("huge"), 1ull << 40);
  EXPECT_EQ(InputFile::open(path("huge")).value().size_bytes(), 1ull << 40);
}

TEST_F(InputFiles, one_that_shrinks_is_unreadable) {
  std::ofstream(path("a")) << std::string(5000, 'x');
  auto file = InputFile::open(path("a")).value();
  fs::resize_file(path("a"), 100);
  const auto bytes = file.read();
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code(), Code::FILE_UNREADABLE);
  EXPECT_EQ(bytes.error().limit(), 5000u);
}

TEST_F(InputFiles, a_pipe_is_read_to_its_end) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(path("pipe")) << std::string(200000, 'p'); });
  auto file = InputFile::open(path("pipe")).value();
  writer.join();
  EXPECT_EQ(file.size_bytes(), 200000u);
  EXPECT_EQ(file.read().value().size(), 200000u);
}

TEST_F(InputFiles, show_their_beginning_without_being_read) {
  ASSERT_TRUE(write_text(path("short"), "070701"));
  auto file = InputFile::open(path("short")).value();
  EXPECT_EQ(base::text_of(file.peek(3)), "070");
  EXPECT_EQ(base::text_of(file.peek(100)), "070701");
  EXPECT_EQ(base::text_of(file.read().value()), "070701");
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(path("fifo")) << "piped"; });
  auto pipe = InputFile::open(path("fifo")).value();
  writer.join();
  EXPECT_EQ(base::text_of(pipe.peek(4)), "pipe");
  EXPECT_EQ(base::text_of(pipe.read().value()), "piped");
}

TEST_F(InputFiles, text_is_written_or_refused) {
  ASSERT_TRUE(write_text(path("out"), "hello\n"));
  EXPECT_EQ(read_fact_text(path("out")).value(), "hello");
  namespace fs = std::filesystem;
  ASSERT_TRUE(write_file(path("secret"), "old", 0644));
  fs::permissions(path("secret"), fs::perms(0644));
  ASSERT_TRUE(write_file(path("secret"), "new", 0640));
  EXPECT_EQ(fs::status(path("secret")).permissions(), fs::perms(0640)) << "also if it was there";
  EXPECT_EQ(read_fact_text(path("secret")).value(), "new");
  EXPECT_EQ(write_text("/dev/full", "x").error().code(), Code::FILE_UNWRITABLE);
  EXPECT_EQ(write_text(path("no/such"), "x").error().code(), Code::FILE_UNWRITABLE);
}

}  // namespace
}  // namespace hyprelay::os
