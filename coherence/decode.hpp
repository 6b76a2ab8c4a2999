// SPDX-License-Identifier: BSD-2-Clause
// What an instruction does to caches, TLBs, barriers and the registers that govern them; loads and
// stores are QEMU's to tell.
#ifndef HR_COHERENCE_DECODE_HPP
#define HR_COHERENCE_DECODE_HPP

#include <cstdint>

namespace hyprelay::coherence {

enum class Op : uint8_t {
  none,
  clean_poc,    // DC CVAC, DCCMVAC
  clean_pou,    // DC CVAU, DCCMVAU
  flush_poc,    // DC CIVAC, DCCIMVAC
  discard,      // DC IVAC, DCIMVAC
  zero,         // DC ZVA
  sweep_clean,  // by set and way: DC CSW, DCCSW
  sweep_flush,  // DC CISW, DCCISW
  sweep_discard,
  ic_line,
  ic_all,
  tlbi_line,
  tlbi_all,
  dsb,         // of loads and stores
  dsb_stores,  // of stores alone: completes no maintenance
  isb,
  exception_return,
  trap,       // SVC, HVC, SMC
  translate,  // AT
  exclusive,  // LDXR, LDREX and their stores, and the atomics of ARMv8.1
  write_register,
  read_geometry,  // CCSIDR to `rt`
};

// Registers that say how memory is seen, or where exceptions go.
enum class Register : uint8_t { none, sctlr, ttbr, tcr, mair, hcr, vbar, csselr };

struct Decoded {
  Op op = Op::none;
  uint8_t rt = 31;          // operand; 31 of arm64 is zero
  uint8_t condition = 0xe;  // of A32: bits 31:28; 0xe always
  Register reg = Register::none;
  uint8_t el = 0;  // of `reg`, and of a TLBI: whose
};

// [arm/ddi0487 C5, D17]
Decoded decode_arm64(uint32_t word);
// A32: one word. T32 of four bytes: the first halfword is the upper one. [arm/ddi0406 A5, A6,
// B3.17]
Decoded decode_arm(uint32_t word);
Decoded decode_thumb(uint32_t word);
// Of two bytes.
Decoded decode_thumb_short(uint16_t half);
// Whether it loads or stores one general register: it must be aligned by the size of the access.
// Those of several registers, and of vectors, have smaller elements.
bool is_single_arm64(uint32_t word);
bool is_single_arm(uint32_t word);
bool is_single_thumb(uint32_t word);
// Whether an A32 condition holds with these flags of CPSR.
bool condition_holds(uint8_t condition, uint32_t cpsr);

}  // namespace hyprelay::coherence

#endif
