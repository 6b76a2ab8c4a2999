// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/vendor/residents.hpp"

namespace hyprelay::target {
namespace {

constinit Resident current = nullptr;
constinit Log log = {};
constinit JailhouseState jailhouse_state = {};

Word negative(int number) {
  return ~Word{0} - static_cast<Word>(number - 1);
}

// Registers that the convention gives up, with what was not in them.
void spoil(Word* r, unsigned first, unsigned last) {
  for (unsigned i = first; i <= last; ++i) {
    r[i] = Word{0xdead0000} + i;
  }
}

constexpr int kPerm = 1;
constexpr int kNoEntry = 2;
constexpr int kInvalid = 22;
constexpr int kNoSys = 38;

Word jailhouse_cell(Word code, Word id) {
  JailhouseState& state = jailhouse_state;
  if (id != 1 || state.cells != 2) {
    return negative(kNoEntry);
  }
  switch (code) {
    case 2:
      state.state = 0;
      return 0;
    case 3:
      state.state = 2;
      return 0;
    case 4:
      state.cells = 1;
      return 0;
    default:
      return state.state;
  }
}

Word jailhouse_answer(Word code, Word a, Word b) {
  JailhouseState& state = jailhouse_state;
  if (!state.root && (code <= 4 || code == 6)) {
    return negative(kPerm);
  }
  switch (code) {
    case 0:
      return 0;
    case 1:
      if ((a & 0xfff) != 0 || state.cells != 1) {
        return negative(kInvalid);
      }
      state.cells = 2;
      state.state = 2;
      return 1;
    case 2:
    case 3:
    case 4:
    case 6:
      return jailhouse_cell(code, a);
    case 5:
      return a == 0   ? 0x100
             : a == 1 ? 0x11
             : a == 2 ? 0x80
             : a == 3 ? 9
             : a == 4 ? Word{state.cells}
                      : negative(kInvalid);
    case 7:
      if (a > 1) {
        return negative(kInvalid);
      }
      if (!state.root && a != 0) {
        return negative(kPerm);
      }
      return b == 0                   ? a * 2  // CPU 1 has failed
             : b >= 1000 && b <= 1003 ? 0x700 + b
                                      : negative(kInvalid);
    case 8:
      for (char& c : state.printed) {
        if (c == '\0') {
          c = static_cast<char>(a);
          break;
        }
      }
      return a <= 0xff ? 0 : negative(kInvalid);
    default:
      return negative(kNoSys);
  }
}

}  // namespace

// Out: false parks.
extern "C" bool hr_of_ours_answer(Word* r, unsigned immediate) {
  if (log.count < kAskedMost) {
    Asked& entry = log.asked[log.count];
    entry.immediate = immediate;
    for (unsigned i = 0; i < 8; ++i) {
      entry.r[i] = r[i];
    }
  }
  ++log.count;
  return current(r, immediate);
}

const Log& asked() {
  return log;
}

bool below_of_ours(Resident resident, void (*function)(void*), void* argument) {
  current = resident;
  log = {};
  struct Run {
    void (*function)(void*);
    void* argument;
    bool ended;
  } run = {function, argument, false};
  below(
      hr_of_ours_vectors,
      [](void* self) {
        Run& it = *static_cast<Run*>(self);
        it.function(it.argument);
        it.ended = true;
      },
      &run);
  return run.ended;
}

JailhouseState& jailhouse() {
  return jailhouse_state;
}

// [jailhouse/hypervisor/control.c, arch/arm-common/traps.c]: one immediate, r0 the code and the
// result, r3 lost; any other HVC is a fatal trap.
bool jailhouse_of_ours(Word* r, unsigned immediate) {
  if (immediate != 0x4a48) {
    return false;
  }
  r[0] = jailhouse_answer(r[0], r[1], r[2]);
  spoil(r, 3, 3);
  return true;
}

// [linux/arch/arm64/kvm/hypercalls.c]: blind to the immediate; 32-bit functions leave the upper
// half of a 64-bit register to chance.
bool kvm_of_ours(Word* r, unsigned) {
  const auto answer = [r](Word a, Word b, Word c, Word d) {
    const Word words[4] = {a, b, c, d};
    for (unsigned i = 0; i < 4; ++i) {
#ifdef __aarch64__
      r[i] = words[i] | Word{0xbad} << 32;
#else
      r[i] = words[i];
#endif
    }
  };
  const std::uint32_t function = static_cast<std::uint32_t>(r[0]);
  const Word argument = r[1];
#ifdef __aarch64__
  spoil(r, 4, 17);
  if (function == 0xc5000020) {
    r[0] = argument == 0xc5000020 || argument == 0xc5000021 ? 0 : ~Word{0};
    return true;
  }
  if (function == 0xc5000021) {
    r[0] = 0x8'4000'1040;
    return true;
  }
#endif
  switch (function) {
    case 0x80000000:
      r[0] = 0x10001;
      return true;
    case 0x8600ff01:
      answer(0xb66fb428, 0xe911c52e, 0x564bcaa9, 0x743a004d);
      return true;
    case 0x86000000:
      answer(3, 0, 0, 0x80000000);
      return true;
    case 0x86000001:
      if (argument > 1) {
        r[0] = ~Word{0};
        return true;
      }
      answer(0x18000001, 0x8234abcd, 0x1f, argument == 0 ? 0xfedcba98 : 0xfedd0000);
      return true;
    default:
      r[0] = ~Word{0};
      return true;
  }
}

}  // namespace hyprelay::target
