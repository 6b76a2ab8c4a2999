// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/boards.hpp"

#include "rehearse/board_trees.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

constexpr auto kArm = handoff::Arch::kArm;
constexpr auto kArm64 = handoff::Arch::kArm64;

// Machines, CPUs, memory and serial ports: [QEMU documentation, system/arm/*.rst]; what else there
// is was seen (docs/boards.md).
constexpr auto kBoards = std::to_array<Board>({
    {.name = "virt-arm",
     .arch = kArm,
     .machine = "virt,virtualization=on",
     .cpu = "cortex-a15",
     .cpus = 2,
     .console = "ttyAMA0",
     .cpus_by = "PSCI of QEMU"},
    {.name = "virt-arm64",
     .arch = kArm64,
     .machine = "virt,virtualization=on,gic-version=3",
     .cpu = "cortex-a57",
     .cpus = 2,
     .console = "ttyAMA0",
     .cpus_by = "PSCI of QEMU"},
    {.name = "virt-arm64-gic2",
     .arch = kArm64,
     .machine = "virt,virtualization=on,gic-version=2",
     .cpu = "cortex-a57",
     .cpus = 2,
     .console = "ttyAMA0",
     .cpus_by = "PSCI of QEMU"},
    // secure=off: else QEMU starts the kernel in Secure SVC, from where there is no HYP.
    {.name = "vexpress-a15",
     .arch = kArm,
     .machine = "vexpress-a15,virtualization=on,secure=off",
     .cpus = 2,
     .tree = "vexpress-v2p-ca15-tc1.dtb",
     .console = "ttyAMA0",
     .cpus_by = "platform code",
     .lacks = "CPUs cannot be taken down: refused, unless booted with nr_cpus=1"},
    {.name = "raspi2b",
     .arch = kArm,
     .machine = "raspi2b",
     .cpus = 4,
     .tree = "bcm2836-rpi-2-b.dtb",
     .console = "ttyAMA0",
     .cpus_by = "mailbox (brcm,bcm2836-smp)",
     .lacks = "no HYP; CPUs never come back: refused, unless booted with nr_cpus=1"},
    // Serial 0 is the Bluetooth chip's.
    {.name = "raspi3b",
     .arch = kArm64,
     .machine = "raspi3b",
     .cpus = 4,
     .tree = "broadcom/bcm2837-rpi-3-b.dtb",
     .serial = 1,
     .console = "ttyS1,115200",
     .cpus_by = "spin table",
     .lacks = "CPUs never come back: refused, unless booted with nr_cpus=1"},
    {.name = "raspi3b-tfa",
     .arch = kArm64,
     .machine = "raspi3b",
     .cpus = 4,
     .tree = "broadcom/bcm2837-rpi-3-b.dtb",
     .serial = 1,
     .console = "ttyS1,115200",
     .start = BoardStart::kTfaPi3,
     .firmware = "/usr/lib/arm-trusted-firmware/rpi3/bl31.bin",
     .package = "arm-trusted-firmware:arm64",
     .cpus_by = "PSCI of TF-A",
     .lacks = "QEMU does not reset a CPU that TF-A turns off: the next kernel has 1 CPU",
     .adapt = give_pi3_psci},
    // The GIC that QEMU gives this machine has no Security Extensions, the board's has them: TF-A
    // puts every interrupt into group 1, and the kernel, which believes to be Non-secure, enables
    // what in such a GIC is group 0.
    {.name = "raspi4b-tfa",
     .arch = kArm64,
     .machine = "raspi4b",
     .cpus = 4,
     .memory = "2G",
     .tree = "broadcom/bcm2711-rpi-4-b.dtb",
     .console = "ttyAMA0,115200",
     .start = BoardStart::kTfaPi4,
     .firmware = "/usr/lib/arm-trusted-firmware/rpi4/bl31.bin",
     .package = "arm-trusted-firmware:arm64",
     .cpus_by = "PSCI of TF-A",
     .global = "arm_gic.has-security-extensions=on",
     .lacks = "needs QEMU 9 (--qemu); the next kernel has 1 CPU, as with raspi3b-tfa",
     .adapt = fit_raspi4b},
    {.name = "orangepi-pc",
     .arch = kArm,
     .machine = "orangepi-pc",
     .cpus = 4,
     .tree = "sun8i-h3-orangepi-pc.dtb",
     .console = "ttyS0,115200",
     .cpus_by = "PSCI of QEMU"},
    // U-Boot of a sister with the same SoC: Debian has none for this one.
    {.name = "orangepi-pc-u-boot",
     .arch = kArm,
     .machine = "orangepi-pc",
     .cpus = 4,
     .tree = "sun8i-h3-orangepi-pc.dtb",
     .console = "ttyS0,115200",
     .start = BoardStart::kUBootOnCard,
     .firmware = "/usr/lib/u-boot/orangepi_plus/u-boot-sunxi-with-spl.bin",
     .package = "u-boot-sunxi:armhf",
     .cpus_by = "PSCI of U-Boot",
     .lacks = "QEMU does not turn off a CPU that U-Boot turns off: the next kernel has 1 CPU"},
    {.name = "sabrelite",
     .arch = kArm,
     .machine = "sabrelite",
     .cpus = 4,
     .tree = "imx6q-sabrelite.dtb",
     .serial = 1,
     .console = "ttymxc1,115200",
     .cpus_by = "platform code",
     .lacks = "Cortex-A9: no HYP"},
    {.name = "mcimx7d-sabre",
     .arch = kArm,
     .machine = "mcimx7d-sabre",
     .cpus = 2,
     .tree = "imx7d-sdb.dtb",
     .console = "ttymxc0,115200",
     .cpus_by = "PSCI of QEMU"},
    {.name = "xlnx-zcu102",
     .arch = kArm64,
     .machine = "xlnx-zcu102,virtualization=on,secure=off",
     .cpus = 4,
     .tree = "xilinx/zynqmp-zcu102-rev1.0.dtb",
     .console = "ttyPS0,115200",
     .cpus_by = "PSCI of QEMU",
     .lacks = "no power management firmware: the UART's clock is a fixed one",
     .adapt = give_zcu102_a_clock},
});

// "/boot/vmlinuz-6.1.0-50-armmp": the release; empty for another name.
std::string release_of(const std::filesystem::path& kernel) {
  const std::string name = kernel.filename().string();
  const std::size_t dash = name.find('-');
  return dash == std::string::npos ? "" : name.substr(dash + 1);
}

// Where Debian's packages may be unpacked: what --from is of, and the machine itself.
std::vector<std::string> roots_of(const Options& options, const std::string& root) {
  const std::filesystem::path folder = std::filesystem::path(options.from).parent_path();
  std::vector<std::string> roots;
  if (folder.filename() == "boot" && folder != "/boot") {
    roots.push_back(folder.parent_path().string());
  }
  roots.push_back(root);
  return roots;
}

// Folders with trees below a root: that of the kernel's own release, then those of others, the
// newest first: a kernel of one flavour runs with the tree of another.
std::vector<std::string> tree_folders(const std::string& root, const std::string& release) {
  const std::string start = root + "/usr/lib/linux-image-";
  std::vector<std::string> others;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(root + "/usr/lib", error), end;
       !error && entry != end; entry.increment(error)) {
    if (entry->path().string().starts_with(start)) {
      others.push_back(entry->path().string());
    }
  }
  std::ranges::sort(others, std::greater<>());
  others.insert(others.begin(), start + release);
  return others;
}

Error only_virt(std::string_view option) {
  return Error(Code::USAGE, Stage::kUsage,
               std::string(option) + ": only QEMU's virt machine takes that");
}

}  // namespace

std::span<const Board> boards() {
  return kBoards;
}

Result<const Board*> find_board(std::string_view name) {
  const auto* board = std::ranges::find(kBoards, name, &Board::name);
  if (board == kBoards.end()) {
    return Error(Code::BOARD_UNKNOWN, Stage::kRehearse, name);
  }
  return board;
}

const Board& board_of(const Options& options) {
  const auto found = find_board(options.board);
  return found ? *found.value() : options.arch == handoff::Arch::kArm ? kBoards[0] : kBoards[1];
}

std::string list_of_boards() {
  std::size_t widest = 0;
  for (const Board& board : kBoards) {
    widest = std::max(widest, board.name.size());
  }
  std::string text;
  for (const Board& board : kBoards) {
    text.append(board.name).append(widest + 2 - board.name.size(), ' ');
    text.append(board.arch == kArm ? "arm    " : "arm64  ");
    text.append(std::to_string(board.cpus)).append(board.cpus == 1 ? " CPU by " : " CPUs by ");
    text.append(board.cpus_by);
    text.append(board.tree.empty() ? "" : "; ").append(board.tree);
    text.append(board.lacks.empty() ? "" : "; ").append(board.lacks).append("\n");
  }
  return text;
}

std::uint32_t cpus_of(const Options& options) {
  const Board& board = board_of(options);
  // Of virt one under --icount; another board has all that it has.
  return options.cpus != 0 ? options.cpus : options.icount && board.is_virt() ? 1U : board.cpus;
}

std::string memory_of(const Options& options) {
  return options.memory.empty() ? std::string(board_of(options).memory) : options.memory;
}

Result<void> check_board(const Options& options) {
  if (board_of(options).is_virt()) {
    return base::success();
  }
  if (options.firmware != Firmware::kNone) {
    return only_virt("--firmware");
  }
  return options.disk.empty() ? base::success() : Result<void>(only_virt("--disk"));
}

Result<std::string> find_board_tree(const Options& options, const std::string& root) {
  const Board& board = board_of(options);
  if (board.is_virt()) {
    return std::string();
  }
  if (!options.dtb.empty()) {
    return options.dtb;
  }
  const std::string release = release_of(options.from);
  for (const std::string& at : roots_of(options, root)) {
    for (const std::string& folder : tree_folders(at, release)) {
      std::string path = folder + "/" + std::string(board.tree);
      if (access(path.c_str(), R_OK) == 0) {
        return path;
      }
    }
  }
  return Error(Code::BOARD_TREE, Stage::kRehearse,
               std::string(board.tree) + " of linux-image-" + release);
}

Result<std::string> find_board_firmware(const Options& options, const std::string& root) {
  const Board& board = board_of(options);
  const std::string_view file = board.firmware;
  if (file.empty()) {
    return std::string();
  }
  for (const std::string& at : roots_of(options, root)) {
    std::string path = at + std::string(file);
    if (access(path.c_str(), R_OK) == 0) {
      return path;
    }
  }
  return Error(Code::BOARD_FIRMWARE, Stage::kRehearse,
               std::string(file) + " of the package " + std::string(board.package));
}

}  // namespace hyprelay::rehearse
