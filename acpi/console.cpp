// SPDX-License-Identifier: BSD-2-Clause
// The console, by the SPCR or the DBG2, when it is of a kind that a few lines of polling code can
// drive.
#include "abi/hr_abi.h"
#include "acpi/facts.hpp"
#include "acpi/table.hpp"

#include <algorithm>

namespace hyprelay::acpi {
namespace {

using base::Console;
using base::PhysAddr;

struct Driver {
  std::uint16_t number;
  std::uint32_t kind;
  std::uint32_t shift;
  // 0: as the Generic Address Structure says.
  std::uint32_t width_bytes;
};

constexpr Driver kDrivers[] = {
#define HR_ACPI_UART(number, kind, shift, width) {number, HR_CONSOLE_##kind, shift, width},
#include "abi/acpi_uart.def"
#undef HR_ACPI_UART
};

// Where registers are [acpi/6.5 section 5.2.3.2, table 5.1].
struct Address {
  std::uint8_t space;
  std::uint8_t bit_width;
  std::uint8_t bit_offset;
  std::uint8_t access;
  std::uint64_t address;
};

base::Result<Address> address_at(const Table& table, std::uint64_t at) {
  constexpr std::string_view kWhat = "Generic Address Structure";
  HR_TRY(space, table.number<std::uint8_t>(at, kWhat));
  HR_TRY(bit_width, table.number<std::uint8_t>(at + 1, kWhat));
  HR_TRY(bit_offset, table.number<std::uint8_t>(at + 2, kWhat));
  HR_TRY(access, table.number<std::uint8_t>(at + 3, kWhat));
  HR_TRY(address, table.number<std::uint64_t>(at + 4, kWhat));
  return Address{space, bit_width, bit_offset, access, address};
}

// Bytes of an access: 1 to 4 are encoded so; 0 and whatever else firmware writes there Linux takes
// for bytes [linux/drivers/acpi/spcr.c].
std::uint32_t access_bytes(std::uint8_t access) {
  return access >= 1 && access <= 4 ? 1u << (access - 1) : 1;
}

// Registers are as far apart as one is wide, and no less than an access takes. FreeBSD reads the
// register's width so too [freebsd/sys/dev/uart/uart_cpu_acpi.c].
std::uint32_t shift_of(std::uint8_t bit_width, std::uint32_t width_bytes) {
  std::uint32_t shift = 0;
  while (shift < 3 && (8u << shift < bit_width || 1u << shift < width_bytes)) {
    ++shift;
  }
  return shift;
}

// kind NONE where the relay cannot drive it: it has no driver, it is not in memory, its registers
// do not begin at a byte, or it asks for accesses of 16 or 64 bits.
base::Result<Console> console_of(const Table& table, std::string_view name, std::uint16_t number,
                                 std::uint64_t address_offset) {
  constexpr std::uint8_t kSystemMemory = 0;
  Console console;
  console.path = "ACPI's " + std::string(name);
  HR_TRY(address, address_at(table, address_offset));
  const auto* const driver = std::ranges::find(kDrivers, number, &Driver::number);
  if (driver == std::end(kDrivers) || address.space != kSystemMemory || address.bit_offset != 0 ||
      address.address == 0) {
    return console;
  }
  const std::uint32_t width =
      driver->width_bytes != 0 ? driver->width_bytes : access_bytes(address.access);
  if (width != 1 && width != 4) {
    return console;
  }
  // An access of four bytes to any other address is a fault where memory is a device.
  if (address.address % width != 0) {
    return table.lies(address_offset + 4, "base address of a UART");
  }
  console.kind = driver->kind;
  console.base = PhysAddr(address.address);
  console.width_bytes = width;
  console.shift = driver->width_bytes != 0 ? driver->shift : shift_of(address.bit_width, width);
  return console;
}

struct Port {
  std::uint64_t at;
  std::uint16_t size_bytes;
};

// A debug device information structure [microsoft/dbg2 table 2]: registers at 3, type at 12,
// subtype at 14, offset of the base address registers at 18.
base::Result<Console> console_of_port(const Table& table, const Port& port) {
  constexpr std::uint16_t kSerial = 0x8000;
  constexpr std::uint64_t kAddressBytes = 12;
  HR_TRY(registers, table.number<std::uint8_t>(port.at + 3, "number of address registers"));
  HR_TRY(type, table.number<std::uint16_t>(port.at + 12, "port type"));
  HR_TRY(subtype, table.number<std::uint16_t>(port.at + 14, "port subtype"));
  HR_TRY(offset, table.number<std::uint16_t>(port.at + 18, "offset of address registers"));
  if (type != kSerial || registers == 0) {
    return Console();
  }
  if (offset + kAddressBytes > port.size_bytes) {
    return table.lies(port.at + 18, "offset of address registers");
  }
  return console_of(table, kDebugPorts, subtype, port.at + offset);
}

}  // namespace

// Interface type at 36, base address at 40, PCI vendor at 66 [microsoft/spcr].
base::Result<Console> console(base::ByteView spcr) {
  HR_TRY(table, Table::from_bytes(spcr, kConsole));
  // Revision 4 added a precise baud rate and a name.
  const std::uint64_t least = table.revision() < 4 ? 80 : 88;
  if (table.size_bytes() < least) {
    return table.lies(4, "length for its revision");
  }
  HR_TRY(type, table.number<std::uint8_t>(36, "interface type"));
  HR_TRY(vendor, table.number<std::uint16_t>(66, "PCI vendor ID"));
  HR_TRY(found, console_of(table, kConsole, type, 40));
  // A PCI device is where a kernel has put it since, and may sleep. 0xffff: it is none; 0, which no
  // vendor has, stands in tables that were not filled in.
  if (vendor != 0xffff && vendor != 0) {
    Console pci;
    pci.path = std::move(found.path);
    return pci;
  }
  return std::move(found);
}

// Offset of the structures at 36, how many at 40 [microsoft/dbg2 table 1].
base::Result<Console> debug_port(base::ByteView dbg2) {
  constexpr std::uint16_t kPortBytes = 22;
  HR_TRY(table, Table::from_bytes(dbg2, kDebugPorts));
  HR_TRY(first, table.number<std::uint32_t>(36, "offset of the ports"));
  HR_TRY(count, table.number<std::uint32_t>(40, "number of ports"));
  std::uint64_t at = first;
  for (std::uint32_t i = 0; i < count; ++i) {
    HR_TRY(size_bytes, table.number<std::uint16_t>(at + 1, "length of a port"));
    if (size_bytes < kPortBytes || size_bytes > table.size_bytes() - at) {
      return table.lies(at + 1, "length of a port");
    }
    HR_TRY(found, console_of_port(table, {at, size_bytes}));
    if (found.kind != HR_CONSOLE_NONE) {
      return std::move(found);
    }
    at += size_bytes;
  }
  return Console();
}

}  // namespace hyprelay::acpi
