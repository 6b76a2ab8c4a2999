// SPDX-License-Identifier: BSD-2-Clause
// The four functions that a freestanding compiler may call. A test that links others of its own
// (the relay's) gets those: this object of the archive is then not used. Byte by byte: the MMU is
// off, and an unaligned access would fault. The loops must not become calls to themselves.
#include <cstddef>

#pragma GCC optimize("no-tree-loop-distribute-patterns")

extern "C" {

void* memcpy(void* to, const void* from, std::size_t size_bytes) {
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  for (std::size_t i = 0; i < size_bytes; ++i) {
    out[i] = in[i];
  }
  return to;
}

void* memmove(void* to, const void* from, std::size_t size_bytes) {
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  if (out <= in) {
    return memcpy(to, from, size_bytes);
  }
  for (std::size_t i = size_bytes; i > 0; --i) {
    out[i - 1] = in[i - 1];
  }
  return to;
}

void* memset(void* to, int value, std::size_t size_bytes) {
  auto* out = static_cast<unsigned char*>(to);
  for (std::size_t i = 0; i < size_bytes; ++i) {
    out[i] = static_cast<unsigned char>(value);
  }
  return to;
}

int memcmp(const void* one, const void* other, std::size_t size_bytes) {
  const auto* a = static_cast<const unsigned char*>(one);
  const auto* b = static_cast<const unsigned char*>(other);
  for (std::size_t i = 0; i < size_bytes; ++i) {
    if (a[i] != b[i]) {
      return a[i] < b[i] ? -1 : 1;
    }
  }
  return 0;
}

}  // extern "C"
