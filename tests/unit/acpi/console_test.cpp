// SPDX-License-Identifier: BSD-2-Clause
// Consoles of SPCR and DBG2.
#include "abi/hr_abi.h"
#include "acpi/facts.hpp"
#include "tests/unit/acpi/support.hpp"

namespace hyprelay::acpi {
namespace {

using base::Code;
using base::Console;
using base::PhysAddr;
using test::Bytes;

// Offsets in an SPCR.
constexpr std::size_t kType = 36;
constexpr std::size_t kSpace = 40;
constexpr std::size_t kBitWidth = 41;
constexpr std::size_t kBitOffset = 42;
constexpr std::size_t kAccess = 43;
constexpr std::size_t kAddress = 44;

Console uart(std::uint32_t kind, std::uint64_t base, std::uint32_t shift, std::uint32_t width,
             const char* path = "ACPI's SPCR") {
  return {.kind = kind, .base = PhysAddr(base), .shift = shift, .width_bytes = width, .path = path};
}

Console spcr(std::size_t at, std::uint64_t value, std::size_t size_bytes = 1) {
  const auto found = console(test::with(test::iasl("spcr-16550"), at, value, size_bytes));
  EXPECT_TRUE(found) << found.error().subject();
  return found.value();
}

TEST(Spcr, edk2_says_bytes_of_a_pl011_that_takes_words) {
  EXPECT_EQ(console(test::edk2("arm64-efi-acpi", "SPCR")).value(),
            uart(HR_CONSOLE_PL011, 0x9000000, 2, 4));
}

TEST(Spcr, sbsa_is_a_pl011) {
  EXPECT_EQ(console(test::iasl("spcr-sbsa")).value(), uart(HR_CONSOLE_PL011, 0x100002600000, 2, 4));
  EXPECT_EQ(spcr(kType, 0x0e).kind, std::uint32_t{HR_CONSOLE_PL011});
}

TEST(Spcr, a_16550_has_the_widths_of_its_address) {
  EXPECT_EQ(console(test::iasl("spcr-16550")).value(), uart(HR_CONSOLE_NS16550, 0x1c020000, 2, 4));
  // Bytes four bytes apart; bytes side by side, also where no access is told, or one that is none.
  EXPECT_EQ(spcr(kAccess, 1), uart(HR_CONSOLE_NS16550, 0x1c020000, 2, 1));
  EXPECT_EQ(spcr(kBitWidth, 0x0108, 2).kind, std::uint32_t{HR_CONSOLE_NONE}) << "at a bit";
  Bytes table = test::iasl("spcr-16550");
  test::put(table, kBitWidth, 8, 1);
  for (const unsigned access : {0u, 1u, 0x20u}) {
    EXPECT_EQ(console(test::with(table, kAccess, access, 1)).value(),
              uart(HR_CONSOLE_NS16550, 0x1c020000, 0, 1))
        << access;
  }
  // Words cannot be closer than four bytes.
  EXPECT_EQ(console(test::with(table, kAccess, 3, 1)).value(),
            uart(HR_CONSOLE_NS16550, 0x1c020000, 2, 4));
  for (const unsigned type : {0x00u, 0x01u, 0x05u}) {
    EXPECT_EQ(spcr(kType, type), uart(HR_CONSOLE_NS16550, 0x1c020000, 2, 4)) << type;
  }
}

TEST(Spcr, what_the_relay_cannot_drive_is_no_console) {
  EXPECT_EQ(spcr(kType, 0x10).kind, std::uint32_t{HR_CONSOLE_NONE}) << "BCM2835";
  EXPECT_EQ(spcr(kType, 0x15).kind, std::uint32_t{HR_CONSOLE_NONE}) << "RISC-V SBI";
  EXPECT_EQ(spcr(kAccess, 2).kind, std::uint32_t{HR_CONSOLE_NONE}) << "16 bits";
  EXPECT_EQ(spcr(kAccess, 4).kind, std::uint32_t{HR_CONSOLE_NONE}) << "64 bits";
  EXPECT_EQ(spcr(kSpace, 1).kind, std::uint32_t{HR_CONSOLE_NONE}) << "an I/O port";
  EXPECT_EQ(spcr(kBitOffset, 8).kind, std::uint32_t{HR_CONSOLE_NONE});
  EXPECT_EQ(spcr(kAddress, 0, 8).kind, std::uint32_t{HR_CONSOLE_NONE}) << "disabled";
  const Console pci = console(test::iasl("spcr-pci")).value();
  EXPECT_EQ(pci.kind, std::uint32_t{HR_CONSOLE_NONE});
  EXPECT_EQ(pci.base, PhysAddr(0));
  EXPECT_EQ(pci.path, "ACPI's SPCR");
}

TEST(Spcr, words_at_an_address_that_is_none_of_a_word_are_a_lie) {
  const auto found = console(test::with(test::iasl("spcr-16550"), kAddress, 0x1c020002, 8));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), Code::ACPI_LIES);
  EXPECT_EQ(found.error().subject(), "SPCR: base address of a UART");
  EXPECT_EQ(found.error().at(), kAddress);
}

TEST(Spcr, revision_4_is_longer) {
  Bytes table = test::iasl("spcr-sbsa");
  test::put(table, 8, 4, 1);
  const auto cut = console(test::sealed(table));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code(), Code::ACPI_LIES);
  EXPECT_EQ(cut.error().subject(), "SPCR: length for its revision");
  // A precise baud rate, and the name "." at its end.
  table.resize(90);
  test::put(table, 84, 0x00580002, 4);
  test::put(table, 88, '.', 1);
  EXPECT_EQ(console(test::sealed(table)).value(), uart(HR_CONSOLE_PL011, 0x100002600000, 2, 4));
}

TEST(Dbg2, edk2) {
  EXPECT_EQ(debug_port(test::edk2("arm64-efi-acpi", "DBG2")).value(),
            uart(HR_CONSOLE_PL011, 0x9000000, 2, 4, "ACPI's DBG2"));
}

TEST(Dbg2, the_first_serial_port_counts) {
  const Bytes table = test::iasl("dbg2-two-ports");
  EXPECT_EQ(debug_port(table).value(), uart(HR_CONSOLE_NS16550, 0xfe201000, 2, 1, "ACPI's DBG2"));
  // The first alone is one by USB.
  EXPECT_EQ(debug_port(test::with(table, 40, 1, 4)).value(), Console());
  EXPECT_EQ(debug_port(test::with(table, 40, 0, 4)).value(), Console());
}

}  // namespace
}  // namespace hyprelay::acpi
