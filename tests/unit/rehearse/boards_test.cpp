// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/boards.hpp"

#include "os/files.hpp"
#include "rehearse/board_start.hpp"
#include "rehearse/board_trees.hpp"
#include "rehearse/qemu.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace hyprelay::rehearse {
namespace {

using base::Code;

Options options_for(std::string_view board) {
  Options options;
  options.board = board;
  options.arch = find_board(board).value()->arch;
  options.from = "/k/boot/vmlinuz-6.1.0-50-armmp";
  options.to = {options.from};
  return options;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += word + " ";
  }
  return text;
}

class BoardsTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = testing::TempDir() + "hyprelay-boards-" + std::to_string(::getpid());
    std::filesystem::create_directories(root_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::string write(const std::string& name) const {
    const std::filesystem::path path = root_ + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << name;
    return path.string();
  }
  std::string root_;
};

TEST(Boards, names_are_unique_and_every_row_is_whole) {
  std::set<std::string_view> names;
  for (const Board& board : boards()) {
    EXPECT_TRUE(names.insert(board.name).second) << board.name;
    EXPECT_FALSE(board.machine.empty() || board.console.empty() || board.cpus_by.empty())
        << board.name;
    EXPECT_NE(board.cpus, 0u) << board.name;
    EXPECT_NE(list_of_boards().find(std::string(board.name) + " "), std::string::npos);
  }
}

TEST(Boards, one_that_is_not_there_is_refused) {
  EXPECT_EQ(find_board("raspi9").error().code(), Code::BOARD_UNKNOWN);
  EXPECT_EQ(find_board("").error().code(), Code::BOARD_UNKNOWN);
}

TEST(Boards, without_a_name_it_is_the_virt_machine) {
  Options options;
  options.arch = handoff::Arch::kArm64;
  EXPECT_EQ(board_of(options).name, "virt-arm64");
  options.arch = handoff::Arch::kArm;
  EXPECT_EQ(board_of(options).name, "virt-arm");
}

TEST(Boards, qemu_gets_the_boards_machine_tree_and_port) {
  const Options options = options_for("raspi3b");
  const std::string command =
      joined(qemu_command(options, {.initramfs = "i", .tree = "/t/tree"}, "line"));
  EXPECT_NE(command.find("-machine raspi3b "), std::string::npos) << command;
  EXPECT_NE(command.find("-smp 4 "), std::string::npos);
  EXPECT_NE(command.find("-serial null -serial chardev:console "), std::string::npos);
  EXPECT_NE(command.find("-dtb /t/tree "), std::string::npos);
  EXPECT_EQ(command.find("-cpu"), std::string::npos);
  EXPECT_EQ(command.find("virtualization"), std::string::npos);
  EXPECT_TRUE(guest_command_line(options).starts_with("console=ttyS1,115200 panic=1 "));
}

TEST(Boards, what_firmware_starts_lies_in_memory) {
  QemuFiles files = {.initramfs = "i"};
  files.loaded = {{"/a,b", 0x200000}};
  const std::string command = joined(qemu_command(options_for("raspi3b-tfa"), files, "line"));
  EXPECT_NE(command.find("-device loader,force-raw=on,addr=0x200000,file=/a,,b "),
            std::string::npos)
      << command;
  EXPECT_EQ(command.find("-kernel"), std::string::npos);
  EXPECT_EQ(command.find("-append"), std::string::npos);
}

TEST(Boards, what_only_virt_has_is_refused_elsewhere) {
  Options options = options_for("orangepi-pc");
  EXPECT_TRUE(check_board(options));
  options.disk = "disk";
  EXPECT_EQ(check_board(options).error().code(), Code::USAGE);
  options.disk.clear();
  options.firmware = Firmware::kEdk2;
  EXPECT_EQ(check_board(options).error().code(), Code::USAGE);
  options.board = "virt-arm";
  EXPECT_TRUE(check_board(options));
}

TEST_F(BoardsTest, the_tree_is_that_of_the_kernels_package) {
  Options options = options_for("orangepi-pc");
  options.from = root_ + "/k/boot/vmlinuz-6.1.0-50-armmp";
  const std::string host = root_ + "/host";
  const auto missing = find_board_tree(options, host);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Code::BOARD_TREE);
  EXPECT_EQ(missing.error().subject(), "sun8i-h3-orangepi-pc.dtb of linux-image-6.1.0-50-armmp");
  const std::string name = "/sun8i-h3-orangepi-pc.dtb";
  const std::string of_host = write("/host/usr/lib/linux-image-6.1.0-50-armmp" + name);
  EXPECT_EQ(find_board_tree(options, host).value(), of_host);
  const std::string other = write("/k/usr/lib/linux-image-5.10.0-32-armmp" + name);
  EXPECT_EQ(find_board_tree(options, host).value(), other);
  const std::string own = write("/k/usr/lib/linux-image-6.1.0-50-armmp" + name);
  write("/k/usr/lib/linux-image-6.9.0-1-armmp" + name);
  EXPECT_EQ(find_board_tree(options, host).value(), own);
  options.dtb = "/mine.dtb";
  EXPECT_EQ(find_board_tree(options, host).value(), "/mine.dtb");
  EXPECT_EQ(find_board_tree(options_for("virt-arm"), host).value(), "");
}

TEST_F(BoardsTest, firmware_that_is_not_there_is_named_with_its_package) {
  const Options options = options_for("raspi3b-tfa");
  const auto missing = find_board_firmware(options, root_);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Code::BOARD_FIRMWARE);
  EXPECT_EQ(
      missing.error().subject(),
      "/usr/lib/arm-trusted-firmware/rpi3/bl31.bin of the package arm-trusted-firmware:arm64");
  const std::string path = write("/usr/lib/arm-trusted-firmware/rpi3/bl31.bin");
  EXPECT_EQ(find_board_firmware(options, root_).value(), path);
  EXPECT_EQ(find_board_firmware(options_for("raspi3b"), root_).value(), "");
}

TEST(Boards, tf_a_finds_its_parameters_behind_the_code) {
  const std::string code = pi3_start_code();
  const base::ByteView bytes = base::bytes_of(code);
  // As bl31_early_platform_setup2 of TF-A 2.8 reads them: x1, then the list from x0.
  EXPECT_EQ(base::read_le<std::uint64_t>(bytes, 0x40).value(), 0x0f1e2d3c4b5a6978u);
  EXPECT_EQ(base::read_le<std::uint32_t>(bytes, 0x48).value(), 0x00100205u);
  const std::uint64_t node = base::read_le<std::uint64_t>(bytes, 0x50).value();
  EXPECT_EQ(base::read_le<std::uint32_t>(bytes, node).value(), 5u);
  EXPECT_EQ(base::read_le<std::uint64_t>(bytes, node + 24).value(), 0u);
  const std::uint64_t entry = base::read_le<std::uint64_t>(bytes, node + 16).value();
  EXPECT_EQ(base::read_le<std::uint32_t>(bytes, entry).value(), 0x00580201u);
  EXPECT_EQ(base::read_le<std::uint64_t>(bytes, entry + 8).value(), 0x200000u);
  EXPECT_EQ(base::read_le<std::uint32_t>(bytes, entry + 16).value(), 0x3c9u);
  EXPECT_EQ(base::read_le<std::uint64_t>(bytes, entry + 24).value(), 0x7000000u);
  EXPECT_EQ(bytes.size(), entry + 88);
}

TEST(Boards, a_tree_of_another_board_is_refused) {
  fdt::Tree tree = fdt::Tree::empty();
  EXPECT_EQ(give_zcu102_a_clock(tree).error().code(), Code::BOARD_TREE);
  EXPECT_EQ(give_pi3_psci(tree).error().code(), Code::BOARD_TREE);
}

TEST(Boards, psci_takes_the_place_of_spin_tables) {
  fdt::Tree tree = fdt::Tree::empty();
  ASSERT_TRUE(tree.add_node("/cpus"));
  ASSERT_TRUE(tree.set_string("/cpus/cpu@1", "enable-method", "spin-table"));
  ASSERT_TRUE(tree.set_u64("/cpus/cpu@1", "cpu-release-addr", 0xe0));
  ASSERT_TRUE(tree.add_node("/cpus/l2-cache"));
  ASSERT_TRUE(give_pi3_psci(tree));
  EXPECT_EQ(tree.string_property("/cpus/cpu@1", "enable-method").value(), "psci");
  EXPECT_FALSE(tree.property("/cpus/cpu@1", "cpu-release-addr"));
  EXPECT_FALSE(tree.property("/cpus/l2-cache", "enable-method"));
  EXPECT_EQ(tree.string_property("/psci", "method").value(), "smc");
}

// One line per board, its first cell the name in code: what the page tells has been tried.
TEST(Boards, the_page_names_every_board_and_no_other) {
  const auto page = os::read_file(HR_TEST_DATA "/../../docs/boards.md");
  ASSERT_TRUE(page);
  std::set<std::string> named;
  std::string_view text = *page;
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    if (line.starts_with("| `")) {
      named.emplace(line.substr(3, line.find('`', 3) - 3));
    }
  }
  std::set<std::string> known;
  for (const Board& board : boards()) {
    known.emplace(board.name);
  }
  EXPECT_EQ(named, known);
}

}  // namespace
}  // namespace hyprelay::rehearse
