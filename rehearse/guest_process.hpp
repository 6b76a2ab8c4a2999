// SPDX-License-Identifier: BSD-2-Clause
// QEMU as a child process whose stdin and stdout are the guest's console. Environment: Linux host.
#pragma once

#include "base/result.hpp"
#include "os/process.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyprelay::rehearse {

// Kills QEMU, if it still runs, when it goes.
class GuestProcess {
 public:
  // Error: REHEARSE_TOOL (subject: the program).
  static base::Result<GuestProcess> start(const std::vector<std::string>& command);

  enum class Wake : std::uint8_t {
    kLine,     // `line` holds the next line of the console
    kEnded,    // QEMU has exited and everything it printed was read
    kOther,    // `other` is readable
    kSignal,   // `signals` is readable
    kTimeout,  // nothing happened for `patience`
  };
  // Waits for the next thing. `other` and `signals` are descriptors that are watched too; -1: none.
  Wake wait(std::string& line, int other, std::chrono::seconds patience, int signals = -1);

  // Types a line on the guest's console.
  void type(std::string_view line);

  // Waits for QEMU, after kEnded or kill(). Its exit code, or 128 + signal.
  int reap() { return process_.wait(); }
  void kill() { process_.kill(); }

 private:
  explicit GuestProcess(os::Process process) : process_(std::move(process)) {}
  // Takes the first line off pending_. False when there is no whole line.
  bool take_line(std::string& line);

  os::Process process_;
  std::string pending_;
};

}  // namespace hyprelay::rehearse
