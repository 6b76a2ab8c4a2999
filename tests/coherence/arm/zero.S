/* SPDX-License-Identifier: BSD-2-Clause */
/* arm has no DC ZVA: nothing stands here. */
