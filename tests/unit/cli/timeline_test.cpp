// SPDX-License-Identifier: BSD-2-Clause
#include "cli/timeline.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hyprelay::cli {
namespace {

using handoff::linux_host::Record;

// A packed kernel: 1 MHz, so that a thousand ticks are a millisecond.
Record whole_record() {
  Record record;
  record.counter_hz = 1000000;
  record.inflated = true;
  record.counter_entered = 5000000;
  record.counter_checked = 5001000;
  record.counter_mapped = 5002000;
  record.counter_verified = 5007000;
  record.counter_inflated = 5009000;
  record.counter_left = 5010000;
  return record;
}

std::vector<std::string> names(const Timeline& timeline) {
  std::vector<std::string> all;
  for (const Phase& phase : timeline.phases) {
    all.emplace_back(phase.name);
  }
  return all;
}

TEST(Timeline, has_a_line_for_each_phase_to_scale) {
  EXPECT_EQ(timeline_text(timeline_of(whole_record())),
            "phase           ticks          ms  share\n"
            "check            1000       1.000  10.0% |#         | baton, climb, interrupts\n"
            "map              1000       1.000  10.0% |#         | caches on\n"
            "verify           5000       5.000  50.0% |#####     | digests\n"
            "inflate          2000       2.000  20.0% |##        | packed kernel\n"
            "leave            1000       1.000  10.0% |#         | caches off, jump\n"
            "relay           10000      10.000 100.0% |##########| at 1000000 Hz\n");
}

TEST(Timeline, as_json) {
  const auto json = timeline_json(timeline_of(whole_record()));
  ASSERT_EQ(json.size(), 5u);
  EXPECT_EQ(json[2]["phase"], "verify");
  EXPECT_EQ(json[2]["ticks"], 5000);
  EXPECT_DOUBLE_EQ(json[2]["ms"], 5.0);
  EXPECT_DOUBLE_EQ(json[2]["share"], 0.5);
}

// What an older relay did not note goes to the next phase that it did; nothing is lost.
TEST(Timeline, an_older_record_has_fewer_phases) {
  Record record = whole_record();
  record.counter_checked = record.counter_mapped = record.counter_inflated = 0;
  const Timeline old = timeline_of(record);
  EXPECT_EQ(names(old), (std::vector<std::string>{"verify", "leave"}));
  EXPECT_EQ(old.phases[0].ticks + old.phases[1].ticks, 10000u);
  record = whole_record();
  record.inflated = false;
  EXPECT_EQ(names(timeline_of(record)),
            (std::vector<std::string>{"check", "map", "verify", "leave"}));
  EXPECT_EQ(timeline_of(record).phases[3].ticks, 3000u);
}

TEST(Timeline, without_a_counter_or_with_one_that_runs_backwards_it_says_so) {
  Record record = whole_record();
  record.counter_hz = 0;
  EXPECT_EQ(timeline_text(timeline_of(record)),
            "timeline: the record has no times: the CPU has no counter that the relay reads\n");
  record = whole_record();
  record.counter_mapped = 1;
  EXPECT_EQ(timeline_text(timeline_of(record)), "timeline: the record's times run backwards\n");
  EXPECT_TRUE(timeline_json(timeline_of(record)).empty());
  record = whole_record();
  record.counter_left = record.counter_entered - 1;
  EXPECT_EQ(timeline_text(timeline_of(record)), "timeline: the record's times run backwards\n");
}

// In 80 columns whatever the numbers.
TEST(Timeline, fits_a_terminal) {
  Record record = whole_record();
  record.counter_left = record.counter_entered + 999999999999;
  record.counter_hz = 24000000;
  std::string text = timeline_text(timeline_of(record));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    EXPECT_LE(end - at, 80u) << text.substr(at, end - at);
    at = end + 1;
  }
}

}  // namespace
}  // namespace hyprelay::cli
