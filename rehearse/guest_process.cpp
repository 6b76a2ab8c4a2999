// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace hyprelay::rehearse {
namespace {

// In the child: becomes the program, its stdout and stderr on one pipe, so that what QEMU itself
// says stands between the guest's lines in the right place.
[[noreturn]] void become(const std::vector<std::string>& command, int input, int output,
                         pid_t parent) {
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (const std::string& argument : command) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  // The signals that the rehearsal holds back for itself are QEMU's own business again.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(input, 0);
  dup2(output, 1);
  dup2(output, 2);
  // A rehearsal that is killed must not leave its QEMU behind, nor one that kills what only wraps
  // it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  if (getppid() == parent) {
    execvp(argv[0], argv.data());
  }
  _exit(127);
}

}  // namespace

base::Result<GuestProcess> GuestProcess::start(const std::vector<std::string>& command) {
  const base::Error error(base::Code::REHEARSE_TOOL, base::Stage::kRehearse, command.front());
  int input[2] = {-1, -1};
  int output[2] = {-1, -1};
  if (pipe2(input, O_CLOEXEC) != 0) {
    return error;
  }
  guest::Descriptor input_read(input[0]);
  guest::Descriptor input_write(input[1]);
  if (pipe2(output, O_CLOEXEC) != 0) {
    return error;
  }
  guest::Descriptor output_read(output[0]);
  guest::Descriptor output_write(output[1]);
  // Writing to a QEMU that has gone must be an error, not the end of us.
  signal(SIGPIPE, SIG_IGN);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    become(command, input_read.get(), output_write.get(), parent);
  }
  if (child < 0) {
    return error;
  }
  return GuestProcess(child, input_write.release(), output_read.release());
}

GuestProcess::GuestProcess(pid_t pid, int to_guest, int from_guest)
    : pid_(pid), to_guest_(to_guest), from_guest_(from_guest) {}

GuestProcess::GuestProcess(GuestProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      to_guest_(std::move(other.to_guest_)),
      from_guest_(std::move(other.from_guest_)),
      pending_(std::move(other.pending_)) {}

GuestProcess::~GuestProcess() {
  kill();
  reap();
}

GuestProcess::Wake GuestProcess::wait(std::string& line, int other, std::chrono::seconds patience,
                                      int signals) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!take_line(line)) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    std::array<pollfd, 3> streams = {pollfd{from_guest_.get(), POLLIN, 0}, pollfd{other, POLLIN, 0},
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
      const ssize_t count = read(from_guest_.get(), buffer, sizeof buffer);
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
  guest::write_all(to_guest_.get(), std::string(line) + "\n");
}

int GuestProcess::reap() {
  int status = 0;
  if (pid_ <= 0) {
    return -1;
  }
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void GuestProcess::kill() {
  if (pid_ > 0) {
    // The group first: when it is not there yet, neither is anybody else in it.
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
  }
}

}  // namespace hyprelay::rehearse
