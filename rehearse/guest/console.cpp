// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/console.hpp"

#include "os/files.hpp"
#include "rehearse/protocol/words.hpp"

#include <fcntl.h>
#include <sys/klog.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace hyprelay::rehearse::guest {

void open_console() {
  if (fcntl(0, F_GETFD) != -1 || errno != EBADF) {
    return;
  }
  const int fd = open("/dev/console", O_RDWR);
  if (fd < 0) {
    return;
  }
  for (int standard = 0; standard < 3; ++standard) {
    if (fd != standard) {
      dup2(fd, standard);
    }
  }
}

void silence_kernel_log() {
  // syslog(2): action 8 sets the console's log level; 1 lets nothing but a panic through.
  constexpr int kSetConsoleLevel = 8;
  klogctl(kSetConsoleLevel, nullptr, 1);
}

void mark(const nlohmann::ordered_json& object) {
  const std::string text = base::json_ascii(object);
  os::write_all(1, "\n" + std::string(kMark) + text + "\n");
  tcdrain(1);
}

std::string read_line() {
  std::string line;
  char c = 0;
  for (;;) {
    const ssize_t count = read(0, &c, 1);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0 || c == '\n') {
      return line;
    }
    line += c;
  }
}

}  // namespace hyprelay::rehearse::guest
