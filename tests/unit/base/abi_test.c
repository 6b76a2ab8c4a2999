/* SPDX-License-Identifier: BSD-2-Clause */
/* The ABI header as a C program sees it: the offsets are proved while this file compiles. */
#include "abi/hr_abi.h"

int hr_abi_compiles_as_c(void);
int hr_abi_compiles_as_c(void) {
  return (int)sizeof(hr_baton) + (int)sizeof(hr_record);
}
