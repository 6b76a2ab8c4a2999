/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory reservation block of a device tree: [devicetree specification 0.4, 5.2 and 5.3]. */
#include "tree.h"

#include <stdint.h>

#define MAGIC 0xd00dfeedu
#define HEADER_SIZE_OF_TREE 4
#define HEADER_RESERVATIONS 16
#define ENTRY_BYTES 16

/* Everything in a device tree is big endian. */
static uint32_t get(const unsigned char* at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}
static void put(unsigned char* at, uint32_t value) {
  at[0] = (unsigned char)(value >> 24);
  at[1] = (unsigned char)(value >> 16);
  at[2] = (unsigned char)(value >> 8);
  at[3] = (unsigned char)value;
}
static void put_wide(unsigned char* at, uint64_t value) {
  put(at, (uint32_t)(value >> 32));
  put(at + 4, (uint32_t)value);
}
static int is_end(const unsigned char* entry) {
  return (get(entry) | get(entry + 4) | get(entry + 8) | get(entry + 12)) == 0;
}

unsigned long tree_size(const void* tree) {
  return get((const unsigned char*)tree + HEADER_SIZE_OF_TREE);
}

int tree_reserve(void* tree, unsigned long start, unsigned long size) {
  unsigned char* blob = tree;
  if (((uintptr_t)tree & 7) != 0 || get(blob) != MAGIC) {
    return -1;
  }
  /* The block has no room. It is copied behind the tree, where it has, and the header names the
   * copy: the order of the blocks is not prescribed. */
  const unsigned char* from = blob + get(blob + HEADER_RESERVATIONS);
  uint32_t end = (get(blob + HEADER_SIZE_OF_TREE) + 7) & ~7u;
  put(blob + HEADER_RESERVATIONS, end);
  for (; !is_end(from); from += ENTRY_BYTES, end += ENTRY_BYTES) {
    for (int i = 0; i < ENTRY_BYTES; ++i) {
      blob[end + (uint32_t)i] = from[i];
    }
  }
  put_wide(blob + end, start);
  put_wide(blob + end + 8, size);
  put_wide(blob + end + 16, 0);
  put_wide(blob + end + 24, 0);
  put(blob + HEADER_SIZE_OF_TREE, end + 2 * ENTRY_BYTES);
  return 0;
}
