// SPDX-License-Identifier: BSD-2-Clause
// Other programs, started and waited for. Environment: Linux.
#pragma once

#include "os/files.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::os {

// The path of a program: in PATH, or where Debian installs programs when an initrd sets no PATH.
// Empty: it is not there.
std::string find_program(const std::string& name);

// What a program finds in place of its standard streams, and who it belongs to.
struct Launch {
  enum class Input : std::uint8_t { kOurs, kNone, kPipe };
  enum class Output : std::uint8_t {
    kOurs,
    // Our stderr, when stdout is for what we print ourselves.
    kOurErrors,
    kPipe,
  };
  enum class Errors : std::uint8_t {
    kOurs,
    kPipe,
    // Where its output goes, so that both stand in the order in which they were said.
    kWithOutput,
  };
  Input input = Input::kOurs;
  Output output = Output::kOurs;
  Errors errors = Errors::kOurs;
  // The program gets a group of its own, which kill() ends as a whole, and is killed when we die.
  bool dies_with_us = false;
  // words[0] is looked for in PATH; otherwise it is a path.
  bool searched = false;
};

class Process {
 public:
  // Signals are as they are by default in the program, whatever we hold back or ignore. nullopt: no
  // pipe or no process to be had. A program that is not there ends with exit code 127.
  static std::optional<Process> start(const std::vector<std::string>& words, const Launch& launch);
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  // Kills and reaps a program that is still running.
  ~Process();

  // Ends of the pipes; -1 without one.
  int input() const { return input_.get(); }
  int output() const { return output_.get(); }
  int errors() const { return errors_.get(); }
  void close_input() { input_ = {}; }

  // All that it still prints on its output.
  std::string read_rest();
  // Closes its input, waits: exit code, or 128 + signal. -1 when it was waited for before.
  int wait();
  void kill();

 private:
  Process() = default;

  pid_t pid_ = -1;
  bool has_group_ = false;
  FileDescriptor input_;
  FileDescriptor output_;
  FileDescriptor errors_;
};

struct Outcome {
  // Exit code, 128 + signal, or -1 when it could not be started.
  int exit_code = -1;
  std::string output;  // stdout, when captured
  std::string errors;  // stderr, when captured
};

// Waits for the program and captures what it prints.
Outcome run_captured(const std::vector<std::string>& words);
// Waits for the program, which prints where we print.
Outcome run_shown(const std::vector<std::string>& words);

}  // namespace hyprelay::os
