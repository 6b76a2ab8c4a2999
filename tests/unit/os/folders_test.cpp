// SPDX-License-Identifier: BSD-2-Clause
#include "os/folders.hpp"

#include "os/files.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace hyprelay::os {
namespace {

TEST(Folders, regular_files_sorted) {
  std::string folder;
  {
    auto made = TemporaryFolder::make("hyprelay-folders", base::Stage::kFile);
    ASSERT_TRUE(made);
    const TemporaryFolder moved(std::move(made.value()));
    folder = moved.file("");
    ASSERT_TRUE(write_text(moved.file("b"), "beta"));
    ASSERT_TRUE(write_text(moved.file("a"), "alpha"));
    std::filesystem::create_directory(moved.file("c"));
    EXPECT_EQ(list_files(folder), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(read_file(moved.file("a")), "alpha");
    EXPECT_EQ(read_file(moved.file("d")), std::nullopt);
    EXPECT_EQ(read_file(moved.file("c")), std::nullopt);
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_TRUE(list_files(folder).empty());
}

}  // namespace
}  // namespace hyprelay::os
