// SPDX-License-Identifier: BSD-2-Clause
#include "compat/way.hpp"

#include "compat/matrix.hpp"

namespace hyprelay::compat {
namespace {

constexpr Call call_of(Question question) {
  return question == Question::kZERO ? Call::kZERO : Call::kMINUS_ONE;
}

// Not in the header: a table that several files may have is reached through a global offset table.
constexpr Way kWays[] = {
#define HR_WAY(name, caller, way, asked, address, other, by, ...)         \
  {Dialect::k##name,                                                      \
   Dialect::k##other,                                                     \
   CallerArch::k##caller,                                                 \
   Approach::k##way,                                                      \
   Question::k##asked,                                                    \
   detail::cell_in_matrix(Dialect::k##name, call_of(Question::k##asked)), \
   detail::cell_in_matrix(Dialect::k##name, Call::kMINUS_ONE),            \
   Known::k##address,                                                     \
   ChosenBy::k##by},
#include "abi/way.def"
#undef HR_WAY
};

}  // namespace

std::span<const Way> ways() {
  return kWays;
}

const Way* find_way(Dialect dialect, CallerArch arch) {
  for (const Way& way : kWays) {
    if (way.dialect == dialect && way.arch == arch) {
      return &way;
    }
  }
  return nullptr;
}

}  // namespace hyprelay::compat
