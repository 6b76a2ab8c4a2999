// SPDX-License-Identifier: BSD-2-Clause
#include "base/number_text.hpp"
#include "handoff/plan.hpp"
#include "handoff/plan_rules.hpp"

#include <array>
#include <cstdio>

namespace hyprelay::handoff {
namespace {

// Addresses as wide as the architecture's; reasons go last, so that nothing after them must align.
std::string row(Arch arch, const std::string& name, const base::PhysRange& range,
                std::uint64_t bytes, const std::string& why) {
  const int digits = arch == Arch::kArm ? 8 : 12;
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "  %-12s %0*llx-%0*llx %10s  ", name.c_str(), digits,
                static_cast<unsigned long long>(range.start().raw()), digits,
                static_cast<unsigned long long>(range.end().raw()), base::size_text(bytes).c_str());
  std::string line = text.data() + why;
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string to_text(const Plan& plan) {
  std::string text = std::string("plan for ") + arch_name(plan.arch) + "\n";
  for (const Placement& p : plan.placements) {
    text += row(plan.arch, segment_name(p.kind), p.memory, p.content_bytes, p.reason);
    if (const Placement& loaded = plan.as_loaded(p); &loaded != &p) {
      text += row(plan.arch, "  loaded", loaded.memory, loaded.content_bytes, loaded.reason);
    }
  }
  text += "written by the kernel before it knows what is reserved\n";
  for (const Footprint& f : plan.footprints) {
    text += row(plan.arch, "", f.range, f.range.size_bytes(), f.reason);
  }
  if (!plan.avoided.empty()) {
    text += "reserved, left alone\n";
  }
  for (const NamedRange& r : plan.avoided) {
    text += row(plan.arch, "", r.range, r.range.size_bytes(), r.name);
  }
  std::array<char, 96> line{};
  std::snprintf(line.data(), line.size(), "entry 0x%llx, text 0x%llx\n",
                static_cast<unsigned long long>(plan.entry.raw()),
                static_cast<unsigned long long>(plan.text.raw()));
  return text + line.data();
}

}  // namespace hyprelay::handoff
