// SPDX-License-Identifier: BSD-2-Clause
#include "tests/cli/program.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>

namespace hyprelay::test {
namespace {

// Allows everything but the three system calls, which fail or succeed as told without being made.
bool install_filter(Kernel kernel) {
  const auto answer = [](int system_error) {
    return SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(system_error) & SECCOMP_RET_DATA);
  };
  std::array<sock_filter, 8> filter = {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kexec_load, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_reboot, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kexec_file_load, 3, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, answer(kernel.kexec_load)),
      BPF_STMT(BPF_RET | BPF_K, answer(kernel.reboot)),
      BPF_STMT(BPF_RET | BPF_K, answer(kernel.kexec_file_load)),
  }};
  const sock_fprog program = {static_cast<unsigned short>(filter.size()), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& words,
                         Kernel kernel, int output, int errors) {
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& word : words) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  if (install_filter(kernel)) {
    ::execvp(argv[0], argv.data());
  }
  ::_exit(127);
}

// Reads both pipes to their ends, whichever speaks first.
void drain(int output, int errors, Outcome& outcome) {
  std::array<pollfd, 2> pipes = {{{output, POLLIN, 0}, {errors, POLLIN, 0}}};
  std::array<std::string*, 2> texts = {&outcome.output, &outcome.errors};
  while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
    ::poll(pipes.data(), pipes.size(), -1);
    for (std::size_t i = 0; i < pipes.size(); ++i) {
      if (pipes[i].fd < 0 || pipes[i].revents == 0) {
        continue;
      }
      std::array<char, 4096> chunk{};
      const ssize_t got = ::read(pipes[i].fd, chunk.data(), chunk.size());
      if (got <= 0) {
        ::close(pipes[i].fd);
        pipes[i].fd = -1;
      } else {
        texts[i]->append(chunk.data(), static_cast<std::size_t>(got));
      }
    }
  }
}

}  // namespace

Outcome run(const std::string& program, const std::vector<std::string>& words, Kernel kernel,
            const std::string& output_path) {
  Outcome outcome;
  int output[2];
  int errors[2];
  if (::pipe2(output, O_CLOEXEC) != 0 || ::pipe2(errors, O_CLOEXEC) != 0) {
    return outcome;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    const int file = output_path.empty() ? output[1] : ::open(output_path.c_str(), O_WRONLY);
    become(program, words, kernel, file, errors[1]);
  }
  ::close(output[1]);
  ::close(errors[1]);
  drain(output[0], errors[0], outcome);
  int status = 0;
  ::waitpid(child, &status, 0);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
  return outcome;
}

Outcome hyprelay(const std::vector<std::string>& words, Kernel kernel) {
  return run(HR_PROGRAM, words, kernel);
}

}  // namespace hyprelay::test
