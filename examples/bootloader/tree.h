/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TREE_H
#define TREE_H

/*
 * Adds one entry to the memory reservation block of a flattened device tree: the kernel then leaves
 * [start, start + size) alone. tree: 8-byte aligned, with free memory behind it, by which it grows.
 * Returns 0, or -1 when there is no device tree. A bootloader that has libfdt calls
 * fdt_add_mem_rsv().
 */
int tree_reserve(void* tree, unsigned long start, unsigned long size);
/* Makes HVC the conduit of PSCI: "smc" of the node psci becomes "hvc", in its place. 0, or -1 when
 * there is none. */
int tree_psci_by_hvc(void* tree);
unsigned long tree_size(const void* tree);

#endif
