// SPDX-License-Identifier: BSD-2-Clause
// The kernels of a rehearsal, looked at on the host. Environment: Linux host.
#pragma once

#include "base/result.hpp"
#include "rehearse/options.hpp"

namespace hyprelay::rehearse {

// What is known of --from by its header.
struct FirstKernel {
  // A zImage without a table of its sizes [linux c772568788b5, 4.15].
  bool is_before_4_15 = false;
};

// Reads the header of --from and of every --to, so that a file that can never boot ends the
// rehearsal at once instead of leaving a silent guest.
// Errors: FILE_MISSING, FILE_UNREADABLE, FILE_EMPTY, IMAGE_* (IMAGE_WRONG_ARCH: not --arch's).
base::Result<FirstKernel> check_kernels(const Options& options);

}  // namespace hyprelay::rehearse
