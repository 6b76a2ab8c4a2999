// SPDX-License-Identifier: BSD-2-Clause
#include "os/files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
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

Code code_of(const std::string& path, const FileBound& bound = kInitrdFile) {
  const auto file = InputFile::open(path, bound);
  return file ? Code::INTERNAL : file.error().code();
}

TEST_F(InputFiles, are_read_whole) {
  std::ofstream(path("a"), std::ios::binary) << std::string(100000, 'x') << '\0';
  auto file = InputFile::open(path("a"), kInitrdFile).value();
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
  EXPECT_EQ(InputFile::open(path("huge"), kInitrdFile).value().size_bytes(), 1ull << 40);
}

// Sparse: were one of them read, its length in memory would show it.
TEST_F(InputFiles, what_is_larger_than_its_kind_is_refused_unread) {
  for (const FileBound& bound :
       {kConfigurationFile, kGrubFile, kMachineFile, kTreeFile, kKernelFile, kFactFile}) {
    { const std::ofstream created(path("sparse")); }
    fs::resize_file(path("sparse"), 5ull << 30);
    const auto file = InputFile::open(path("sparse"), bound);
    ASSERT_FALSE(file) << bound.kind;
    EXPECT_EQ(file.error().code(), Code::FILE_TOO_LARGE);
    EXPECT_EQ(file.error().subject(), path("sparse") + ": for " + std::string(bound.kind));
    EXPECT_EQ(file.error().limit(), bound.most_bytes);
    fs::resize_file(path("sparse"), bound.most_bytes);
    EXPECT_EQ(code_of(path("sparse"), bound), Code::INTERNAL) << bound.kind;
  }
}

TEST_F(InputFiles, what_has_no_end_is_read_to_its_bound) {
  { const std::ofstream created(path("sparse")); }
  fs::resize_file(path("sparse"), 5ull << 30);
  const auto sparse = read_input_text(path("sparse"), kConfigurationFile);
  ASSERT_FALSE(sparse);
  EXPECT_EQ(sparse.error().code(), Code::FILE_TOO_LARGE);
  EXPECT_EQ(read_fact(path("sparse"), 4096).error().code(), Code::MACHINE_MALFORMED);
  const auto endless = read_input_text("/dev/zero", kConfigurationFile);
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code(), Code::FILE_TOO_LARGE);
  EXPECT_EQ(read_fact("/dev/zero").error().code(), Code::MACHINE_MALFORMED);
  EXPECT_EQ(read_input_text("/dev/null", kConfigurationFile).value(), "");
  EXPECT_EQ(read_input_text(path("missing"), kConfigurationFile).error().code(),
            Code::FILE_MISSING);
  EXPECT_EQ(read_input_text(directory_.string(), kConfigurationFile).error().code(),
            Code::FILE_UNREADABLE);
  // A writer that never stops, until nobody reads.
  ASSERT_EQ(::mkfifo(path("endless").c_str(), 0600), 0);
  std::thread writer([&] {
    ::signal(SIGPIPE, SIG_IGN);
    std::ofstream pipe(path("endless"));
    const std::string piece(1 << 20, 'e');
    while (pipe.write(piece.data(), 1 << 20).flush()) {
    }
  });
  EXPECT_EQ(code_of(path("endless"), kTreeFile), Code::FILE_TOO_LARGE);
  writer.join();
}

TEST_F(InputFiles, one_that_shrinks_is_unreadable) {
  std::ofstream(path("a")) << std::string(5000, 'x');
  auto file = InputFile::open(path("a"), kInitrdFile).value();
  fs::resize_file(path("a"), 100);
  const auto bytes = file.read();
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code(), Code::FILE_UNREADABLE);
  EXPECT_EQ(bytes.error().limit(), 5000u);
}

// Mapped or copied, what was taken in stays what it was: who would change the file waits for it
// (here: is told to come again), or changes what is not looked at any more.
TEST_F(InputFiles, content_stays_what_it_was) {
  const std::string before(300001, 'x');
  std::ofstream(path("a"), std::ios::binary) << before;
  auto file = InputFile::open(path("a"), kInitrdFile).value();
  {
    FileContent first = file.content().value();
    const base::ByteView bytes = first.bytes();
    const FileContent content = std::move(first);
    EXPECT_EQ(content.bytes().data(), bytes.data());
    const FileDescriptor writer(::open(path("a").c_str(), O_WRONLY | O_TRUNC | O_NONBLOCK));
    EXPECT_TRUE(writer.valid() || errno == EWOULDBLOCK);
    EXPECT_EQ(base::text_of(content.bytes()), before);
  }
  EXPECT_TRUE(FileDescriptor(::open(path("a").c_str(), O_WRONLY | O_NONBLOCK)).valid());
}

// No lease is had on what somebody may be writing to.
TEST_F(InputFiles, content_that_is_open_for_writing_is_copied) {
  const std::string before(300001, 'x');
  std::ofstream(path("a"), std::ios::binary) << before;
  const FileDescriptor writer(::open(path("a").c_str(), O_WRONLY));
  auto file = InputFile::open(path("a"), kInitrdFile).value();
  const FileContent content = file.content().value();
  ASSERT_EQ(::ftruncate(writer.get(), 0), 0);
  ASSERT_TRUE(write_all(writer.get(), std::string(300001, 'y')));
  EXPECT_EQ(base::text_of(content.bytes()), before);
}

TEST_F(InputFiles, content_of_one_that_shrinks_is_unreadable) {
  std::ofstream(path("a"), std::ios::binary) << std::string(300001, 'x');
  for (const bool written : {false, true}) {
    auto file = InputFile::open(path("a"), kInitrdFile).value();
    const FileDescriptor writer(written ? ::open(path("a").c_str(), O_WRONLY) : -1);
    fs::resize_file(path("a"), file.size_bytes() - 1);
    EXPECT_EQ(file.content().error().code(), Code::FILE_UNREADABLE);
  }
}

TEST_F(InputFiles, content_of_a_pipe_is_all_of_it) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_TRUE(write_all(ends[1], "piped"));
  ::close(ends[1]);
  auto file = InputFile::open("/dev/fd/" + std::to_string(ends[0]), kInitrdFile).value();
  const FileContent content = file.content().value();
  EXPECT_EQ(base::text_of(content.bytes()), "piped");
  ::close(ends[0]);
}

TEST_F(InputFiles, a_pipe_is_read_to_its_end) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(path("pipe")) << std::string(200000, 'p'); });
  auto file = InputFile::open(path("pipe"), kInitrdFile).value();
  writer.join();
  EXPECT_EQ(file.size_bytes(), 200000u);
  EXPECT_EQ(file.read().value().size(), 200000u);
}

TEST_F(InputFiles, show_their_beginning_without_being_read) {
  ASSERT_TRUE(write_text(path("short"), "070701"));
  auto file = InputFile::open(path("short"), kInitrdFile).value();
  EXPECT_EQ(base::text_of(file.peek(3).value()), "070");
  EXPECT_EQ(base::text_of(file.peek(100).value()), "070701");
  EXPECT_EQ(base::text_of(file.read().value()), "070701");
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(path("fifo")) << "piped"; });
  auto pipe = InputFile::open(path("fifo"), kInitrdFile).value();
  writer.join();
  EXPECT_EQ(base::text_of(pipe.peek(4).value()), "pipe");
  EXPECT_EQ(base::text_of(pipe.read().value()), "piped");
}

// Neither is taken for a file that begins like that.
TEST_F(InputFiles, a_beginning_that_is_not_there_any_more_is_an_error) {
  ASSERT_TRUE(write_text(path("short"), "070701"));
  const auto file = InputFile::open(path("short"), kInitrdFile).value();
  fs::resize_file(path("short"), 2);
  const auto peeked = file.peek(4);
  ASSERT_FALSE(peeked);
  EXPECT_EQ(peeked.error().code(), Code::FILE_UNREADABLE);
  EXPECT_EQ(peeked.error().at(), 2u);
  EXPECT_EQ(base::text_of(file.peek(2).value()), "07");
}

TEST_F(InputFiles, text_is_written_or_refused) {
  ASSERT_TRUE(write_text(path("out"), "hello\n"));
  EXPECT_EQ(read_fact_text(path("out")).value(), "hello");
  // What the user names himself is what he means: through a link as well.
  fs::create_symlink(path("out"), path("link"));
  ASSERT_TRUE(write_text(path("link"), "linked"));
  EXPECT_EQ(read_fact_text(path("out")).value(), "linked");
  EXPECT_EQ(write_text("/dev/full", "x").error().code(), Code::FILE_UNWRITABLE);
  EXPECT_EQ(write_text(path("no/such"), "x").error().code(), Code::FILE_UNWRITABLE);
}

TEST_F(InputFiles, a_file_in_a_folder_of_others_takes_the_place_of_what_was_there) {
  const std::string victim = path("victim");
  ASSERT_TRUE(write_text(victim, "untouched"));
  fs::create_symlink(victim, path("link"));
  fs::create_symlink(path("nowhere"), path("dangling"));
  fs::create_hard_link(victim, path("twin"));
  ASSERT_TRUE(write_text(path("old"), "old"));
  fs::permissions(path("old"), fs::perms(0666));
  for (const char* name : {"link", "dangling", "twin", "old", "new"}) {
    ASSERT_TRUE(replace_file(path(name), name, 0640)) << name;
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(path(name)))) << name;
    EXPECT_EQ(fs::status(path(name)).permissions(), fs::perms(0640)) << name;
    EXPECT_EQ(read_fact_text(path(name)).value(), name);
  }
  EXPECT_EQ(read_fact_text(victim).value(), "untouched");
  EXPECT_FALSE(fs::exists(path("nowhere")));
  fs::create_directory(path("folder"));
  EXPECT_EQ(replace_file(path("folder"), "x", 0600).error().subject(), path("folder"));
  EXPECT_EQ(replace_file(path("no/such"), "x", 0600).error().code(), Code::FILE_UNWRITABLE);
  // Nothing is left over under another name.
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 7);
}

// The names that it would take are taken, by links to a victim.
TEST_F(InputFiles, a_file_that_is_replaced_is_never_written_through_a_link) {
  const std::string victim = path("victim");
  ASSERT_TRUE(write_text(victim, "untouched"));
  const std::string first = path("f") + ".part" + std::to_string(::getpid()) + "-0";
  fs::create_symlink(victim, first);
  ASSERT_TRUE(replace_file(path("f"), "content", 0600));
  EXPECT_EQ(read_fact_text(path("f")).value(), "content");
  EXPECT_EQ(read_fact_text(victim).value(), "untouched");
  EXPECT_TRUE(fs::is_symlink(first));
}

}  // namespace
}  // namespace hyprelay::os
