// SPDX-License-Identifier: BSD-2-Clause
#include "capture/linux/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace hyprelay::capture {
namespace {

using os::FileDescriptor;

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

base::Result<Pipe> make_pipe(const std::string& program) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return base::Error(base::Code::CAPTURE_TOOL, base::Stage::kCapture, program);
  }
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

[[noreturn]] void become(std::vector<char*>& argv, int input, int output) {
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  // Ours ignores it, which a program would inherit.
  ::signal(SIGPIPE, SIG_DFL);
  ::execv(argv[0], argv.data());
  ::_exit(127);
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

base::Result<Process> Process::start(const std::vector<std::string>& words, Input input,
                                     Output output) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const std::string& word : words) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  HR_TRY(to, make_pipe(words.front()));
  HR_TRY(from, make_pipe(words.front()));
  Process process;
  process.pid_ = ::fork();
  if (process.pid_ < 0) {
    return base::Error(base::Code::CAPTURE_TOOL, base::Stage::kCapture, words.front());
  }
  if (process.pid_ == 0) {
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    become(argv, input == Input::kPipe ? to.read_end.get() : nothing,
           output == Output::kPipe ? from.write_end.get() : STDERR_FILENO);
  }
  if (input == Input::kPipe) {
    process.input_ = std::move(to.write_end);
  }
  if (output == Output::kPipe) {
    process.output_ = std::move(from.read_end);
  }
  return process;
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)) {}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
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
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) {
      break;
    }
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace hyprelay::capture
