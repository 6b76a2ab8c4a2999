// SPDX-License-Identifier: BSD-2-Clause
// Any bytes as every table, as they are, and with signature, length and checksum put right so that
// what is behind the header is read: refused with the table's name and an offset, or facts that a
// relay may be told: frames where a GIC can have them, a console whose accesses are aligned.
#include "abi/hr_abi.h"
#include "acpi/facts.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace {

namespace acpi = hyprelay::acpi;
namespace base = hyprelay::base;
using hyprelay::fuzz::require;
using Bytes = std::vector<std::byte>;

// By a way of its own: a table as firmware finishes it.
Bytes finished(base::ByteView input, std::string_view signature) {
  Bytes table(input.begin(), input.end());
  table.resize(std::max<std::size_t>(table.size(), 36));
  std::ranges::copy(base::bytes_of(signature), table.begin());
  for (unsigned i = 0; i < 4; ++i) {
    table[4 + i] = static_cast<std::byte>(table.size() >> (8 * i));
  }
  table[9] = {};
  unsigned sum = 0;
  for (const std::byte byte : table) {
    sum += std::to_integer<unsigned>(byte);
  }
  table[9] = static_cast<std::byte>(0 - sum);
  return table;
}

template <class T>
bool is_answer(const base::Result<T>& result, std::string_view signature) {
  if (result) {
    return true;
  }
  const base::Error& error = result.error();
  require(error.code() == base::Code::ACPI_LIES || error.code() == base::Code::ACPI_TRUNCATED ||
          error.code() == base::Code::ACPI_CHECKSUM);
  require(error.subject().starts_with(signature) && error.has_at());
  return false;
}

void require_console(const base::Console& console) {
  require(console.kind == HR_CONSOLE_NONE || console.kind == HR_CONSOLE_PL011 ||
          console.kind == HR_CONSOLE_NS16550);
  require(console.width_bytes == 1 || console.width_bytes == 4);
  require(console.base.is_aligned(console.width_bytes) && console.shift <= 3);
  require((console.kind == HR_CONSOLE_NONE) == (console.base == base::PhysAddr(0)));
  require(1u << console.shift >= console.width_bytes || console.kind == HR_CONSOLE_NONE);
}

void require_gic(const base::Gic& gic, base::ByteView bytes) {
  require(gic.version == 0 || (gic.version >= 2 && gic.version <= 4));
  require((gic.version >= 3) == !gic.redistributors.empty());
  require(gic.version >= 3 || gic.its.empty());
  // No fact without a structure that tells it.
  require(gic.redistributors.size() * 16 + gic.its.size() * 20 <= bytes.size());
  for (const base::PhysRange& region : gic.redistributors) {
    require(region.start().is_aligned(0x10000) && region.size_bytes() >= 0x20000);
  }
  for (const base::PhysAddr its : gic.its) {
    require(its.is_aligned(0x10000) && its != base::PhysAddr(0));
  }
}

void read_all(base::ByteView bytes, std::string_view signature) {
  if (signature == "FACP") {
    const auto conduit = acpi::psci_conduit(bytes);
    const auto hypervisor = acpi::hypervisor(bytes);
    is_answer(conduit, signature);
    require(!is_answer(hypervisor, signature) || hypervisor.value().size() <= 8);
  } else if (signature == "APIC") {
    if (const auto gic = acpi::gic(bytes); is_answer(gic, signature)) {
      require_gic(gic.value(), bytes);
    }
  } else {
    const auto console = signature == "SPCR" ? acpi::console(bytes) : acpi::debug_port(bytes);
    if (is_answer(console, signature)) {
      require_console(console.value());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView input = hyprelay::fuzz::bytes_of(data, size);
  for (const std::string_view signature : {"FACP", "APIC", "SPCR", "DBG2"}) {
    read_all(input, signature);
    read_all(finished(input, signature), signature);
  }
  return 0;
}
