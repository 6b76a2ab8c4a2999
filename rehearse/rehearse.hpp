// SPDX-License-Identifier: BSD-2-Clause
// A handoff in QEMU before it happens on a board. Environment: a host with QEMU; it forks QEMU,
// writes below a temporary directory of its own and removes it.
#pragma once

#include "base/result.hpp"
#include "rehearse/options.hpp"
#include "rehearse/report.hpp"

namespace hyprelay::rehearse {

// Performs the rehearsal. An Error means that it could not be performed at all (a file or QEMU is
// missing: FILE_*, REHEARSE_TOOL; IMAGE_* never: a bad kernel is the guest's to refuse). How the
// handoff went is in the report.
base::Result<Report> run(const Options& options);

// run(), then prints the report on stdout, as text or JSON, and errors on stderr. Returns an exit
// code of abi/exit.def: OK when every hop arrived with its initrd intact.
int run_and_print(const Options& options);

}  // namespace hyprelay::rehearse
