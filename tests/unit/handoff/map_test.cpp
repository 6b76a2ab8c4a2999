// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/map.hpp"

#include "tests/unit/handoff/plan_support.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace hyprelay::handoff {
namespace {

using base::PhysAddr;
using testing::kMega;
using testing::range;

constexpr std::uint64_t kGiga = 1024 * kMega;

struct Drawing {
  Plan plan;
  MemoryMap map;
  std::string text;
};

Drawing draw(const Machine& machine) {
  const testing::Bytes file =
      machine.arch == Arch::kArm ? testing::make_zimage() : testing::make_image();
  const ImageView kernel = read_image(file, "kernel").value();
  const PlanRequest request = testing::request_for(machine, 8 * kMega);
  Drawing drawing;
  drawing.plan = testing::must_plan(machine, kernel, request);
  drawing.map = make_map(machine, drawing.plan);
  drawing.text = to_text(drawing.map);
  return drawing;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

// The rows are all of the memory, each byte once, low to high, with nothing between.
void expect_whole(const Machine& machine, const MemoryMap& map) {
  ASSERT_FALSE(map.rows.empty());
  std::uint64_t memory = 0;
  for (std::size_t i = 0; i < map.rows.size(); ++i) {
    EXPECT_FALSE(map.rows[i].range.empty());
    EXPECT_LE(map.rows[i].memory_bytes, map.rows[i].range.size_bytes());
    memory += map.rows[i].memory_bytes;
    if (i > 0) {
      EXPECT_EQ(map.rows[i].range.start(), map.rows[i - 1].range.end());
    }
  }
  std::uint64_t ram = 0;
  for (const base::PhysRange& one : machine.ram) {
    ram += one.size_bytes();
  }
  EXPECT_EQ(memory, ram);
  EXPECT_EQ(map.rows.front().range.start(), machine.ram.front().start());
  EXPECT_EQ(map.rows.back().range.end(), machine.ram.back().end());
}

// Every segment of the plan has a row of its own where it lies.
void expect_segments(const Drawing& drawing) {
  constexpr std::pair<SegmentKind, MapUse> kShown[] = {{SegmentKind::kKERNEL, MapUse::kKernel},
                                                       {SegmentKind::kINITRD, MapUse::kInitrd},
                                                       {SegmentKind::kTREE, MapUse::kTree},
                                                       {SegmentKind::kRELAY, MapUse::kRelay}};
  for (const auto& [kind, use] : kShown) {
    const Placement* const placed = drawing.plan.find(kind);
    ASSERT_NE(placed, nullptr);
    std::uint64_t bytes = 0;
    for (const MapRow& row : drawing.map.rows) {
      if (row.use == use) {
        EXPECT_TRUE(placed->memory.contains(row.range)) << row.what;
        bytes += row.memory_bytes;
      }
    }
    EXPECT_EQ(bytes, placed->memory.size_bytes()) << segment_name(kind);
  }
}

void expect_readable(const Drawing& drawing) {
  for (const std::string& line : lines_of(drawing.text)) {
    EXPECT_LE(line.size(), 80u) << line;
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c < 0x7f; })) << line;
  }
}

TEST(Map, shows_all_memory_and_every_segment) {
  for (const Arch arch : {Arch::kArm, Arch::kArm64}) {
    Machine machine = testing::virt(arch, kGiga);
    machine.reserved = {{range(0x7f000000, kMega), "firmware"}};
    const Drawing drawing = draw(machine);
    expect_whole(machine, drawing.map);
    expect_segments(drawing);
    expect_readable(drawing);
    for (const char* part : {"K kernel", "I initrd", "T device tree", "R relay", "# reserved",
                             ". free", "| firmware\n", "one line is 32 MiB;", "] 1.0 GiB\n"}) {
      EXPECT_NE(drawing.text.find(part), std::string::npos) << part << "\n" << drawing.text;
    }
  }
}

// A line is 256 MiB: a bank of 8 GiB has 32 of them, and a page one.
TEST(Map, is_to_scale_and_a_page_is_seen) {
  Machine machine = testing::virt(Arch::kArm64, 8 * kGiga);
  machine.reserved = {{range(0x180000000, 0x1000), "one page"}};
  const Drawing drawing = draw(machine);
  const MapScale scale = scale_of(drawing.map);
  EXPECT_EQ(scale.line_bytes, 256 * kMega);
  std::size_t found = 0;
  for (std::size_t i = 0; i < drawing.map.rows.size(); ++i) {
    const MapRow& row = drawing.map.rows[i];
    EXPECT_EQ(scale.lines[i], std::max<std::uint64_t>(row.memory_bytes >> 28, 1));
    found += row.what == "one page" && row.memory_bytes == 0x1000 ? 1 : 0;
  }
  EXPECT_EQ(found, 1u);
  EXPECT_NE(drawing.text.find("0x000180000000   4.0 KiB |############| one page\n"),
            std::string::npos)
      << drawing.text;
  expect_whole(machine, drawing.map);
}

TEST(Map, banks_have_gaps_between_them) {
  Machine machine = testing::virt(Arch::kArm64, kGiga);
  machine.ram.push_back(range(0x880000000, 2 * kGiga));
  const Drawing drawing = draw(machine);
  expect_whole(machine, drawing.map);
  EXPECT_NE(drawing.text.find("0x000080000000  32.0 GiB  ~~~~~~~~~~~~  no memory\n"),
            std::string::npos)
      << drawing.text;
  EXPECT_EQ(drawing.map.banks.size(), 2u);
}

TEST(Map, a_thousand_ranges_are_counted) {
  for (const std::size_t count : {64u, 65u, 1024u}) {
    Machine machine = testing::virt(Arch::kArm64, 8 * kGiga);
    for (std::size_t i = 0; i < count; ++i) {
      machine.reserved.push_back({range(0x100000000 + i * 0x100000, 0x1000), "reserved"});
    }
    const Drawing drawing = draw(machine);
    expect_whole(machine, drawing.map);
    expect_segments(drawing);
    expect_readable(drawing);
    EXPECT_LE(drawing.map.rows.size(), kMapRows);
    EXPECT_LE(lines_of(drawing.text).size(), 100u);
    const auto many = std::ranges::find(drawing.map.rows, MapUse::kMany, &MapRow::use);
    ASSERT_NE(many, drawing.map.rows.end());
    EXPECT_TRUE(many->what.starts_with(std::to_string(count) + " reserved, ")) << many->what;
  }
}

TEST(Map, a_thousand_banks_are_counted_too) {
  Machine machine = testing::virt(Arch::kArm64, kGiga);
  for (std::size_t i = 0; i < 1024; ++i) {
    machine.ram.push_back(range(0x100000000 + i * 2 * kMega, kMega));
  }
  const Drawing drawing = draw(machine);
  expect_whole(machine, drawing.map);
  expect_segments(drawing);
  EXPECT_LE(drawing.map.rows.size(), kMapRows);
  EXPECT_NE(drawing.text.find("1025 banks of memory\n"), std::string::npos) << drawing.text;
}

TEST(Map, a_crash_region_is_one) {
  Machine machine = testing::virt(Arch::kArm64, kGiga);
  machine.crash_regions = {range(0x70000000, 128 * kMega)};
  machine.reserved = {{machine.crash_regions[0], "Crash kernel"}};
  const Drawing drawing = draw(machine);
  const auto row = std::ranges::find(drawing.map.rows, MapUse::kCrash, &MapRow::use);
  ASSERT_NE(row, drawing.map.rows.end());
  EXPECT_EQ(row->range, machine.crash_regions[0]);
}

TEST(Map, of_an_alias_it_shows_the_memory) {
  Machine machine;
  machine.arch = Arch::kArm;
  machine.ram = {range(0x800000000, 2 * kGiga)};
  machine.boot_alias = {range(0x80000000, 2 * kGiga)};
  const Drawing drawing = draw(machine);
  expect_whole(machine, drawing.map);
  const auto row = std::ranges::find(drawing.map.rows, MapUse::kRelay, &MapRow::use);
  ASSERT_NE(row, drawing.map.rows.end());
  EXPECT_EQ(row->range.start(),
            drawing.plan.find(SegmentKind::kRELAY)->memory.start() + 0x780000000);
  EXPECT_NE(drawing.text.find(" 0x780000000 lower\n"), std::string::npos) << drawing.text;
  expect_readable(drawing);
}

// By a parser of somebody else. A name may be anything that a tree holds.
TEST(Map, the_picture_is_xml_whatever_a_name_is) {
  Machine machine = testing::virt(Arch::kArm64, kGiga);
  machine.reserved = {{range(0x7f000000, kMega), "<&\"'>]]>\x1b[31m\xff\xc2\x9b"}};
  const Drawing drawing = draw(machine);
  expect_readable(drawing);
  const std::string svg = to_svg(drawing.map);
  EXPECT_NE(svg.find("xmlns=\"http://www.w3.org/2000/svg\""), std::string::npos);
  EXPECT_EQ(svg.find('\x1b'), std::string::npos);
  // A rectangle for each row, and one behind all.
  std::size_t rectangles = 0;
  for (std::size_t at = svg.find("<rect"); at != svg.npos; at = svg.find("<rect", at + 1)) {
    ++rectangles;
  }
  EXPECT_EQ(rectangles, drawing.map.rows.size() + 1);
  const std::string file = ::testing::TempDir() + "/hyprelay-map.svg";
  std::ofstream(file) << svg;
  EXPECT_EQ(std::system(("xmllint --noout " + file).c_str()), 0) << svg;
  std::remove(file.c_str());
}

}  // namespace
}  // namespace hyprelay::handoff
