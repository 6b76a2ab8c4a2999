// SPDX-License-Identifier: BSD-2-Clause
// A kernel that says on QEMU's PL011 how it was entered, compares HYP/EL2 with docs/boot-law.md,
// and ends QEMU: status 0, or 1 when something breaks the law.
#include "tests/target/relay/arch.hpp"
#include "tests/target/residents/layout.h"

namespace hyprelay::target {
namespace {

void put(char c) {
  *reinterpret_cast<volatile std::uint32_t*>(0x09000000) = static_cast<unsigned char>(c);
}

void say(const char* text) {
  for (; *text != '\0'; ++text) {
    put(*text);
  }
}

void say_number(std::uint64_t value) {
  say("0x");
  for (int shift = 60; shift >= 0; shift -= 4) {
    const auto digit = static_cast<char>(value >> shift & 15);
    put(static_cast<char>(digit < 10 ? '0' + digit : 'a' + digit - 10));
  }
}

bool expect(const char* what, std::uint64_t found, std::uint64_t wanted) {
  if (found == wanted) {
    return true;
  }
  say("witness: ");
  say(what);
  say(" is ");
  say_number(found);
  say(", wanted ");
  say_number(wanted);
  say("\n");
  return false;
}

#ifdef __arm__
std::uint64_t read_pair(bool vttbr) {
  std::uint64_t value;
  if (vttbr) {
    __asm__ volatile("mrrc p15, 6, %Q0, %R0, c2" : "=r"(value));
  } else {
    __asm__ volatile("mrrc p15, 4, %Q0, %R0, c2" : "=r"(value));
  }
  return value;
}
#endif

bool top_is_lawful() {
  bool lawful =
      expect("HSCTLR/SCTLR_EL2, what the protocol wants off", read_sctlr() & 0x2000005, 0);
  lawful &= expect("CNTVOFF", read_cntvoff(), 0);
  lawful &= expect("CNTHCTL", read_cnthctl() & 3, 3);
  lawful &= expect("HSTR", read_hstr(), 0);
  lawful &= expect("VPIDR", read_vpidr(), read_midr());
  lawful &= expect("VMPIDR", read_vmpidr(), read_mpidr());
#ifdef __arm__
  lawful &= expect("HSCTLR.TE", read_sctlr() >> 30 & 1, 0);
  lawful &= expect("HCR", read_hcr(), 0);
  lawful &= expect("VTTBR", read_pair(true), 0);
  lawful &= expect("HTTBR", read_pair(false), 0);
  lawful &= expect("CNTV_CTL", read_cntv_ctl() & 1, 0);
#else
  lawful &= expect("HCR_EL2", read_hcr(), kHcrRw);
  lawful &= expect("VTTBR_EL2", read_vttbr(), 0);
#endif
  return lawful;
}

[[noreturn]] void end(Word status) {
  Word block[2] = {0x20026, status};
#ifdef __arm__
  register Word r0 __asm__("r0") = 0x20;
  register const Word* r1 __asm__("r1") = block;
  __asm__ volatile("svc #0x123456" : "+r"(r0) : "r"(r1) : "memory");
#else
  register Word x0 __asm__("x0") = 0x20;
  register const Word* x1 __asm__("x1") = block;
  __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
#endif
  for (;;) {
  }
}

}  // namespace

extern "C" [[noreturn]] void hr_witness_main(Word r0, Word r1, Word r2, Word mode) {
#ifdef __arm__
  const bool top = mode == 0x1a;
  bool lawful = expect("r0", r0, 0) & expect("r1", r1, ~Word{0});
  const Word tree = r2;
#else
  const bool top = mode == 8;
  bool lawful = expect("x1", r1, 0) & expect("x2", r2, 0);
  const Word tree = r0;
#endif
  lawful &=
      expect("the tree's magic", *reinterpret_cast<volatile std::uint32_t*>(tree), 0xedfe0dd0);
#ifdef __arm__
  // The first word of what a takeover writes there for a moment.
  const auto slot = *reinterpret_cast<volatile std::uint32_t*>(HR_RESIDENT_VECTORS + 0x14);
  lawful &= expect("the resident's memory is as it was", slot == 0xe3a0e002, false);
#endif
  lawful &= expect("PL1/EL1 MMU and caches", read_low_sctlr() & 0x1005, 0);
  if (top) {
    lawful &= top_is_lawful();
  }
  say("witness: entered in ");
  say(top ? kTopName : kLowName);
  say(lawful ? ", the boot law holds\n" : ", the boot law does not hold\n");
  end(lawful ? 0 : 1);
}

}  // namespace hyprelay::target
