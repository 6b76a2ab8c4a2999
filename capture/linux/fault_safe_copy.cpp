// SPDX-License-Identifier: BSD-2-Clause
#include "capture/linux/fault_safe_copy.hpp"

#include <setjmp.h>
#include <signal.h>

#include <cstring>

namespace hyprelay::capture {
namespace {

// Of the copy that this thread is in; null outside of one.
thread_local sigjmp_buf* way_back = nullptr;

void on_bus_error(int /*signal*/) {
  if (way_back != nullptr) {
    ::siglongjmp(*way_back, 1);
  }
  // A fault of ours: the instruction is run again and ends us.
  ::signal(SIGBUS, SIG_DFL);
}

bool take_bus_errors() {
  struct sigaction action {};
  action.sa_handler = on_bus_error;
  // It is left by a jump that restores no signal mask, so none must be changed.
  action.sa_flags = SA_NODEFER;
  return ::sigaction(SIGBUS, &action, nullptr) == 0;
}

}  // namespace

// What the jump passes over has no destructors, and `to` and `from` do not change behind it.
bool fault_safe_copy(std::span<std::byte> to, const std::byte* from) {
  static const bool kTaken = take_bus_errors();
  static_cast<void>(kTaken);
  sigjmp_buf here;
  if (sigsetjmp(here, 0) != 0) {
    way_back = nullptr;
    return false;
  }
  way_back = &here;
  std::memcpy(to.data(), from, to.size());
  way_back = nullptr;
  return true;
}

}  // namespace hyprelay::capture
