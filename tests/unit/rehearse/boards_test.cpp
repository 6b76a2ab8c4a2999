// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/boards.hpp"

#include "os/files.hpp"
#include "os/process.hpp"
#include "rehearse/board_card.hpp"
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

// As the board's own firmware does: [raspberrypi/tools, armstubs/armstub8.S].
TEST(Boards, the_armstub_of_the_pi4_is_told_where_tree_and_kernel_lie) {
  std::string bl31(0x200, '\x11');
  EXPECT_EQ(pi4_armstub(bl31).error().code(), Code::BOARD_FIRMWARE);
  EXPECT_EQ(pi4_armstub("short").error().code(), Code::BOARD_FIRMWARE);
  bl31.replace(0xf0, 4, "\x0b\x57\xfe\x5a");
  EXPECT_EQ(pi4_armstub(bl31.substr(0, 0xff)).error().code(), Code::BOARD_FIRMWARE);
  const std::string told = pi4_armstub(bl31).value();
  const base::ByteView bytes = base::bytes_of(told);
  EXPECT_EQ(base::read_le<std::uint32_t>(bytes, 0xf0).value(), 0u);
  EXPECT_EQ(base::read_le<std::uint32_t>(bytes, 0xf4).value(), 0x11111111u);
  EXPECT_EQ(base::read_le<std::uint32_t>(bytes, 0xf8).value(), 0x7000000u);
  EXPECT_EQ(base::read_le<std::uint32_t>(bytes, 0xfc).value(), 0x200000u);
  EXPECT_EQ(told.size(), bl31.size());
  EXPECT_EQ(told.substr(0x100), bl31.substr(0x100));
}

TEST(Boards, what_raspi4b_lacks_is_disabled_and_nothing_else) {
  fdt::Tree tree = fdt::Tree::empty();
  const std::string two("brcm,bcm2711-l2-intc\0brcm,l2-intc", 34);
  ASSERT_TRUE(tree.set("/intc", "compatible", base::bytes_of(two)));
  ASSERT_TRUE(tree.set_string("/pcie", "compatible", "brcm,bcm2711-pcie"));
  ASSERT_TRUE(tree.set_string("/gpio", "compatible", "brcm,bcm2711-gpio"));
  ASSERT_TRUE(tree.add_node("/soc"));
  ASSERT_TRUE(tree.add_node("/soc/serial@7e201000"));
  ASSERT_TRUE(tree.add_node("/soc/serial@7e201000/bluetooth"));
  ASSERT_TRUE(fit_raspi4b(tree));
  EXPECT_TRUE(tree.has_node("/soc/serial@7e201000"));
  EXPECT_FALSE(tree.has_node("/soc/serial@7e201000/bluetooth"));
  EXPECT_EQ(tree.string_property("/chosen", "stdout-path").value(), "serial0:115200n8");
  EXPECT_EQ(tree.string_property("/intc", "status").value(), "disabled");
  EXPECT_EQ(tree.string_property("/pcie", "status").value(), "disabled");
  EXPECT_FALSE(tree.property("/gpio", "status"));
}

TEST(Boards, memory_is_written_in_the_cells_of_the_root) {
  const auto memory = base::PhysRange::from_size(base::PhysAddr(0), 0x3c000000).value();
  fdt::Tree tree = fdt::Tree::empty();
  ASSERT_TRUE(fill_in(tree, {memory, memory, ""}));
  EXPECT_EQ(base::text_of(tree.property("/memory@0", "reg").value_or(base::ByteView())),
            std::string_view("\0\0\0\0\x3c\0\0\0", 8));
  ASSERT_TRUE(tree.set_u32("/", "#address-cells", 2));
  ASSERT_TRUE(tree.set_u32("/", "#size-cells", 1));
  ASSERT_TRUE(fill_in(tree, {memory, memory, ""}));
  EXPECT_EQ(base::text_of(tree.property("/memory@0", "reg").value_or(base::ByteView())),
            std::string_view("\0\0\0\0\0\0\0\0\x3c\0\0\0", 12));
}

TEST(Boards, raspi4b_has_a_gic_as_the_board_and_a_qemu_of_ones_own) {
  Options options = options_for("raspi4b-tfa");
  options.qemu = "/opt/qemu-system-aarch64";
  const std::string command = joined(qemu_command(options, {.initramfs = "i"}, "line"));
  EXPECT_TRUE(command.starts_with("/opt/qemu-system-aarch64 ")) << command;
  EXPECT_NE(command.find(" -global arm_gic.has-security-extensions=on "), std::string::npos);
  EXPECT_NE(command.find(" -m 2G "), std::string::npos);
}

// Read by debugfs, which shares nothing with what wrote it but e2fsprogs.
TEST_F(BoardsTest, a_card_has_u_boot_before_the_partition_and_the_files_in_it) {
  const std::string u_boot = write("/u-boot");
  const CardFiles files = {write("/k"), write("/i"), write("/t"), "console=ttyS0 panic=1", u_boot};
  const auto card = write_card(files, root_);
  ASSERT_TRUE(card) << card.error().subject();
  EXPECT_EQ(std::filesystem::file_size(card.value()), kCardBytes);
  const std::string start = os::read_file(card.value())->substr(0, std::size_t{16} << 10);
  EXPECT_EQ(start.substr(510, 2), "\x55\xaa");
  // [linux/block/partitions/msdos.c]: bootable, of Linux, from sector 4096 on, to the end.
  EXPECT_EQ(start.substr(446, 1), "\x80");
  EXPECT_EQ(start.substr(450, 1), "\x83");
  EXPECT_EQ(start.substr(454, 8), std::string("\0\x10\0\0\0\xf0\x07\0", 8));
  EXPECT_EQ(start.substr(8192, 7), "/u-boot");
  const auto content = [&](const std::string& name) {
    return os::run_captured(
               {os::find_program("debugfs"), "-R", "cat " + name, card.value() + "?offset=2097152"})
        .output;
  };
  EXPECT_EQ(content("/kernel"), "/k");
  EXPECT_EQ(content("/initrd"), "/i");
  EXPECT_EQ(content("/tree"), "/t");
  EXPECT_NE(content("/extlinux/extlinux.conf").find("  append console=ttyS0 panic=1\n"),
            std::string::npos);
}

TEST_F(BoardsTest, a_card_of_files_that_are_not_there_is_refused) {
  EXPECT_EQ(write_card({root_ + "/no", root_ + "/no", root_ + "/no", "", ""}, root_).error().code(),
            Code::FILE_UNWRITABLE);
}

TEST(Boards, u_boot_gets_a_card_in_the_place_of_a_kernel) {
  QemuFiles files = {.initramfs = "i"};
  files.card = "/a,b";
  const std::string command =
      joined(qemu_command(options_for("orangepi-pc-u-boot"), files, "line"));
  EXPECT_NE(command.find(" -drive if=sd,format=raw,file=/a,,b "), std::string::npos) << command;
  EXPECT_EQ(command.find("-kernel"), std::string::npos);
  EXPECT_EQ(command.find("-append"), std::string::npos);
}

TEST(Boards, a_tree_of_another_board_is_refused) {
  fdt::Tree tree = fdt::Tree::empty();
  EXPECT_EQ(fit_raspi4b(tree).error().code(), Code::BOARD_TREE);
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
