// SPDX-License-Identifier: BSD-2-Clause
// Initrds made by the programs that make them.
#include "handoff/unpack/decoders.hpp"
#include "handoff/unpack/frames.hpp"
#include "handoff/unpack/measure.hpp"
#include "os/process.hpp"
#include "tests/unit/handoff/cpio.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hyprelay::handoff {
namespace {

constexpr std::uint64_t kContentBytes = 1 << 20;

class Measured : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(::testing::TempDir()) / ("unpack-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    // Neither all the same nor random: what every packing shortens.
    for (unsigned line = 0; content_.size() < kContentBytes; ++line) {
      content_ += std::to_string(line * line) + "\n";
    }
    content_.resize(kContentBytes);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& bytes) const {
    std::ofstream(folder_ / "initrd", std::ios::binary) << bytes;
    return folder_ / "initrd";
  }
  // A part as a shell's filter packs it.
  std::string packed(const std::string& filter) const {
    std::ofstream(folder_ / "plain", std::ios::binary) << testing::archive_of("file", content_);
    const auto outcome =
        os::run_captured({"/bin/sh", "-c", filter + " <" + (folder_ / "plain").string()});
    EXPECT_EQ(outcome.exit_code, 0) << filter << outcome.errors;
    EXPECT_LT(outcome.output.size(), kContentBytes) << filter;
    return outcome.output;
  }
  InitrdSize measure(const std::string& bytes) const {
    return measure_initrd(os::InputFile::open(write(bytes), os::kInitrdFile).value(),
                          {.size_bytes = bytes.size()}, 0x1000);
  }

  std::filesystem::path folder_;
  std::string content_;
};

// Not as nothing, of which a crash kernel would need no memory.
TEST_F(Measured, not_when_the_file_has_become_shorter) {
  const std::string archive = testing::archive_of("file", content_);
  const auto file = os::InputFile::open(write(archive), os::kInitrdFile).value();
  const auto size = measure_initrd(file, {.size_bytes = archive.size() + 1}, 0x1000);
  EXPECT_NE(size.not_measured.find("could not be read whole"), std::string::npos)
      << size.not_measured;
  EXPECT_GT(size.unpacked_bytes, archive.size());
}

TEST_F(Measured, by_every_program_that_makes_what_linux_unpacks) {
  for (const char* filter : {"gzip -c", "gzip -n -9", "bzip2 -c", "xz --check=crc32 --stdout",
                             "xz -9 --stdout", "xz --format=lzma --stdout", "lzop -c -9",
                             "lz4 -l -c", "zstd -q -c", "zstd -q -19 -T0 -c"}) {
    // A plain archive begins at a multiple of four, or Linux does not know it.
    std::string initrd = testing::archive_of("early", "") + packed(filter);
    testing::pad_to_four(initrd);
    const InitrdSize size =
        measure(initrd + std::string(512, '\0') + testing::archive_of("late", "l"));
    EXPECT_EQ(size.not_measured, "") << filter;
    EXPECT_EQ(size.unpacked_bytes, kContentBytes + 4096 + std::uint64_t{9} * 1024) << filter;
  }
}

TEST_F(Measured, cut_or_damaged_it_is_bounded_and_said) {
  for (const char* filter :
       {"gzip -c", "bzip2 -c", "xz --stdout", "lzop -c", "lz4 -l -c", "zstd -q -c"}) {
    std::string bytes = packed(filter);
    const InitrdSize cut = measure(bytes.substr(0, bytes.size() / 2));
    EXPECT_NE(cut.not_measured, "") << filter;
    EXPECT_GE(cut.unpacked_bytes, bytes.size() / 2 * 4) << filter;
    // Its blocks have no sum of what they hold that Linux would look at.
    if (std::string_view(filter).starts_with("lzop")) {
      continue;
    }
    for (std::size_t at = bytes.size() / 2; at < bytes.size() / 2 + 64; ++at) {
      bytes[at] = static_cast<char>(~bytes[at]);
    }
    EXPECT_NE(measure(bytes).not_measured, "") << filter;
  }
}

// Compared with what unpacking says: whole ones are never called cut, wherever a part ends.
TEST_F(Measured, without_unpacking_a_cut_is_seen_where_lengths_tell_it) {
  const std::string early = testing::archive_of("early", "e");
  for (const auto& [filter, tells] :
       std::vector<std::pair<const char*, bool>>{{"xz --check=crc32 --stdout", true},
                                                 {"xz --stdout", true},
                                                 {"zstd -q -c", true},
                                                 {"zstd -q -T0 --no-check -c", true},
                                                 {"lz4 -l -c", true},
                                                 {"cat", true},
                                                 {"gzip -c", false},
                                                 {"bzip2 -c", false},
                                                 {"lzop -c", false},
                                                 {"xz --format=lzma --stdout", false}}) {
    const std::string part =
        filter == std::string_view("cat") ? testing::archive_of("file", content_) : packed(filter);
    std::string initrd = early + part;
    testing::pad_to_four(initrd);
    std::string whole = initrd;
    whole.append(512, '\0').append(early);
    EXPECT_EQ(why_not_whole(base::bytes_of(part)), std::nullopt) << filter;
    EXPECT_EQ(why_not_whole(base::bytes_of(whole)), std::nullopt) << filter;
    for (const std::size_t cut :
         {std::size_t{100}, part.size() / 2, part.size() - part.size() / 8}) {
      const std::string short_one = early + part.substr(0, cut);
      EXPECT_EQ(why_not_whole(base::bytes_of(short_one)).has_value(), tells) << filter << cut;
      EXPECT_NE(measure(short_one).not_measured, "") << filter << cut;
    }
    // Noise behind it.
    const std::string noisy = initrd + std::string(4096, '\xa5');
    EXPECT_EQ(why_not_whole(base::bytes_of(noisy)).has_value(), tells) << filter;
  }
  EXPECT_EQ(why_not_whole({}), std::nullopt);
  EXPECT_EQ(why_not_whole(base::bytes_of(std::string(9000, '\x81'))), std::nullopt);
}

TEST_F(Measured, what_unpacks_to_more_than_is_looked_at_ends_there) {
  for (const char* filter : {"gzip -c", "bzip2 -c", "xz --stdout", "xz --format=lzma --stdout",
                             "lzop -c", "lz4 -l -c", "zstd -q -c"}) {
    const std::string bytes =
        packed("cat >/dev/null; head -c 300000 /dev/zero | " + std::string(filter));
    const ArchiveWalk walk = walk_archive(base::bytes_of(bytes), unpack_part, 100000);
    EXPECT_NE(walk.stopped.find("it unpacks to more than 97.7 KiB"), std::string::npos)
        << filter << walk.stopped;
    EXPECT_EQ(walk.understood_bytes, 0u);
  }
}

}  // namespace
}  // namespace hyprelay::handoff
