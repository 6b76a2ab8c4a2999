// SPDX-License-Identifier: BSD-2-Clause
// The four functions that a compiler may call although nobody wrote a call [gcc, section 2.1,
// "Standards"], and the two that std::string_view calls. Compiled with
// -fno-tree-loop-distribute-patterns: their loops must not become calls of themselves. Byte by
// byte: what is copied is a few hundred bytes, and unaligned accesses fault with the MMU off.
#include <cstddef>

extern "C" {

void* memcpy(void* to, const void* from, std::size_t size) {
  char* t = static_cast<char*>(to);
  const char* f = static_cast<const char*>(from);
  for (; size != 0; --size) {
    *t++ = *f++;
  }
  return to;
}

void* memmove(void* to, const void* from, std::size_t size) {
  char* t = static_cast<char*>(to);
  const char* f = static_cast<const char*>(from);
  if (t <= f) {
    return memcpy(to, from, size);
  }
  while (size != 0) {
    --size;
    t[size] = f[size];
  }
  return to;
}

void* memset(void* to, int value, std::size_t size) {
  char* t = static_cast<char*>(to);
  for (; size != 0; --size) {
    *t++ = static_cast<char>(value);
  }
  return to;
}

int memcmp(const void* left, const void* right, std::size_t size) {
  const unsigned char* l = static_cast<const unsigned char*>(left);
  const unsigned char* r = static_cast<const unsigned char*>(right);
  for (; size != 0; --size, ++l, ++r) {
    if (*l != *r) {
      return *l < *r ? -1 : 1;
    }
  }
  return 0;
}

std::size_t strlen(const char* text) {
  std::size_t size = 0;
  while (text[size] != '\0') {
    ++size;
  }
  return size;
}

void* memchr(const void* bytes, int wanted, std::size_t size) {
  auto* at = static_cast<unsigned char*>(const_cast<void*>(bytes));
  for (; size != 0; --size, ++at) {
    if (*at == static_cast<unsigned char>(wanted)) {
      return at;
    }
  }
  return nullptr;
}

}  // extern "C"
