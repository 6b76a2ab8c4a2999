// SPDX-License-Identifier: BSD-2-Clause
// A server that is the PSCI of its machine: an owner who starts CPUs, each with the server above
// it, and the clients of compat/ below, which find it out, start CPUs and switch them off. QEMU's
// PSCI, by SMC from HYP/EL2, is the hardware.
#include "compat/hr_client.h"
#include "compat/hr_server.h"
#include "stub/hr_stub.h"
#include "tests/target/harness/tap.hpp"

namespace hyprelay::target {
namespace {

constexpr unsigned kCpus = 4;
constexpr std::size_t kStackBytes = 1024;
alignas(16) constinit unsigned char stacks[kCpus][kStackBytes] = {};

struct Start {
  Word entry;
  Word context;
  volatile bool on;
};
constinit Start starts[kCpus] = {};

// ---- the owner, at HYP/EL2

void become_resident();

// On a CPU that was started.
void begin_below(void* argument) {
  const auto& start = *static_cast<const Start*>(argument);
  const unsigned cpu = hr_target_cpu_index();
  become_resident();
  // The level below begins where PSCI says, with the context in r0 (x0).
  hr_target_run_at_pl1(
      reinterpret_cast<void (*)(void*)>(start.entry), reinterpret_cast<void*>(start.context),
      reinterpret_cast<Word>(stacks[cpu] + kStackBytes) - (sizeof(Word) == 4 ? 8 : 16));
}

bool is_ours(Word mpidr) {
  return (mpidr & 0xff) < kCpus && (mpidr & 0xff) != 0;
}

void cpu_on(void*, hr_registers* registers) {
  const Word mpidr = hr_server_argument(registers, 1);
  const auto cpu = static_cast<unsigned>(mpidr & 0xff);
  if (!is_ours(mpidr)) {
    registers->r[0] = static_cast<hr_word>(HR_PSCI_INVALID_PARAMETERS);
    return;
  }
  Start& start = starts[cpu];
  if (start.on) {
    registers->r[0] = static_cast<hr_word>(HR_PSCI_ALREADY_ON);
    return;
  }
  start.entry = hr_server_argument(registers, 2);
  start.context = hr_server_argument(registers, 3);
  start.on = true;
  registers->r[0] = start_on_cpu(cpu, begin_below, &start)
                        ? hr_word{HR_PSCI_SUCCESS}
                        : static_cast<hr_word>(HR_PSCI_INTERNAL_FAILURE);
}

void cpu_off(void*, hr_registers*) {
  starts[hr_target_cpu_index()].on = false;
  finish_and_switch_off();
}

void affinity_info(void*, hr_registers* registers) {
  const Word mpidr = hr_server_argument(registers, 1);
  registers->r[0] = !is_ours(mpidr)           ? static_cast<hr_word>(HR_PSCI_INVALID_PARAMETERS)
                    : starts[mpidr & 0xff].on ? hr_word{HR_PSCI_AFFINITY_ON}
                                              : hr_word{HR_PSCI_AFFINITY_OFF};
}

constexpr hr_server_function kFunctions[] = {
    {HR_FID32(PSCI_CPU_OFF), 0, cpu_off},
    {HR_FID32(PSCI_CPU_ON), 0, cpu_on},
    {HR_FID64(PSCI_CPU_ON), 0, cpu_on},
    {HR_FID32(PSCI_AFFINITY_INFO), 0, affinity_info},
    {HR_FID64(PSCI_AFFINITY_INFO), 0, affinity_info},
};
constinit hr_server_table table = {nullptr, kFunctions, 5, HR_PSCI_1_1, {0x6c6c6548, 1, 2, 3},
                                   {1, 0}};
constinit hr_server server = {hr_server_answer, &table, 0};

void become_resident() {
  CHECK_EQ(static_cast<Word>(hr_stub_install()), Word{HR_STUB_INSTALLED});
  CHECK(hr_server_install(&server, stacks[hr_target_cpu_index()] + kStackBytes) != 0);
}

// ---- who is below, at SVC/EL1

struct Seen {
  hr_smccc_found found;
  std::uint32_t uid[4];
  hr_uid who;
  std::int32_t features[3];
  std::int32_t refused[3];
  std::int32_t status[kCpus];
  std::int32_t again[kCpus];
  bool off[kCpus];
  Word answer;
};

struct Arrival {
  volatile Word context;
  volatile Word magic;
  volatile bool may_go;
};
constinit Arrival arrivals[kCpus] = {};

void arrive(void* context) {
  Arrival& mine = *static_cast<Arrival*>(context);
  hr_word answer[3];
  // The common ABI is there as well.
  mine.magic = hr_common_query(answer);
  mine.context = reinterpret_cast<Word>(context);
  while (!mine.may_go) {
  }
  hr_psci_cpu_off(HR_CONDUIT_HVC);
  // Not reached: a CPU that gets here never says that it has finished.
  for (;;) {
  }
}

void start_one(Seen& seen, unsigned cpu) {
  Arrival& arrival = arrivals[cpu];
  const auto context = reinterpret_cast<Word>(&arrival);
  arrival.context = 0;
  arrival.may_go = false;
  seen.status[cpu] = hr_psci_cpu_on(HR_CONDUIT_HVC, cpu, reinterpret_cast<Word>(arrive), context);
  if (seen.status[cpu] != HR_PSCI_SUCCESS) {
    return;
  }
  while (arrival.context != context) {
  }
  seen.again[cpu] = hr_psci_cpu_on(HR_CONDUIT_HVC, cpu, reinterpret_cast<Word>(arrive), context);
  arrival.may_go = true;
  while (hr_psci_affinity_info(HR_CONDUIT_HVC, cpu, 0) != HR_PSCI_AFFINITY_OFF) {
  }
  seen.off[cpu] = true;
}

void below(void* argument) {
  Seen& seen = *static_cast<Seen*>(argument);
  hr_smccc_discover(HR_CONDUIT_HVC, HR_PSCI_0_2, &seen.found);
  seen.who = hr_smccc_uid(HR_CONDUIT_HVC, HR_FID(VENDOR_HYPERVISOR_UID), seen.uid);
  seen.features[0] = hr_psci_features(HR_CONDUIT_HVC, HR_FID(PSCI_CPU_ON));
  seen.features[1] = hr_psci_features(HR_CONDUIT_HVC, HR_FID(PSCI_CPU_OFF));
  seen.features[2] = hr_psci_features(HR_CONDUIT_HVC, HR_FID(PSCI_SYSTEM_OFF));
  seen.refused[0] = hr_psci_cpu_on(HR_CONDUIT_HVC, 0, reinterpret_cast<Word>(arrive), 0);
  seen.refused[1] = hr_psci_affinity_info(HR_CONDUIT_HVC, 7, 0);
  seen.refused[2] = hr_psci_system_off(HR_CONDUIT_HVC);
  for (unsigned cpu = 1; cpu < kCpus; ++cpu) {
    start_one(seen, cpu);
  }
  hr_word answer[3];
  seen.answer = hr_native_query(answer);
  hr_native_set_vectors(reinterpret_cast<Word>(hr_target_hyp_vectors));
}

HR_TEST(machine,
        "clients below a server find its PSCI, start every CPU below it, and switch it off") {
  Seen seen = {};
  become_resident();
  hr_target_run_at_pl1(
      below, &seen, reinterpret_cast<Word>(stacks[0] + kStackBytes) - (sizeof(Word) == 4 ? 8 : 16));
  hr_target_reset_hyp();
  CHECK_EQ(seen.found.psci, std::uint32_t{HR_PSCI_1_1});
  CHECK_EQ(seen.found.version, std::uint32_t{HR_SMCCC_1_3});
  CHECK_EQ(static_cast<std::uint32_t>(seen.found.soc_id), 0xffffffffu);
  CHECK(seen.who == HR_UID_OTHER);
  CHECK_EQ(seen.uid[0], 0x6c6c6548u);
  CHECK_EQ(seen.uid[3], 3u);
  CHECK_EQ(static_cast<std::uint32_t>(seen.features[0]), 0u);
  CHECK_EQ(static_cast<std::uint32_t>(seen.features[1]), 0u);
  CHECK(seen.features[2] == HR_PSCI_NOT_SUPPORTED);
  CHECK(seen.refused[0] == HR_PSCI_INVALID_PARAMETERS);
  CHECK(seen.refused[1] == HR_PSCI_INVALID_PARAMETERS);
  CHECK(seen.refused[2] == HR_PSCI_NOT_SUPPORTED);
  for (unsigned cpu = 1; cpu < kCpus; ++cpu) {
    CHECK_EQ(static_cast<std::uint32_t>(seen.status[cpu]), 0u);
    CHECK(seen.again[cpu] == HR_PSCI_ALREADY_ON);
    CHECK_EQ(arrivals[cpu].magic, Word{HR_QUERY_MAGIC});
    CHECK(seen.off[cpu]);
  }
  CHECK_EQ(seen.answer, Word{HR_QUERY_MAGIC});
  // VERSION, FEATURES, CPU_ON, CPU_OFF, AFFINITY_INFO, SYSTEM_OFF; VERSION, ARCH_FEATURES, the UID.
  note_row("psci", "inline", "ours", 6);
  note_row("smccc", "inline", "ours", 3);
}

}  // namespace
}  // namespace hyprelay::target
