// SPDX-License-Identifier: BSD-2-Clause
#include "compat/collision.hpp"

#include "abi/hr_abi.h"
#include "compat/matrix.hpp"

namespace hyprelay::compat {
namespace {

constexpr std::uint32_t kEnosys = 38;

using Cells = std::array<std::array<Cell, kCallCount>, kDialectCount>;

// The matrix in the order of kDialects.
constexpr Cells in_dialect_order() {
  Cells cells{};
  for (std::size_t i = 0; i < kDialectCount; ++i) {
    for (std::size_t j = 0; j < kCallCount; ++j) {
      cells[i][j] = detail::cell_in_matrix(kDialects[i].dialect, static_cast<Call>(j));
    }
  }
  return cells;
}
constexpr Cells kCells = in_dialect_order();

// -1 in w0: implementations differ in whether they extend it to x0 [arm/smccc section 5.1].
bool is_minus(std::uint64_t r0, CallerArch arch, std::uint32_t magnitude) {
  const std::uint32_t low = 0u - magnitude;
  const auto high = static_cast<std::uint32_t>(r0 >> 32);
  return static_cast<std::uint32_t>(r0) == low &&
         (arch == CallerArch::kARM || high == 0 || high == 0xffffffff);
}

bool is_version(std::uint64_t r0) {
  return r0 >> 16 == 1;
}

bool is_physical(std::uint64_t r0, const AddressFacts& addresses) {
  return addresses.ram_end == 0 || (addresses.ram_start <= r0 && r0 < addresses.ram_end);
}

}  // namespace

// Comparisons, not a table: this is freestanding code without relocations.
hr_uid uid_of(const Answer& answer, CallerArch arch) {
  if (is_minus(answer.r0, arch, 1)) {
    return HR_UID_NONE;
  }
  const auto r0 = static_cast<std::uint32_t>(answer.r0);
#define HR_UID(name, value, text, w0, w1, w2, w3, group)                           \
  if (r0 == (w0) && answer.r1 == (w1) && answer.r2 == (w2) && answer.r3 == (w3)) { \
    return HR_UID_##name;                                                          \
  }
#include "abi/uid.def"
#undef HR_UID
  return HR_UID_OTHER;
}

Cell cell_of(Dialect dialect, Call call) {
  for (std::size_t i = 0; i < kDialectCount; ++i) {
    if (kDialects[i].dialect == dialect) {
      return cell_at(i, call);
    }
  }
  return Cell::kX;
}

Cell cell_at(std::size_t index, Call call) {
  return kCells[index][static_cast<std::size_t>(call)];
}

bool accepts(Cell cell, Call call, CallerArch arch, const AddressFacts& addresses,
             const Answer& answer) {
  if (answer.undefined) {
    return cell == Cell::kUND || cell == Cell::kNUN;
  }
  const bool narrow = arch == CallerArch::kARM;
  const std::uint64_t r0 = narrow ? static_cast<std::uint32_t>(answer.r0) : answer.r0;
  const auto sent = static_cast<std::uint64_t>(row_of(call).r0);
  const bool negative = is_minus(r0, arch, 1);
  // PSCI 0.2 is the number 2 [arm/psci section 5.1.1].
  const bool psci = r0 == 2 || is_version(r0);
  const bool uid_cell =
      cell == Cell::kUID || cell == Cell::kUHV || cell == Cell::kUGU || cell == Cell::kUXE;
  const hr_uid uid = uid_cell ? uid_of(answer, arch) : HR_UID_NONE;
  switch (cell) {
    case Cell::kX:
    case Cell::kUND:
      return false;
    case Cell::kCHG:
    case Cell::kZER:
      return r0 == 0;
    case Cell::kPA:
      return are_vectors(r0, arch) && is_physical(r0, addresses);
    case Cell::kVA:
      return are_vectors(r0, arch) && (!narrow || r0 >= addresses.page_offset);
    case Cell::kBAD:
      return r0 == HR_LINUX_STUB_ERROR;
    case Cell::kTWO:
      return r0 == HR_LINUX_4_7_ERROR;
    case Cell::kNEG:
    case Cell::kNUN:
      return negative;
    case Cell::kKEP:
      return r0 == (narrow ? static_cast<std::uint32_t>(sent) : sent);
    case Cell::kENO:
      return is_minus(r0, arch, kEnosys);
    case Cell::kSMC:
      return is_version(r0);
    case Cell::kPSC:
      return psci;
    case Cell::kSMN:
      return is_version(r0) || negative;
    case Cell::kPSN:
      return psci || negative;
    case Cell::kUID:
      return uid == HR_UID_NONE || uid == HR_UID_OTHER || uid == HR_UID_KVM;
    case Cell::kUHV:
      return uid == HR_UID_NONE || uid == HR_UID_HYPERV;
    case Cell::kUGU:
      return uid == HR_UID_GUNYAH;
    case Cell::kUXE:
      return uid == HR_UID_XEN;
    case Cell::kINF:
      return r0 < 0x01000000;
    case Cell::kGUN:
      return r0 >> 56 == 0x48;
    case Cell::kMAG:
      return r0 == HR_QUERY_MAGIC;
  }
  return false;
}

}  // namespace hyprelay::compat
