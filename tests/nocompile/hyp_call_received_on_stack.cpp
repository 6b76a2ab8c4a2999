// SPDX-License-Identifier: BSD-2-Clause
// Expect: puts some of them on its stack
#include "compat/hyp_call.hpp"

#include <cstdint>

using u32 = std::uint32_t;
using u64 = std::uint64_t;

u32 pair_last(u32 word, u64 wide);
u32 pair_first(u64 wide, u32 word);

#ifdef HR_MISTAKE
auto result = hyprelay::compat::hyp_receive(pair_first, {0, 0, 0});
#else
auto result = hyprelay::compat::hyp_receive(pair_last, {0, 0, 0});
#endif
