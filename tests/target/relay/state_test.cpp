// SPDX-License-Identifier: BSD-2-Clause
// docs/boot-law.md: whatever state the relay is entered in, the next kernel finds the law.
#include "tests/target/relay/arch.hpp"
#include "tests/target/relay/scene.hpp"

namespace hyprelay::target {
namespace {

HR_TEST(resets_hyp, "traps, offsets and translation of the kernel before are gone at HYP/EL2") {
  Scene scene;
  scene.seal();
  write_vpidr(0x12345678);
  write_vmpidr(0x12345678);
  write_cntvoff(0x123456789a);
  write_cnthctl(0);
#ifdef __arm__
  write_hcr(kHcrTrapWfi | kHcrTrapVm);
  write_hstr(0x1);
  write_hcptr(0xfff);
  const Word counters = read_hdcr() & 0x1f;
  write_hdcr(counters | 0x60);
  write_cntv_ctl(1);
#else
  write_hcr(kHcrRw | kHcrTrapWfi | kHcrTrapVm);
  write_hstr(0x1);
  write_cptr(0x33ff | 1u << 10 | 1u << 31);
  write_mdcr(0x60);
  write_vttbr(0x0042'0000'4000'0000);
  write_ich_hcr(1);
#endif
  const Landing landing = scene.run_at_top();
  CHECK(has_boot_registers(landing.r, kTreeAt));

  CHECK_EQ(read_sctlr() & kSctlrCleared, Word{0});
  CHECK_EQ(read_hstr(), Word{0});
  CHECK_EQ(read_vpidr(), read_midr());
  CHECK_EQ(read_vmpidr(), read_mpidr());
  CHECK_EQ(read_cntvoff(), 0u);
  CHECK_EQ(read_cnthctl() & 3, Word{3});
  CHECK_EQ(read_low_sctlr() & Word{0x1005}, Word{0});
#ifdef __arm__
  CHECK_EQ(read_hcr() & 0x7fffffff, Word{0});  // bit 31 is RES0; QEMU 10 has it as one
  CHECK_EQ(read_hcptr() & 0xc00, Word{0});
  CHECK_EQ(read_hdcr(), counters);
  CHECK_EQ(read_cntv_ctl() & 1, Word{0});
  CHECK_EQ(read_ttbcr(), Word{0});
#else
  CHECK_EQ(read_hcr(), kHcrRw);
  CHECK_EQ(read_vttbr(), Word{0});
  CHECK_EQ(read_mdcr(), read_pmcr() >> 11 & 0x1f);
  CHECK_EQ(read_cptr() & (1u << 10 | 1u << 31), Word{0});
  CHECK_EQ(read_icc_sre() & 9, Word{9});
  CHECK_EQ(read_ich_hcr(), Word{0});
#endif
}

#ifdef __arm__
HR_TEST(resets_pl1, "SVC: the MMU is off and short descriptors are selected again") {
  Scene scene;
  scene.seal();
  const Landing landing = scene.run_below();
  CHECK(has_boot_registers(landing.r, kTreeAt));
  CHECK_EQ(read_ttbcr(), Word{0});
  CHECK_EQ(read_low_sctlr() & Word{0x1005}, Word{0});
}
#else
// With x1 in place of ID_AA64MMFR3_EL1, which is 0 on every CPU here.
void write_extended(void* argument) {
  Word mmfr3 = *static_cast<Word*>(argument);
  __asm__ volatile("mov x1, %0\n\tbl hr_write_extended"
                   :
                   : "r"(mmfr3)
                   : "x1", "x2", "x3", "x4", "x9", "x30", "cc", "memory");
}

HR_TEST(passes_extended, "registers of TCR2, SCTLR2 and S1PIE that are not there stop nobody") {
  for (Word mmfr3 : {Word{0}, Word{0x1}, Word{0x10}, Word{0x100}, Word{0x111}}) {
    write_extended(&mmfr3);
    CHECK_EQ(read_vectors(), reinterpret_cast<Word>(hr_target_hyp_vectors));
    hr_target_run_at_pl1(write_extended, &mmfr3, 0);
  }
}

constexpr Word kHcrE2h = 1ul << 34;
constexpr Word kHcrTge = 1ul << 27;

HR_TEST(leaves_vhe, "entered with E2H and TGE set: the next kernel finds the plain EL2") {
  write_hcr(kHcrRw | kHcrE2h);
  if ((read_hcr() & kHcrE2h) == 0) {
    note("this CPU has no VHE");
    write_hcr(kHcrRw);
    return;
  }
  write_hcr(kHcrRw);
  Scene scene;
  scene.seal();
  write_hcr(kHcrRw | kHcrE2h | kHcrTge);
  write_cptr(0);  // in this layout: FP, SIMD and SVE trap
  write_cnthctl(0);
  const Landing landing = scene.run_at_top();
  CHECK(has_boot_registers(landing.r, kTreeAt));
  CHECK_EQ(landing.psr & kPsrMask, kTopPsr);
  CHECK_EQ(read_hcr(), kHcrRw);
  CHECK_EQ(read_cptr() & (1u << 10 | 1u << 31), Word{0});
  CHECK_EQ(read_cnthctl(), Word{3});
  CHECK_EQ(read_sctlr() & kSctlrCleared, Word{0});
  check_said(scene, "(cached");
}

// GICv3 of QEMU's virt machine: one redistributor of 128 KiB per CPU, and an ITS.
constexpr std::uint64_t kRedistributors = 0x080a0000;
constexpr std::uint64_t kIts = 0x08080000;

volatile std::uint32_t& register32(std::uint64_t address) {
  return *reinterpret_cast<volatile std::uint32_t*>(address);
}
volatile std::uint64_t& register64(std::uint64_t address) {
  return *reinterpret_cast<volatile std::uint64_t*>(address);
}

HR_TEST(stops_lpis, "LPI tables and the ITS of the kernel before are switched off") {
  for (const std::uint64_t frame : {kRedistributors, kRedistributors + 2 * 0x20000}) {
    register64(frame + 0x70) = 0x4a000000 | 15;          // GICR_PROPBASER
    register64(frame + 0x78) = 0x4a100000 | 1ull << 62;  // GICR_PENDBASER, zeroed
    register32(frame) = 1;
    CHECK_EQ(register32(frame) & 1, 1u);
  }
  register32(kIts) = 1;
  CHECK_EQ(register32(kIts) & 1, 1u);

  Scene scene;
  scene.baton().gic_version = 3;
  scene.baton().gic_redistributor[0] = kRedistributors;
  scene.baton().gic_redistributor_size[0] = 0xf60000;
  scene.baton().gic_its[0] = kIts;
  scene.seal();
  const Landing landing = scene.run_at_top();
  CHECK(has_boot_registers(landing.r, kTreeAt));
  CHECK_EQ(register32(kRedistributors) & 1, 0u);
  CHECK_EQ(register32(kRedistributors + 2 * 0x20000) & 1, 0u);
  CHECK_EQ(register32(kIts) & 1, 0u);
  check_said(scene, "stopped 1 ITS and the LPIs of 2 redistributors\n");
}
#endif

}  // namespace
}  // namespace hyprelay::target
