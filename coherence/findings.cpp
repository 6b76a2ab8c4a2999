// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/findings.hpp"

#include <array>
#include <cstdio>

namespace hyprelay::coherence {
namespace {

constexpr std::array<KindText, static_cast<size_t>(Kind::count)> kKinds{{
    {"read-past-dirty", "reads uncached what a cache holds newer"},
    {"write-under-dirty",
     "writes uncached to a line that is dirty in a cache: its eviction undoes the write"},
    {"stale-read", "reads by the cache a line that may be older there than in memory"},
    {"lost-write", "reads what an invalidate without clean threw away"},
    {"fetch-not-at-pou", "executes bytes that are not where they are fetched from"},
    {"fetch-stale", "executes bytes of which the instruction cache may hold older ones"},
    {"fetch-no-isb", "executes bytes that this CPU may have fetched before they changed"},
    {"walk-past-dirty",
     "turns translation on over a table that is newer in a cache than the walker sees"},
    {"walk-stale",
     "turns translation on over a table that a cache may hold older, where the walker looks"},
    {"walk-before-dsb", "uses a table entry whose write is not complete"},
    {"tlb-not-clean", "turns translation on over what the TLB may hold of another time"},
    {"break-before-make", "changes a live table entry into another one at once"},
    {"no-isb", "goes on as if a register that it wrote were already in effect"},
    {"unaligned-device", "accesses Device memory unaligned"},
    {"exclusive-device", "uses an exclusive or atomic access on Device memory"},
    {"zero-device", "uses DC ZVA on Device memory"},
    {"executable-device", "maps Device memory executable: speculation may fetch from it"},
}};

std::string hex(uint64_t value) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(value));
  return text.data();
}

bool matches(std::string_view pattern, std::string_view name) {
  if (!pattern.empty() && pattern.back() == '*')
    return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == name;
}

std::string_view word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const std::string_view out = line.substr(0, line.find_first_of(" \t"));
  line.remove_prefix(out.size());
  return out;
}

}  // namespace

KindText text_of(Kind kind) {
  return kKinds.at(static_cast<size_t>(kind));
}

bool Findings::suppress(std::string_view line) {
  const std::string_view name = word(line);
  const std::string_view symbol = word(line);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  // What is not said why is not suppressed.
  if (symbol.empty() || line.empty())
    return false;
  for (size_t i = 0; i < kKinds.size(); i++) {
    if (kKinds[i].name != name)
      continue;
    suppressions_.push_back({static_cast<Kind>(i), std::string(symbol), std::string(line)});
    return true;
  }
  return false;
}

bool Findings::suppressed(const Finding& finding, const std::string& where) {
  const std::string_view name = std::string_view(where).substr(0, where.find('+'));
  for (Suppression& each : suppressions_) {
    if (each.kind != finding.kind || !matches(each.symbol, name))
      continue;
    each.used++;
    return true;
  }
  return false;
}

std::string Findings::line_of(const Finding& finding, const std::string& where) const {
  const KindText text = text_of(finding.kind);
  std::string line = "coherence: " + std::string(text.name) + ": cpu " +
                     std::to_string(finding.cpu) + " pc " + hex(finding.pc);
  if (!where.empty())
    line += " <" + where + ">";
  line += " " + std::string(text.what);
  if (finding.address != 0)
    line += ", at " + hex(finding.address);
  if (finding.other_pc != 0) {
    const std::string other = symbols_.name(finding.other_pc);
    line += ", after pc " + hex(finding.other_pc) + (other.empty() ? "" : " <" + other + ">");
  }
  return line + "; missing: " + std::string(finding.missing) + "\n";
}

void Findings::report(const Finding& finding) {
  const std::string where = symbols_.name(finding.pc);
  if (suppressed(finding, where))
    return;
  const uint64_t times = ++seen_[{finding.kind, finding.pc, finding.other_pc}];
  if (times == 1 || trace)
    sink_(line_of(finding, where));
}

void Findings::summary() {
  std::map<Kind, std::pair<uint64_t, uint64_t>> kinds;
  for (const auto& [key, times] : seen_) {
    kinds[std::get<0>(key)].first++;
    kinds[std::get<0>(key)].second += times;
  }
  for (const auto& [kind, counts] : kinds)
    sink_("coherence: total: " + std::string(text_of(kind).name) + " at " +
          std::to_string(counts.first) + " places, " + std::to_string(counts.second) + " times\n");
  for (const Suppression& each : suppressions_)
    if (each.used != 0)
      sink_("coherence: suppressed: " + std::string(text_of(each.kind).name) + " " + each.symbol +
            ", " + std::to_string(each.used) + " times: " + each.reason + "\n");
  sink_("coherence: done, " + std::to_string(seen_.size()) + " findings\n");
}

}  // namespace hyprelay::coherence
