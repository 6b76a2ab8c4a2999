// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/kernel_log.hpp"

#include "os/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hyprelay::rehearse::guest {
std::string read_kernel_log() {
  std::string log;
  const os::FileDescriptor messages(open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!messages.valid()) {
    return log;
  }
  // Each read gives one record: "priority,sequence,time,flags;text\n" [Linux
  // Documentation/ABI/testing/dev-kmsg]. EPIPE: an old record was overwritten; the next is fine.
  char record[8192];
  for (;;) {
    const ssize_t count = read(messages.get(), record, sizeof record);
    if (count < 0 && (errno == EPIPE || errno == EINTR)) {
      continue;
    }
    if (count <= 0) {
      return log;
    }
    std::string_view text(record, static_cast<std::size_t>(count));
    text.remove_prefix(std::min(text.find(';') + 1, text.size()));
    log.append(text.substr(0, text.find('\n')));
    log += '\n';
  }
}

std::string line_with(std::string_view log, std::string_view text) {
  const std::size_t hit = log.find(text);
  if (hit == std::string_view::npos) {
    return {};
  }
  const std::size_t start = log.rfind('\n', hit);
  const std::size_t from = start == std::string_view::npos ? 0 : start + 1;
  return std::string(log.substr(from, log.find('\n', hit) - from));
}

}  // namespace hyprelay::rehearse::guest
