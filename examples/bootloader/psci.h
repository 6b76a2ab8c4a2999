/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PSCI_H
#define PSCI_H

#include "cpu.h"

/*
 * Puts a server on top of the stub of the CPU that calls, which answers PSCI on hvc #0: after
 * hr_stub_install(), at HYP/EL2. Returns what SP_hyp (SP_EL2) must be below it, 0 if that failed.
 */
hr_word psci_serve(void);

/* On a CPU that a caller of PSCI has started, below the server: goes on where that said. Returns on
 * one that nobody but the bootloader itself has started. */
void psci_go_on(void);

#endif
