// SPDX-License-Identifier: BSD-2-Clause
#include "acpi/table.hpp"

namespace hyprelay::acpi {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr std::uint64_t kLengthAt = 4;
constexpr std::uint64_t kRevisionAt = 8;
constexpr std::uint64_t kChecksumAt = 9;

Error fault(Code code, std::string_view signature, std::string_view rule, std::uint64_t at) {
  return Error(code, Stage::kMachine, std::string(signature) + ": " + std::string(rule))
      .with_at(at);
}

std::uint8_t sum_of(base::ByteView bytes) {
  std::uint8_t sum = 0;
  for (const std::byte byte : bytes) {
    sum = static_cast<std::uint8_t>(sum + std::to_integer<std::uint8_t>(byte));
  }
  return sum;
}

}  // namespace

base::Result<Table> Table::from_bytes(base::ByteView bytes, std::string_view signature) {
  if (bytes.size() < kHeaderBytes) {
    return fault(Code::ACPI_TRUNCATED, signature, "header", bytes.size()).with_limit(kHeaderBytes);
  }
  if (base::text_of(bytes).substr(0, signature.size()) != signature) {
    return fault(Code::ACPI_LIES, signature, "signature", 0);
  }
  HR_TRY(length, base::read_le<std::uint32_t>(bytes, kLengthAt));
  if (length > bytes.size()) {
    return fault(Code::ACPI_TRUNCATED, signature, "length", bytes.size()).with_limit(length);
  }
  // The kernel shows exactly what the length covers: what is longer is another table.
  if (length < bytes.size()) {
    return fault(Code::ACPI_LIES, signature, "length is less than the table's", kLengthAt)
        .with_limit(bytes.size());
  }
  if (sum_of(bytes) != 0) {
    return fault(Code::ACPI_CHECKSUM, signature, "checksum", kChecksumAt);
  }
  HR_TRY(revision, base::read_le<std::uint8_t>(bytes, kRevisionAt));
  return Table(bytes, signature, revision);
}

base::Result<std::string_view> Table::text(std::uint64_t offset, std::uint64_t size_bytes,
                                           std::string_view what) const {
  const auto part = base::slice(bytes_, offset, size_bytes);
  if (!part) {
    return lies(offset, what);
  }
  return base::text_of(part.value());
}

Error Table::lies(std::uint64_t offset, std::string_view rule) const {
  return fault(Code::ACPI_LIES, signature_, rule, offset);
}

}  // namespace hyprelay::acpi
