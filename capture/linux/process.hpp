// SPDX-License-Identifier: BSD-2-Clause
// Other programs: makedumpfile and ssh. Environment: Linux.
#pragma once

#include "base/result.hpp"
#include "os/files.hpp"

#include <sys/types.h>

#include <string>
#include <vector>

namespace hyprelay::capture {

// The path of a program: in PATH, or where Debian installs programs when an initrd sets no PATH.
// Empty: it is not there.
std::string find_program(const std::string& name);

class Process {
 public:
  enum class Input : std::uint8_t { kNone, kPipe };
  enum class Output : std::uint8_t {
    // Our stderr: stdout is for what we print ourselves.
    kShown,
    kPipe,
  };
  // `words[0]` is a path. Error: CAPTURE_TOOL (subject: the program) when it cannot be started.
  static base::Result<Process> start(const std::vector<std::string>& words, Input input,
                                     Output output);
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  // Kills and reaps a program that is still running.
  ~Process();

  // Ends of the pipes; -1 without one.
  int input() const { return input_.get(); }
  int output() const { return output_.get(); }
  void close_input() { input_ = {}; }

  // All that it still prints.
  std::string read_rest();
  // Exit code, or 128 + signal. To be called once, when it has nothing more to read from us.
  int wait();

 private:
  Process() = default;

  pid_t pid_ = -1;
  os::FileDescriptor input_;
  os::FileDescriptor output_;
};

}  // namespace hyprelay::capture
