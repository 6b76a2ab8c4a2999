// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/decode.hpp"

namespace hyprelay::coherence {
namespace {

// opc1, CRm and opc2 of an MCR to c7 as one number.
constexpr unsigned cache_key(unsigned crm, unsigned opc2) {
  return crm << 3 | opc2;
}

// [arm/ddi0406 B3.17.1]: c7, cache maintenance and barriers of ARMv6.
Op cache_op(unsigned crm, unsigned opc2) {
  switch (cache_key(crm, opc2)) {
    case cache_key(1, 0):
    case cache_key(5, 0):
      return Op::ic_all;
    case cache_key(5, 1):
      return Op::ic_line;
    case cache_key(5, 4):
      return Op::isb;
    case cache_key(6, 1):
      return Op::discard;
    case cache_key(6, 2):
      return Op::sweep_discard;
    case cache_key(10, 1):
      return Op::clean_poc;
    case cache_key(10, 2):
      return Op::sweep_clean;
    case cache_key(10, 4):
      return Op::dsb;
    case cache_key(11, 1):
      return Op::clean_pou;
    case cache_key(14, 1):
      return Op::flush_poc;
    case cache_key(14, 2):
      return Op::sweep_flush;
    default:
      return crm == 8 ? Op::translate : Op::none;
  }
}

// [arm/ddi0406 B4.1]
Register coprocessor_register(unsigned crn, unsigned crm, unsigned opc1, unsigned opc2) {
  if (crn == 1 && crm == 0 && opc2 == 0)
    return Register::sctlr;
  if (crn == 1 && crm == 1 && opc2 == 0 && opc1 == 4)
    return Register::hcr;
  if (crn == 2 && crm == 0 && opc2 <= 1 && opc1 == 0)
    return Register::ttbr;
  if (crn == 2 && crm == 0 && opc2 == 2)
    return Register::tcr;
  if (crn == 10 && crm == 2 && opc2 <= 1)
    return Register::mair;
  if (crn == 12 && crm == 0 && opc2 == 0)
    return Register::vbar;
  return Register::none;
}

Decoded decode_mcr(uint32_t word, Decoded out) {
  const unsigned opc1 = word >> 21 & 7;
  const unsigned crn = word >> 16 & 15;
  const unsigned crm = word & 15;
  const unsigned opc2 = word >> 5 & 7;
  const bool read = (word >> 20 & 1) != 0;
  if (read) {
    if (opc1 == 1 && crn == 0 && crm == 0 && opc2 == 0)
      out.op = Op::read_geometry;
    return out;
  }
  out.el = opc1 == 4 ? 2 : 1;
  if (crn == 7 && (opc1 == 0 || crm == 8)) {
    out.op = cache_op(crm, opc2);
  } else if (crn == 8) {
    // By address: opc2 1, 3, 5, 7. ALLNSNH is of HYP's opc1, and about PL1.
    out.op = (opc2 & 1) != 0 ? Op::tlbi_line : Op::tlbi_all;
    if (opc1 == 4 && opc2 == 4)
      out.el = 1;
  } else if (opc1 == 2 && crn == 0 && crm == 0 && opc2 == 0) {
    out.op = Op::write_register;
    out.reg = Register::csselr;
  } else {
    out.reg = coprocessor_register(crn, crm, opc1, opc2);
    if (out.reg != Register::none)
      out.op = Op::write_register;
  }
  return out;
}

// MCR and MCRR of coprocessor 15 look the same in A32 and, with 0xe for a condition, in T32.
Decoded decode_coprocessor(uint32_t word) {
  Decoded out{.rt = static_cast<uint8_t>(word >> 12 & 15),
              .condition = static_cast<uint8_t>(word >> 28)};
  if ((word & 0x0f000f10) == 0x0e000f10)
    return decode_mcr(word, out);
  if ((word & 0x0ff00f0f) == 0x0c400f02) {  // TTBR0, TTBR1, HTTBR; VTTBR (6) is stage 2's
    const unsigned opc1 = word >> 4 & 15;
    if (opc1 == 6)
      return {};
    out.op = Op::write_register;
    out.reg = Register::ttbr;
    out.el = opc1 == 4 ? 2 : 1;
    return out;
  }
  return {};
}

// The option of DSB: only those of loads and stores complete maintenance. [arm/ddi0406 A8.8.44]
Decoded decode_dsb(uint32_t word) {
  return {.op = (word & 3) == 3 ? Op::dsb : Op::dsb_stores};
}

bool returns_from_exception(uint32_t word) {
  if ((word & 0x0fffffff) == 0x0160006e)
    return true;  // ERET
  if ((word & 0xfe50ffff) == 0xf8100a00)
    return true;  // RFE
  if ((word & 0x0e508000) == 0x08508000)
    return true;  // LDM with PC and ^
  // Data processing that sets flags and writes PC, but for the compares: MOVS pc, lr; SUBS pc, lr,
  // #4.
  const bool data_to_pc = (word & 0x0c10f000) == 0x0010f000 && (word & 0x01800000) != 0x01000000;
  return data_to_pc && (word & 0x02000090) != 0x00000090;
}

}  // namespace

Decoded decode_arm(uint32_t word) {
  if (word >> 28 == 0xf) {
    switch (word & 0xfffffff0) {
      case 0xf57ff040:
        return decode_dsb(word);
      case 0xf57ff060:
        return {.op = Op::isb};
      default:
        break;
    }
    return returns_from_exception(word) && (word >> 25) == 0x7c
               ? Decoded{.op = Op::exception_return}
               : Decoded{};
  }
  const Decoded coprocessor = decode_coprocessor(word);
  if (coprocessor.op != Op::none)
    return coprocessor;
  Decoded out{.condition = static_cast<uint8_t>(word >> 28)};
  const bool hvc = (word & 0x0ff000f0) == 0x01400070;
  const bool smc = (word & 0x0ffffff0) == 0x01600070;
  const bool svc = (word & 0x0f000000) == 0x0f000000;
  if (hvc || smc || svc) {
    out.op = Op::trap;
  } else if ((word & 0x0f8000f0) == 0x01800090 && (word & 0x200) != 0) {
    out.op = Op::exclusive;
  } else if (returns_from_exception(word)) {
    out.op = Op::exception_return;
  }
  return out;
}

Decoded decode_thumb(uint32_t word) {
  switch (word & 0xfffffff0) {
    case 0xf3bf8f40:
      return decode_dsb(word);
    case 0xf3bf8f60:
      return {.op = Op::isb};
    default:
      break;
  }
  if ((word & 0xffffff00) == 0xf3de8f00)
    return {.op = Op::exception_return};  // ERET, SUBS pc, lr
  if ((word & 0xffd0ffff) == 0xe810c000 || (word & 0xffd0ffff) == 0xe990c000)
    return {.op = Op::exception_return};
  if ((word & 0xffe0f000) == 0xf7e08000)
    return {.op = Op::trap};  // HVC, SMC
  if ((word & 0xffe00000) == 0xe8400000)
    return {.op = Op::exclusive};  // LDREX, STREX
  const bool sized = (word & 0xffe000c0) == 0xe8c00040 || (word & 0xffe000c0) == 0xe8c000c0;
  if (sized && (word >> 4 & 15) != 6)
    return {.op = Op::exclusive};
  return word >> 28 == 0xe ? decode_coprocessor(word) : Decoded{};
}

Decoded decode_thumb_short(uint16_t half) {
  return (half & 0xff00) == 0xdf00 ? Decoded{.op = Op::trap} : Decoded{};
}

bool condition_holds(uint8_t condition, uint32_t cpsr) {
  const bool n = (cpsr >> 31 & 1) != 0;
  const bool z = (cpsr >> 30 & 1) != 0;
  const bool c = (cpsr >> 29 & 1) != 0;
  const bool v = (cpsr >> 28 & 1) != 0;
  bool holds = true;
  switch (condition >> 1) {
    case 0:
      holds = z;
      break;
    case 1:
      holds = c;
      break;
    case 2:
      holds = n;
      break;
    case 3:
      holds = v;
      break;
    case 4:
      holds = c && !z;
      break;
    case 5:
      holds = n == v;
      break;
    case 6:
      holds = !z && n == v;
      break;
    default:
      return true;
  }
  return holds != ((condition & 1) != 0);
}

bool is_single_arm(uint32_t word) {
  return word >> 28 != 0xf && (word & 0x0c000000) == 0x04000000;
}

bool is_single_thumb(uint32_t word) {
  return (word & 0xfe000000) == 0xf8000000;
}

}  // namespace hyprelay::coherence
