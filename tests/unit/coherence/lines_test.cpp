// SPDX-License-Identifier: BSD-2-Clause
// What a guest of one CPU does not show: other CPUs, sweeps, profiles. The rest is in
// tests/coherence.
#include "coherence/lines.hpp"

#include <gtest/gtest.h>

namespace hyprelay::coherence {
namespace {

constexpr uint64_t kBase = 0x40000000;

struct Scene {
  explicit Scene(const Profile& profile = {}) : lines(findings, profile, kBase, 1 << 20) {}
  Symbols symbols;
  std::string out;
  Findings findings{symbols, [this](const std::string& line) { out += line; }};
  Lines lines;
  bool found(const std::string& kind) {
    const bool any = out.find("coherence: " + kind + ":") != std::string::npos;
    out.clear();
    return any;
  }
};

Access cached(unsigned cpu, unsigned size = 8) {
  return {cpu, 0x100, kBase, size, true};
}
Access uncached(unsigned cpu, unsigned size = 8) {
  return {cpu, 0x200, kBase, size, false};
}

TEST(Lines, another_cpu_sees_the_cached_store) {
  Scene scene;
  scene.lines.store(cached(0));
  scene.lines.load(cached(1));
  EXPECT_EQ(scene.out, "");
}

TEST(Lines, bytes_that_nobody_stored_are_not_dirty) {
  Scene scene;
  scene.lines.store(cached(0, 8));
  Access beside = uncached(0);
  beside.pa += 8;
  scene.lines.load(beside);
  EXPECT_EQ(scene.out, "");
  scene.lines.load(uncached(0));
  EXPECT_TRUE(scene.found("read-past-dirty"));
}

TEST(Lines, an_access_over_two_lines_is_seen_in_both) {
  Scene scene;
  Access across = cached(0);
  across.pa += 60;
  scene.lines.store(across);
  Access second = uncached(0, 4);
  second.pa += 64;
  scene.lines.load(second);
  EXPECT_TRUE(scene.found("read-past-dirty"));
}

TEST(Lines, a_dsb_of_another_cpu_completes_nothing) {
  Scene scene;
  scene.lines.store(cached(0));
  scene.lines.maintain(Op::clean_poc, cached(0));
  scene.lines.dsb(1);
  scene.lines.load(uncached(0));
  EXPECT_TRUE(scene.found("read-past-dirty"));
  scene.lines.dsb(0);
  scene.lines.load(uncached(0));
  EXPECT_EQ(scene.out, "");
}

TEST(Lines, a_store_between_clean_and_dsb_stays_dirty) {
  Scene scene;
  scene.lines.store(cached(0));
  scene.lines.maintain(Op::clean_poc, cached(0));
  scene.lines.store(cached(0, 4));
  scene.lines.dsb(0);
  Access upper = uncached(0, 4);
  upper.pa += 4;
  scene.lines.load(upper);
  EXPECT_EQ(scene.out, "");
  scene.lines.load(uncached(0, 4));
  EXPECT_TRUE(scene.found("read-past-dirty"));
}

TEST(Lines, a_sweep_cleans_what_its_own_cpu_stored_before) {
  Scene scene;
  scene.lines.store(cached(0));
  const uint64_t since = scene.lines.now() + 1;
  scene.lines.synchronized(0);
  scene.lines.swept(1, Op::sweep_flush, since);
  scene.lines.dsb(1);
  scene.lines.load(uncached(0));
  EXPECT_TRUE(scene.found("read-past-dirty"));
  scene.lines.swept(0, Op::sweep_flush, since);
  scene.lines.dsb(0);
  scene.lines.load(uncached(0));
  EXPECT_EQ(scene.out, "");
  scene.lines.store(uncached(0));
  scene.lines.load(cached(0));
  EXPECT_EQ(scene.out, "");
}

TEST(Lines, a_system_cache_does_not_see_a_sweep) {
  Scene scene(Profile{.system_cache = true});
  scene.lines.store(cached(0));
  scene.lines.synchronized(0);
  scene.lines.swept(0, Op::sweep_flush, scene.lines.now());
  scene.lines.dsb(0);
  scene.lines.load(uncached(0));
  EXPECT_TRUE(scene.found("read-past-dirty"));
}

TEST(Lines, idc_and_dic_leave_only_the_isb) {
  Scene scene(Profile{.idc = true, .dic = true});
  scene.lines.store(cached(0, 4));
  scene.lines.synchronized(0);
  scene.lines.fetch(cached(0, 4));
  EXPECT_EQ(scene.out, "");
  Scene plain;
  plain.lines.store(cached(0, 4));
  plain.lines.synchronized(0);
  plain.lines.fetch(cached(0, 4));
  EXPECT_TRUE(plain.found("fetch-not-at-pou"));
}

TEST(Lines, what_was_mapped_may_be_cached_until_it_is_invalidated) {
  Scene scene;
  scene.lines.speculate(1, {{kBase, kBase + 4096}});
  scene.lines.speculate(1, {});
  scene.lines.store(uncached(0));
  scene.lines.load(cached(0));
  EXPECT_TRUE(scene.found("stale-read"));
  Scene other;
  other.lines.speculate(1, {{kBase + 4096, kBase + 8192}});
  other.lines.speculate(1, {});
  other.lines.store(uncached(0));
  other.lines.load(cached(0));
  EXPECT_EQ(other.out, "");
}

}  // namespace
}  // namespace hyprelay::coherence
