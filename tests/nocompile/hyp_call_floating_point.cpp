// SPDX-License-Identifier: BSD-2-Clause
// Expect: carries integers and enumerations
#include "compat/hyp_call.hpp"

#include <cstdint>

using u32 = std::uint32_t;
using u64 = std::uint64_t;

#ifdef HR_MISTAKE
auto call = hyprelay::compat::hyp_call(u32{0}, 1.0f);
#else
auto call = hyprelay::compat::hyp_call(u32{0}, u32{1});
#endif
