// SPDX-License-Identifier: BSD-2-Clause
// The resident is compat/hr_server.h on top of the stub, with a handler of the test's.
#pragma once

#include "compat/hr_server.h"
#include "tests/target/stub/session.hpp"

namespace hyprelay::target {

// What the server of every CPU is; tests put it back. serve: hr_test_serve, the context is not
// used.
hr_server& server();

// What hr_test_serve saw, and what it does: gives every register that it may the value of `answer`,
// or only refuses (r0 = -1).
struct Served {
  unsigned count;
  bool answers;
  hr_registers seen;
  hr_registers answer;
};
Served& served();

extern "C" {
// A handler that destroys whatever C may destroy.
void hr_test_serve(void* context, hr_registers* registers);
void hr_test_serve_c(void* context, hr_registers* registers);
// An immediate that the program's own hr_server_foreign takes: to hr_target_land_hyp.
void hr_try_hvc_landing(const Frame* in, Frame* out);
}

}  // namespace hyprelay::target
