// SPDX-License-Identifier: BSD-2-Clause
// Where the static programs for the guest are. Environment: hosted.
#pragma once

#include "base/result.hpp"
#include "rehearse/initramfs.hpp"

namespace hyprelay::rehearse {

// Looks below the environment's HYPRELAY_LIBDIR if it is set, else where this program was built or
// installed to: <dir>/<arch>/cli/hyprelay and <dir>/<arch>/rehearse/guest/rehearse_init.
// Error: FILE_MISSING.
base::Result<GuestPrograms> find_programs(handoff::Arch arch);

}  // namespace hyprelay::rehearse
