// SPDX-License-Identifier: BSD-2-Clause
// Memory that does not answer, in a program that is optimized like those that are shipped and has
// no sanitizer: a file of one page that is mapped as three.
#include "os/fault_safe.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdio>

int main() {
  constexpr std::size_t kPage = 4096;
  std::FILE* const file = std::tmpfile();
  if (file == nullptr || ::ftruncate(::fileno(file), kPage) != 0) {
    std::perror("a file of one page");
    return 1;
  }
  void* const memory = ::mmap(nullptr, 3 * kPage, PROT_READ, MAP_PRIVATE, ::fileno(file), 0);
  if (memory == MAP_FAILED) {
    std::perror("its mapping");
    return 1;
  }
  const std::span<const std::byte> all(static_cast<const std::byte*>(memory), 3 * kPage);
  std::array<std::byte, 64> to = {};
  const bool whole =
      hyprelay::os::answers(all.first(kPage)) && hyprelay::os::fault_safe_copy(to, all.data());
  const bool hole = hyprelay::os::answers(all) || hyprelay::os::fault_safe_copy(to, &all[kPage]);
  std::printf("what is there %s, what is not %s\n", whole ? "answers" : "does not",
              hole ? "does" : "does not");
  return whole && !hole ? 0 : 1;
}
