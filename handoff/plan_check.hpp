// SPDX-License-Identifier: BSD-2-Clause
// What check_plan is made of. On purpose it shares nothing with what makes plans, not even
// plan_rules.hpp: a number that is wrong there must not be believed here. Private to handoff.
#pragma once

#include "base/range.hpp"
#include "base/result.hpp"
#include "handoff/image.hpp"
#include "handoff/plan.hpp"

#include <string>
#include <vector>

namespace hyprelay::handoff::check {

// Memory that somebody needs or writes, by a name for messages.
struct Party {
  std::string name;
  base::PhysRange range;
};

// What the next kernel does by itself, from its first instruction's address and its header alone.
struct NextKernel {
  // Where its text runs, and of a bare kernel is entered, and where the memory begins that it can
  // use; 0: anywhere.
  base::PhysAddr text;
  base::PhysAddr memory_start;
  // What it writes before it knows what is reserved.
  std::vector<Party> writes;
  // Where initrd and tree must lie.
  base::PhysRange for_initrd;
  base::PhysRange for_tree;
};

// `entry`: where the kernel's segment begins; `elfcorehdr`: where its core header begins, which
// ends the memory of a 32-bit crash kernel. Errors: PLAN_UNALIGNED.
base::Result<NextKernel> next_kernel(const ImageView& kernel, const PlanRequest& request,
                                     base::PhysAddr entry, base::PhysAddr initrd,
                                     std::optional<base::PhysAddr> elfcorehdr);

}  // namespace hyprelay::handoff::check
