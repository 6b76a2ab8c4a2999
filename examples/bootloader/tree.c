/* SPDX-License-Identifier: BSD-2-Clause */
/* Two edits of a device tree, without libfdt. Its memory reservation block: [devicetree
 * specification 0.4, 5.2 and 5.3]. */
#include "tree.h"

#include <stdint.h>

#define MAGIC 0xd00dfeedu
#define HEADER_SIZE_OF_TREE 4
#define HEADER_RESERVATIONS 16
#define ENTRY_BYTES 16
#define HEADER_STRUCTURE 8
#define HEADER_STRINGS 12
#define BEGIN_NODE 1
#define END_NODE 2
#define PROPERTY 3
#define NOP 4

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

static int is_same(const unsigned char* text, const char* wanted) {
  while (*text == (unsigned char)*wanted && *wanted != '\0') {
    ++text;
    ++wanted;
  }
  return *text == (unsigned char)*wanted;
}

/* The structure block [devicetree specification 0.4, 5.4]. */
int tree_psci_by_hvc(void* tree) {
  unsigned char* at = (unsigned char*)tree + get((unsigned char*)tree + HEADER_STRUCTURE);
  const unsigned char* names = (unsigned char*)tree + get((unsigned char*)tree + HEADER_STRINGS);
  int in_psci = 0;
  for (;;) {
    const uint32_t token = get(at);
    uint32_t bytes = 4;
    if (token == BEGIN_NODE) {
      in_psci = is_same(at + 4, "psci");
      while (at[bytes] != '\0') {
        ++bytes;
      }
      ++bytes;
    } else if (token == END_NODE) {
      in_psci = 0;
    } else if (token == PROPERTY) {
      unsigned char* value = at + 12;
      if (in_psci && is_same(names + get(at + 8), "method") && is_same(value, "smc")) {
        value[0] = 'h';
        value[1] = 'v';
        return 0;
      }
      bytes = 12 + get(at + 4);
    } else if (token != NOP) {
      return -1;
    }
    at += (bytes + 3) & ~3u;
  }
}
