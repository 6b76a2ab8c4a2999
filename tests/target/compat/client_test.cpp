// SPDX-License-Identifier: BSD-2-Clause
// The clients that are the same on both architectures, below the stub and below a hypervisor.
#include "compat/client.hpp"

#include "compat/probe.hpp"
#include "stub/hr_stub.h"
#include "tests/target/compat/below.hpp"
#include "tests/target/stub/translation.hpp"

HR_TEST_CPUS(1)

namespace hyprelay::target {
namespace {

constexpr Word kRefused = ~Word{0};

#ifdef __arm__
constexpr compat::CallerArch kArch = compat::CallerArch::kARM;
constexpr unsigned kNumber = 12;
#else
constexpr compat::CallerArch kArch = compat::CallerArch::kARM64;
constexpr unsigned kNumber = 16;
#endif

// What a client of the run-time kind uses on a target.
hr_word issue(compat::Request& request) {
  hr_registers registers = {};
  for (unsigned i = 0; i < HR_REGISTERS; ++i) {
    registers.r[i] = static_cast<hr_word>(request.registers[i]);
  }
  const hr_word status = hr_issue(&registers, request.immediate);
  for (unsigned i = 0; i < HR_REGISTERS; ++i) {
    request.registers[i] = registers.r[i];
  }
  return status;
}

HR_TEST(common_inline, "hr_common_* and hr_native_* below the stub") {
  Word got[2] = {};
  Word misaligned = 0;
  Word reset = 1;
  Word magic[2] = {};
  hr_word answer[3] = {};
  Word set = 1;
  below(hr_stub_vectors, [&] {
    got[0] = hr_common_get_vectors();
    got[1] = hr_native_get_vectors();
    misaligned = hr_common_set_vectors(address_of(hr_stub_vectors) + 8);
    reset = hr_native_reset_vectors();
    magic[0] = hr_common_query(answer);
    magic[1] = hr_native_query(answer);
    set = hr_native_set_vectors(address_of(hr_target_hyp_vectors));
  });
  CHECK_EQ(got[0], address_of(hr_stub_vectors));
  CHECK_EQ(got[1], address_of(hr_stub_vectors));
  CHECK_EQ(misaligned, kRefused);
  CHECK_EQ(reset, Word{0});
  CHECK_EQ(magic[0], Word{HR_QUERY_MAGIC});
  CHECK_EQ(magic[1], Word{HR_QUERY_MAGIC});
  CHECK_EQ(answer[0], hr_word{HR_ABI_VERSION});
  CHECK_EQ(set, Word{0});
}

HR_TEST(common_restart, "hr_native_soft_restart brings its arguments to HYP/EL2") {
  below(hr_stub_vectors, [] { hr_native_soft_restart(landing(), 0x1234, 0x5678); });
#ifdef __arm__
  CHECK_EQ(landed().word[0], Word{0});
  CHECK_EQ(landed().word[1], Word{0x1234});
  CHECK_EQ(landed().word[2], Word{0x5678});
#else
  CHECK_EQ(landed().word[0], Word{0x1234});
  CHECK_EQ(landed().word[1], Word{0x5678});
  CHECK_EQ(landed().word[2], Word{0});
#endif
}

HR_TEST(client_common, "Client below the stub: get, set, restart, and its errors") {
  bool right = false;
  bool refused = false;
  below(hr_stub_vectors, [&] {
    compat::Client client(compat::Dialect::kCOMMON, kArch, issue);
    const auto vectors = client.get_vectors();
    right = vectors && vectors.value() == address_of(hr_stub_vectors);
    const auto misaligned = client.set_vectors(address_of(hr_stub_vectors) + 8);
    refused = !misaligned && misaligned.error().code() == base::Code::RESIDENT_MISALIGNED;
    (void)client.soft_restart(landing(), {0, 0x77, 0});
  });
  CHECK(right);
  CHECK(refused);
  CHECK_EQ(landed().word[1], Word{0x77});
}

HR_TEST(issue_registers, "hr_issue carries every register both ways") {
  hr_registers registers = {};
  for (unsigned i = 0; i < HR_REGISTERS; ++i) {
    registers.r[i] = 0x100 + i;
  }
  Word status = 0;
  Word unsupported = 0;
  below(hr_resident_hypervisor, [&] {
    status = hr_issue(&registers, 0);
    unsupported = hr_issue(&registers, 0x7777);
  });
  CHECK_EQ(status, Word{HR_ISSUE_DONE});
  CHECK_EQ(unsupported, Word{HR_ISSUE_UNSUPPORTED});
  CHECK_EQ(registers.r[0], Word{0x100});
#ifdef __arm__
  constexpr unsigned kArguments = 8;
#else
  constexpr unsigned kArguments = HR_REGISTERS;
#endif
  for (unsigned i = 1; i < kArguments; ++i) {
    CHECK_EQ(registers.r[i], Word{0x101} + i);
  }
}

HR_TEST(issue_immediates, "hr_issue makes the HVC of each immediate") {
  hr_registers xen = {{1, 2, 4, 8, 16}};
  xen.r[kNumber] = 32;
  hr_registers jailhouse = {{5, 10, 20}};
  hr_registers foreign = {};
  below(hr_resident_hypervisor, [&] {
    hr_issue(&xen, HR_XEN_IMMEDIATE);
    hr_issue(&jailhouse, HR_JAILHOUSE_IMMEDIATE);
    hr_issue(&foreign, HR_HVC_IMMEDIATE);
  });
  CHECK_EQ(xen.r[0], Word{63});
  CHECK_EQ(jailhouse.r[0], Word{35});
  CHECK_EQ(foreign.r[0], kRefused);
}

HR_TEST(hypervisors_inline, "hr_xen_hypercall, hr_jailhouse_call, and SMCCC by HVC") {
  Word xen = 0;
  Word jailhouse = 0;
  hr_registers wide = {{0x86000000, 1, 2, 3, 4, 5, 6, 7}};
  below(hr_resident_hypervisor, [&] {
    xen = hr_xen_hypercall(32, 1, 2, 4, 8, 16);
    jailhouse = hr_jailhouse_call(5, 10, 20);
    hr_smccc_call(HR_CONDUIT_HVC, &wide, &wide);
  });
  CHECK_EQ(xen, Word{63});
  CHECK_EQ(jailhouse, Word{35});
  CHECK_EQ(wide.r[7], Word{8});
}

void check_shim_reset() {
  hr_registers registers = {{HR_OP_RESET_VECTORS}};
  for (unsigned i = 1; i < HR_REGISTERS; ++i) {
    registers.r[i] = 0x100 + i;
  }
  Word vectors = 0;
  below(hr_resident_leaving, [&] {
    hr_issue(&registers, 0);
    vectors = hr_common_get_vectors();
    hr_common_set_vectors(address_of(hr_target_hyp_vectors));
  });
  CHECK_EQ(vectors, address_of(hr_stub_vectors));
  // MMU, alignment check and caches.
  CHECK_EQ(read_sctlr() & kSctlrCleared, Word{0});
  CHECK_EQ(registers.r[0], hr_word{HR_OP_RESET_VECTORS});
  for (unsigned i = 1; i < HR_REGISTERS; ++i) {
    CHECK_EQ(registers.r[i], hr_word{0x100} + i);
  }
}

HR_TEST(shim_reset, "hr_shim_reset_vectors gives HYP/EL2 back and preserves every register") {
  check_shim_reset();
}

HR_TEST(shim_reset_mmu, "hr_shim_reset_vectors switches the hypervisor's MMU off") {
  hyp_mmu_on();
  CHECK_EQ(read_sctlr() & kSctlrMmuAndCaches, kSctlrMmuAndCaches);
  check_shim_reset();
}

HR_TEST(issue_undefined,
        "hr_issue and hr_smccc_hvc say so where HVC is UNDEFINED, and the registers stay") {
  hr_registers registers = {};
  for (unsigned i = 0; i < HR_REGISTERS; ++i) {
    registers.r[i] = 0x100 + i;
  }
  Word status = 0;
  Word smccc_status = 0;
  Word undefs = 0;
  // HVC is UNDEFINED, and WFI the way back: to hr_resident_none.
  write_hcr(read_hcr() | kHcrHvcDisabled | kHcrTrapWfi);
  if ((read_hcr() & kHcrHvcDisabled) == 0) {
    note("ARMv7 has no HCR.HCD: not tried on this CPU");
    return;
  }
  below(hr_resident_none, [&] {
    Cpu& cpu = *hr_target_cpu();
    cpu.word[HR_CPU_UNDEF_COUNT] = 0;
    cpu.word[HR_CPU_UNDEF_RESUME] = address_of(hr_issue_undefined);
    cpu.word[HR_CPU_EXPECT_UNDEF] = 0x200;
    status = hr_issue(&registers, 0);
    smccc_status = hr_smccc_hvc(&registers, &registers);
    cpu.word[HR_CPU_EXPECT_UNDEF] = 0;
    cpu.word[HR_CPU_UNDEF_RESUME] = 0;
    undefs = cpu.word[HR_CPU_UNDEF_COUNT];
#ifdef __thumb__
    __asm__ volatile("wfi.w" ::: "memory");
#else
    __asm__ volatile("wfi" ::: "memory");
#endif
  });
  CHECK_EQ(status, Word{HR_ISSUE_UNDEFINED});
  CHECK_EQ(smccc_status, Word{HR_ISSUE_UNDEFINED});
  CHECK_EQ(undefs, Word{2});
  for (unsigned i = 0; i < HR_REGISTERS; ++i) {
    CHECK_EQ(registers.r[i], hr_word{0x100} + i);
  }
}

HR_TEST(psci_by_smc, "hr_psci_version by SMC reaches the firmware") {
  const std::int32_t version = hr_psci_version(HR_CONDUIT_SMC);
  CHECK(version >= 2 && version < 0x20000);
}

HR_TEST(prober, "the probe tells a stub of 4.12 and later from KVM by asking it") {
  compat::Evidence evidence;
  evidence.arch = kArch;
  evidence.level = compat::CallerLevel::kBelow;
  evidence.boot = compat::KernelBoot::kHyp;
#ifdef __arm__
  evidence.release = compat::release_of(4, 9);
  const void* resident = hr_resident_stub_3_7;
  constexpr auto kTruth = compat::Dialect::kARM_STUB_3_7;
#else
  evidence.release = compat::release_of(5, 15);
  const void* resident = hr_resident_stub_4_12;
  constexpr auto kTruth = compat::Dialect::kARM64_STUB_5_12;
#endif
  evidence.jailhouse = compat::Tri::kNo;
  evidence.vhe = compat::Tri::kNo;
  evidence.addresses = {0x40000000, 0x50000000, 0xc0000000};
  compat::Prober prober(evidence);
  unsigned calls = 0;
  below(resident, [&] {
    while (const auto call = prober.next_call()) {
      const compat::CallRow& row = compat::row_of(*call);
      hr_registers registers = {{static_cast<hr_word>(row.r0)}};
      registers.r[kNumber] = row.r12;
      hr_issue(&registers, row.immediate);
      prober.take_answer(*call, {registers.r[0], false, static_cast<std::uint32_t>(registers.r[1]),
                                 static_cast<std::uint32_t>(registers.r[2]),
                                 static_cast<std::uint32_t>(registers.r[3])});
      ++calls;
    }
  });
  CHECK_EQ(calls, 1u);
  CHECK(prober.verdict().dialect == kTruth);
}

}  // namespace
}  // namespace hyprelay::target
