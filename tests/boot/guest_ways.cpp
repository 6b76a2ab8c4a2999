// SPDX-License-Identifier: BSD-2-Clause
#include "tests/boot/guest_ways.hpp"

#include "fdt/tree.hpp"
#include "os/files.hpp"
#include "os/process.hpp"
#include "rehearse/initramfs.hpp"
#include "rehearse/programs.hpp"
#include "rehearse/protocol/cpio.hpp"
#include "rehearse/protocol/words.hpp"
#include "rehearse/qemu.hpp"
#include "tests/boot/expect.hpp"

#include <fcntl.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <utility>

namespace hyprelay::boot_test {
namespace {

// A guest that never ends is stopped: far above any honest run.
constexpr const char* kPatienceSeconds = "240";

const std::string kMachine = "virt,virtualization=on,gic-version=3";
// Where Xen finds its first guest's kernel and initrd, in the memory of the machine.
constexpr std::uint64_t kKernelAt = 0x49000000;
constexpr std::uint64_t kInitrdAt = 0x4d000000;
const std::string kXenLine = "console=dtuart dtuart=/pl011@9000000 noreboot";
constexpr const char* kDomu = "/chosen/domU1";
constexpr std::uint64_t kDomuKib = 448 << 10;

// One CPU; what a guest ends with ends QEMU. Semihosting is how our programs print below KVM too.
Words machine() {
  return {"/usr/bin/timeout",
          "--kill-after=5",
          kPatienceSeconds,
          "qemu-system-aarch64",
          "-machine",
          kMachine,
          "-cpu",
          "cortex-a57",
          "-accel",
          "tcg,tb-size=24",
          "-m",
          "1G",
          "-nodefaults",
          "-no-user-config",
          "-display",
          "none",
          "-no-reboot",
          "-chardev",
          "stdio,id=console,signal=off,mux=on",
          "-serial",
          "chardev:console",
          "-semihosting-config",
          "enable=on,target=native,chardev=console"};
}

Words plus(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

bool add_guest(rehearse::CpioWriter& archive, unsigned number, const Words& files,
               const std::string& line, const char* mib) {
  const std::string folder = "guests/" + std::to_string(number);
  bool good = archive.add_folder(folder);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto content = os::read_file(files[i]);
    good = good && content &&
           archive.add_file(folder + (i == 0 ? "/kernel" : "/initrd"), *content, 0644);
  }
  return good && archive.add_file(folder + "/line", line, 0644) &&
         archive.add_file(folder + "/mib", mib, 0644);
}

// The host's initrd: the monitor, and all guests.
std::optional<Words> kvm_command(const Arguments& arguments, const Inside& inside) {
  const std::string path = arguments.folder + "/host";
  const os::FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  rehearse::CpioWriter archive(file.get());
  const auto monitor = os::read_file(arguments.monitor);
  bool good = file.valid() && monitor && archive.add_file("kvm_boot", *monitor, 0755) &&
              archive.add_folder("guests") &&
              add_guest(archive, 0, {inside.kernel, inside.initrd}, inside.line, "448");
  for (unsigned i = 0; i < arguments.programs.size(); ++i) {
    good = good && add_guest(archive, i + 1, {arguments.programs[i]}, "", "64");
  }
  if (!good || !archive.finish()) {
    return std::nullopt;
  }
  return plus(machine(),
              {"-kernel", inside.kernel, "-initrd", path, "-append",
               "console=ttyAMA0 quiet panic=1 cryptomgr.notests norandmaps rdinit=/kvm_boot"});
}

std::string xen_of(const Arguments& arguments) {
  return arguments.cache + "/sysroot/arm64/boot/xen-4.17-arm64";
}

// QEMU's guest-loader tells Xen of dom0's files. Xen has the UART, dom0 Xen's console.
Words xen_command(const Arguments& arguments, const Inside& inside) {
  const auto loader = [](std::uint64_t at) {
    return "guest-loader,addr=" + std::to_string(at) + ",";
  };
  return plus(
      machine(),
      {"-kernel", xen_of(arguments), "-append", kXenLine + " dom0_mem=640M dom0_max_vcpus=1",
       "-device", loader(kKernelAt) + "kernel=" + inside.kernel + ",bootargs=" + inside.line,
       "-device", loader(kInitrdAt) + "initrd=" + inside.initrd});
}

// Cells of 64 bits.
base::Result<void> set_wide(fdt::Tree& tree, const std::string& path, const char* name,
                            const std::vector<std::uint64_t>& values) {
  std::vector<std::byte> bytes;
  for (const std::uint64_t value : values) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::byte>(value >> shift));
    }
  }
  return tree.set(path, name, bytes);
}

// QEMU's own tree, in which Xen finds what it is to start.
bool write_domu_tree(const Inside& inside, const std::string& path) {
  const std::string raw = path + ".raw";
  os::run_captured({"/usr/bin/timeout", kPatienceSeconds, "qemu-system-aarch64", "-machine",
                    kMachine + (",dumpdtb=" + raw), "-cpu", "cortex-a57", "-m", "1G", "-nodefaults",
                    "-display", "none"});
  const std::string bytes = os::read_file(raw).value_or("");
  auto read = fdt::Tree::from_bytes(std::as_bytes(std::span(bytes)), raw);
  if (!read) {
    return false;
  }
  fdt::Tree tree = std::move(read).value();
  const auto add_module = [&](const char* node, const char* kind, std::uint64_t start,
                              const std::string& file) {
    const std::string path_of_node = std::string(kDomu) + "/" + node;
    const std::string names = kind + std::string("\0multiboot,module", 17);
    return tree.set_string(path_of_node, "compatible", names) &&
           set_wide(tree, path_of_node, "reg", {start, std::filesystem::file_size(file)});
  };
  const bool good =
      tree.set_string("/chosen", "xen,xen-bootargs", kXenLine) &&
      tree.set_u32("/chosen", "#address-cells", 2) && tree.set_u32("/chosen", "#size-cells", 2) &&
      tree.set_string(kDomu, "compatible", "xen,domain") &&
      tree.set_u32(kDomu, "#address-cells", 2) && tree.set_u32(kDomu, "#size-cells", 2) &&
      tree.set_u32(kDomu, "cpus", 1) && set_wide(tree, kDomu, "memory", {kDomuKib}) &&
      tree.set(kDomu, "vpl011", {}) &&
      add_module("module@49000000", "multiboot,kernel", kKernelAt, inside.kernel) &&
      add_module("module@4d000000", "multiboot,ramdisk", kInitrdAt, inside.initrd) &&
      tree.set_string(std::string(kDomu) + "/module@49000000", "bootargs", inside.line);
  const std::vector<std::byte> packed = tree.packed();
  std::ofstream file(path, std::ios::binary);
  return good && file.write(reinterpret_cast<const char*>(packed.data()),
                            static_cast<std::streamsize>(packed.size()));
}

std::optional<Words> domu_command(const Arguments& arguments, const Inside& inside) {
  const std::string tree = arguments.folder + "/tree";
  if (!write_domu_tree(inside, tree)) {
    return std::nullopt;
  }
  const auto loader = [](const std::string& file, std::uint64_t at) {
    return "loader,force-raw=on,file=" + file + ",addr=" + std::to_string(at);
  };
  return plus(machine(),
              {"-kernel", xen_of(arguments), "-dtb", tree, "-device",
               loader(inside.kernel, kKernelAt), "-device", loader(inside.initrd, kInitrdAt)});
}

}  // namespace

std::optional<Inside> make_inside(const Arguments& arguments) {
  rehearse::Options options;
  options.arch = handoff::Arch::kArm64;
  options.payload_mib = 1;
  options.from = kernel_path(arguments.cache, "arm64");
  options.to = {options.from};
  options.append = arguments.way == "xen" ? "console=hvc0" : "quiet";
  Inside inside{options.from, arguments.folder + "/initrd", rehearse::guest_command_line(options),
                ""};
  const auto programs = rehearse::find_programs(options.arch);
  if (!programs) {
    return std::nullopt;
  }
  const auto digest =
      rehearse::write_initramfs({options, programs.value(), inside.line, false}, inside.initrd);
  if (!digest) {
    return std::nullopt;
  }
  inside.manifest_digest = digest.value();
  inside.line += " " + std::string(rehearse::kHopParameter) + "0";
  return inside;
}

std::optional<Words> command_of(const Arguments& arguments, const Inside& inside) {
  return arguments.way == "kvm"   ? kvm_command(arguments, inside)
         : arguments.way == "xen" ? std::optional(xen_command(arguments, inside))
                                  : domu_command(arguments, inside);
}

}  // namespace hyprelay::boot_test
