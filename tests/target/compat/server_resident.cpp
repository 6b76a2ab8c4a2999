// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/compat/server_resident.hpp"

namespace hyprelay::target {
namespace {

constexpr std::size_t kStackBytes = 1024;
#ifdef __arm__
constexpr std::size_t kTopBytes = 8;
#else
constexpr std::size_t kTopBytes = 16;
#endif

alignas(16) constinit unsigned char stacks[HR_TARGET_CPUS_MAX][kPatterns][kStackBytes] = {};
constinit hr_server server_of_all = {hr_test_serve, nullptr, 0};
constinit Served served_last = {};

unsigned char* stack_end(unsigned pattern) {
  return stacks[hr_target_cpu_index()][pattern] + kStackBytes;
}

}  // namespace

hr_server& server() {
  return server_of_all;
}

Served& served() {
  return served_last;
}

int install_resident(unsigned personality) {
  for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
    const int status = hr_stub_install_personality(hr_stub_vectors, personality);
    if (status != HR_STUB_INSTALLED) {
      return status;
    }
    CHECK_EQ(hr_server_install(&server_of_all, stack_end(pattern)), sp_hyp_pattern(pattern));
  }
  return HR_STUB_INSTALLED;
}

Word sp_hyp_pattern(unsigned pattern) {
  return reinterpret_cast<Word>(stack_end(pattern)) - kTopBytes;
}

Word own_vectors(unsigned personality) {
  return table_of(hr_server_vectors, personality);
}

Word answer_to_xen() {
  return ~Word{37};  // -38, ENOSYS [xen/public/errno.h]
}

void hr_test_serve_c(void*, hr_registers* registers) {
  ++served_last.count;
  served_last.seen = *registers;
  if (served_last.answers) {
    *registers = served_last.answer;
  } else {
    registers->r[0] = ~hr_word{0};
  }
}

}  // namespace hyprelay::target
