// SPDX-License-Identifier: BSD-2-Clause
// docs/boot-law.md on A32. Bits: [arm/ddi0406c B4.1].
#include "hyp-check/core/law.hpp"

#include "bare/read.hpp"

namespace hyprelay::hyp_check {
namespace {

HR_READ(midr, MIDR)
HR_READ(mpidr, MPIDR)
HR_READ(sctlr, SCTLR)
HR_READ(ttbcr, TTBCR)
HR_READ(ttbr0, TTBR0)
HR_READ(ttbr1, TTBR1)
HR_READ(cntp_ctl, CNTP_CTL)
HR_READ(cntv_ctl, CNTV_CTL)
HR_READ(vpidr, VPIDR)
HR_READ(vmpidr, VMPIDR)
HR_READ(hcr, HCR)
HR_READ(hdcr, HDCR)
HR_READ(hcptr, HCPTR)
HR_READ(hstr, HSTR)
HR_READ(htcr, HTCR)
HR_READ(vtcr, VTCR)
HR_READ(hmair0, HMAIR0)
HR_READ(icc_hsre, ICC_HSRE)
HR_READ(ich_hcr, ICH_HCR)
HR_READ(cnthctl, CNTHCTL)
HR_READ(cnthp_ctl, CNTHP_CTL)
HR_READ_PAIR(httbr, HTTBR)
HR_READ_PAIR(vttbr, VTTBR)
HR_READ_PAIR(cntvoff, CNTVOFF)

constexpr std::uint64_t kAll = ~std::uint64_t{0};
// Bit 31 is RES0, and RW of AArch64 [arm/ddi0487, HCR, HCR_EL2]: QEMU 10 has it as one.
constexpr std::uint64_t kHcr = 0x7fffffff;
constexpr std::uint64_t kMmuAndDataCache = 0x5;
constexpr std::uint64_t kAlignment = 0x2;
constexpr std::uint64_t kThumbAndEndianness = 0x42000000;  // TE, EE
// V, TRE, AFE besides, and CP15BEN, which is to be 1.
constexpr std::uint64_t kPl1Modes = 0x7200'2020;
constexpr std::uint64_t kCp15Barriers = 0x20;
constexpr std::uint64_t kHcptrTraps = 0x8010'8c00;  // TCPAC, TTA, TASE, TCP11, TCP10
constexpr std::uint64_t kHdcrTraps = 0xfe0;         // TDRA to TPMCR, HPME

bool has_timer() {
  return (id_pfr1() & 0xf0000) != 0;
}
bool has_gic_registers() {
  return (id_pfr1() & 0xf0000000) != 0;
}

void read_timers(void* context, TakeRule take) {
  take(context, {Kind::kAssumed, "CNTHCTL lets PL1 use counter and timer", cnthctl(), 3, 3});
  take(context, {Kind::kAssumed, "CNTVOFF is 0", cntvoff(), kAll, 0});
  take(context, {Kind::kAssumed, "CNTHP_CTL is off", cnthp_ctl(), 1, 0});
  take(context, {Kind::kAssumed, "CNTP_CTL is off", cntp_ctl(), 1, 0});
  take(context, {Kind::kAssumed, "CNTV_CTL is off", cntv_ctl(), 1, 0});
}

void read_gic(void* context, TakeRule take) {
  const std::uint64_t sre = icc_hsre();
  take(context, {Kind::kAssumed, "ICC_HSRE has SRE and Enable", sre, 9, 9});
  if ((sre & 1) != 0) {
    take(context, {Kind::kAssumed, "ICH_HCR is 0", ich_hcr(), kAll, 0});
  }
}

// What a kernel finds when it drops to SVC, or is entered there.
void read_pl1(std::uint64_t control, void* context, TakeRule take) {
  take(context,
       {Kind::kProtocol, "SCTLR has MMU and data cache off", control, kMmuAndDataCache, 0});
  take(context, {Kind::kAssumed, "SCTLR has the alignment check off", control, kAlignment, 0});
  take(context, {Kind::kAssumed, "SCTLR has V, TE, EE, AFE and TRE off, CP15BEN on", control,
                 kPl1Modes, kCp15Barriers});
  take(context, {Kind::kAssumed, "TTBCR is 0", ttbcr(), kAll, 0});
}

}  // namespace

void read_law_registers(const Entry& entry, void* context, TakeRule take) {
  take(context, {Kind::kProtocol, "r0 is 0", entry.r[0], kAll, 0});
  take(context, {Kind::kAssumed, "r1 is ~0", entry.r[1], kAll, 0xffffffff});
  take(context, {Kind::kProtocol, "r2 points to a device tree", has_tree(entry.r[2]), 1, 1});
  // A, I, F; T and E.
  take(context, {Kind::kProtocol, "A, I and F are masked", entry.psr, 0x1c0, 0x1c0});
  take(context, {Kind::kProtocol, "CPSR.E is 0", entry.psr, 0x200, 0});
}

void read_law_top(const Entry& entry, void* context, TakeRule take) {
  const std::uint64_t control = entry.control;
  take(context,
       {Kind::kProtocol, "HSCTLR has MMU and data cache off", control, kMmuAndDataCache, 0});
  take(context, {Kind::kAssumed, "HSCTLR has the alignment check off", control, kAlignment, 0});
  take(context, {Kind::kAssumed, "HSCTLR has TE and EE off", control, kThumbAndEndianness, 0});
  take(context, {Kind::kAssumed, "HCR is 0", hcr(), kHcr, 0});
  take(context, {Kind::kAssumed, "HCPTR traps nothing", hcptr(), kHcptrTraps, 0});
  take(context, {Kind::kAssumed, "HSTR is 0", hstr(), kAll, 0});
  take(context, {Kind::kAssumed, "HDCR traps nothing", hdcr(), kHdcrTraps, 0});
  take(context, {Kind::kReset, "VTTBR is 0", vttbr(), kAll, 0});
  take(context, {Kind::kReset, "VTCR is 0 but for its RES1 bit", vtcr(), 0x7fffffff, 0});
  take(context, {Kind::kReset, "HTTBR is 0", httbr(), kAll, 0});
  take(context, {Kind::kReset, "HTCR is 0 but for its RES1 bits", htcr(), 0x7f7fffff, 0});
  take(context, {Kind::kReset, "HMAIR0 is 0", hmair0(), kAll, 0});
  take(context, {Kind::kAssumed, "VPIDR is MIDR", vpidr(), kAll, midr()});
  take(context, {Kind::kAssumed, "VMPIDR is MPIDR", vmpidr(), kAll, mpidr()});
  if (has_timer()) {
    read_timers(context, take);
  }
  if (has_gic_registers()) {
    read_gic(context, take);
  }
  read_pl1(sctlr(), context, take);
}

// The physical timer and HYP's registers belong to the resident.
void read_law_low(const Entry& entry, void* context, TakeRule take) {
  read_pl1(entry.control, context, take);
  take(context, {Kind::kReset, "TTBR0 is 0", ttbr0(), kAll, 0});
  take(context, {Kind::kReset, "TTBR1 is 0", ttbr1(), kAll, 0});
  if (has_timer()) {
    take(context, {Kind::kAssumed, "CNTV_CTL is off", cntv_ctl(), 1, 0});
  }
}

}  // namespace hyprelay::hyp_check
