// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/kernel_log.hpp"

#include "base/boot_mode.hpp"
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
  // Each read gives one record [linux/Documentation/ABI/testing/dev-kmsg]. EPIPE: an old record was
  // overwritten; the next is fine.
  char record[8192];
  for (;;) {
    const ssize_t count = read(messages.get(), record, sizeof record);
    if (count < 0 && (errno == EPIPE || errno == EINTR)) {
      continue;
    }
    if (count <= 0) {
      return log;
    }
    const std::string_view text(record, static_cast<std::size_t>(count));
    if (const auto message = base::kernel_message(text.substr(0, text.find('\n')))) {
      log.append(*message).append("\n");
    }
  }
}

std::string oops_in(std::string_view log) {
  constexpr std::string_view kStarts[] = {
      "Unable to handle kernel", "Internal error:", "kernel BUG at", "BUG:", "Unhandled fault"};
  constexpr std::string_view kEnd = "---[ end trace";
  std::string oops;
  bool inside = false;
  while (!log.empty()) {
    const std::string_view line = log.substr(0, log.find('\n'));
    const bool starts = std::ranges::any_of(
        kStarts, [line](std::string_view start) { return line.starts_with(start); });
    if (starts && !inside) {
      oops.clear();
    }
    inside = inside || starts;
    if (inside) {
      oops.append(line).append("\n");
    }
    inside = inside && !line.starts_with(kEnd);
    log.remove_prefix(std::min(log.size(), line.size() + 1));
  }
  return oops;
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
