// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/gap.hpp"

#include "base/json.hpp"

namespace hyprelay::rehearse {
namespace {

struct Mark {
  const char* key;    // of the record in status' JSON
  const char* phase;  // that ends there
};
constexpr Mark kMarks[] = {{"counter_entered", "old_kernel"}, {"counter_checked", "start"},
                           {"counter_mapped", "map"},         {"counter_verified", "verify"},
                           {"counter_inflated", "inflate"},   {"counter_left", "law"}};

}  // namespace

std::vector<GapPhase> gap_phases(std::uint64_t leaving, std::string_view status,
                                 std::uint64_t arrived) {
  const auto json = base::parse_json(status);
  if (!json.is_object() || !json.contains("relay") || !json["relay"].is_object()) {
    return {};
  }
  const nlohmann::ordered_json& relay = json["relay"];
  std::vector<GapPhase> phases;
  std::uint64_t before = leaving;
  for (const Mark& mark : kMarks) {
    if (!relay.contains(mark.key) || !relay[mark.key].is_number_unsigned()) {
      return {};
    }
    const auto at = relay[mark.key].get<std::uint64_t>();
    if (at < before || at > arrived) {
      return {};
    }
    phases.push_back({mark.phase, (at - before) * kInstructionsPerTick});
    before = at;
  }
  phases.push_back({"kernel", (arrived - before) * kInstructionsPerTick});
  return phases;
}

}  // namespace hyprelay::rehearse
