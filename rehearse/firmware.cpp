// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/firmware.hpp"

#include "base/number_text.hpp"
#include "os/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

struct Build {
  const char* path;
  const char* package;
};

// The builds with a store of variables in the second flash; QEMU_EFI.fd is the same without the
// padding to the size of a flash.
Build build_of(const Options& options) {
  const bool arm = options.arch == handoff::Arch::kArm;
  if (options.firmware == Firmware::kUBoot) {
    return {arm ? "/usr/lib/u-boot/qemu_arm/u-boot.bin" : "/usr/lib/u-boot/qemu_arm64/u-boot.bin",
            "u-boot-qemu"};
  }
  return arm ? Build{"/usr/share/AAVMF/AAVMF32_CODE.fd", "qemu-efi-arm"}
             : Build{"/usr/share/AAVMF/AAVMF_CODE.fd", "qemu-efi-aarch64"};
}

// QEMU takes a flash of the virt machine in full size only [qemu/hw/arm/virt.c].
constexpr off_t kFlashBytes = off_t{64} << 20;

// [u-boot/configs/qemu_arm_defconfig, qemu_arm64_defconfig: CONFIG_ENV_SIZE]
constexpr std::size_t kEnvironmentBytes = 0x40000;
// Where U-Boot loads a kernel itself, and the tree that QEMU has left it with a MiB of room
// [u-boot/include/configs/qemu-arm.h].
constexpr std::uint64_t kUBootKernel = 0x40400000;
constexpr std::uint64_t kUBootTree = 0x40000000;
// The copy of the tree that U-Boot makes for EFI lies at 127 MiB of memory [u-boot/cmd/bootefi.c
// copy_fdt]; what lies below the initrd is free for it.
constexpr std::uint64_t kUBootInitrd = 0x4a000000;
constexpr std::uint64_t kUBootAlign = 0x200000;

}  // namespace

std::string_view text_of(Firmware firmware) {
  switch (firmware) {
    case Firmware::kEdk2:
      return "edk2";
    case Firmware::kUBoot:
      return "u-boot";
    case Firmware::kNone:
      break;
  }
  return {};
}

Result<std::string> find_firmware(const Options& options, const std::string& root) {
  if (options.firmware == Firmware::kNone) {
    return std::string();
  }
  const Build build = build_of(options);
  std::string path = root + build.path;
  if (access(path.c_str(), R_OK) != 0) {
    return Error(Code::REHEARSE_FIRMWARE, Stage::kRehearse,
                 path + " of the package " + build.package);
  }
  return path;
}

std::string u_boot_environment(handoff::Arch arch, std::uint64_t kernel_bytes,
                               std::uint64_t initrd_bytes) {
  const std::uint64_t initrd =
      std::max(kUBootInitrd, (kUBootKernel + kernel_bytes + kUBootAlign - 1) & ~(kUBootAlign - 1));
  // qfw load takes kernel, initrd and command line as QEMU was given them. The kernel's EFI stub
  // leaves alone what /chosen says of an initrd, when no file is offered to it
  // [linux/drivers/firmware/efi/libstub/efi-stub-helper.c efi_load_initrd].
  std::string boot =
      "qfw load " + base::hex(kUBootKernel) + " " + base::hex(initrd) + "; fdt addr " +
      base::hex(kUBootTree) + "; fdt set /chosen linux,initrd-start <" + base::hex(initrd) +
      ">; fdt set /chosen linux,initrd-end <" + base::hex(initrd + initrd_bytes) + ">";
  // So that a stub that places the kernel at random keeps away from it. On arm it does not, and a
  // kernel would find memory that U-Boot calls reserved outside of its linear map.
  if (arch == handoff::Arch::kArm64) {
    boot += "; fdt rsvmem add " + base::hex(initrd) + " " + base::hex(initrd_bytes);
  }
  // QEMU's tree is a MiB of which little is used. U-Boot's copy of it for EFI would reach above 128
  // MiB of memory and stay the firmware's, where a kernel on arm then takes no initrd
  // [linux/init/initramfs.c reserve_initrd_mem]; trees of boards are small.
  boot += "; fdt resize";
  boot += "; bootefi " + base::hex(kUBootKernel) + ":" + base::hex(kernel_bytes) + " " +
          base::hex(kUBootTree);
  std::string texts;
  for (const std::string& text :
       {std::string("bootdelay=0"), "bootcmd=" + boot, std::string("stdin=pl011@9000000"),
        std::string("stdout=pl011@9000000"), std::string("stderr=pl011@9000000")}) {
    texts += text;
    texts += '\0';
  }
  texts.resize(kEnvironmentBytes - sizeof(std::uint32_t));
  boost::crc_32_type crc;
  crc.process_bytes(texts.data(), texts.size());
  std::string environment;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    environment += static_cast<char>(crc.checksum() >> shift);
  }
  return environment + texts;
}

Result<void> write_flash(const Options& options, const std::string& initramfs,
                         const std::string& path) {
  std::string content;
  if (options.firmware == Firmware::kUBoot) {
    struct stat kernel = {};
    struct stat initrd = {};
    if (stat(options.from.c_str(), &kernel) != 0 || stat(initramfs.c_str(), &initrd) != 0) {
      return Error(Code::FILE_MISSING, Stage::kRehearse, options.from);
    }
    content = u_boot_environment(options.arch, static_cast<std::uint64_t>(kernel.st_size),
                                 static_cast<std::uint64_t>(initrd.st_size));
  }
  const os::FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.valid() || !os::write_all(file.get(), content) ||
      ftruncate(file.get(), kFlashBytes) != 0) {
    return Error(Code::FILE_UNWRITABLE, Stage::kRehearse, path);
  }
  return base::success();
}

}  // namespace hyprelay::rehearse
