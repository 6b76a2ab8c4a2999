// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/climb.hpp"

#include "relay/climb.h"
#include "relay/core/arch.hpp"
#include "relay/core/takeover.hpp"

namespace hyprelay::relay {
namespace {

using Word = std::uintptr_t;

constexpr Word kMinusOne = HR_CLIMB_FOR_ARM ? Word{0xffffffff} : ~Word{0};
constexpr std::uint64_t kVectorAlignment = HR_CLIMB_FOR_ARM ? 32 : 2048;
// SOFT_RESTART of Linux 4.12 and later, of arm64's 4.8 to 4.11, and SET of arm64's 4.7.
constexpr Word kLinuxRestart = 1;
[[maybe_unused]] constexpr Word kLinux48Restart = 2;
[[maybe_unused]] constexpr Word kLinux47Set = 1;

// What is looked at of a resident: its vectors, and the slot's code that the relay may replace.
constexpr std::uint64_t kResidentBytes = HR_CLIMB_FOR_ARM ? 128 : 2048;
// A kernel's text is smaller: its stub and its KVM are no further apart.
[[maybe_unused]] constexpr std::uint64_t kKernelText = 0x2000000;

struct Answer {
  std::uint32_t outcome;
  Word r0;
};

Answer call(Word r0, Word r1 = 0, Word r2 = 0, Word r3 = 0) {
  Word r[4] = {r0, r1, r2, r3};
  const std::uint32_t outcome = hr_climb_call(r);
  return {outcome, r[0]};
}

Word own_vectors() {
  return reinterpret_cast<Word>(hr_climb_vectors);
}

Word own_landing() {
  return reinterpret_cast<Word>(hr_climb_landing);
}

// The call that should have ended at HYP/EL2: how it really did.
ClimbOutcome arrived(const Answer& answer, std::uint32_t way) {
  switch (answer.outcome) {
    case HR_CALL_AT_TOP:
      return {way, true, 0};
    case HR_CALL_UNDEFINED:
      return ClimbOutcome::stopped(HR_CLIMB_UNDEFINED);
    default:
      return ClimbOutcome::stopped(HR_CLIMB_REFUSED, answer.r0);
  }
}

ClimbOutcome disagreed(const Answer& answer) {
  return answer.outcome == HR_CALL_UNDEFINED ? ClimbOutcome::stopped(HR_CLIMB_UNDEFINED)
                                             : ClimbOutcome::stopped(HR_CLIMB_DISAGREED, answer.r0);
}

// GET was answered with the vectors that the loader knows of. Nothing less will do: a captive KVM
// answers as well, with an address of its own translation, and would take the next call for a
// function.
bool is_get(const Answer& answer, std::uint64_t expected) {
  return answer.outcome == HR_CALL_RETURNED && expected != 0 && answer.r0 == expected &&
         answer.r0 % kVectorAlignment == 0;
}

bool knows_vectors(const hr_baton& baton) {
  return baton.resident_vectors != 0;
}

// Code of the resident that a loaded segment lies over is not the resident's any more.
bool overwritten(const hr_baton& baton) {
  const std::uint64_t start = baton.resident_vectors;
  for (std::uint32_t i = 0; knows_vectors(baton) && i < baton.segment_count; ++i) {
    const hr_baton_segment& segment = baton.segments[i];
    if (start < segment.start + segment.size && segment.start < start + kResidentBytes) {
      return true;
    }
  }
  return false;
}

// Own vectors are in place: whatever r0 is, the next HVC lands.
ClimbOutcome call_own_vectors() {
  return arrived(call(kMinusOne), HR_CLIMB_VECTORS);
}

ClimbOutcome restart_linux() {
  return arrived(call(kLinuxRestart, own_landing()), HR_CLIMB_RESTART);
}

ClimbOutcome restart_common() {
  const Answer query = call(HR_OP_QUERY);
  if (query.outcome != HR_CALL_RETURNED || query.r0 != HR_QUERY_MAGIC) {
    return disagreed(query);
  }
  return arrived(call(HR_OP_SOFT_RESTART, 0, 0, own_landing()), HR_CLIMB_RESTART);
}

#if HR_CLIMB_FOR_ARM

ClimbOutcome set_and_call() {
  const Answer set = call(own_vectors());
  return set.outcome == HR_CALL_RETURNED ? call_own_vectors() : disagreed(set);
}

// r0 = -1 gets the vectors from a stub or KVM of 3.14 to 4.11, and stubs from 4.12 on answer it
// with their error. Only KVM of 3.9 to 3.13, and of 4.12 to 5.6 would jump to it.
ClimbOutcome climb_stub_3_7(const hr_baton& baton) {
  if (!knows_vectors(baton)) {
    return ClimbOutcome::stopped(HR_CLIMB_NO_EVIDENCE);
  }
  const Answer got = call(kMinusOne);
  return is_get(got, baton.resident_vectors) ? set_and_call() : disagreed(got);
}

ClimbOutcome climb_stub_4_12() {
  const Answer answer = call(kMinusOne);
  if (answer.outcome != HR_CALL_RETURNED || answer.r0 != HR_LINUX_STUB_ERROR) {
    return disagreed(answer);
  }
  return restart_linux();
}

ClimbOutcome climb_kvm_3_14(const hr_baton& baton) {
  if (!knows_vectors(baton) || baton.resident_virtual == 0) {
    return ClimbOutcome::stopped(HR_CLIMB_NO_EVIDENCE);
  }
  const Answer got = call(kMinusOne);
  if (!is_get(got, baton.resident_virtual)) {
    return disagreed(got);
  }
  return take_over(baton);
}

// Resident only while a virtual machine is alive; otherwise the stub of the same kernel is, not far
// from where KVM's vectors lie. By its address alone that could be some other KVM's virtual one.
ClimbOutcome climb_kvm_4_8(const hr_baton& baton) {
  if (!knows_vectors(baton) || baton.resident_virtual == 0) {
    return ClimbOutcome::stopped(HR_CLIMB_NO_EVIDENCE);
  }
  const Answer got = call(kMinusOne);
  if (is_get(got, baton.resident_virtual)) {
    return take_over(baton);
  }
  const bool near = got.r0 % kVectorAlignment == 0 &&
                    got.r0 + kKernelText > baton.resident_vectors &&
                    got.r0 < baton.resident_vectors + kKernelText;
  return got.outcome == HR_CALL_RETURNED && near ? set_and_call() : disagreed(got);
}

// r0 = -1 would be called as a function: nothing can be asked. The address must be known.
ClimbOutcome climb_kvm_3_9(const hr_baton& baton) {
  if (!knows_vectors(baton) || baton.resident_virtual == 0) {
    return ClimbOutcome::stopped(HR_CLIMB_NO_EVIDENCE);
  }
  return take_over(baton);
}

ClimbOutcome climb_common() {
  const Answer answer = call(kMinusOne);
  if (answer.outcome != HR_CALL_RETURNED || answer.r0 != kMinusOne) {
    return disagreed(answer);
  }
  return restart_common();
}

ClimbOutcome climb_named(const hr_baton& baton) {
  switch (baton.resident) {
    case HR_DIALECT_COMMON:
      return climb_common();
    case HR_DIALECT_ARM_STUB_3_7:
      return climb_stub_3_7(baton);
    case HR_DIALECT_ARM_STUB_4_12:
    case HR_DIALECT_ARM_STUB_5_7:
      return climb_stub_4_12();
    case HR_DIALECT_ARM_KVM_3_9:
      return climb_kvm_3_9(baton);
    case HR_DIALECT_ARM_KVM_3_14:
      return climb_kvm_3_14(baton);
    case HR_DIALECT_ARM_KVM_4_8:
      return climb_kvm_4_8(baton);
    case HR_DIALECT_ARM_KVM_4_12:
      // The stub of those kernels takes the same call, and there is none that an older resident
      // and KVM of 4.12 would both survive: the loader's word is all there is.
      return restart_linux();
    default:
      return ClimbOutcome::stopped(HR_CLIMB_NO_WAY);
  }
}

#else

// Residents that answered GET with the address that the loader knows. The second question is our
// own vectors in x0: the stub of 3.8 sets them, those of 4.7 to 4.11 answer 2, the common ABI -1.
ClimbOutcome climb_after_get(std::uint32_t resident) {
  const Answer second = call(own_vectors());
  if (second.outcome != HR_CALL_RETURNED) {
    return disagreed(second);
  }
  if (second.r0 == own_vectors()) {
    return call_own_vectors();
  }
  if (second.r0 == HR_LINUX_4_7_ERROR && resident == HR_DIALECT_ARM64_STUB_4_7) {
    const Answer set = call(kLinux47Set, own_vectors());
    return set.outcome == HR_CALL_RETURNED ? call_own_vectors() : disagreed(set);
  }
  if (second.r0 == HR_LINUX_4_7_ERROR && resident == HR_DIALECT_ARM64_STUB_4_8) {
    return arrived(call(kLinux48Restart, own_landing()), HR_CLIMB_RESTART);
  }
  return second.r0 == kMinusOne && resident == HR_DIALECT_COMMON ? restart_common()
                                                                 : disagreed(second);
}

// The one question that every Linux resident but KVM of 3.11 to 3.13 survives, and the common ABI
// too: x0 = 0 with our own vectors in x1. Residents up to 4.11 and the common ABI take it for GET,
// stubs from 4.12 on for SET, and KVM from then on refuses it.
ClimbOutcome climb_by_question(const hr_baton& baton) {
  const std::uint32_t resident = baton.resident;
  const bool after_4_12 =
      resident == HR_DIALECT_ARM64_STUB_4_12 || resident == HR_DIALECT_ARM64_STUB_5_12 ||
      resident == HR_DIALECT_ARM64_KVM_4_12 || resident == HR_DIALECT_ARM64_KVM_5_10;
  if (!after_4_12 && !knows_vectors(baton)) {
    return ClimbOutcome::stopped(HR_CLIMB_NO_EVIDENCE);
  }
  const Answer first = call(0, own_vectors());
  if (first.outcome == HR_CALL_RETURNED && first.r0 == 0) {
    // Own vectors are in place now, whatever the loader believed; there is no way back, but up.
    return call_own_vectors();
  }
  if (after_4_12) {
    return first.outcome == HR_CALL_RETURNED && first.r0 == HR_LINUX_STUB_ERROR ? restart_linux()
                                                                                : disagreed(first);
  }
  return is_get(first, baton.resident_vectors) ? climb_after_get(resident) : disagreed(first);
}

ClimbOutcome climb_named(const hr_baton& baton) {
  switch (baton.resident) {
    case HR_DIALECT_COMMON:
    case HR_DIALECT_ARM64_STUB_3_8:
    case HR_DIALECT_ARM64_STUB_4_7:
    case HR_DIALECT_ARM64_STUB_4_8:
    case HR_DIALECT_ARM64_STUB_4_12:
    case HR_DIALECT_ARM64_STUB_5_12:
    case HR_DIALECT_ARM64_KVM_4_12:
    case HR_DIALECT_ARM64_KVM_5_10:
      return climb_by_question(baton);
    default:
      return ClimbOutcome::stopped(HR_CLIMB_NO_WAY);
  }
}

#endif

}  // namespace

ClimbOutcome climb(const hr_baton& baton) {
  if (baton.resident == HR_DIALECT_UNKNOWN || baton.resident == HR_DIALECT_NONE) {
    return ClimbOutcome::stopped(HR_CLIMB_NOT_TRIED);
  }
  return overwritten(baton) ? ClimbOutcome::stopped(HR_CLIMB_OVERWRITTEN, baton.resident_vectors)
                            : climb_named(baton);
}

const char* climb_text(std::uint32_t climb) {
  switch (climb) {
#define HR_CLIMB(name, value, text) \
  case HR_CLIMB_##name:             \
    return text;
#include "abi/climb.def"
#undef HR_CLIMB
  }
  return "unknown";
}

const char* dialect_text(std::uint32_t dialect) {
  switch (dialect) {
#define HR_DIALECT(name, value, text, ...) \
  case HR_DIALECT_##name:                  \
    return text;
#include "abi/dialect.def"
#undef HR_DIALECT
  }
  return "unknown";
}

}  // namespace hyprelay::relay
