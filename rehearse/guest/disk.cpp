// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/disk.hpp"

#include "base/number_text.hpp"
#include "os/files.hpp"
#include "rehearse/guest/modules.hpp"
#include "rehearse/protocol/words.hpp"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <vector>

namespace hyprelay::rehearse::guest {
namespace {

// In the order in which they need each other.
constexpr const char* kModules[] = {"drivers/virtio/virtio",
                                    "drivers/virtio/virtio_ring",
                                    "drivers/virtio/virtio_mmio",
                                    "drivers/virtio/virtio_pci_legacy_dev",
                                    "drivers/virtio/virtio_pci_modern_dev",
                                    "drivers/virtio/virtio_pci",
                                    "drivers/block/virtio_blk"};
constexpr int kWaitSeconds = 10;

}  // namespace

std::string open_disk(const std::string& root, const std::string& release) {
  const std::string disk(kDisk);
  const std::string folder = module_folder(root, release);
  unsigned loaded = 0;
  for (const char* module : kModules) {
    const int fault = load_module(root, release, module);
    if (fault != 0 && fault != ENOENT) {
      return folder + module + ".ko: " + std::strerror(fault);
    }
    loaded += fault == 0 ? 1 : 0;
  }
  for (int tenth = 0; access((root + disk).c_str(), F_OK) != 0; ++tenth) {
    if (loaded == 0 || tenth == kWaitSeconds * 10) {
      std::string why = "no ";
      why.append(disk).append(": ").append(folder);
      return why.append(loaded == 0 ? " has none of virtio_mmio, virtio_pci and virtio_blk; an "
                                      "--initrd with them drives it"
                                    : " had modules for it, which found none");
    }
    const timespec pause = {0, 100'000'000};
    nanosleep(&pause, nullptr);
  }
  return {};
}

std::string interrupts_of(std::string_view proc_interrupts, std::string_view device) {
  std::istringstream lines{std::string(proc_interrupts)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string chip;
    std::uint64_t count = 0;
    words >> chip;  // the interrupt's own number
    while (words >> chip) {
      const auto number = base::parse_number(chip);
      if (!number) {
        break;
      }
      count += *number;
    }
    // "virtio0" itself, or what it calls its queues: "virtio0-req.0"; "virtio01" is another one.
    const std::size_t at = line.rfind(device);
    const char next = at == std::string::npos || at + device.size() == line.size()
                          ? ' '
                          : line[at + device.size()];
    if (at != std::string::npos && count != 0 &&
        std::isdigit(static_cast<unsigned char>(next)) == 0) {
      return chip;
    }
  }
  return {};
}

DiskRead read_disk() {
  DiskRead read;
  const std::string disk(kDisk);
  const os::FileDescriptor file(open(disk.c_str(), O_RDONLY | O_CLOEXEC));
  std::vector<char> block(std::size_t{1} << 20);
  const ssize_t got = file.valid() ? ::read(file.get(), block.data(), block.size()) : -1;
  read.bytes = got > 0 ? static_cast<std::uint64_t>(got) : 0;
  // /sys/block/vda/device leads to .../virtio0.
  std::error_code gone;
  const auto device = std::filesystem::read_symlink(
      "/sys/block/" + disk.substr(sizeof "/dev/" - 1) + "/device", gone);
  if (!gone) {
    read.interrupts =
        interrupts_of(os::read_file("/proc/interrupts").value_or(""), device.filename().string());
  }
  return read;
}

}  // namespace hyprelay::rehearse::guest
