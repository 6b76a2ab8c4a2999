// SPDX-License-Identifier: BSD-2-Clause
// LOCK: what is refused from then on, under every personality, and until when. A CPU that has
// locked SOFT_RESTART too never comes back to HYP/EL2: it switches itself off, and a reset ends the
// lock.
#include "tests/target/stub/session.hpp"

#include <initializer_list>

namespace hyprelay::target {
namespace {

constexpr Word kMax = ~Word{0};

// The CPU that loses its HYP/EL2: not the one that runs the tests, and not the first.
unsigned locker() {
  return hr_target_cpu_index() == 1 ? 2 : 1;
}

struct Call {
  Try call;
  Word r0;
  Word r1;
  Word r3;
};

constexpr unsigned kCallsMax = 12;

// One visit to SVC/EL1 below the stub: calls in a row, and what each left in r0.
struct Script {
  unsigned personality;
  // Leave by SOFT_RESTART, or by switching the CPU off.
  bool leave_by_restart;
  // arm64: what another owner of EL2 left in MAIR_EL2 after the installer; 0: nobody did.
  Word foreign_mair;
  Call calls[kCallsMax];
  unsigned count;
  Word answers[kCallsMax];
  // As QUERY, on the native immediate, tells in the end.
  Word features;
  Word final_personality;
  Word vectors;
  unsigned preserved;
};

// At SVC/EL1.
void run_script(void* argument) {
  auto& script = *static_cast<Script*>(argument);
  Frame answer;
  for (unsigned i = 0; i < script.count; ++i) {
    const Call& call = script.calls[i];
    Frame in = make_frame(i & 1, call.r0);
    in.word[1] = call.r1;
    in.word[3] = call.r3;
    call.call(&in, &answer);
    script.answers[i] = answer.word[0];
    bool same = true;
    for (const unsigned number : kComparedRegisters) {
      same = same && (number == 0 || answer.word[number] == in.word[number]);
    }
    script.preserved += same;
  }
  Frame in = make_frame(0, HR_OP_GET_VECTORS);
  hr_try_hvc_native(&in, &answer);
  script.vectors = answer.word[0];
  in.word[0] = HR_OP_QUERY;
  hr_try_hvc_native(&in, &answer);
  script.features = answer.word[2];
  script.final_personality = answer.word[3];
  if (!script.leave_by_restart) {
    finish_and_switch_off();
  }
  in.word[0] = HR_OP_SOFT_RESTART;
  in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp);
  hr_try_hvc_native(&in, &answer);
}

// At HYP/EL2, on whichever CPU.
void play(void* argument) {
  auto& script = *static_cast<Script*>(argument);
  hr_target_reset_hyp();
  if (install_resident(script.personality) == HR_STUB_INSTALLED) {
#ifndef __arm__
    if (script.foreign_mair != 0) {
      write_hyp_mair(script.foreign_mair);
    }
#endif
    hr_target_run_at_pl1(run_script, &script, sp_hyp_pattern(0));
  }
  hr_target_reset_hyp();
}

void add(Script& script, Try call, Word r0, Word r1 = 0, Word r3 = 0) {
  script.calls[script.count++] = {call, r0, r1, r3};
}

constexpr unsigned kOffered[] = {
    HR_PERSONALITY_COMMON,
    HR_PERSONALITY_LINUX,
#ifdef __arm__
    HR_PERSONALITY_BRIDGE_STUB,
    HR_PERSONALITY_BRIDGE_KVM,
#else
    HR_PERSONALITY_LINUX_3_8, HR_PERSONALITY_LINUX_4_7, HR_PERSONALITY_LEVAND,
#endif
};

// What hvc #0 of the personality takes to set vectors, if it can.
bool add_dialect_set(Script& script, Word& refusal) {
  const Word harness = reinterpret_cast<Word>(hr_target_hyp_vectors);
  refusal = kMax;
  switch (script.personality) {
    case HR_PERSONALITY_COMMON:
      add(script, hr_try_hvc_0, 1, harness);
      return true;
    case HR_PERSONALITY_LINUX:
      refusal = HR_LINUX_STUB_ERROR;
      add(script, hr_try_hvc_0, 0, harness);
      return true;
#ifdef __arm__
    case HR_PERSONALITY_BRIDGE_STUB:
      add(script, hr_try_hvc_0, harness);
      return true;
    default:
      // A function at HYP could set them: it is not called any more.
      add(script, hr_try_hvc_0, reinterpret_cast<Word>(hr_called));
      return true;
#else
    case HR_PERSONALITY_LINUX_3_8:
      add(script, hr_try_hvc_0, harness);
      return true;
    case HR_PERSONALITY_LINUX_4_7:
      refusal = HR_LINUX_4_7_ERROR;
      add(script, hr_try_hvc_0, 1, harness);
      return true;
    default:
      add(script, hr_try_hvc_2, harness);
      return true;
#endif
  }
}

// What hvc #0 of the personality takes to restart; 0: it has no such call.
unsigned restart_of_dialect(unsigned personality) {
  switch (personality) {
    case HR_PERSONALITY_LINUX:
      return 1;
#ifdef __arm__
    default:
      return 2;
#else
    case HR_PERSONALITY_LINUX_3_8:
    case HR_PERSONALITY_LEVAND:
      return 0;
    default:
      return 2;
#endif
  }
}

Script script_of(unsigned personality, Word lock) {
  Script script{};
  script.personality = personality;
  script.leave_by_restart = lock == HR_LOCK_SET;
  add(script, hr_try_hvc_native, HR_OP_LOCK, 2);
  add(script, hr_try_hvc_native, HR_OP_LOCK, kMax);
  add(script, hr_try_hvc_native, HR_OP_LOCK, lock);
  add(script, hr_try_hvc_native, HR_OP_SET_VECTORS, reinterpret_cast<Word>(hr_target_hyp_vectors));
  add(script, hr_try_hvc_native, HR_OP_SET_PERSONALITY, HR_PERSONALITY_COMMON);
  add(script, hr_try_hvc_native, HR_OP_RESET_VECTORS);
  // A lock is not taken back, and one that is there already is no error.
  add(script, hr_try_hvc_native, HR_OP_LOCK, HR_LOCK_SET);
  return script;
}

void check_script(Script& script, Word lock) {
  Word refusal = kMax;
  const unsigned set = script.count;
  const bool sets = add_dialect_set(script, refusal);
  const unsigned restart = script.count;
  const Word land = reinterpret_cast<Word>(hr_target_land_hyp);
  if (lock == HR_LOCK_RESTART) {
    add(script, hr_try_hvc_native, HR_OP_SOFT_RESTART, land, land);
    const unsigned op = restart_of_dialect(script.personality);
    if (op != 0) {
      add(script, hr_try_hvc_0, op, land, land);
    }
  }
  if (lock == HR_LOCK_SET) {
    play(&script);
  } else {
    CHECK(run_on_cpu(locker(), play, &script));
  }
  CHECK_EQ(script.answers[0], kMax);
  CHECK_EQ(script.answers[1], kMax);
  CHECK_EQ(script.answers[2], Word{HR_OP_LOCK});
  CHECK_EQ(script.answers[3], kMax);
  CHECK_EQ(script.answers[4], kMax);
  CHECK_EQ(script.answers[5], Word{HR_OP_RESET_VECTORS});
  CHECK_EQ(script.answers[6], Word{HR_OP_LOCK});
  CHECK(!sets || script.answers[set] == refusal);
  for (unsigned i = restart; i < script.count; ++i) {
    CHECK_EQ(script.answers[i], i == restart ? kMax : refusal);
  }
  CHECK_EQ(script.preserved, script.count);
  CHECK_EQ(script.final_personality, Word{script.personality});
  const Word state = script.features & (HR_FEATURE_SET_LOCKED | HR_FEATURE_RESTART_LOCKED);
  CHECK_EQ(state, lock == HR_LOCK_SET ? Word{HR_FEATURE_SET_LOCKED}
                                      : Word{HR_FEATURE_SET_LOCKED | HR_FEATURE_RESTART_LOCKED});
#ifdef __arm__
  const Word offset = lock == HR_LOCK_SET ? 0x80 : 0x180;
#else
  const Word offset = 0;
#endif
  CHECK_EQ(script.vectors, own_vectors(script.personality) + offset);
}

HR_TEST(lock_set, "LOCK: every way to set vectors is refused, SOFT_RESTART is not") {
  for (const unsigned personality : kOffered) {
    Script script = script_of(personality, HR_LOCK_SET);
    check_script(script, HR_LOCK_SET);
  }
}

HR_TEST(lock_restart, "LOCK with r1 = 1: SOFT_RESTART is refused too, until the CPU is reset") {
  for (const unsigned personality : kOffered) {
    Script script = script_of(personality, HR_LOCK_RESTART);
    check_script(script, HR_LOCK_RESTART);
  }
}

HR_TEST(lock_then_more, "a lock of SET_VECTORS is extended to SOFT_RESTART, on the common hvc #0") {
  Script script{};
  script.personality = HR_PERSONALITY_COMMON;
  add(script, hr_try_hvc_0, HR_OP_LOCK, HR_LOCK_SET);
  add(script, hr_try_hvc_0, HR_OP_LOCK, HR_LOCK_RESTART);
  add(script, hr_try_hvc_0, HR_OP_SOFT_RESTART, 0, reinterpret_cast<Word>(hr_target_land_hyp));
  add(script, hr_try_hvc_0, HR_OP_GET_VECTORS);
  CHECK(run_on_cpu(locker(), play, &script));
  CHECK_EQ(script.answers[0], Word{HR_OP_LOCK});
  CHECK_EQ(script.answers[1], Word{HR_OP_LOCK});
  CHECK_EQ(script.answers[2], kMax);
  CHECK_EQ(script.answers[3], script.vectors);
}

#ifndef __arm__
HR_TEST(state_forgotten, "MAIR_EL2 of another owner of EL2 is neither a personality nor a lock") {
  // Normal memory; then what an owner of EL2 can have that maps devices alone, or Write-Through
  // transient memory alone: each is a personality and a lock in its lower bits.
  constexpr Word kFound[] = {0xff00000044, 0xff000000ff, 0xff000000f1, 0xff0000ff34, 0x04ff, 0x01,
                             0x04,         0x08,         0x0c,         0x11,         0x22,   0x33,
                             0x3f,         0x0404,       0x1100,       0x850004};
  for (const Word found : kFound) {
    Script script{};
    script.personality = HR_PERSONALITY_LINUX;
    script.leave_by_restart = true;
    script.foreign_mair = found;
    add(script, hr_try_hvc_0, HR_OP_RESET_VECTORS);
    play(&script);
    CHECK_EQ(script.answers[0], Word{HR_OP_RESET_VECTORS});
    CHECK_EQ(script.final_personality, Word{HR_PERSONALITY_COMMON});
    CHECK_EQ(script.features & (HR_FEATURE_SET_LOCKED | HR_FEATURE_RESTART_LOCKED), Word{0});
  }
}
#endif

HR_TEST(lock_ends, "after a reset the CPU is free, and the others never were locked") {
  Script script{};
  script.personality = HR_PERSONALITY_COMMON;
  script.leave_by_restart = true;
  add(script, hr_try_hvc_0, HR_OP_SET_PERSONALITY, HR_PERSONALITY_LINUX);
  CHECK(run_on_cpu(locker(), play, &script));
  CHECK_EQ(script.features & HR_FEATURE_SET_LOCKED, Word{0});
  CHECK_EQ(script.final_personality, Word{HR_PERSONALITY_LINUX});
}

}  // namespace
}  // namespace hyprelay::target
