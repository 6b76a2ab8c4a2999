// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/board_start.hpp"

#include "os/files.hpp"
#include "rehearse/board_card.hpp"
#include "rehearse/board_trees.hpp"
#include "rehearse/little_endian.hpp"

#include <array>
#include <filesystem>
#include <system_error>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::Result;
using base::Stage;

// Memory of the Pi 3 as TF-A divides it [trusted-firmware-a/docs/plat/rpi3.rst, Memory map].
constexpr std::uint64_t kPi3Bl31 = 0x100e0000;
constexpr std::uint64_t kPi3SecureStart = 0x10000000;
constexpr std::uint64_t kPi3SecureBytes = 0x100000;
// What is left to ARM of a gigabyte: the 64 MiB at its end are the video core's
// [qemu/hw/misc/bcm2835_property.c].
constexpr std::uint64_t kPiMemoryBytes = 0x3c000000;
// The Pi 4's armstub: three words that the board's own firmware fills in where it finds the magic,
// which it clears to say that it did [trusted-firmware-a/plat/rpi/rpi4/aarch64/armstub8_header.S,
// rpi4_bl31_setup.c]. All CPUs start at 0, and TF-A lets the others wait itself.
constexpr std::size_t kPi4Magic = 0xf0;
constexpr std::uint32_t kPi4MagicValue = 0x5afe570b;
constexpr std::size_t kPi4TreeAddress = 0xf8;
constexpr std::size_t kPi4KernelAddress = 0xfc;
// A kernel may lie at any multiple of 2 MiB [linux/Documentation/arm64/booting.rst section 4]; it,
// the tree and the initrd below the secure memory.
constexpr std::uint64_t kKernelAt = 0x200000;
constexpr std::uint64_t kTreeAt = 0x7000000;
constexpr std::uint64_t kInitrdAt = 0x8000000;
constexpr std::uint64_t kStartBytes = 0x1000;
// In the folder of the rehearsal.
constexpr mode_t kOwnFile = 0600;

// CPU 0 calls BL31. Every other one waits as plat_secondary_cold_boot_setup lets it wait, until its
// word behind the mailbox is 1, and then goes where the mailbox says
// [trusted-firmware-a/plat/rpi/common/aarch64/plat_helpers.S,
// plat/rpi/rpi3/include/platform_def.h].
constexpr auto kPi3Code = std::to_array<std::uint32_t>({
    0xd53800a0,  // mrs  x0, mpidr_el1
    0x92400400,  // and  x0, x0, #3
    0xb4000140,  // cbz  x0, first
    0xd2a20002,  // mov  x2, #0x10000000     the mailbox
    0x91002043,  // add  x3, x2, #8
    0x8b000c63,  // add  x3, x3, x0, lsl #3  the CPU's word
    0xd503205f,  // wait: wfe
    0xf9400061,  // ldr  x1, [x3]
    0xf100043f,  // cmp  x1, #1
    0x54ffffa1,  // b.ne wait
    0xf9400041,  // ldr  x1, [x2]
    0xd61f0020,  // br   x1
    0x100000c0,  // first: adr x0, 0x48      bl_params_t
    0x58000061,  // ldr  x1, 0x40            RPI3_BL31_PLAT_PARAM_VAL
    0xd2a201c2,  // mov  x2, #0x100e0000     kPi3Bl31
    0xd61f0040,  // br   x2
});
constexpr std::uint64_t kPi3Parameter = 0x0f1e2d3c4b5a6978;
constexpr std::uint64_t kParamsAt = 0x48;
constexpr std::uint64_t kNodeAt = kParamsAt + 0x10;
constexpr std::uint64_t kEntryAt = kNodeAt + 0x20;

// EL2 with its own stack pointer, all exceptions masked.
constexpr std::uint32_t kEl2Masked = 0x3c9;
constexpr std::uint32_t kNonSecure = 1;
constexpr std::uint32_t kKernelImage = 5;  // BL33_IMAGE_ID

// param_header_t: type, version, size, attributes.
void add_header(std::string& text, unsigned type, unsigned version, unsigned size_bytes,
                std::uint32_t attributes) {
  add_little_endian(text, type, 1);
  add_little_endian(text, version, 1);
  add_little_endian(text, size_bytes, 2);
  add_little_endian(text, attributes, 4);
}

PhysRange range(std::uint64_t start, std::uint64_t size_bytes) {
  return PhysRange::from_size(PhysAddr(start), size_bytes).value_or(PhysRange());
}

// Kernel, initrd and tree lie where the code above and the tree say.
Result<void> prepare_pi(const Options& options, const std::string& command_line,
                        const std::string& folder, fdt::Tree& tree, QemuFiles& files) {
  std::error_code unknown;
  const std::uint64_t initrd_bytes = std::filesystem::file_size(files.initramfs, unknown);
  const std::uint64_t kernel_bytes = std::filesystem::file_size(options.from, unknown);
  if (initrd_bytes > kPi3SecureStart - kInitrdAt || kernel_bytes > kTreeAt - kKernelAt) {
    return Error(Code::BOARD_NO_ROOM, Stage::kRehearse,
                 initrd_bytes > kPi3SecureStart - kInitrdAt ? "initrd" : "kernel");
  }
  files.loaded = {
      {options.from, kKernelAt}, {files.initramfs, kInitrdAt}, {folder + "/tree", kTreeAt}};
  return fill_in(tree, {range(0, kPiMemoryBytes), range(kInitrdAt, initrd_bytes), command_line});
}

Result<void> prepare_pi3(const Options& options, const std::string& folder, fdt::Tree& tree,
                         QemuFiles& files) {
  HR_TRY(firmware, find_board_firmware(options));
  HR_TRYV(tree.add_memory_reservation(range(0, kStartBytes)));
  HR_TRYV(tree.add_memory_reservation(range(kPi3SecureStart, kPi3SecureBytes)));
  HR_TRYV(os::replace_file(folder + "/start", pi3_start_code(), kOwnFile));
  files.loaded.push_back({folder + "/start", 0});
  files.loaded.push_back({firmware, kPi3Bl31});
  return base::success();
}

// BL31 reserves its own memory, and tells the tree of PSCI.
Result<void> prepare_pi4(const Options& options, const std::string& folder, QemuFiles& files) {
  HR_TRY(firmware, find_board_firmware(options));
  HR_TRY(content, os::read_input_text(firmware, os::kRehearsedFile));
  HR_TRY(armstub, pi4_armstub(content));
  HR_TRYV(os::replace_file(folder + "/start", armstub, kOwnFile));
  files.loaded.push_back({folder + "/start", 0});
  return base::success();
}

// Once the tree is written.
Result<void> prepare_card(const Options& options, const std::string& command_line,
                          const std::string& folder, QemuFiles& files) {
  HR_TRY(firmware, find_board_firmware(options));
  HR_TRY(card, write_card({options.from, files.initramfs, folder + "/tree", command_line, firmware},
                          folder));
  files.card = std::move(card);
  return base::success();
}

}  // namespace

std::string pi3_start_code() {
  std::string code;
  for (const std::uint32_t word : kPi3Code) {
    add_little_endian(code, word, 4);
  }
  add_little_endian(code, kPi3Parameter, 8);
  // bl_params_t, a list of one bl_params_node_t, and the kernel's entry_point_info_t
  // [trusted-firmware-a/include/common/bl_common.h, ep_info.h; PARAM_BL_PARAMS is 5, PARAM_EP 1].
  add_header(code, 5, 2, 16, 0);
  add_little_endian(code, kNodeAt, 8);
  add_little_endian(code, kKernelImage, 8);
  add_little_endian(code, 0, 8);
  add_little_endian(code, kEntryAt, 8);
  add_little_endian(code, 0, 8);
  add_header(code, 1, 2, 88, kNonSecure);
  add_little_endian(code, kKernelAt, 8);
  add_little_endian(code, kEl2Masked, 8);
  add_little_endian(code, kTreeAt, 8);
  code.append(std::size_t{7} * 8, '\0');
  return code;
}

Result<std::string> pi4_armstub(std::string bl31) {
  const auto magic = base::read_le<std::uint32_t>(base::bytes_of(bl31), kPi4Magic);
  if (!magic || magic.value() != kPi4MagicValue || bl31.size() < kPi4KernelAddress + 4) {
    return Error(Code::BOARD_FIRMWARE, Stage::kRehearse,
                 "no magic of an armstub at 0xf0 of rpi4/bl31.bin");
  }
  const auto put = [&](std::size_t at, std::uint64_t value) {
    std::string word;
    add_little_endian(word, value, 4);
    bl31.replace(at, word.size(), word);
  };
  put(kPi4Magic, 0);
  put(kPi4TreeAddress, kTreeAt);
  put(kPi4KernelAddress, kKernelAt);
  return bl31;
}

Result<void> prepare_board(const Options& options, const std::string& command_line,
                           const std::string& folder, QemuFiles& files) {
  const Board& board = board_of(options);
  if (board.is_virt()) {
    return base::success();
  }
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  HR_TRY(path, find_board_tree(options));
  HR_TRY(content, os::read_input_text(path, os::kTreeFile));
  HR_TRY(tree, fdt::Tree::from_bytes(base::bytes_of(content), path));
  if (board.adapt != nullptr) {
    HR_TRYV(board.adapt(tree));
  }
  const bool tfa = board.start == BoardStart::kTfaPi3 || board.start == BoardStart::kTfaPi4;
  if (tfa) {
    HR_TRYV(prepare_pi(options, command_line, folder, tree, files));
    HR_TRYV(board.start == BoardStart::kTfaPi3 ? prepare_pi3(options, folder, tree, files)
                                               : prepare_pi4(options, folder, files));
  } else if (board.start == BoardStart::kQemu) {
    files.tree = folder + "/tree";
  }
  const std::vector<std::byte> packed = tree.packed();
  HR_TRYV(os::replace_file(folder + "/tree", base::text_of(packed), kOwnFile));
  return board.start == BoardStart::kUBootOnCard
             ? prepare_card(options, command_line, folder, files)
             : base::success();
}

}  // namespace hyprelay::rehearse
