// SPDX-License-Identifier: BSD-2-Clause
// What the host sees on the disk of a rehearsal, for which a capture in this process stands.
#include "rehearse/disk.hpp"

#include "capture/linux/target.hpp"
#include "capture/zstd.hpp"
#include "tests/unit/capture/synthetic.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hyprelay::rehearse {
namespace {

using base::Code;

constexpr std::uint64_t kMemory = 0x40000000;
constexpr std::uint64_t kPage = kMemory + 8192;

class RehearsalDisk : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "hyprelay-rehearsal-disk-" + std::to_string(::getpid());
    std::ofstream(path_, std::ios::trunc).flush();
    std::filesystem::resize_file(path_, 1 << 20);
    test::Memory memory(32768);
    memory.put(8192, marker_.content);
    test::CoreBuilder builder(true, capture::kMachineArm64);
    builder.set_info("OSRELEASE=6.1.0-56-arm64\n");
    builder.add_memory(kMemory, 0, memory.bytes);
    core_ = builder.build();
  }
  void TearDown() override { std::filesystem::remove(path_); }

  Disk disk() const {
    auto disk = Disk::open(path_);
    EXPECT_TRUE(disk);
    return std::move(disk.value());
  }
  void save(const std::string& name, base::ByteView image, bool commit = true) const {
    auto target = capture::open_device(path_, true, "20261120T112910Z-6.1.0-56-arm64");
    ASSERT_TRUE(target);
    ASSERT_TRUE(target.value()->save_log("[    0.000000] log\n"));
    ASSERT_TRUE(target.value()->begin(name));
    ASSERT_TRUE(target.value()->write(image));
    if (commit) {
      ASSERT_TRUE(target.value()->commit(base::sha256(image)));
    } else {
      target.value()->abandon();
    }
  }
  void expect_fault(Disk& disk, std::string_view text) const {
    const auto saved = disk.saved(marker_);
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code(), Code::REHEARSE_VMCORE);
    EXPECT_NE(saved.error().subject().find(text), std::string_view::npos)
        << saved.error().subject();
  }

  std::string path_;
  ExpectedPage marker_{base::PhysAddr(kPage), std::string(4096, 'm')};
  std::vector<std::byte> core_;
};

TEST_F(RehearsalDisk, an_image_is_opened_packed_or_not) {
  capture::Compressor compressor;
  const auto packed = compressor.frame(core_);
  ASSERT_TRUE(packed);
  for (const auto& [name, image] : std::vector<std::pair<std::string, base::ByteView>>{
           {"vmcore", core_}, {"vmcore.zst", packed.value()}}) {
    Disk before = disk();
    save(name, image);
    const auto saved = before.saved(marker_);
    ASSERT_TRUE(saved) << name;
    ASSERT_TRUE(saved.value()) << name;
    EXPECT_EQ(saved.value()->image, name);
    EXPECT_EQ(saved.value()->folder, "20261120T112910Z-6.1.0-56-arm64");
    EXPECT_EQ(saved.value()->image_bytes, image.size());
    EXPECT_EQ(saved.value()->log_bytes, 19u);
    EXPECT_TRUE(saved.value()->opened);
    EXPECT_EQ(saved.value()->release, "6.1.0-56-arm64");
    EXPECT_TRUE(saved.value()->marker_found);
  }
}

TEST(RehearsalReport, tells_what_is_on_the_disk) {
  Report report;
  report.kernels.resize(1);
  report.vmcore = VmcoreFacts{};
  EXPECT_EQ(to_json(report).find("\"saved\":"), std::string::npos);
  report.vmcore->saved = SavedFacts{"dump", "vmcore.zst", 3 << 20, 512, true, "6.1.0", 2, true};
  EXPECT_NE(
      to_json(report).find(
          R"("saved":{"folder":"dump","image":"vmcore.zst","image_bytes":3145728,)"
          R"("log_bytes":512,"opened":true,"release":"6.1.0","cpu_notes":2,"marker_found":true})"),
      std::string::npos)
      << to_json(report);
  EXPECT_NE(
      to_text(report).find("saved      vmcore.zst, 3.0 MiB, and a log of 512 B, digests good; "
                           "opened: 6.1.0, 2 CPUs, the marker at its place\n"),
      std::string::npos)
      << to_text(report);
  report.vmcore->saved->opened = false;
  EXPECT_NE(to_json(report).find(R"("opened":false})"), std::string::npos);
  EXPECT_NE(to_text(report).find("digests good\n"), std::string::npos);
}

TEST_F(RehearsalDisk, an_image_of_makedumpfile_is_checked_and_not_opened) {
  Disk before = disk();
  save("vmcore.flat", core_);
  const auto saved = before.saved(marker_);
  ASSERT_TRUE(saved);
  ASSERT_TRUE(saved.value());
  EXPECT_FALSE(saved.value()->opened);
}

TEST_F(RehearsalDisk, an_earlier_dump_and_other_data_are_not_the_rehearsals) {
  save("vmcore", core_);
  Disk before = disk();
  auto saved = before.saved(marker_);
  ASSERT_TRUE(saved);
  EXPECT_FALSE(saved.value());
  std::fstream(path_, std::ios::binary | std::ios::in | std::ios::out) << "a filesystem";
  saved = before.saved(marker_);
  ASSERT_TRUE(saved);
  EXPECT_FALSE(saved.value());
}

TEST_F(RehearsalDisk, what_is_wrong_with_a_dump_is_said) {
  Disk before = disk();
  save("vmcore", core_, false);
  expect_fault(before, "the memory image ends before its headers say");
  save("vmcore", base::ByteView(core_).first(core_.size() - 100));
  expect_fault(before, "the memory image ends before its headers say");
  save("vmcore.zst", core_);
  expect_fault(before, "what was read back is not what was saved");
  save("vmcore", core_);
  marker_.content[7] = 'x';
  expect_fault(before, "the page that a process had filled is not at its place in vmcore");
}

}  // namespace
}  // namespace hyprelay::rehearse
