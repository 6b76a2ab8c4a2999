// SPDX-License-Identifier: BSD-2-Clause
// The phases of the last handoff, by the counter's values in the record. Pure.
#pragma once

#include "handoff/linux/record.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::cli {

struct Phase {
  std::string_view name;
  // What happens in it.
  std::string_view what;
  std::uint64_t ticks = 0;
  // Of the whole.
  double share = 0;
};

struct Timeline {
  std::uint32_t counter_hz = 0;
  std::uint64_t ticks = 0;
  // In their order. What a relay of an older version did not note is part of the next one that was
  // noted, and what did not happen is not there.
  std::vector<Phase> phases;
};

// Without phases when the record has no counter, or values that run backwards.
Timeline timeline_of(const handoff::linux_host::Record& record);

// A line for each phase, with a bar of its share, in 80 columns; and one for all.
std::string timeline_text(const Timeline& timeline);
nlohmann::ordered_json timeline_json(const Timeline& timeline);

}  // namespace hyprelay::cli
