// SPDX-License-Identifier: BSD-2-Clause
// abi/collision.def at compile time, for the .cpp files of this folder that make their tables from
// it. At run time: cell_of() of compat/collision.hpp.
#pragma once

#include "compat/collision.hpp"

namespace hyprelay::compat::detail {

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
#define UHV Cell::kUHV
#define UGU Cell::kUGU
#define UXE Cell::kUXE
#define INF Cell::kINF
#define GUN Cell::kGUN
#define MAG Cell::kMAG
inline constexpr MatrixRow kMatrix[] = {
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
#undef UHV
#undef UGU
#undef UXE
#undef INF
#undef GUN
#undef MAG

// A dialect without a row is as dangerous as can be.
constexpr Cell cell_in_matrix(Dialect dialect, Call call) {
  for (const MatrixRow& row : kMatrix) {
    if (row.dialect == dialect) {
      return row.cells[static_cast<std::size_t>(call)];
    }
  }
  return Cell::kX;
}

}  // namespace hyprelay::compat::detail
