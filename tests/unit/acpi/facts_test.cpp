// SPDX-License-Identifier: BSD-2-Clause
// PSCI, hypervisor and interrupt controller, against what iasl's disassembler and Linux's log said
// of the same tables.
#include "acpi/facts.hpp"

#include "tests/unit/acpi/support.hpp"

namespace hyprelay::acpi {
namespace {

using base::Conduit;
using base::Gic;
using base::PhysAddr;
using base::PhysRange;
using test::Bytes;

PhysRange range(std::uint64_t start, std::uint64_t size_bytes) {
  return PhysRange::from_size(PhysAddr(start), size_bytes).value();
}

TEST(Fixed, edk2_tells_the_conduit) {
  // "psci: PSCIv1.1 detected in firmware", and which call answers, is in kmsg.txt beside them.
  EXPECT_EQ(psci_conduit(test::edk2("arm64-efi-acpi", "FACP")).value(), Conduit::kSmc);
  EXPECT_EQ(psci_conduit(test::edk2("arm64-efi-el1", "FACP")).value(), Conduit::kHvc);
}

TEST(Fixed, flags_without_psci_and_tables_without_flags_name_no_conduit) {
  const Bytes table = test::edk2("arm64-efi-el1", "FACP");
  EXPECT_EQ(psci_conduit(test::with(table, 129, 0x0000, 2)).value(), Conduit::kNone);
  // "Use HVC" of a machine that is not compliant means nothing.
  EXPECT_EQ(psci_conduit(test::with(table, 129, 0x0002, 2)).value(), Conduit::kNone);
  EXPECT_EQ(psci_conduit(test::with(table, 129, 0xfffd, 2)).value(), Conduit::kSmc);
  // ACPI 3.0, of 244 bytes: what stood there was another thing.
  Bytes old = test::with(table, 8, 4, 1);
  old.resize(244);
  EXPECT_EQ(psci_conduit(test::sealed(old)).value(), Conduit::kNone);
  EXPECT_EQ(hypervisor(test::sealed(old)).value(), "");
}

TEST(Fixed, a_hypervisor_names_itself) {
  const Bytes table = test::edk2("arm64-efi-el1", "FACP");
  EXPECT_EQ(hypervisor(table).value(), "QEMU");
  // "MsHyperV" as a little-endian number.
  EXPECT_EQ(hypervisor(test::with(table, 268, 0x567265707948734d, 8)).value(), "MsHyperV");
  EXPECT_EQ(hypervisor(test::with(table, 268, 0, 8)).value(), "");
  EXPECT_EQ(hypervisor(test::with(table, 268, 0xff, 8)).value(), "") << "not text";
  Bytes before_6 = test::with(table, 8, 5, 1);
  before_6.resize(268);
  EXPECT_EQ(hypervisor(test::sealed(before_6)).value(), "");
}

TEST(Interrupts, edk2_with_its) {
  Gic expected;
  expected.version = 3;
  expected.redistributors = {range(0x80a0000, 0xf60000)};
  expected.its = {PhysAddr(0x8080000)};
  EXPECT_EQ(gic(test::edk2("arm64-efi-acpi", "APIC")).value(), expected);
  EXPECT_EQ(gic(test::edk2("arm64-efi-high", "APIC")).value(), expected);
}

TEST(Interrupts, edk2_with_gic_v2) {
  Gic expected;
  expected.version = 2;
  EXPECT_EQ(gic(test::edk2("arm64-efi-el1", "APIC")).value(), expected);
}

TEST(Interrupts, redistributors_by_cpu_are_joined_where_they_follow_each_other) {
  Gic expected;
  expected.version = 3;
  // The CPU that is not enabled has the next one, which is left alone.
  expected.redistributors = {range(0x2f100000, 0x40000), range(0x400002f100000, 0x20000)};
  expected.redistributor_stride = 0x20000;
  expected.its = {PhysAddr(0x2f020000), PhysAddr(0x2f040000)};
  EXPECT_EQ(gic(test::iasl("madt-by-cpu")).value(), expected);
  // Redistributors of four frames, the second 0x40000 above the first.
  expected.redistributors = {range(0x2f0e0000, 0x80000), range(0x400002f100000, 0x20000)};
  expected.redistributor_stride = 0x40000;
  EXPECT_EQ(gic(test::with(test::iasl("madt-by-cpu"), 44 + 24 + 80 + 60, 0x2f0e0000, 8)).value(),
            expected);
  // Neither two frames nor four: nothing is known of what lies between them.
  expected.redistributors = {range(0x2f0d0000, 0x20000), range(0x2f120000, 0x20000),
                             range(0x400002f100000, 0x20000)};
  expected.redistributor_stride = 0;
  EXPECT_EQ(gic(test::with(test::iasl("madt-by-cpu"), 44 + 24 + 80 + 60, 0x2f0d0000, 8)).value(),
            expected);
}

TEST(Interrupts, regions_count_before_what_a_cpu_says) {
  Gic expected;
  expected.version = 4;
  expected.redistributors = {range(0x100100140000, 0x1400000), range(0x500100140000, 0x1400000)};
  expected.its = {PhysAddr(0x100100040000), PhysAddr(0x500100040000)};
  EXPECT_EQ(gic(test::iasl("madt-two-sockets")).value(), expected);
}

// Laptops of Qualcomm's X Elite have a GICD of 25 bytes, and no structure behind it is aligned.
TEST(Interrupts, a_structure_may_be_longer_than_it_must) {
  Bytes table = test::iasl("madt-by-cpu");
  table.insert(table.begin() + 68, std::byte{0xff});
  EXPECT_EQ(gic(test::with(table, 45, 25, 1)).value(), gic(test::iasl("madt-by-cpu")).value());
}

TEST(Interrupts, a_version_that_is_left_open_follows_from_the_redistributors) {
  EXPECT_EQ(gic(test::iasl("madt-unset")).value().version, 2u);
  const Gic with_regions = gic(test::with(test::iasl("madt-two-sockets"), 144, 0, 1)).value();
  EXPECT_EQ(with_regions.version, 3u);
  EXPECT_EQ(with_regions.its.size(), 2u);
}

TEST(Interrupts, without_distributor_there_is_no_version) {
  EXPECT_EQ(gic(test::iasl("madt-no-gic")).value(), Gic());
}

}  // namespace
}  // namespace hyprelay::acpi
