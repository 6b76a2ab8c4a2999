// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/process.hpp"

#include "rehearse/guest/files.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace hyprelay::rehearse::guest {
namespace {

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Pipe make_pipe() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return {};
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

// Starts the program with its stdout and stderr on the given descriptors (-1: inherited).
pid_t start(const std::vector<std::string>& arguments, int output, int errors) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    if (output >= 0) {
      dup2(output, 1);
    }
    if (errors >= 0) {
      dup2(errors, 2);
    }
    if (!arguments.empty()) {
      execv(argv[0], argv.data());
    }
    _exit(127);
  }
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return -1;
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Reads both streams until both have ended: one after the other could block the program.
void drain(const Pipe& output, const Pipe& errors, Outcome& outcome) {
  std::array<pollfd, 2> streams = {pollfd{output.read_end.get(), POLLIN, 0},
                                   pollfd{errors.read_end.get(), POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&outcome.output, &outcome.errors};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    if (poll(streams.data(), streams.size(), -1) < 0 && errno != EINTR) {
      return;
    }
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (streams[i].fd < 0 || streams[i].revents == 0) {
        continue;
      }
      char buffer[4096];
      const ssize_t count = read(streams[i].fd, buffer, sizeof buffer);
      if (count > 0) {
        texts[i]->append(buffer, static_cast<std::size_t>(count));
      } else {
        streams[i].fd = -1;
      }
    }
  }
}

}  // namespace

Outcome run_captured(const std::vector<std::string>& arguments) {
  Outcome outcome;
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  const pid_t child = start(arguments, output.write_end.get(), errors.write_end.get());
  output.write_end.reset();
  errors.write_end.reset();
  if (child > 0) {
    drain(output, errors, outcome);
    outcome.exit_code = wait_for(child);
  }
  return outcome;
}

Outcome run_on_console(const std::vector<std::string>& arguments) {
  Outcome outcome;
  const pid_t child = start(arguments, -1, -1);
  if (child > 0) {
    outcome.exit_code = wait_for(child);
  }
  return outcome;
}

}  // namespace hyprelay::rehearse::guest
