// SPDX-License-Identifier: BSD-2-Clause
#include "os/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace hyprelay::os {
namespace {

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

// A descriptor that is no standard stream: where ours are closed the system gives their numbers
// away, and place_streams() would write over the end of a pipe.
FileDescriptor above_streams(FileDescriptor fd) {
  return fd.get() > STDERR_FILENO
             ? std::move(fd)
             : FileDescriptor(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

// Both ends are -1 when the pipe is not wanted. False: there is none to be had.
bool make_pipe(bool wanted, Pipe& pipe) {
  if (!wanted) {
    return true;
  }
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return false;
  }
  FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  pipe = {above_streams(std::move(read_end)), above_streams(std::move(write_end))};
  return pipe.read_end.valid() && pipe.write_end.valid();
}

struct Pipes {
  Pipe input;
  Pipe output;
  Pipe errors;
};

// In the child: puts its streams in their places.
void place_streams(const Launch& launch, const Pipes& pipes) {
  if (launch.input == Launch::Input::kPipe) {
    ::dup2(pipes.input.read_end.get(), STDIN_FILENO);
  } else if (launch.input == Launch::Input::kNone) {
    ::dup2(::open("/dev/null", O_RDWR | O_CLOEXEC), STDIN_FILENO);
  }
  if (launch.output == Launch::Output::kPipe) {
    ::dup2(pipes.output.write_end.get(), STDOUT_FILENO);
  } else if (launch.output == Launch::Output::kOurErrors) {
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  if (launch.errors == Launch::Errors::kPipe) {
    ::dup2(pipes.errors.write_end.get(), STDERR_FILENO);
  } else if (launch.errors == Launch::Errors::kWithOutput) {
    ::dup2(STDOUT_FILENO, STDERR_FILENO);
  }
}

[[noreturn]] void become(std::vector<char*>& argv, const Launch& launch, const Pipes& pipes,
                         pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  place_streams(launch, pipes);
  if (launch.dies_with_us) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);
    // Whoever died before the line above sends no signal any more.
    if (::getppid() != parent) {
      ::_exit(127);
    }
  }
  if (argv[0] != nullptr) {
    static_cast<void>(launch.searched ? ::execvp(argv[0], argv.data())
                                      : ::execv(argv[0], argv.data()));
  }
  ::_exit(127);
}

// Reads both streams until both have ended: one after the other could block the program.
void drain(const Process& process, Outcome& outcome) {
  std::array<pollfd, 2> streams = {pollfd{process.output(), POLLIN, 0},
                                   pollfd{process.errors(), POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&outcome.output, &outcome.errors};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    if (::poll(streams.data(), streams.size(), -1) < 0) {
      if (errno == EINTR) {
        continue;
      }
      return;
    }
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (streams[i].fd < 0 || streams[i].revents == 0) {
        continue;
      }
      std::array<char, 4096> buffer{};
      const ssize_t count = ::read(streams[i].fd, buffer.data(), buffer.size());
      if (count > 0) {
        texts[i]->append(buffer.data(), static_cast<std::size_t>(count));
      } else if (count == 0 || errno != EINTR) {
        streams[i].fd = -1;
      }
    }
  }
}

}  // namespace

std::string find_program(const std::string& name) {
  const char* const set = std::getenv("PATH");
  std::string_view path = set != nullptr ? set : "/usr/sbin:/usr/bin:/sbin:/bin";
  while (!path.empty()) {
    const std::string_view folder = path.substr(0, path.find(':'));
    path.remove_prefix(std::min(folder.size() + 1, path.size()));
    std::string candidate = std::string(folder) + "/" + name;
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
  }
  return "";
}

std::optional<Process> Process::start(const std::vector<std::string>& words, const Launch& launch) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const std::string& word : words) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  Pipes pipes;
  if (!make_pipe(launch.input == Launch::Input::kPipe, pipes.input) ||
      !make_pipe(launch.output == Launch::Output::kPipe, pipes.output) ||
      !make_pipe(launch.errors == Launch::Errors::kPipe, pipes.errors)) {
    return std::nullopt;
  }
  const pid_t parent = ::getpid();
  Process process;
  process.pid_ = ::fork();
  if (process.pid_ < 0) {
    return std::nullopt;
  }
  if (process.pid_ == 0) {
    become(argv, launch, pipes, parent);
  }
  process.has_group_ = launch.dies_with_us;
  process.input_ = std::move(pipes.input.write_end);
  process.output_ = std::move(pipes.output.read_end);
  process.errors_ = std::move(pipes.errors.read_end);
  return process;
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      has_group_(other.has_group_),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

Process::~Process() {
  if (pid_ > 0) {
    kill();
    wait();
  }
}

std::string Process::read_rest() {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(output_.get(), buffer.data(), buffer.size());
    if (got > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      return text;
    }
  }
}

int Process::wait() {
  input_ = {};
  if (pid_ <= 0) {
    return -1;
  }
  const pid_t pid = std::exchange(pid_, -1);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) {
      return -1;
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Process::kill() {
  if (pid_ <= 0) {
    return;
  }
  if (has_group_) {
    // The group first: when it is not there yet, neither is anybody else in it.
    ::kill(-pid_, SIGKILL);
  }
  ::kill(pid_, SIGKILL);
}

Outcome run_captured(const std::vector<std::string>& words) {
  Outcome outcome;
  if (auto process = Process::start(
          words, {.output = Launch::Output::kPipe, .errors = Launch::Errors::kPipe})) {
    drain(*process, outcome);
    outcome.exit_code = process->wait();
  }
  return outcome;
}

Outcome run_shown(const std::vector<std::string>& words) {
  Outcome outcome;
  if (auto process = Process::start(words, {})) {
    outcome.exit_code = process->wait();
  }
  return outcome;
}

}  // namespace hyprelay::os
