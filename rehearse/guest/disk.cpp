// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/disk.hpp"

#include "os/files.hpp"
#include "rehearse/protocol/words.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hyprelay::rehearse::guest {
namespace {

// In the order in which they need each other.
constexpr const char* kModules[] = {"drivers/virtio/virtio", "drivers/virtio/virtio_ring",
                                    "drivers/virtio/virtio_mmio", "drivers/block/virtio_blk"};
// [linux/include/uapi/linux/module.h MODULE_INIT_COMPRESSED_FILE], 5.17 and later.
constexpr unsigned kCompressed = 4;
constexpr int kWaitSeconds = 10;

// What the kernel has against the module; 0 also for one that is loaded already. ENOENT: there is
// no file of that name.
int load_module(const std::string& path) {
  for (const char* suffix : {"", ".xz", ".zst", ".gz"}) {
    const os::FileDescriptor file(open((path + suffix).c_str(), O_RDONLY | O_CLOEXEC));
    if (file.valid()) {
      const unsigned flags = *suffix == '\0' ? 0 : kCompressed;
      const bool good = syscall(SYS_finit_module, file.get(), "", flags) == 0 || errno == EEXIST;
      return good ? 0 : errno;
    }
  }
  return ENOENT;
}

}  // namespace

std::string open_disk(const std::string& root, const std::string& release) {
  const std::string disk(kDisk);
  const std::string folder = root + "/lib/modules/" + release + "/kernel/";
  unsigned loaded = 0;
  for (const char* module : kModules) {
    const std::string path = folder + module + ".ko";
    const int fault = load_module(path);
    if (fault != 0 && fault != ENOENT) {
      return path + ": " + std::strerror(fault);
    }
    loaded += fault == 0 ? 1 : 0;
  }
  for (int tenth = 0; access((root + disk).c_str(), F_OK) != 0; ++tenth) {
    if (loaded == 0 || tenth == kWaitSeconds * 10) {
      std::string why = "no ";
      why.append(disk).append(": ").append(folder);
      return why.append(loaded == 0 ? " has neither virtio_mmio nor virtio_blk; an --initrd with "
                                      "them drives it"
                                    : " had modules for it, which found none");
    }
    const timespec pause = {0, 100'000'000};
    nanosleep(&pause, nullptr);
  }
  return {};
}

}  // namespace hyprelay::rehearse::guest
