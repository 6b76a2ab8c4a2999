// SPDX-License-Identifier: BSD-2-Clause
// HVC as bytes in memory, written and recognised. Environment: everywhere, also freestanding.
#pragma once

#include "compat/hr_hvc.h"

#include <array>
#include <cstdint>
#include <optional>

namespace hyprelay::compat {

enum class Isa : std::uint8_t { kA32, kT32, kA64 };

// How instructions lie in memory. Since ARMv6 big-endian images are BE8: data is big endian,
// instructions stay little endian [arm/ddi0406c A3.3.1]. BE32, where they are not, does not exist
// on a CPU that has HVC; it is here because object files are BE32 until they are linked.
enum class CodeOrder : std::uint8_t { kLittle, kBe8, kBe32 };

// The opcode as a number; of a T32 instruction the first halfword in bits 31:16.
constexpr std::uint32_t hvc_opcode(Isa isa, std::uint16_t immediate) {
  const std::uint32_t imm = immediate;
  switch (isa) {
    case Isa::kA32:
      return HR_HVC_A32(imm);
    case Isa::kT32:
      return HR_HVC_T32(imm);
    case Isa::kA64:
      break;
  }
  return HR_HVC_A64(imm);
}

// The immediate of an HVC. nullopt when the opcode is none. A conditional A32 HVC is UNPREDICTABLE
// and counts as none.
constexpr std::optional<std::uint16_t> hvc_immediate(Isa isa, std::uint32_t opcode) {
  std::uint32_t immediate = 0;
  switch (isa) {
    case Isa::kA32:
      immediate = (opcode >> 4 & 0xfff0) | (opcode & 0xf);
      break;
    case Isa::kT32:
      immediate = (opcode >> 4 & 0xf000) | (opcode & 0xfff);
      break;
    case Isa::kA64:
      immediate = opcode >> 5 & 0xffff;
      break;
  }
  const auto narrow = static_cast<std::uint16_t>(immediate);
  return hvc_opcode(isa, narrow) == opcode ? std::optional(narrow) : std::nullopt;
}

// Four bytes of code as they lie in memory, at rising addresses.
using CodeBytes = std::array<std::uint8_t, 4>;

constexpr CodeBytes code_bytes(Isa isa, CodeOrder order, std::uint32_t opcode) {
  const auto byte = [opcode](int shift) { return static_cast<std::uint8_t>(opcode >> shift); };
  const bool big = order == CodeOrder::kBe32;
  if (isa == Isa::kT32) {
    return big ? CodeBytes{byte(24), byte(16), byte(8), byte(0)}
               : CodeBytes{byte(16), byte(24), byte(0), byte(8)};
  }
  return big ? CodeBytes{byte(24), byte(16), byte(8), byte(0)}
             : CodeBytes{byte(0), byte(8), byte(16), byte(24)};
}

constexpr std::uint32_t code_opcode(Isa isa, CodeOrder order, const CodeBytes& bytes) {
  const auto at = [&bytes](int i, int shift) {
    return static_cast<std::uint32_t>(bytes[static_cast<unsigned>(i)]) << shift;
  };
  if (order == CodeOrder::kBe32) {
    return at(0, 24) | at(1, 16) | at(2, 8) | at(3, 0);
  }
  return isa == Isa::kT32 ? at(0, 16) | at(1, 24) | at(2, 0) | at(3, 8)
                          : at(0, 0) | at(1, 8) | at(2, 16) | at(3, 24);
}

constexpr CodeBytes hvc_bytes(Isa isa, CodeOrder order, std::uint16_t immediate) {
  return code_bytes(isa, order, hvc_opcode(isa, immediate));
}

}  // namespace hyprelay::compat
