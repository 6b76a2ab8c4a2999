// SPDX-License-Identifier: BSD-2-Clause
// Keeps signals that end the program waiting until what it left in the file system is gone.
// Environment: Linux host, one thread.
#pragma once

#include "os/files.hpp"

#include <signal.h>

namespace hyprelay::rehearse {

// While it lives, SIGINT, SIGTERM and SIGHUP wait (those that would end the program; an ignored one
// stays ignored). They are never taken: when it goes, the signal that waits ends the program, and
// the caller's shell sees that. So it must be made before all that has to be cleaned up.
class SignalHold {
 public:
  SignalHold();
  SignalHold(const SignalHold&) = delete;
  SignalHold& operator=(const SignalHold&) = delete;
  ~SignalHold();

  // Readable while a signal waits. -1 when the kernel gives no such descriptor.
  int descriptor() const { return descriptor_.get(); }
  bool waiting() const;

 private:
  sigset_t held_;
  sigset_t before_;
  os::FileDescriptor descriptor_;
};

}  // namespace hyprelay::rehearse
