// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/modules.hpp"

#include "os/files.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace hyprelay::rehearse::guest {
namespace {

// [linux/include/uapi/linux/module.h MODULE_INIT_COMPRESSED_FILE], 5.17 and later.
constexpr unsigned kCompressed = 4;

}  // namespace

int load_module(const std::string& root, const std::string& release, const std::string& name) {
  for (const char* suffix : {".ko", ".ko.xz", ".ko.zst", ".ko.gz"}) {
    const std::string path = module_folder(root, release) + name + suffix;
    const os::FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.valid()) {
      const unsigned flags = suffix[sizeof ".ko" - 1] == '\0' ? 0 : kCompressed;
      const bool good = syscall(SYS_finit_module, file.get(), "", flags) == 0 || errno == EEXIST;
      return good ? 0 : errno;
    }
  }
  return ENOENT;
}

std::string module_folder(const std::string& root, const std::string& release) {
  return root + "/lib/modules/" + release + "/kernel/";
}

}  // namespace hyprelay::rehearse::guest
