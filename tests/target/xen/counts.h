/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * How many arguments Xen's hypercalls 0 to 53 have, a byte each: of those that ARM has, as the Xen
 * patches of 2012 count them, the last six the test's own. The others have five, so that a mistaken
 * number spoils the most.
 */
        .byte   5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 2, 2, 5, 5
        .byte   5, 2, 3, 5, 3, 2, 5, 5, 3, 5, 5, 5, 5, 2, 5, 5
        .byte   2, 2, 2, 2, 2, 5, 5, 5, 5, 3, 2, 5, 5, 5, 5, 5
        .byte   0, 1, 2, 3, 4, 5
