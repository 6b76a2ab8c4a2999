/* SPDX-License-Identifier: BSD-2-Clause */
/* What start.S of each architecture has, and what only its C can say (ARCH/boot_cpu.h). */
#ifndef CPU_H
#define CPU_H

#include <compat/hr_client.h>

/* From HYP/EL2 to SVC/EL1 on the same stack, exceptions masked; returns there. */
void drop(void);
/* The same, with SP_hyp (SP_EL2) for a server that is resident. */
void drop_below_server(hr_word sp_hyp);
/* Starts a kernel in the mode that the caller runs in, by the boot protocol. */
_Noreturn void enter_kernel(hr_word kernel, hr_word tree);
/* Where PSCI starts another CPU: context is the top of its stack; calls secondary_main(). */
void secondary_start(void);

void secondary_main(void);
/* The top of the stack of a CPU that is started: what secondary_start wants as its context. */
hr_word secondary_stack(hr_word cpu);

#include <boot_cpu.h>

#endif
