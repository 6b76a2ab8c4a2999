// SPDX-License-Identifier: BSD-2-Clause
// The fixed table, FADT, whose signature is FACP [acpi/6.5 section 5.2.9, table 5.9].
#include "acpi/facts.hpp"
#include "acpi/table.hpp"

#include <algorithm>

namespace hyprelay::acpi {
namespace {

// ARM_BOOT_ARCH, 16 bits. Its place was reserved, and so zero, in revision 5.0.
constexpr std::uint64_t kArmFlagsAt = 129;
constexpr std::uint8_t kArmFlagsSince = 5;
// [section 5.2.9.4, table 5.11].
constexpr std::uint16_t kPsciCompliant = 1u << 0;
constexpr std::uint16_t kPsciUsesHvc = 1u << 1;

constexpr std::uint64_t kIdentityAt = 268;
constexpr std::uint64_t kIdentityBytes = 8;
constexpr std::uint8_t kIdentitySince = 6;

}  // namespace

base::Result<base::Conduit> psci_conduit(base::ByteView fixed) {
  HR_TRY(table, Table::from_bytes(fixed, kFixed));
  if (table.revision() < kArmFlagsSince) {
    return base::Conduit::kNone;
  }
  HR_TRY(flags, table.number<std::uint16_t>(kArmFlagsAt, "length for ARM boot flags"));
  if ((flags & kPsciCompliant) == 0) {
    return base::Conduit::kNone;
  }
  return (flags & kPsciUsesHvc) != 0 ? base::Conduit::kHvc : base::Conduit::kSmc;
}

base::Result<std::string> hypervisor(base::ByteView fixed) {
  HR_TRY(table, Table::from_bytes(fixed, kFixed));
  if (table.revision() < kIdentitySince) {
    return std::string();
  }
  HR_TRY(field, table.text(kIdentityAt, kIdentityBytes, "length for a hypervisor identity"));
  const std::string_view text = field.substr(0, field.find('\0'));
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  return is_plain ? std::string(text) : std::string();
}

}  // namespace hyprelay::acpi
