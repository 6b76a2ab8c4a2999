// SPDX-License-Identifier: BSD-2-Clause
#include "tests/unit/compat/residents.hpp"

namespace hyprelay::compat::testing {
namespace {

constexpr std::uint64_t kStubError = 0x0badca11;
constexpr std::uint64_t kMagic = 0x484c5952;

}  // namespace

Resident::Resident(Dialect dialect, CallerArch arch, int variant)
    : dialect_(dialect), arch_(arch), variant_(variant) {
  if (arch == CallerArch::kARM64) {
    vectors_va = 0x40008800;  // HYP VA: the kernel's with its top bits masked
  }
}

Outcome Resident::answer(Registers& r, std::uint64_t r0) const {
  r[0] = arm() ? static_cast<std::uint32_t>(r0) : r0;
  return Outcome::kReturned;
}

Outcome Resident::uid(Registers& r, std::array<std::uint32_t, 4> words) const {
  for (std::size_t i = 1; i < words.size(); ++i) {
    r[i] = words[i];
  }
  return answer(r, words[0]);
}

Outcome Resident::set(std::uint64_t table, Registers& r, bool zero_r0) {
  if (tables.count(table) == 0) {
    return Outcome::kDestroyed;
  }
  vectors_pa = table;
  return zero_r0 ? answer(r, 0) : Outcome::kReturned;
}

Outcome Resident::jump(std::uint64_t target, std::array<std::uint64_t, 3> registers) {
  if (functions.count(target) == 0) {
    return Outcome::kDestroyed;
  }
  jumped_to = target;
  jump_registers = registers;
  return Outcome::kJumped;
}

// r0 is a function, r1, r2 and r3 are its arguments, moved down by one register.
Outcome Resident::call(Registers& r) {
  if (functions.count(r[0]) == 0) {
    return Outcome::kDestroyed;
  }
  called = r[0];
  call_arguments = {r[1], r[2], r[3]};
  return answer(r, 0x600d);
}

Outcome Resident::hvc(std::uint16_t immediate, Registers& r) {
  if (arm()) {
    for (std::uint64_t& reg : r) {
      reg = static_cast<std::uint32_t>(reg);
    }
  }
  switch (dialect_) {
    case Dialect::kNONE:
      return Outcome::kUndefined;
    case Dialect::kCOMMON:
      return common(immediate, r);
    case Dialect::kARM_STUB_3_7:
      return legacy_stub(r);
    case Dialect::kARM_STUB_4_12:
    case Dialect::kARM_STUB_5_7:
    case Dialect::kARM64_STUB_4_12:
    case Dialect::kARM64_STUB_5_12:
      return linux_stub(r);
    case Dialect::kARM_RMK_2017:
      return rmk(r);
    case Dialect::kARM_KVM_3_9:
    case Dialect::kARM_KVM_3_14:
    case Dialect::kARM_KVM_4_8:
    case Dialect::kARM_KVM_4_12:
    case Dialect::kARM64_KVM_3_11:
    case Dialect::kARM64_KVM_3_14:
    case Dialect::kARM64_KVM_4_7:
    case Dialect::kARM64_KVM_4_12:
    case Dialect::kARM64_KVM_5_10:
      return kvm(r);
    case Dialect::kARM64_PKVM_5_16:
      return minus_one(r);
    case Dialect::kARM64_STUB_3_8:
    case Dialect::kARM64_STUB_4_7:
    case Dialect::kARM64_STUB_4_8:
      return old_arm64_stub(r);
    case Dialect::kARM64_FREEBSD:
      return set(r[0], r, false);
    case Dialect::kARM64_LEVAND_EARLY:
      return levand(immediate, r);
    case Dialect::kXEN_4_9:
    case Dialect::kXEN_4_10:
      return xen(immediate, r);
    case Dialect::kHYPERV:
    case Dialect::kGUNYAH:
    case Dialect::kHAFNIUM:
    case Dialect::kSMCCC_SERVER:
    case Dialect::kSMCCC_UNDEF:
    case Dialect::kQEMU_PSCI:
      return server(immediate, r);
    case Dialect::kJAILHOUSE:
      return immediate == 0x4a48 && r[0] == 5 ? answer(r, 0x200) : Outcome::kDestroyed;
    default:
      // Vectors that were never set, a kernel's own at EL2, exception dumps, system calls, and
      // conventions whose numbers nobody has verified.
      return Outcome::kDestroyed;
  }
}

// docs/abi.md section 2.
Outcome Resident::common(std::uint16_t immediate, Registers& r) {
  if (immediate != 0 && immediate != 0x4852) {
    return minus_one(r);
  }
  switch (r[0]) {
    case 0:
      return answer(r, vectors_pa);
    case 1:
      return (r[1] & (arm() ? 0x1f : 0x7ff)) != 0 ? minus_one(r) : set(r[1], r, false);
    case 2:
      return !arm() && (r[3] & 3) != 0 ? minus_one(r)
             : arm()                   ? jump(r[3], {0, r[1], r[2]})
                                       : jump(r[3], {r[1], r[2], 0});
    case 3:
      return Outcome::kReturned;
    case 0x48520001:
      return answer(r, kMagic);
    default:
      return minus_one(r);
  }
}

// -1 gets, every other value becomes the vectors. Blind to immediate and syndrome.
Outcome Resident::legacy_stub(Registers& r) {
  return r[0] == 0xffffffff ? answer(r, vectors_pa) : set(r[0], r, false);
}

// 4.12 and later, both architectures; the arm stub of 5.7 and later only restarts; the arm64 stub
// of 5.12 and later switches to VHE on 3.
Outcome Resident::linux_stub(Registers& r) {
  const bool only_restart = dialect_ == Dialect::kARM_STUB_5_7;
  switch (r[0]) {
    case 0:
      return only_restart ? answer(r, kStubError) : set(r[1], r, true);
    case 1:
      return arm() ? jump(r[1], {r[0], r[1], r[2]}) : jump(r[1], {r[2], r[3], r[4]});
    case 2:
      return answer(r, only_restart ? kStubError : 0);
    case 3:
      return dialect_ == Dialect::kARM64_STUB_5_12 ? Outcome::kDestroyed : answer(r, kStubError);
    default:
      return answer(r, kStubError);
  }
}

Outcome Resident::rmk(Registers& r) {
  switch (r[0]) {
    case 0:
      return answer(r, vectors_pa);
    case 1:
      return set(r[1], r, false);
    case 2:
      return jump(r[3], {r[0], r[1], r[2]});
    default:
      return minus_one(r);
  }
}

Outcome Resident::kvm(Registers& r) {
  const bool restarts = dialect_ == Dialect::kARM_KVM_4_12 ||
                        dialect_ == Dialect::kARM64_KVM_4_12 ||
                        dialect_ == Dialect::kARM64_KVM_5_10;
  if (torn_down) {
    return linux_stub(r);
  }
  if (restarts) {
    switch (r[0]) {
      case 0:
        return answer(r, kStubError);
      case 1:
        torn_down = true;
        if (arm()) {
          return jump(r[1], {0, vectors_pa, r[2]});
        }
        return jump(r[1], {dialect_ == Dialect::kARM64_KVM_4_12 ? 0 : r[2], r[3], r[4]});
      case 2:
        torn_down = true;
        return answer(r, 0);
      default:
        break;
    }
    if (dialect_ == Dialect::kARM64_KVM_5_10) {
      return r[0] == 3 ? answer(r, kStubError) : minus_one(r);
    }
    return call(r);
  }
  const bool arm_get = dialect_ == Dialect::kARM_KVM_3_14 || dialect_ == Dialect::kARM_KVM_4_8;
  const bool arm64_get =
      dialect_ == Dialect::kARM64_KVM_3_14 || dialect_ == Dialect::kARM64_KVM_4_7;
  if ((arm_get && r[0] == 0xffffffff) || (arm64_get && r[0] == 0)) {
    return answer(r, vectors_va);
  }
  return call(r);
}

// arm64 up to 4.6: 0 gets, all else sets. From 4.7 on numbered, and from 4.8 on with a restart.
Outcome Resident::old_arm64_stub(Registers& r) {
  if (r[0] == 0) {
    return answer(r, vectors_pa);
  }
  if (dialect_ == Dialect::kARM64_STUB_3_8) {
    return set(r[0], r, false);
  }
  if (r[0] == 1) {
    return set(r[1], r, false);
  }
  if (r[0] == 2 && dialect_ == Dialect::kARM64_STUB_4_8) {
    return jump(r[1], {r[2], r[3], r[4]});
  }
  return answer(r, 2);
}

// The immediate selects; an unknown one returns untouched.
Outcome Resident::levand(std::uint16_t immediate, Registers& r) {
  switch (immediate) {
    case 1:
      return answer(r, vectors_pa);
    case 2:
      return set(r[0], r, false);
    case 3:
      return call(r);
    default:
      return Outcome::kReturned;
  }
}

Outcome Resident::xen(std::uint16_t immediate, Registers& r) {
  const bool old = dialect_ == Dialect::kXEN_4_9;
  if (immediate == 0xea1) {
    // xen_version with an unknown command.
    const std::uint64_t number = r[arm() ? 12 : 16];
    return number == 17 && r[0] != 0 ? answer(r, 0 - std::uint64_t{38}) : Outcome::kDestroyed;
  }
  if (immediate != 0) {
    return old ? Outcome::kDestroyed : Outcome::kUndefined;
  }
  if (old) {
    return Outcome::kDestroyed;  // the domain crashes; PSCI 0.2 is not in every release of the
                                 // range
  }
  switch (r[0]) {
    case 1:
    case 2:
      return Outcome::kDestroyed;  // PSCI 0.1: CPU_OFF, CPU_ON
    case 0x8500ff01:
      // a71812dc-c698-4369-9acf-79d18ddee667, the first four bytes first
      return uid(r, {0xdc1218a7, 0x694398c6, 0xd179cf9a, 0x67e6de8d});
    case 0x80000000:
      return answer(r, 0x10001);
    case 0x84000000:
      return answer(r, 0x10000);
    default:
      return minus_one(r);
  }
}

// SMCCC and PSCI servers above a guest.
Outcome Resident::server(std::uint16_t immediate, Registers& r) {
  const bool undef =
      dialect_ == Dialect::kSMCCC_UNDEF || (dialect_ == Dialect::kQEMU_PSCI && variant_ == 1);
  const bool looks =
      dialect_ == Dialect::kHYPERV || dialect_ == Dialect::kGUNYAH || dialect_ == Dialect::kHAFNIUM;
  if (dialect_ == Dialect::kGUNYAH && immediate == 0x6000) {
    return answer(r, 0x4800000000008001);
  }
  if (looks && immediate != 0) {
    return Outcome::kDestroyed;  // nobody has verified what happens
  }
  if (r[0] == 0x84000000) {
    return dialect_ == Dialect::kSMCCC_UNDEF && variant_ == 1 ? minus_one(r) : answer(r, 0x10000);
  }
  if (dialect_ == Dialect::kHYPERV && r[0] <= 2) {
    return Outcome::kDestroyed;  // not verified either
  }
  if (dialect_ == Dialect::kHAFNIUM) {
    return minus_one(r);  // PSCI, FF-A, 0xff03 to 0xff0a, and nothing else
  }
  if (undef) {
    return Outcome::kUndefined;
  }
  const bool smccc = dialect_ != Dialect::kQEMU_PSCI && (variant_ == 0 || looks);
  if (r[0] == 0x80000000 && smccc) {
    return answer(r, 0x10001);
  }
  // c1d58fcd-a453-5fdb-9265-ce36673d5f14, for both owners.
  if (dialect_ == Dialect::kGUNYAH && (r[0] == 0x8600ff01 || r[0] == 0x8500ff01)) {
    return uid(r, {0xcd8fd5c1, 0xdb5f53a4, 0x36ce6592, 0x145f3d67});
  }
  // A Hyper-V from before it had one answers as to any other function that it does not have.
  if (dialect_ == Dialect::kHYPERV && r[0] == 0x8600ff01 && variant_ == 0) {
    return uid(r, {0x4d32ba58, 0xcd244764, 0x8eef6c75, 0x16597024});
  }
  if (dialect_ == Dialect::kSMCCC_SERVER && r[0] == 0x8600ff01 && smccc) {
    return uid(r, {0xb66fb428, 0xe911c52e, 0x564bcaa9, 0x743a004d});  // KVM
  }
  return minus_one(r);
}

}  // namespace hyprelay::compat::testing
