// SPDX-License-Identifier: BSD-2-Clause
// docs/boot-law.md on A32. Encodings and bits: [arm/ddi0406c B3.17, B4.1].
#include "hyp-check/core/law.hpp"

namespace hyprelay::hyp_check {
namespace {

#define HR_READ(name, opc1, crn, crm, opc2)                                               \
  std::uint64_t name() {                                                                  \
    std::uint32_t value;                                                                  \
    __asm__ volatile("mrc p15, " #opc1 ", %0, " #crn ", " #crm ", " #opc2 : "=r"(value)); \
    return value;                                                                         \
  }
#define HR_READ_PAIR(name, opc1, crm)                                       \
  std::uint64_t name() {                                                    \
    std::uint64_t value;                                                    \
    __asm__ volatile("mrrc p15, " #opc1 ", %Q0, %R0, " #crm : "=r"(value)); \
    return value;                                                           \
  }
HR_READ(midr, 0, c0, c0, 0)
HR_READ(mpidr, 0, c0, c0, 5)
HR_READ(id_pfr1, 0, c0, c1, 1)
HR_READ(sctlr, 0, c1, c0, 0)
HR_READ(ttbcr, 0, c2, c0, 2)
HR_READ(ttbr0, 0, c2, c0, 0)
HR_READ(ttbr1, 0, c2, c0, 1)
HR_READ(cntp_ctl, 0, c14, c2, 1)
HR_READ(cntv_ctl, 0, c14, c3, 1)
HR_READ(vpidr, 4, c0, c0, 0)
HR_READ(vmpidr, 4, c0, c0, 5)
HR_READ(hcr, 4, c1, c1, 0)
HR_READ(hdcr, 4, c1, c1, 1)
HR_READ(hcptr, 4, c1, c1, 2)
HR_READ(hstr, 4, c1, c1, 3)
HR_READ(htcr, 4, c2, c0, 2)
HR_READ(vtcr, 4, c2, c1, 2)
HR_READ(hmair0, 4, c10, c2, 0)
HR_READ(icc_hsre, 4, c12, c9, 5)
HR_READ(ich_hcr, 4, c12, c11, 0)
HR_READ(cnthctl, 4, c14, c1, 0)
HR_READ(cnthp_ctl, 4, c14, c2, 1)
HR_READ_PAIR(httbr, 4, c2)
HR_READ_PAIR(vttbr, 6, c2)
HR_READ_PAIR(cntvoff, 4, c14)
#undef HR_READ_PAIR
#undef HR_READ

constexpr std::uint64_t kAll = ~std::uint64_t{0};
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
  take(context, {Kind::kAssumed, "HCR is 0", hcr(), kAll, 0});
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
