// SPDX-License-Identifier: BSD-2-Clause
// The kernels of a rehearsal, looked at on the host. Environment: Linux host.
#pragma once

#include "base/result.hpp"
#include "rehearse/options.hpp"

namespace hyprelay::rehearse {

// Reads the header of --from and of every --to, so that a file that can never boot ends the
// rehearsal at once instead of leaving a silent guest.
// Errors: FILE_MISSING, FILE_UNREADABLE, FILE_EMPTY, IMAGE_* (IMAGE_WRONG_ARCH: not --arch's).
base::Result<void> check_kernels(const Options& options);

}  // namespace hyprelay::rehearse
