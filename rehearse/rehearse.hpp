// SPDX-License-Identifier: BSD-2-Clause
// A handoff in QEMU before it happens on a board. Environment: a host with QEMU; it forks QEMU,
// writes below a temporary directory of its own and removes it.
#pragma once

#include "base/result.hpp"
#include "rehearse/options.hpp"
#include "rehearse/report.hpp"

namespace hyprelay::rehearse {

// Performs the rehearsal. An Error means that QEMU was never started (FILE_*, IMAGE_*, USAGE, or
// REHEARSE_TOOL for want of a process). How the handoff went, and why QEMU refused to start if it
// did, is in the report. SIGINT, SIGTERM and SIGHUP end the program only after the temporary
// directory is gone.
base::Result<Report> run(const Options& options);

// run(), then prints the report on stdout, as text or JSON, and errors on stderr; when QEMU was
// never started, the text is its closing line alone. Returns an exit code of abi/exit.def: OK when
// every hop arrived with its initrd intact.
int run_and_print(const Options& options);

}  // namespace hyprelay::rehearse
