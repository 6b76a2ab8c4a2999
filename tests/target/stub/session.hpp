// SPDX-License-Identifier: BSD-2-Clause
// One visit to SVC/EL1 below the stub: one instruction with every register chosen, and what became
// of them and of the vectors.
#pragma once

#include "stub/hr_stub.h"
#include "tests/target/harness/tap.hpp"

#ifdef __arm__
#include "tests/target/stub/arm/arch.hpp"
#else
#include "tests/target/stub/arm64/arch.hpp"
#endif

namespace hyprelay::target {

using Try = void (*)(const Frame* in, Frame* out);

extern "C" {
void hr_try_hvc_0(const Frame* in, Frame* out);
void hr_try_hvc_native(const Frame* in, Frame* out);
// A function for calls at HYP/EL2: r0 + 2 r1 + 4 r2 + the mode or CurrentEL; loses what it may.
void hr_called();
void hr_try_hvc_1(const Frame* in, Frame* out);
void hr_try_hvc_below_native(const Frame* in, Frame* out);
void hr_try_hvc_above_native(const Frame* in, Frame* out);
void hr_try_hvc_low_of_native(const Frame* in, Frame* out);
void hr_try_hvc_high_of_native(const Frame* in, Frame* out);
void hr_try_hvc_xen(const Frame* in, Frame* out);
void hr_try_hvc_jailhouse(const Frame* in, Frame* out);
void hr_try_hvc_max(const Frame* in, Frame* out);
void hr_try_wfi(const Frame* in, Frame* out);
void hr_try_write_contextidr(const Frame* in, Frame* out);
void hr_try_hvc_0_other_endian(const Frame* in, Frame* out);
void hr_try_hvc_native_other_endian(const Frame* in, Frame* out);
void hr_try_hvc_0_mmu(const Frame* in, Frame* out);
void hr_try_hvc_native_mmu(const Frame* in, Frame* out);
#ifdef __arm__
void hr_called_thumb();
void hr_try_hvc_0_thumb(const Frame* in, Frame* out);
void hr_try_hvc_native_thumb(const Frame* in, Frame* out);
void hr_try_wfi_thumb(const Frame* in, Frame* out);
void hr_target_land_hyp_thumb();
#else
void hr_try_hvc_2(const Frame* in, Frame* out);
void hr_try_hvc_3(const Frame* in, Frame* out);
void hr_try_wfi_at_el0();
#endif
}

// Two patterns that differ in every bit: whatever a register keeps of both, it kept by itself.
constexpr unsigned kPatterns = 2;
Frame make_frame(unsigned pattern, Word op);

// The resident of the program: the stub (resident.cpp), or a server on top of it
// (../compat/server_resident.cpp).
// Makes it resident on this CPU: HR_STUB_INSTALLED, or the error of the stub's installer.
int install_resident(unsigned personality);
// What SP_hyp / SP_EL2 holds below it.
Word sp_hyp_pattern(unsigned pattern);
// What GET_VECTORS answers under the personality, without a lock, where it was linked.
Word own_vectors(unsigned personality = HR_PERSONALITY_COMMON);
// Of vectors with the state of the stub: arm has a table for each personality, arm64 has it in
// MAIR_EL2.
inline Word table_of(const unsigned char* vectors, unsigned personality) {
#ifdef __arm__
  return reinterpret_cast<Word>(vectors) + personality * HR_VECTORS_ALIGNMENT_ARM;
#else
  static_cast<void>(personality);
  return reinterpret_cast<Word>(vectors);
#endif
}
// What it says to Xen's immediate.
Word answer_to_xen();

struct Outcome {
  Frame out;
  // HVBAR / VBAR_EL2 as GET_VECTORS gives it after the instruction, and when the visit was over.
  Word vectors;
  Word final_vectors;
  Word sp_hyp;
  // UNDEF exceptions that the instruction took at SVC/EL1.
  Word undefs;
};

// Installs the stub with the personality, adds `hcr` to HCR, executes the instruction at SVC/EL1
// with all exceptions unmasked, gets the vectors, sets the harness's and comes back.
Outcome visit(Try instruction, const Frame& in, unsigned pattern, Word hcr = 0,
              Word expect_undef = 0, unsigned personality = HR_PERSONALITY_COMMON);

// The same for an instruction that ends in hr_target_land_hyp, with `sctlr` added to HSCTLR /
// SCTLR_EL2. `vectors` and `undefs` are not filled in.
Outcome visit_restart(Try instruction, const Frame& in, unsigned pattern,
                      unsigned personality = HR_PERSONALITY_COMMON, Word sctlr = 0);

// Checks that every register but the first `results` is as it was, and the PSR, and SP_hyp.
void check_preserved(const Frame& in, const Outcome& outcome, unsigned pattern, unsigned results);

// Enough for any resident.
constexpr std::size_t kCopyBytes = 0x1000;
// The address of a copy of the resident.
Word copy_stub();

// What a caller can call with: hvc #0 in each state that its own CPU may be in.
// Its MMU and caches on (translation.hpp); the other endianness.
constexpr Try kCallZero[] = {
    hr_try_hvc_0,
    hr_try_hvc_0_mmu,
    hr_try_hvc_0_other_endian,
#ifdef __arm__
    hr_try_hvc_0_thumb,
#endif
};
constexpr Try kCallNative[] = {
    hr_try_hvc_native,
    hr_try_hvc_native_mmu,
    hr_try_hvc_native_other_endian,
#ifdef __arm__
    hr_try_hvc_native_thumb,
#endif
};

}  // namespace hyprelay::target
