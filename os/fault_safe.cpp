// SPDX-License-Identifier: BSD-2-Clause
#include "os/fault_safe.hpp"

#include <setjmp.h>
#include <signal.h>

#include <atomic>
#include <cstring>

namespace hyprelay::os {
namespace {

// Of the copy that this thread is in; null outside of one. Read by the handler alone, which the
// compiler does not see: volatile, or it would drop what is stored.
thread_local sigjmp_buf* volatile way_back = nullptr;

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

// False: `look` ran into memory that did not answer. What the jump passes over has no destructors,
// and changes nothing that is used behind it.
template <typename Look>
bool survives(const Look& look) {
  static const bool kTaken = take_bus_errors();
  static_cast<void>(kTaken);
  sigjmp_buf here;
  if (sigsetjmp(here, 0) != 0) {
    way_back = nullptr;
    return false;
  }
  way_back = &here;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  look();
  std::atomic_signal_fence(std::memory_order_seq_cst);
  way_back = nullptr;
  return true;
}

}  // namespace

bool fault_safe_copy(std::span<std::byte> to, const std::byte* from) {
  return survives([&] { std::memcpy(to.data(), from, to.size()); });
}

bool answers(std::span<const std::byte> memory) {
  // The smallest page there is.
  constexpr std::size_t kPage = 4096;
  return survives([&] {
    for (std::size_t at = 0; at < memory.size(); at += kPage) {
      static_cast<void>(*static_cast<const volatile std::byte*>(&memory[at]));
    }
  });
}

}  // namespace hyprelay::os
