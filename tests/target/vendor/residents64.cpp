// SPDX-License-Identifier: BSD-2-Clause
// Residents that only arm64 has.
#include "tests/target/vendor/residents.hpp"

namespace hyprelay::target {
namespace {

constinit HypervState state = {};
constinit Cleaned lines = {};

void spoil(Word* r, unsigned first, unsigned last) {
  for (unsigned i = first; i <= last; ++i) {
    r[i] = Word{0xdead'0000'0000} + i;
  }
}

constexpr Word kSuccess = 0;
constexpr Word kInvalidCode = 2;
constexpr Word kInvalidInput = 3;
constexpr Word kInvalidAlignment = 4;
constexpr Word kInvalidParameter = 5;
constexpr Word kAccessDenied = 6;

// Where a register that can be written is kept; nullptr: there is none of that number.
Word* kept(Word name) {
  if (name >= 0x210 && name <= 0x215) {
    return &state.crash[name - 0x210];
  }
  if (name >= 0xa0000 && name <= 0xa000f) {
    return &state.sint[name - 0xa0000];
  }
  if (name >= 0xb0000 && name <= 0xb0007) {
    return &state.stimer[name - 0xb0000];
  }
  switch (name) {
    case 0x90002:
      return &state.guest_id;
    case 0x90017:
      return &state.reference_tsc;
    case 0xa0010:
      return &state.scontrol;
    case 0xa0012:
      return &state.siefp;
    case 0xa0013:
      return &state.simp;
    default:
      return nullptr;
  }
}

bool is_synic(Word name) {
  return name >= 0xa0000 && name <= 0xb0007;
}

Word set(const Word* r) {
  Word* const place = kept(r[4]);
  if (place == nullptr || r[7] != 0) {
    return kInvalidParameter;
  }
  if (is_synic(r[4]) && !state.has_synic) {
    return kAccessDenied;
  }
  *place = r[6];
  state.reports += r[4] == 0x215 && r[6] >> 63 != 0 ? 1 : 0;
  return kSuccess;
}

Word get(Word name, Word* low, Word* high) {
  *low = 0;
  *high = 0;
  switch (name) {
    case 0x100:
      *low = 0x0a00'0000'4a61;
      *high = 0x11;
      return kSuccess;
    case 0x200:
      *low = 0x2e7f'0000'0070;
      *high = 0x8000'0000'0400'0012;
      return kSuccess;
    case 0x201:
      *low = 0x2c2c;
      return kSuccess;
    case 0x90003:
      return kSuccess;
    case 0x90004:
      *low = 0x1234'5678'9abc;
      return kSuccess;
    default:
      break;
  }
  const Word* const place = kept(name);
  if (place == nullptr) {
    return kInvalidParameter;
  }
  *low = *place;
  return kSuccess;
}

// A hypercall that is neither get nor set. `done`: repetitions.
Word other(Word code, bool fast, Word count, const Word* r, Word* done) {
  switch (code) {
    case 0x08:  // long spin wait: 8 bytes
      return fast && count == 0 && r[3] == 0 ? kSuccess : kInvalidInput;
    case 0x0b:  // send IPI: 16 bytes
      return fast && count == 0 && r[2] <= 0xffff'ffff && r[3] != 0 ? kSuccess : kInvalidInput;
    case 0x03: {  // flush a list of addresses: three in one go
      const Word start = r[1] >> 48 & 0xfff;
      if (fast || count == 0 || start >= count || r[3] != 0) {
        return kInvalidInput;
      }
      if (r[2] == 0 || (r[2] & 7) != 0) {
        return kInvalidAlignment;
      }
      *done = start + 3 < count ? start + 3 : count;
      return kSuccess;
    }
    case 0x46:  // partition id: output alone
      return !fast && count == 0 && r[2] == 0 && r[3] != 0 && (r[3] & 7) == 0 ? kSuccess
                                                                              : kInvalidAlignment;
    default:
      return kInvalidCode;
  }
}

bool is_one_register(const Word* r) {
  return r[1] >> 32 == 1 && (r[1] >> 16 & 0xffff) == 1 && r[2] == ~Word{0} && r[3] == 0xffff'fffe &&
         r[5] == 0;
}

}  // namespace

const Cleaned& cleaned() {
  return lines;
}

extern "C" void hr_of_ours_line(Word address) {
  constexpr Word kLineMost = 64;
  if (lines.instructions == 0 || address <= lines.last || address > lines.last + kLineMost) {
    lines.first = address;
  }
  lines.last = address;
  ++lines.instructions;
  lines.calls = asked().count;
}

HypervState& hyperv() {
  return state;
}

void hyperv_tick() {
  const auto write = [](Word page) {
    if ((page & 1) != 0) {
      *reinterpret_cast<volatile Word*>(page & ~Word{0xfff}) = 0x4f57'4e45'4421;
    }
  };
  write(state.reference_tsc);
  if ((state.scontrol & 1) != 0) {
    write(state.simp);
    write(state.siefp);
  }
}

// [linux/arch/arm64/hyperv/hv_core.c and hyperv-tlfs.h]. That nothing is answered before a guest id
// is set is from memory, and ACCESS_DENIED for it is of ours. Immediates but 0: nobody has looked.
bool hyperv_of_ours(Word* r, unsigned immediate) {
  if (immediate != 0) {
    return false;
  }
  if (r[0] != 0x46000001) {
    r[0] = ~Word{0};
    return true;
  }
  const Word code = r[1] & 0xffff;
  const bool fast = (r[1] >> 16 & 1) != 0;
  const Word count = r[1] >> 32 & 0xfff;
  Word low = 0xdead;
  Word high = 0xdead;
  Word done = 0;
  Word status = kInvalidInput;
  if ((r[1] & 0xf000'f000'fffe'0000) != 0) {
    status = kInvalidInput;
  } else if (state.guest_id == 0 && !(code == 0x51 && r[4] == 0x90002)) {
    status = kAccessDenied;
  } else if (code == 0x50 || code == 0x51) {
    if (is_one_register(r)) {
      status = code == 0x51 ? set(r) : get(r[4], &low, &high);
      done = status == kSuccess ? 1 : 0;
    }
  } else {
    status = other(code, fast, count, r, &done);
  }
  spoil(r, 1, 17);
  r[0] = status | done << 32;
  r[6] = low;
  r[7] = high;
  return true;
}

// [quic/gunyah-hypervisor]: identify, and for the test one that answers each argument plus one;
// unknown ones -1; hvc #0 is SMCCC. Other immediates: nobody has looked.
bool gunyah_of_ours(Word* r, unsigned immediate) {
  unsigned n = immediate - 0x6000;
  unsigned first = 0;  // of the arguments
  if (immediate == 0) {
    const std::uint32_t function = static_cast<std::uint32_t>(r[0]);
    if (function == 0x8600ff01) {
      r[0] = 0xcd8fd5c1;
      r[1] = 0xdb5f53a4;
      r[2] = 0x36ce6592;
      r[3] = 0x145f3d67;
      return true;
    }
    n = function - 0xc6008000;
    first = 1;
  }
  if (n >= 0x200) {
    r[0] = ~Word{0};
    return immediate == 0;
  }
  spoil(r, 8, 17);
  if (n == 0) {
    r[0] = Word{0x48} << 56 | 1u << 15 | 1;
    r[1] = 0x7;
    r[2] = 0x0;
    r[3] = 0x3;
    return true;
  }
  if (n != 0x1a) {
    r[0] = ~Word{0};
    return true;
  }
  for (unsigned i = first; i < 8; ++i) {
    ++r[i];
  }
  r[0] = first == 1 ? 0 : r[0];
  return true;
}

// [kexec trees, HashBang173/linux-kexec@202982f9]: 1 gets, 2 sets, 3 calls; others touch nothing.
bool levand_early_of_ours(Word* r, unsigned immediate) {
  if (immediate == 1) {
    __asm__("mrs %0, vbar_el2" : "=r"(r[0]));
  } else if (immediate == 2) {
    __asm__ volatile("msr vbar_el2, %0\n\tisb" : : "r"(r[0]) : "memory");
  } else if (immediate == 3) {
    r[0] = reinterpret_cast<Word (*)(Word, Word, Word)>(r[0])(r[1], r[2], r[3]);
    spoil(r, 1, 18);
    spoil(r, 30, 30);
    return true;
  }
  spoil(r, 9, 10);
  return true;
}

}  // namespace hyprelay::target
