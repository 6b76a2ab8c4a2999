// SPDX-License-Identifier: BSD-2-Clause
// A folder in which a test lets programs make files.
#pragma once

#include "base/error_text.hpp"
#include "handoff/kernel_file.hpp"
#include "handoff/unpack/decoders.hpp"
#include "handoff/unpack/sums.hpp"
#include "os/process.hpp"
#include "tests/unit/handoff/damaged.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <list>
#include <string>
#include <utility>
#include <vector>

namespace hyprelay::handoff::testing {

class Workshop : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("workshop-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, base::ByteView bytes) const {
    std::ofstream(path(name), std::ios::binary) << base::text_of(bytes);
    return path(name);
  }
  std::string write_text(const std::string& name, std::string_view text) const {
    return write(name, base::bytes_of(text));
  }
  // As read_file(), in one piece: kernels have MiB.
  static Bytes content_at(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    EXPECT_FALSE(error) << file;
    Bytes bytes(error ? 0 : static_cast<std::size_t>(size));
    std::ifstream(file, std::ios::binary)
        .read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return bytes;
  }
  // By a shell in the folder.
  void run(const std::string& command) const {
    const auto outcome =
        os::run_captured({"/bin/sh", "-c", "cd '" + folder_.string() + "' && " + command});
    EXPECT_EQ(outcome.exit_code, 0) << command << "\n" << outcome.output << outcome.errors;
  }
  Bytes made(const std::string& command, const std::string& name) const {
    run(command);
    return content_at(path(name));
  }

  static KernelTools tools() { return {.unpack = unpack_part, .hash = hash_of}; }
  // The file is kept as long as the test, since what is read are views of it.
  KernelFile opened(Bytes file, const KernelTools& tools = Workshop::tools()) {
    kept_.push_back(std::move(file));
    return opened_there(kept_.back(), tools);
  }
  static KernelFile opened_there(base::ByteView file,
                                 const KernelTools& tools = Workshop::tools()) {
    auto read = read_kernel(file, "file", tools);
    EXPECT_TRUE(read) << base::describe(read.error());
    return read ? std::move(read.value()) : KernelFile();
  }
  static base::Error refusal(base::ByteView file, const KernelTools& tools = Workshop::tools()) {
    const auto read = read_kernel(file, "file", tools);
    EXPECT_FALSE(read);
    return read ? base::Error() : read.error();
  }
  static void expect_refused(base::ByteView file, base::Code code, std::string_view part,
                             const KernelTools& tools = Workshop::tools()) {
    const base::Error error = refusal(file, tools);
    EXPECT_EQ(error.code(), code) << base::describe(error);
    EXPECT_EQ(error.stage(), base::Stage::kImage);
    EXPECT_NE(error.subject().find(part), std::string_view::npos) << base::describe(error);
  }
  static bool same(base::ByteView one, base::ByteView other) {
    return std::ranges::equal(one, other);
  }

  std::filesystem::path folder_;
  std::list<Bytes> kept_;
};

// One that says what it needs and is short, with something in it to damage.
inline Bytes short_image(std::size_t size_bytes = 0x3000) {
  Bytes image = make_image({.size_bytes = size_bytes, .image_size = 0x80000});
  for (std::size_t at = 0x100; at < image.size(); ++at) {
    image[at] = static_cast<std::byte>(at * 7 >> 3);
  }
  return image;
}

}  // namespace hyprelay::handoff::testing
