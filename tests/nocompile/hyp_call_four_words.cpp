// SPDX-License-Identifier: BSD-2-Clause
// Expect: carries three words: these arguments need more
#include "compat/hyp_call.hpp"

#include <cstdint>

using u32 = std::uint32_t;
using u64 = std::uint64_t;

#ifdef HR_MISTAKE
auto call = hyprelay::compat::hyp_call(u32{0}, u32{1}, u32{2}, u32{3}, u32{4});
#else
auto call = hyprelay::compat::hyp_call(u32{0}, u32{1}, u32{2}, u32{3});
#endif
