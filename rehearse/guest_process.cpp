// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest_process.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace hyprelay::rehearse {

base::Result<GuestProcess> GuestProcess::start(const std::vector<std::string>& command) {
  // Writing to a QEMU that has gone must be an error, not the end of us.
  signal(SIGPIPE, SIG_IGN);
  // What QEMU itself says stands between the guest's lines in the right place. A rehearsal that is
  // killed must not leave its QEMU behind, nor one that kills what only wraps it.
  auto process = os::Process::start(command, {.input = os::Launch::Input::kPipe,
                                              .output = os::Launch::Output::kPipe,
                                              .errors = os::Launch::Errors::kWithOutput,
                                              .dies_with_us = true,
                                              .searched = true});
  if (!process) {
    return base::Error(base::Code::REHEARSE_TOOL, base::Stage::kRehearse, command.front());
  }
  return GuestProcess(std::move(*process));
}

GuestProcess::Wake GuestProcess::wait(std::string& line, int other, std::chrono::seconds patience,
                                      int signals) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!take_line(line)) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    std::array<pollfd, 3> streams = {pollfd{process_.output(), POLLIN, 0}, pollfd{other, POLLIN, 0},
                                     pollfd{signals, POLLIN, 0}};
    const int ready = left.count() <= 0
                          ? 0
                          : poll(streams.data(), streams.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready <= 0) {
      return Wake::kTimeout;
    }
    if (streams[2].revents != 0) {
      return Wake::kSignal;
    }
    if (streams[0].revents != 0) {
      char buffer[4096];
      const ssize_t count = read(process_.output(), buffer, sizeof buffer);
      if (count > 0) {
        pending_.append(buffer, static_cast<std::size_t>(count));
      } else if (pending_.empty()) {
        return Wake::kEnded;
      } else {
        // The last line had no newline.
        pending_ += '\n';
      }
    } else if (streams[1].revents != 0) {
      return Wake::kOther;
    }
  }
  return Wake::kLine;
}

bool GuestProcess::take_line(std::string& line) {
  const std::size_t end = pending_.find('\n');
  if (end == std::string::npos) {
    return false;
  }
  line = pending_.substr(0, end);
  pending_.erase(0, end + 1);
  while (!line.empty() && line.back() == '\r') {
    line.pop_back();
  }
  return true;
}

void GuestProcess::type(std::string_view line) {
  os::write_all(process_.input(), std::string(line) + "\n");
}

}  // namespace hyprelay::rehearse
