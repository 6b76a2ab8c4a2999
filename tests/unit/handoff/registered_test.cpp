// SPDX-License-Identifier: BSD-2-Clause
// Below which hypervisors a kernel can hand over, on machines that were captured there.
#include "handoff/registered.hpp"

#include "handoff/evidence.hpp"
#include "handoff/json.hpp"
#include "handoff/wishes.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hyprelay::handoff {
namespace {

using compat::NamedHypervisor;

Machine captured(const std::string& name) {
  const std::string path = std::string(HR_TEST_DATA) + "/guest/" + name + ".json";
  const auto machine = machine_from_json(base::text_of(testing::read_file(path)), name);
  EXPECT_TRUE(machine) << machine.error().subject();
  return machine.value();
}

std::string refusal(const Machine& machine, const Wishes& wishes = {}) {
  const auto choice = find_resident(wishes, machine);
  if (choice) {
    return "";
  }
  EXPECT_EQ(choice.error().code(), base::Code::RESIDENT_KEEPS);
  return std::string(choice.error().subject());
}

Wishes panic() {
  Wishes wishes;
  wishes.panic = true;
  return wishes;
}

TEST(Registered, xen_lets_no_kernel_of_its_dom0_be_followed) {
  for (const char* name : {"arm64-xen-dom0", "arm-xen-dom0"}) {
    const Machine machine = captured(name);
    EXPECT_TRUE(refusal(machine).starts_with("Xen keeps shared_info, vcpu_info, ")) << name;
    EXPECT_TRUE(refusal(machine, panic()).starts_with("Xen keeps ")) << name;
  }
}

// One witness is enough, and none of a log that has lost its beginning.
TEST(Registered, a_kernel_that_may_speak_to_xen_is_taken_for_one_that_does) {
  Machine machine = captured("arm64-xen-dom0");
  machine.hyp.hypervisor_type.clear();
  EXPECT_NE(refusal(machine), "") << "the log";
  machine.hyp.log.clear();
  EXPECT_EQ(refusal(machine), "") << "a log with the mode, and no Xen";
  machine.boot_mode = Mode::kUNKNOWN;
  EXPECT_NE(refusal(machine), "") << "no log";
  machine = captured("arm64-xen-dom0");
  machine.hyp.log.clear();
  EXPECT_NE(refusal(machine), "") << "sysfs";
}

// As of a dom0 with ACPI, or of who may not read the tree.
TEST(Registered, xen_is_told_by_the_log_alone) {
  Machine machine = captured("arm64-xen-dom0");
  machine.device_tree.clear();
  EXPECT_EQ(evidence_of(machine).value().hypervisor_release, 4017u) << "sysfs, and the log";
  machine.hyp.hypervisor_type.clear();
  const char* const mode = "CPU: All CPU(s) started at EL1";
  for (const char* line : {"Xen 4.17 support found",
                           "Xen 4.17 support found, events_irq=31 gnttab_frame=0x38000000"}) {
    machine.hyp.log = {line, mode};
    const compat::Evidence evidence = evidence_of(machine).value();
    EXPECT_EQ(evidence.hypervisor, NamedHypervisor::kXen) << line;
    EXPECT_EQ(evidence.hypervisor_release, 4017u) << line;
    EXPECT_TRUE(refusal(machine).starts_with("Xen keeps ")) << line;
    EXPECT_TRUE(refusal(machine, panic()).starts_with("Xen keeps ")) << line;
  }
  for (const char* line : {"user: Xen 4.17 support found", "Xen 4.17 was no support found"}) {
    machine.hyp.log = {line, mode};
    EXPECT_EQ(evidence_of(machine).value().hypervisor, NamedHypervisor::kUnknown) << line;
    EXPECT_EQ(refusal(machine), "") << line;
  }
}

TEST(Registered, a_line_that_quotes_the_kernel_names_nobody) {
  Machine machine = captured("arm64-kvm");
  machine.hyp.vmbus = true;
  for (const char* line :
       {"user: Hyper-V: privilege flags low 0x2e7f, high 0x3b8030, hints 0xe, misc 0xbed7b2",
        "user: smccc: KVM: hypervisor services detected (0x00000000 0x00000000 0x00000000 0x3)"}) {
    machine.hyp.log = {line, "CPU: All CPU(s) started at EL1"};
    EXPECT_EQ(evidence_of(machine).value().hypervisor, NamedHypervisor::kNone) << line;
    EXPECT_EQ(refusal(machine), "") << line;
  }
}

TEST(Registered, guests_that_have_told_their_hypervisor_nothing_are_followed) {
  for (const char* name : {"arm64-xen-dom0less", "arm64-kvm"}) {
    EXPECT_EQ(refusal(captured(name)), "") << name;
    EXPECT_EQ(refusal(captured(name), panic()), "") << name;
  }
}

TEST(Registered, he_who_names_a_resident_knows_better_and_a_reset_ends_it_all) {
  const Machine machine = captured("arm64-xen-dom0");
  Wishes wishes;
  wishes.after_reset = true;
  EXPECT_EQ(refusal(machine, wishes), "");
  wishes.after_reset = false;
  wishes.resident = compat::Dialect::kXEN_4_10;
  EXPECT_EQ(refusal(machine, wishes), "");
}

// Constructed: nothing that runs here is a Hyper-V.
TEST(Registered, hyper_v_keeps_what_vmbus_has_told_it) {
  Machine machine = captured("arm64-kvm");
  machine.hyp.log = {"Hyper-V: privilege flags low 0x2e7f, high 0x3b8030, hints 0xe, misc 0xbed7b2",
                     "CPU: All CPU(s) started at EL1"};
  EXPECT_EQ(evidence_of(machine).value().hypervisor, NamedHypervisor::kHyperV);
  machine.hyp.vmbus = true;
  EXPECT_TRUE(refusal(machine).starts_with("Hyper-V keeps the SynIC's pages "));
  EXPECT_EQ(refusal(machine, panic()), "") << "a crash kernel has memory of its own";
  machine.hyp.vmbus.reset();
  EXPECT_NE(refusal(machine), "") << "nobody knows";
  machine.hyp.vmbus = false;
  EXPECT_EQ(refusal(machine), "") << "nothing but the guest's id is registered";
}

TEST(Registered, a_kvm_above_is_told_by_the_log) {
  const Machine machine = captured("arm64-kvm");
  EXPECT_EQ(evidence_of(machine).value().hypervisor, NamedHypervisor::kKvm);
  const ResidentChoice choice = find_resident({}, machine).value();
  EXPECT_EQ(choice.entry, Entry::kBelow);
  EXPECT_EQ(choice.why_not, "no way up through smccc, smccc-undef is known to be safe");
  // It is the host that is at EL2: the line can only be of the guest that it was.
  Machine host = machine;
  host.boot_mode = Mode::kEL2;
  EXPECT_EQ(evidence_of(host).value().hypervisor, NamedHypervisor::kNone);
}

}  // namespace
}  // namespace hyprelay::handoff
