// SPDX-License-Identifier: BSD-2-Clause
// One ACPI table of the firmware, as bytes that nobody has checked. Pure.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace hyprelay::acpi {

// [acpi/6.5 section 5.2.6, table 5.4]: signature, length, revision, checksum, and who made it.
constexpr std::uint64_t kHeaderBytes = 36;

// A table whose header holds. It sees bytes that somebody else owns, and that must outlive it.
// Every error's stage is machine, its subject is the table and the rule that is broken ("APIC:
// length of a structure"), and it says at which offset into the table.
class Table {
 public:
  // Errors: ACPI_TRUNCATED (there are fewer bytes than a header has, or than this one says),
  // ACPI_LIES (another signature, or a length that is not the table's), ACPI_CHECKSUM.
  static base::Result<Table> from_bytes(base::ByteView bytes, std::string_view signature);

  std::uint8_t revision() const { return revision_; }
  std::uint64_t size_bytes() const { return bytes_.size(); }

  // The number at that offset, little endian as all of ACPI [section 5.2]. ACPI_LIES when the table
  // ends before it.
  template <std::unsigned_integral T>
  base::Result<T> number(std::uint64_t offset, std::string_view what) const {
    const auto value = base::read_le<T>(bytes_, offset);
    if (!value) {
      return lies(offset, what);
    }
    return value.value();
  }
  // The bytes as text. ACPI_LIES as number().
  base::Result<std::string_view> text(std::uint64_t offset, std::uint64_t size_bytes,
                                      std::string_view what) const;

  // ACPI_LIES: what stands at that offset breaks that rule.
  base::Error lies(std::uint64_t offset, std::string_view rule) const;

 private:
  Table(base::ByteView bytes, std::string_view signature, std::uint8_t revision)
      : bytes_(bytes), signature_(signature), revision_(revision) {}

  base::ByteView bytes_;
  std::string signature_;
  std::uint8_t revision_;
};

}  // namespace hyprelay::acpi
