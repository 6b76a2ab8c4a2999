// SPDX-License-Identifier: BSD-2-Clause
// What decompressing with one library and with another have in common; included by the decoders.
#pragma once

#include "handoff/unpack/decoders.hpp"

#include <span>
#include <vector>

namespace hyprelay::handoff {

inline constexpr const char* kDamaged = "it is damaged or cut off";
inline constexpr const char* kNoMemory = "it needs too much memory";
inline constexpr const char* kUnwanted = "its content is not looked at further";
inline constexpr std::size_t kPieceBytes = std::size_t{1} << 18;

inline Unpacked failed(const char* why) {
  return {{}, why, why == kDamaged};
}
inline Unpacked done(std::size_t packed_bytes) {
  return {.packed_bytes = packed_bytes};
}

// A library's stream of `step(in, out)`: what they have in common. `step` takes bytes off both, and
// returns kMore, kEnd or a reason.
inline constexpr const char* kMore = nullptr;
inline constexpr const char* kEnd = "";
template <typename Step>
Unpacked run(base::ByteView packed, const TakeUnpacked& take, const Step& step) {
  std::vector<std::byte> piece(kPieceBytes);
  base::ByteView in = packed;
  while (true) {
    std::span<std::byte> out = piece;
    const std::size_t before = in.size();
    const char* const said = step(in, out);
    const std::size_t made = piece.size() - out.size();
    if (said != kMore && said != kEnd) {
      return failed(said);
    }
    if (made > 0 && !take(base::ByteView(piece).first(made))) {
      return failed(kUnwanted);
    }
    if (said == kEnd) {
      return done(packed.size() - in.size());
    }
    if (made == 0 && in.size() == before) {
      return failed(kDamaged);
    }
  }
}

}  // namespace hyprelay::handoff
