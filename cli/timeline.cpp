// SPDX-License-Identifier: BSD-2-Clause
#include "cli/timeline.hpp"

#include "base/json.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace hyprelay::cli {
namespace {

using handoff::linux_host::Record;

constexpr int kTimelineColumns = 10;

struct PhaseRow {
  std::string_view name;
  std::string_view what;
  // Where it ends; 0: the relay did not note it.
  std::uint64_t Record::*end;
};

// In the order in which the relay goes through them [relay/core/relay.cpp].
constexpr auto kPhases = std::to_array<PhaseRow>({
    {"check", "baton, climb, interrupts", &Record::counter_checked},
    {"map", "caches on", &Record::counter_mapped},
    {"verify", "digests", &Record::counter_verified},
    {"inflate", "packed kernel", &Record::counter_inflated},
    {"leave", "caches off, jump", &Record::counter_left},
});

double timeline_ms(std::uint64_t ticks, std::uint32_t hz) {
  return static_cast<double>(ticks) * 1000.0 / hz;
}

std::string timeline_line(std::string_view name, std::uint64_t ticks, const Timeline& timeline,
                          double share, std::string_view what) {
  std::string bar(static_cast<std::size_t>(std::lround(share * kTimelineColumns)), '#');
  bar.resize(kTimelineColumns, ' ');
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), "%-8.*s %12llu %11.3f %5.1f%% |%s| ",
                static_cast<int>(name.size()), name.data(), static_cast<unsigned long long>(ticks),
                timeline_ms(ticks, timeline.counter_hz), share * 100, bar.c_str());
  std::string line = std::string(text.data()).append(what);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

Timeline timeline_of(const Record& record) {
  Timeline timeline{record.counter_hz, 0, {}};
  if (record.counter_hz == 0 || record.counter_left < record.counter_entered) {
    return timeline;
  }
  timeline.ticks = record.relay_ticks();
  std::uint64_t at = record.counter_entered;
  for (const PhaseRow& row : kPhases) {
    const std::uint64_t end = record.*row.end;
    // It is noted for a kernel that was not packed as well.
    const bool happened = row.end != &Record::counter_inflated || record.inflated;
    if (end == 0 || !happened) {
      continue;
    }
    if (end < at || end > record.counter_left) {
      timeline.phases.clear();
      return timeline;
    }
    const double share = timeline.ticks == 0
                             ? 0
                             : static_cast<double>(end - at) / static_cast<double>(timeline.ticks);
    timeline.phases.push_back({row.name, row.what, end - at, share});
    at = end;
  }
  return timeline;
}

std::string timeline_text(const Timeline& timeline) {
  if (timeline.phases.empty()) {
    return timeline.counter_hz == 0
               ? "timeline: the record has no times: the CPU has no counter that the relay reads\n"
               : "timeline: the record's times run backwards\n";
  }
  std::string text = "phase           ticks          ms  share\n";
  for (const Phase& phase : timeline.phases) {
    text += timeline_line(phase.name, phase.ticks, timeline, phase.share, phase.what);
  }
  return text + timeline_line("relay", timeline.ticks, timeline, 1,
                              "at " + std::to_string(timeline.counter_hz) + " Hz");
}

nlohmann::ordered_json timeline_json(const Timeline& timeline) {
  nlohmann::ordered_json phases = nlohmann::ordered_json::array();
  for (const Phase& phase : timeline.phases) {
    phases.push_back({{"phase", phase.name},
                      {"what", phase.what},
                      {"ticks", phase.ticks},
                      {"ms", timeline_ms(phase.ticks, timeline.counter_hz)},
                      {"share", phase.share}});
  }
  return phases;
}

}  // namespace hyprelay::cli
