// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/xen/resident.hpp"

namespace hyprelay::target {
namespace {

alignas(16) constinit unsigned char memory[64] = {};

struct Result {
  Word number;
  Word arguments[3];
  Word calls;
  long answer;
};

Result make(const Operation& operation) {
  hr_xen_seen[HR_SEEN_CALLS] = 0;
  // -38, as an int and as a long. Xen's own functions may leave the high half of x0 as it was.
#ifdef __arm__
  hr_xen_seen[HR_SEEN_ANSWER] = static_cast<Word>(-38);
#else
  hr_xen_seen[HR_SEEN_ANSWER] = operation.wide ? static_cast<Word>(-38) : 0x12345678ffffffda;
#endif
  Result result = {};
  below(hr_resident_xen, [&] { result.answer = operation.call(memory); });
  result.number = seen_register(HR_SEEN_NUMBER);
  for (unsigned i = 0; i < 3; ++i) {
    result.arguments[i] = seen_register(i);
  }
  result.calls = hr_xen_seen[HR_SEEN_CALLS];
  return result;
}

}  // namespace

unsigned judge_operations(const Operation* operations, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    const Operation& operation = operations[i];
    const Result result = make(operation);
    bool right = result.calls == 1 && result.number == operation.number && result.answer == -38 &&
                 hr_xen_seen[HR_SEEN_IMMEDIATE] == 0xea1;
    for (unsigned j = 0; j < operation.count; ++j) {
      const Word wanted =
          operation.arguments[j] == kMemory ? address_of(memory) : operation.arguments[j];
      right = right && result.arguments[j] == wanted;
    }
    if (!right) {
      note(operation.name);
    }
    CHECK(right);
  }
  return count;
}

}  // namespace hyprelay::target
