// SPDX-License-Identifier: BSD-2-Clause
// What goes with a 32-bit kernel, whether it inflates itself or not. Private to handoff.
#pragma once

#include "handoff/plan_space.hpp"

#include <array>
#include <string>

namespace hyprelay::handoff {

// Page tables right below a kernel's text: 16 KiB of short descriptors, or 20 KiB with LPAE, which
// no header says.
inline constexpr std::uint64_t kPageTables = 0x5000;

// Where tree and initrd go: as the boot protocol advises, or wherever there is room.
enum class Order { kRecommended, kInitrdFirst, kTreeFirst };
inline constexpr std::array kOrders{Order::kRecommended, Order::kInitrdFirst, Order::kTreeFirst};

// The kernel's memory, and where it ends for what it reads early.
struct Home {
  base::PhysAddr memory_start;
  base::PhysAddr top;
  Order order;
};

// Places tree, initrd and relay. PLAN_NO_ROOM (subject: the segment).
base::Result<void> place_company(Draft& draft, const PlanRequest& request, const Home& home);

// A clause for the kernel's reason; empty: it loses none.
std::string lost_memory(const Space& space, base::PhysAddr memory_start);

// plan_bare.cpp.
base::Result<Plan> make_plan_bare(const Space& space, const ImageView& kernel,
                                  const PlanRequest& request);

}  // namespace hyprelay::handoff
