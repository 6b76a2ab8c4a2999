// SPDX-License-Identifier: BSD-2-Clause
// docs/boot-law.md on A64. Bits: [arm/ddi0487 D19].
#include "hyp-check/core/law.hpp"

#include "bare/read.hpp"

namespace hyprelay::hyp_check {
namespace {

HR_READ(midr, midr_el1)
HR_READ(mpidr, mpidr_el1)
HR_READ(pfr0, id_aa64pfr0_el1)
HR_READ(dfr0, id_aa64dfr0_el1)
HR_READ(mmfr0, id_aa64mmfr0_el1)
HR_READ(pmcr, pmcr_el0)
HR_READ(sctlr_low, sctlr_el1)
HR_READ(ttbr0_low, ttbr0_el1)
HR_READ(tcr_low, tcr_el1)
HR_READ(mair_low, mair_el1)
HR_READ(mdscr, mdscr_el1)
HR_READ(cntp_ctl, cntp_ctl_el0)
HR_READ(cntv_ctl, cntv_ctl_el0)
HR_READ(hcr, hcr_el2)
HR_READ(cptr, cptr_el2)
HR_READ(hstr, hstr_el2)
HR_READ(mdcr, mdcr_el2)
HR_READ(vttbr, vttbr_el2)
HR_READ(vtcr, vtcr_el2)
HR_READ(ttbr0, ttbr0_el2)
HR_READ(tcr, tcr_el2)
HR_READ(mair, mair_el2)
HR_READ(vpidr, vpidr_el2)
HR_READ(vmpidr, vmpidr_el2)
HR_READ(cnthctl, cnthctl_el2)
HR_READ(cntvoff, cntvoff_el2)
HR_READ(cnthp_ctl, cnthp_ctl_el2)
HR_READ(icc_sre, ICC_SRE_EL2)
HR_READ(ich_hcr, ICH_HCR_EL2)
HR_READ(hfgrtr, HFGRTR_EL2)
HR_READ(hfgwtr, HFGWTR_EL2)
HR_READ(hfgitr, HFGITR_EL2)

constexpr std::uint64_t kAll = ~std::uint64_t{0};
constexpr std::uint64_t kMmuAndDataCache = 0x5;
constexpr std::uint64_t kAlignment = 0x2;
constexpr std::uint64_t kEndianness = 0x2000000;      // EE
constexpr std::uint64_t kBothEndianness = 0x3000000;  // EE, E0E
constexpr std::uint64_t kHcrRw = 1ul << 31;
constexpr std::uint64_t kHcrE2h = 1ul << 34;
constexpr std::uint64_t kCptrTraps = 0x8010'0400;  // TCPAC, TTA, TFP
constexpr std::uint64_t kMdcrTraps = 0xf60;        // TDRA to TDE, TPM, TPMCR
constexpr std::uint64_t kMdcrCounters = 0x1f;      // HPMN

void read_timers(void* context, TakeRule take) {
  take(context, {Kind::kAssumed, "CNTHCTL_EL2 lets EL1 use counter and timer", cnthctl(), 3, 3});
  take(context, {Kind::kProtocol, "CNTVOFF_EL2 is 0", cntvoff(), kAll, 0});
  take(context, {Kind::kAssumed, "CNTHP_CTL_EL2 is off", cnthp_ctl(), 1, 0});
  take(context, {Kind::kAssumed, "CNTP_CTL_EL0 is off", cntp_ctl(), 1, 0});
  take(context, {Kind::kAssumed, "CNTV_CTL_EL0 is off", cntv_ctl(), 1, 0});
}

void read_gic(void* context, TakeRule take) {
  const std::uint64_t sre = icc_sre();
  take(context, {Kind::kAssumed, "ICC_SRE_EL2 has SRE and Enable", sre, 9, 9});
  if ((sre & 1) != 0) {
    take(context, {Kind::kAssumed, "ICH_HCR_EL2 is 0", ich_hcr(), kAll, 0});
  }
}

void read_translation(void* context, TakeRule take) {
  take(context, {Kind::kAssumed, "VTTBR_EL2 is 0", vttbr(), kAll, 0});
  take(context, {Kind::kAssumed, "VTCR_EL2 is 0 but for its RES1 bit", vtcr(), 0x7fffffff, 0});
  take(context, {Kind::kReset, "TTBR0_EL2 is 0", ttbr0(), kAll, 0});
  take(context, {Kind::kReset, "TCR_EL2 is 0 but for its RES1 bits", tcr(), 0x7f7fffff, 0});
  take(context, {Kind::kReset, "MAIR_EL2 is 0", mair(), kAll, 0});
}

void read_fine_traps(void* context, TakeRule take) {
  take(context, {Kind::kAssumed, "HFGRTR_EL2 is 0", hfgrtr(), kAll, 0});
  take(context, {Kind::kAssumed, "HFGWTR_EL2 is 0", hfgwtr(), kAll, 0});
  take(context, {Kind::kAssumed, "HFGITR_EL2 is 0", hfgitr(), kAll, 0});
}

void read_el1(std::uint64_t control, void* context, TakeRule take) {
  take(context,
       {Kind::kProtocol, "SCTLR_EL1 has MMU and data cache off", control, kMmuAndDataCache, 0});
  take(context, {Kind::kAssumed, "SCTLR_EL1 has the alignment check off", control, kAlignment, 0});
  take(context, {Kind::kProtocol, "SCTLR_EL1 has EE and E0E off", control, kBothEndianness, 0});
}

// Under E2H names with _EL1 mean registers of EL2, and CPTR and CNTHCTL have another layout.
void read_plain_el2(void* context, TakeRule take) {
  take(context, {Kind::kAssumed, "CPTR_EL2 traps nothing", cptr(), kCptrTraps, 0});
  read_timers(context, take);
  read_el1(sctlr_low(), context, take);
}

}  // namespace

void read_law_registers(const Entry& entry, void* context, TakeRule take) {
  take(context, {Kind::kProtocol, "x0 points to a device tree", has_tree(entry.r[0]), 1, 1});
  take(context, {Kind::kProtocol, "x1 is 0", entry.r[1], kAll, 0});
  take(context, {Kind::kProtocol, "x2 is 0", entry.r[2], kAll, 0});
  take(context, {Kind::kProtocol, "x3 is 0", entry.r[3], kAll, 0});
  take(context, {Kind::kProtocol, "D, A, I and F are masked", entry.psr, 0x3c0, 0x3c0});
  take(context, {Kind::kProtocol, "SPSel is 1", entry.psr, 1, 1});
}

void read_law_top(const Entry& entry, void* context, TakeRule take) {
  const std::uint64_t control = entry.control;
  take(context,
       {Kind::kProtocol, "SCTLR_EL2 has MMU and data cache off", control, kMmuAndDataCache, 0});
  take(context, {Kind::kAssumed, "SCTLR_EL2 has the alignment check off", control, kAlignment, 0});
  take(context, {Kind::kProtocol, "SCTLR_EL2 has EE off", control, kEndianness, 0});
  take(context, {Kind::kAssumed, "HCR_EL2 is RW only", hcr(), kAll, kHcrRw});
  take(context, {Kind::kAssumed, "HSTR_EL2 is 0", hstr(), kAll, 0});
  take(context, {Kind::kAssumed, "MDCR_EL2 traps nothing", mdcr(), kMdcrTraps, 0});
  // DFR0.PMUVer: 0 and 15 are no PMU of the architecture.
  const std::uint64_t pmu = dfr0() >> 8 & 15;
  if (pmu != 0 && pmu != 15) {
    take(context, {Kind::kAssumed, "MDCR_EL2.HPMN is PMCR_EL0.N", mdcr(), kMdcrCounters,
                   pmcr() >> 11 & kMdcrCounters});
  }
  read_translation(context, take);
  take(context, {Kind::kAssumed, "VPIDR_EL2 is MIDR_EL1", vpidr(), kAll, midr()});
  take(context, {Kind::kAssumed, "VMPIDR_EL2 is MPIDR_EL1", vmpidr(), kAll, mpidr()});
  take(context, {Kind::kAssumed, "MDSCR_EL1 is 0", mdscr(), kAll, 0});
  if ((pfr0() >> 24 & 15) != 0) {
    read_gic(context, take);
  }
  if ((mmfr0() >> 56 & 15) != 0) {
    read_fine_traps(context, take);
  }
  if ((hcr() & kHcrE2h) == 0) {
    read_plain_el2(context, take);
  }
}

void read_law_low(const Entry& entry, void* context, TakeRule take) {
  read_el1(entry.control, context, take);
  take(context, {Kind::kReset, "TTBR0_EL1 is 0", ttbr0_low(), kAll, 0});
  take(context, {Kind::kReset, "TCR_EL1 is 0", tcr_low(), kAll, 0});
  take(context, {Kind::kReset, "MAIR_EL1 is 0", mair_low(), kAll, 0});
  take(context, {Kind::kAssumed, "CNTV_CTL_EL0 is off", cntv_ctl(), 1, 0});
}

}  // namespace hyprelay::hyp_check
