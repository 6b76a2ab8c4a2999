// SPDX-License-Identifier: BSD-2-Clause
// What std::string_view calls and the harness does not have.
#include <cstddef>

#pragma GCC optimize("no-tree-loop-distribute-patterns")

extern "C" {

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
