// SPDX-License-Identifier: BSD-2-Clause
#include "os/kernel_log.hpp"

#include "base/boot_mode.hpp"
#include "base/bytes.hpp"
#include "os/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace hyprelay::os {

std::string read_kernel_log(const std::string& path) {
  // Each read of /dev/kmsg gives one record; EPIPE says that older ones were overwritten meanwhile,
  // and without O_NONBLOCK the end of the log would wait for more
  // [linux/Documentation/ABI/testing/dev-kmsg].
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  std::string records;
  std::array<char, 8192> record{};
  while (fd.valid()) {
    const ssize_t got = ::read(fd.get(), record.data(), record.size());
    if (got > 0) {
      records.append(record.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || (errno != EPIPE && errno != EINTR)) {
      break;
    }
  }
  std::string log;
  for (std::string_view rest = records; !rest.empty();) {
    if (const auto message = base::kernel_message(base::take_line(rest))) {
      log.append(*message).append("\n");
    }
  }
  return log;
}

}  // namespace hyprelay::os
