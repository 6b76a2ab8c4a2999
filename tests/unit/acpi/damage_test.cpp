// SPDX-License-Identifier: BSD-2-Clause
// Tables that were cut, or whose lengths and sums lie: an error each, with table, rule and offset.
#include "acpi/facts.hpp"
#include "tests/unit/acpi/support.hpp"

#include <functional>
#include <initializer_list>
#include <set>

namespace hyprelay::acpi {
namespace {

using base::Code;
using base::Error;
using test::Bytes;

// Whatever a reader says of them: nothing but whether it took them.
using Read = std::function<base::Result<void>(const Bytes&)>;

template <auto reader>
base::Result<void> read(const Bytes& bytes) {
  HR_TRY(value, reader(bytes));
  static_cast<void>(value);
  return base::success();
}

struct Case {
  std::string signature;
  Bytes table;
  Read read;
  // The lengths at which a table that was cut there and sealed again is one.
  std::set<std::size_t> whole;
};

std::set<std::size_t> at_least(std::size_t least, std::size_t size_bytes) {
  std::set<std::size_t> all;
  for (std::size_t i = least; i <= size_bytes; ++i) {
    all.insert(i);
  }
  return all;
}

std::vector<Case> cases() {
  const Bytes fixed = test::edk2("arm64-efi-acpi", "FACP");
  return {
      {"FACP", fixed, read<psci_conduit>, at_least(131, fixed.size())},
      {"FACP", fixed, read<hypervisor>, {276}},
      // At the end of each structure; the first ends before a redistributor is told.
      {"APIC", test::iasl("madt-by-cpu"), read<gic>, {44, 148, 228, 308, 388, 408, 428}},
      {"APIC", test::iasl("madt-two-sockets"), read<gic>, {44, 124, 148, 164, 180, 200, 220}},
      {"APIC", test::edk2("arm64-efi-el1", "APIC"), read<gic>, {44, 68, 148, 172}},
      {"APIC", test::edk2("arm64-efi-acpi", "APIC"), read<gic>, {44, 244, 264}},
      {"SPCR", test::iasl("spcr-16550"), read<console>, {80}},
      // Up to the registers of the second port; what follows them is nobody's fact, but the port's.
      {"DBG2", test::iasl("dbg2-two-ports"), read<debug_port>, {126}},
      {"DBG2", test::edk2("arm64-efi-acpi", "DBG2"), read<debug_port>, {87}},
  };
}

Error refusal(const Case& one, const Bytes& bytes, const std::string& what) {
  const auto result = one.read(bytes);
  EXPECT_FALSE(result) << one.signature << ": " << what;
  const Error error = result ? Error() : result.error();
  EXPECT_TRUE(error.subject().starts_with(one.signature + ": ")) << error.subject();
  EXPECT_TRUE(error.has_at());
  EXPECT_EQ(error.stage(), base::Stage::kMachine);
  return error;
}

TEST(Damage, the_tables_themselves_are_whole) {
  for (const Case& one : cases()) {
    EXPECT_TRUE(one.read(one.table)) << one.signature;
  }
}

TEST(Damage, cut_at_every_offset) {
  for (const Case& one : cases()) {
    for (std::size_t size = 0; size < one.table.size(); ++size) {
      Bytes cut(one.table.begin(), one.table.begin() + static_cast<std::ptrdiff_t>(size));
      const Error error = refusal(one, cut, "cut at " + std::to_string(size));
      EXPECT_EQ(error.code(), Code::ACPI_TRUNCATED);
      EXPECT_EQ(error.at(), size);
    }
  }
}

TEST(Damage, cut_at_every_offset_and_sealed_again) {
  for (const Case& one : cases()) {
    // Length and checksum are in the first ten bytes.
    for (std::size_t size = 10; size <= one.table.size(); ++size) {
      Bytes cut(one.table.begin(), one.table.begin() + static_cast<std::ptrdiff_t>(size));
      cut = test::sealed(std::move(cut));
      if (one.whole.contains(size)) {
        EXPECT_TRUE(one.read(cut)) << one.signature << ": " << size;
        continue;
      }
      const Error error = refusal(one, cut, "sealed at " + std::to_string(size));
      EXPECT_EQ(error.code(), size < 36 ? Code::ACPI_TRUNCATED : Code::ACPI_LIES);
    }
  }
}

TEST(Damage, a_length_that_is_not_the_tables) {
  for (const Case& one : cases()) {
    const std::uint64_t size = one.table.size();
    for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{35}, size - 1}) {
      Bytes table = one.table;
      test::put(table, 4, length, 4);
      EXPECT_EQ(refusal(one, table, "shorter").code(), Code::ACPI_LIES);
    }
    for (const std::uint64_t length : {size + 1, std::uint64_t{0xffffffff}}) {
      Bytes table = one.table;
      test::put(table, 4, length, 4);
      const Error error = refusal(one, table, "longer");
      EXPECT_EQ(error.code(), Code::ACPI_TRUNCATED);
      EXPECT_EQ(error.at(), size);
      EXPECT_EQ(error.limit(), length);
    }
    Bytes longer = one.table;
    longer.push_back({});
    EXPECT_EQ(refusal(one, longer, "a byte more").code(), Code::ACPI_LIES);
  }
}

// Bits of a byte never come to zero again, in whatever byte they are turned.
TEST(Damage, a_byte_that_changed) {
  for (const Case& one : cases()) {
    for (std::size_t at = 0; at < one.table.size(); ++at) {
      Bytes table = one.table;
      table[at] ^= std::byte{0x10};
      const Error error = refusal(one, table, "byte " + std::to_string(at));
      if (at >= 8) {
        EXPECT_EQ(error.code(), Code::ACPI_CHECKSUM);
      }
    }
  }
}

TEST(Damage, another_table) {
  for (const Case& one : cases()) {
    Bytes table = one.table;
    test::put(table, 0, 0x54445353, 4);
    EXPECT_EQ(refusal(one, test::sealed(table), "SSDT").subject(), one.signature + ": signature");
  }
}

TEST(Damage, lengths_of_structures_lie_both_ways) {
  struct Row {
    std::size_t at;
    std::uint8_t least;
    const char* rule;
  };
  const Bytes table = test::iasl("madt-by-cpu");
  for (const Row& row : {Row{44, 24, "APIC: length of a GICD"},
                         {68, 76, "APIC: length of a GICC"},
                         {388, 20, "APIC: length of an ITS"}}) {
    for (unsigned length = 0; length < row.least; ++length) {
      const auto found = gic(test::with(table, row.at + 1, length, 1));
      ASSERT_FALSE(found) << row.rule << " " << length;
      EXPECT_EQ(found.error().code(), Code::ACPI_LIES);
      EXPECT_EQ(found.error().subject(), length < 2 ? "APIC: length of a structure" : row.rule);
      EXPECT_EQ(found.error().at(), row.at + 1);
    }
  }
  // The last one reaches beyond the end; a GICR of two sockets is too short.
  const auto beyond = gic(test::with(table, 409, 21, 1));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().subject(), "APIC: length of a structure");
  EXPECT_EQ(beyond.error().at(), 409u);
  const auto region = gic(test::with(test::iasl("madt-two-sockets"), 149, 15, 1));
  ASSERT_FALSE(region);
  EXPECT_EQ(region.error().subject(), "APIC: length of a GICR");
}

struct Lie {
  std::size_t at;
  std::uint64_t value;
  std::size_t size_bytes;
  const char* rule;
};

// Each of them, written into the table, is what its reader complains of.
template <class Reader>
void expect_lies(const Bytes& table, Reader read, std::initializer_list<Lie> lies) {
  for (const Lie& lie : lies) {
    const auto found = read(test::with(table, lie.at, lie.value, lie.size_bytes));
    ASSERT_FALSE(found) << lie.rule << " at " << lie.at << ": " << lie.value;
    EXPECT_EQ(found.error().code(), Code::ACPI_LIES);
    EXPECT_EQ(found.error().subject(), lie.rule);
  }
}

TEST(Damage, what_is_no_frame_of_a_gic) {
  const Bytes sockets = test::iasl("madt-two-sockets");
  expect_lies(sockets, gic,
              {{152, 0x100100140001, 8, "APIC: GICR: base address and length"},
               {152, 0xffffffffffff0000, 8, "APIC: GICR: base address and length"},
               {160, 0x1ffff, 4, "APIC: GICR: base address and length"},
               {160, 0xffffffff, 4, "APIC: GICR: base address and length"},
               {188, 0, 8, "APIC: ITS: base address"},
               {188, 0x100100041000, 8, "APIC: ITS: base address"},
               {104, 0x1234, 8, "APIC: GICC: GICR base address"},
               {144, 5, 1, "APIC: GICD: version"}});
  const auto alone = gic(test::with(test::iasl("madt-unset"), 64, 3, 1));
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().subject(), "APIC: GICD: version, with no redistributor");
}

TEST(Damage, ports_that_lie) {
  const Bytes table = test::iasl("dbg2-two-ports");
  expect_lies(table, debug_port,
              {{36, 0xffffffff, 4, "DBG2: length of a port"},
               {36, 126, 4, "DBG2: length of a port"},
               {45, 21, 2, "DBG2: length of a port"},
               {45, 83, 2, "DBG2: length of a port"},
               {86, 42, 2, "DBG2: length of a port"},
               {85 + 18, 30, 2, "DBG2: offset of address registers"},
               {85 + 18, 0xffff, 2, "DBG2: offset of address registers"}});
  // More ports than there are: the second was found before.
  EXPECT_TRUE(debug_port(test::with(table, 40, 0xffffffff, 4)));
}

}  // namespace
}  // namespace hyprelay::acpi
