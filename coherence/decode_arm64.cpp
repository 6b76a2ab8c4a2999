// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/decode.hpp"

namespace hyprelay::coherence {
namespace {

// op1, CRn, CRm and op2 of a system instruction as one number.
constexpr unsigned key(unsigned op1, unsigned crn, unsigned crm, unsigned op2) {
  return op1 << 11 | crn << 7 | crm << 3 | op2;
}

Decoded with_register(Op op, uint32_t word) {
  return {.op = op, .rt = static_cast<uint8_t>(word & 31)};
}

// [arm/ddi0487 C5.5]: TLBI is CRn 8; by address are the odd op2.
Decoded decode_tlbi(uint32_t word, unsigned op1, unsigned op2) {
  Decoded out = with_register((op2 & 1) != 0 ? Op::tlbi_line : Op::tlbi_all, word);
  // ALLE1 and VMALLS12E1 are of EL2's op1, and about EL1.
  const bool of_el1 = op1 == 0 || (op1 == 4 && op2 >= 4 && (op2 & 1) == 0);
  out.el = of_el1 ? 1 : static_cast<uint8_t>(op1 / 2);
  return out;
}

// [arm/ddi0487 C5.3]
Decoded decode_sys(uint32_t word) {
  const unsigned op1 = word >> 16 & 7;
  const unsigned crn = word >> 12 & 15;
  const unsigned crm = word >> 8 & 15;
  const unsigned op2 = word >> 5 & 7;
  if (crn == 8)
    return decode_tlbi(word, op1, op2);
  if (crn == 7 && (crm == 8 || crm == 9))
    return with_register(Op::translate, word);
  switch (key(op1, crn, crm, op2)) {
    case key(0, 7, 6, 1):
      return with_register(Op::discard, word);
    case key(0, 7, 6, 2):
      return with_register(Op::sweep_discard, word);
    case key(0, 7, 10, 2):
      return with_register(Op::sweep_clean, word);
    case key(0, 7, 14, 2):
      return with_register(Op::sweep_flush, word);
    case key(0, 7, 1, 0):
    case key(0, 7, 5, 0):
      return with_register(Op::ic_all, word);
    case key(3, 7, 5, 1):
      return with_register(Op::ic_line, word);
    case key(3, 7, 4, 1):
      return with_register(Op::zero, word);
    case key(3, 7, 10, 1):
    case key(3, 7, 12, 1):  // DC CVAP, CVADP: farther than the PoC
    case key(3, 7, 13, 1):
      return with_register(Op::clean_poc, word);
    case key(3, 7, 11, 1):
      return with_register(Op::clean_pou, word);
    case key(3, 7, 14, 1):
      return with_register(Op::flush_poc, word);
    default:
      return {};
  }
}

Register register_of(unsigned crn, unsigned crm, unsigned op2, unsigned op1) {
  if (crn == 1 && crm == 0 && op2 == 0)
    return Register::sctlr;
  if (crn == 1 && crm == 1 && op2 == 0 && op1 == 4)
    return Register::hcr;
  if (crn == 2 && crm == 0 && op2 <= 1)
    return Register::ttbr;
  if (crn == 2 && crm == 0 && op2 == 2)
    return Register::tcr;
  if (crn == 10 && crm == 2 && op2 == 0)
    return Register::mair;
  if (crn == 12 && crm == 0 && op2 == 0)
    return Register::vbar;
  return Register::none;
}

// MSR of a register with op0 3. [arm/ddi0487 D17.2]
Decoded decode_msr(uint32_t word) {
  const unsigned op1 = word >> 16 & 7;
  const unsigned crn = word >> 12 & 15;
  const unsigned crm = word >> 8 & 15;
  const unsigned op2 = word >> 5 & 7;
  Decoded out = with_register(Op::write_register, word);
  if (key(op1, crn, crm, op2) == key(2, 0, 0, 0)) {
    out.reg = Register::csselr;
    return out;
  }
  if (op1 != 0 && op1 != 4 && op1 != 5 && op1 != 6)
    return {};
  out.reg = register_of(crn, crm, op2, op1);
  out.el = op1 == 4 ? 2 : op1 == 6 ? 3 : 1;  // op1 5: EL12, EL1's registers seen from EL2
  return out.reg == Register::none ? Decoded{} : out;
}

bool is_exclusive(uint32_t word) {
  if ((word & 0x3f000000) == 0x08000000) {
    const bool ordered = (word >> 23 & 1) != 0;  // LDAR, STLR, or CAS with bit 21
    return !ordered || (word >> 21 & 1) != 0;
  }
  const bool atomic = (word & 0x3b200c00) == 0x38200000;
  const bool load_acquire = (word & 0x3ffffc00) == 0x38bfc000;  // LDAPR shares the space
  return atomic && !load_acquire;
}

}  // namespace

Decoded decode_arm64(uint32_t word) {
  if ((word & 0xfff80000) == 0xd5080000)
    return decode_sys(word);
  if ((word & 0xfff00000) == 0xd5100000)
    return decode_msr(word);
  if ((word & 0xffffffe0) == 0xd5390000)
    return with_register(Op::read_geometry, word);  // MRS CCSIDR_EL1
  switch (word & 0xfffff0ff) {
    case 0xd503309f:
      return {.op = (word >> 8 & 3) == 3 || (word >> 8 & 15) == 0 ? Op::dsb : Op::dsb_stores};
    case 0xd50330df:
      return {.op = Op::isb};
    default:
      break;
  }
  if ((word & 0xfffffbff) == 0xd69f0bff)
    return {.op = Op::exception_return};  // ERETAA, ERETAB
  if (word == 0xd69f03e0)
    return {.op = Op::exception_return};
  if ((word & 0xffe0001c) == 0xd4000000 && (word & 3) != 0)
    return {.op = Op::trap};
  if (is_exclusive(word))
    return {.op = Op::exclusive};
  return {};
}

bool is_single_arm64(uint32_t word) {
  return (word & 0x3e000000) == 0x38000000;
}

}  // namespace hyprelay::coherence
