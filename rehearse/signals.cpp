// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/signals.hpp"

#include <sys/signalfd.h>

namespace hyprelay::rehearse {
namespace {

constexpr int kEndingSignals[] = {SIGINT, SIGTERM, SIGHUP};

// Linux keeps a blocked signal pending even when it is ignored, so ignored ones are left alone.
sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : kEndingSignals) {
    struct sigaction action {};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) {
      sigaddset(&set, number);
    }
  }
  return set;
}

}  // namespace

SignalHold::SignalHold()
    : held_(ending_signals()), before_(), descriptor_(signalfd(-1, &held_, SFD_CLOEXEC)) {
  sigprocmask(SIG_BLOCK, &held_, &before_);
}

SignalHold::~SignalHold() {
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

bool SignalHold::waiting() const {
  sigset_t pending;
  sigpending(&pending);
  for (const int number : kEndingSignals) {
    if (sigismember(&held_, number) == 1 && sigismember(&pending, number) == 1) {
      return true;
    }
  }
  return false;
}

}  // namespace hyprelay::rehearse
