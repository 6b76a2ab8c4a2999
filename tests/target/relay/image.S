/* SPDX-License-Identifier: BSD-2-Clause */
/* The relay under test. */
#include "bare/asm.h"

/* hr_relay_test_image, hr_relay_test_image_end: the bytes of relay.bin. */
        .section .rodata.hr_relay_test_image, "a", %progbits
        .balign 8
        .globl  hr_relay_test_image
        .hidden hr_relay_test_image
        .type   hr_relay_test_image, %object
hr_relay_test_image:
        .incbin HR_RELAY_BIN
        .globl  hr_relay_test_image_end
        .hidden hr_relay_test_image_end
        .type   hr_relay_test_image_end, %object
hr_relay_test_image_end:
        .size   hr_relay_test_image, . - hr_relay_test_image
