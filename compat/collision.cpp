// SPDX-License-Identifier: BSD-2-Clause
#include "compat/collision.hpp"

#include "abi/hr_abi.h"

namespace hyprelay::compat {
namespace {

constexpr std::uint32_t kEnosys = 38;

struct MatrixRow {
  Dialect dialect;
  Cell cells[kCallCount];
};

#define X Cell::kX
#define CHG Cell::kCHG
#define UND Cell::kUND
#define PA Cell::kPA
#define VA Cell::kVA
#define BAD Cell::kBAD
#define TWO Cell::kTWO
#define NEG Cell::kNEG
#define ZER Cell::kZER
#define KEP Cell::kKEP
#define ENO Cell::kENO
#define SMC Cell::kSMC
#define PSC Cell::kPSC
#define SMN Cell::kSMN
#define PSN Cell::kPSN
#define NUN Cell::kNUN
#define UID Cell::kUID
#define INF Cell::kINF
#define GUN Cell::kGUN
#define MAG Cell::kMAG
constexpr MatrixRow kMatrix[] = {
#define HR_COLLISION(name, ...) {Dialect::k##name, {__VA_ARGS__}},
#include "abi/collision.def"
#undef HR_COLLISION
};
#undef X
#undef CHG
#undef UND
#undef PA
#undef VA
#undef BAD
#undef TWO
#undef NEG
#undef ZER
#undef KEP
#undef ENO
#undef SMC
#undef PSC
#undef SMN
#undef PSN
#undef NUN
#undef UID
#undef INF
#undef GUN
#undef MAG

using Cells = std::array<std::array<Cell, kCallCount>, kDialectCount>;

// The matrix in the order of kDialects. A dialect that it lacks is all X.
constexpr Cells in_dialect_order() {
  Cells cells{};
  for (std::size_t i = 0; i < kDialectCount; ++i) {
    for (const MatrixRow& row : kMatrix) {
      for (std::size_t j = 0; row.dialect == kDialects[i].dialect && j < kCallCount; ++j) {
        cells[i][j] = row.cells[j];
      }
    }
  }
  return cells;
}
static_assert(Cell{} == Cell::kX, "what is not filled in is destructive");
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
      return true;
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
