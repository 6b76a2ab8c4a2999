// SPDX-License-Identifier: BSD-2-Clause
// U-Boot's PSCI of ARMv7, in its secure monitor: what its tree calls "arm,psci", with ids of its
// own, is PSCI 0.1, and of Allwinner's H3 it can CPU_ON and CPU_OFF
// [u-boot/arch/arm/cpu/armv7/psci.S, sunxi/psci.c, virt-dt.c].
#include "hyp-check/core/psci.hpp"
#include "tests/below/psci/calls.hpp"

namespace hyprelay::below {
namespace {

hyp_check::PsciNode node() {
  const auto tree = hyp_check::Tree::in_memory(reinterpret_cast<const std::byte*>(hr_below_tree));
  return tree ? hyp_check::psci_of(*tree) : hyp_check::PsciNode();
}

// What the calls below go by.
hr_psci_0_1 ids_of_tree() {
  return node().ids.value_or(hr_psci_0_1{});
}

// Debian's tree of the board has no such node: U-Boot adds it [u-boot/arch/arm/lib/psci-dt.c], with
// the ids of [u-boot/arch/arm/include/asm/psci.h].
HR_TEST(tree, "the tree that U-Boot hands over says PSCI 0.1 by SMC, and has its four ids") {
  CHECK_EQ(static_cast<Word>(node().version), Word{HR_PSCI_0_1});
  CHECK(node().method == compat::PsciMethod::kSmc);
  const hr_psci_0_1 ids = ids_of_tree();
  CHECK_EQ(ids.cpu_suspend, Word{0x95c1ba5e});
  CHECK_EQ(ids.cpu_off, Word{0x95c1ba5f});
  CHECK_EQ(ids.cpu_on, Word{0x95c1ba60});
  CHECK_EQ(ids.migrate, Word{0x95c1ba61});
}

HR_TEST(discover, "nothing is asked of a PSCI 0.1") {
  CHECK(at_hyp());
  hr_smccc_found found = {};
  CHECK_EQ(hr_smccc_discover(conduit(), HR_PSCI_0_1, &found), Word{0});
  CHECK_EQ(found.psci, Word{HR_PSCI_0_1});
  // And a tree that says 0.2 of it is found out.
  CHECK_EQ(hr_smccc_discover(conduit(), HR_PSCI_0_2, &found), Word{0});
}

// U-Boot switches a CPU off by gates of the chip that QEMU does not model: each start has one of
// its own.
HR_TEST(cpu_on,
        "CPU_ON by the id of the tree starts a CPU in HYP, and its CPU_OFF does not return") {
  constexpr Word kCpus[] = {1, 2};
  const hr_psci_0_1 ids = ids_of_tree();
  for (const Word cpu : kCpus) {
    prepare_secondary(ids.cpu_off);
    CHECK_EQ(static_cast<Word>(hr_psci_0_1_cpu_on(conduit(), &ids, cpu, secondary_entry())),
             Word{0});
    check_arrived(cpu, 0);
    let_secondary_go();
    // Nothing tells when it is off: AFFINITY_INFO is of 0.2.
    CHECK(!soon([] { return hr_below_secondary_report[HR_BELOW_SECONDARY_REFUSED] != 0; },
                10'000'000));
  }
  note_row("psci", "inline", "real:u-boot", 4);
}

HR_TEST(others, "what it has no code for is not supported, and what it does not know invalid") {
  const hr_psci_0_1 ids = ids_of_tree();
  const auto word = [](std::int32_t answer) { return static_cast<Word>(answer); };
  CHECK_EQ(word(hr_psci_0_1_migrate(conduit(), &ids, 1)), word(-1));
  CHECK_EQ(word(hr_psci_0_1_cpu_suspend(conduit(), &ids, 0, secondary_entry())), word(-1));
  CHECK_EQ(word(hr_psci_version(conduit())), word(-1));
  CHECK_EQ(word(hr_psci_system_reset2(conduit(), 0, 0)), word(-2));
  note_row("psci", "inline", "real:u-boot", 4);
  hr_registers in = {{0x84000000, 1, 2, 3, 4, 5, 6, 7}};
  hr_registers out = {};
  CHECK_EQ(hr_smccc_call(conduit(), &in, &out), Word{HR_ISSUE_DONE});
  CHECK_EQ(out.r[0], word(-1));
  for (unsigned i = 4; i < 8; ++i) {
    CHECK_EQ(out.r[i], Word{i});
  }
  note_row("smccc", "out-of-line", "real:u-boot", 1);
}

}  // namespace
}  // namespace hyprelay::below
