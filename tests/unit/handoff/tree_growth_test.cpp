// SPDX-License-Identifier: BSD-2-Clause
// A tree that is eight times as large takes some ten times as long, whatever it is full of: 2 MiB
// of nothing but memory nodes once took a minute. Judged by the CPU's own time, which another
// program on the machine does not spend.
#include "fdt/facts.hpp"
#include "fdt/tree.hpp"
#include "handoff/patch.hpp"
#include "handoff/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <ostream>
#include <string>

namespace hyprelay::handoff {
namespace {

using base::PhysAddr;
using base::PhysRange;

// Writes a tree front to back, since an editor would take long itself.
class Writer {
 public:
  void begin(const std::string& name) {
    word(1);
    text(name);
  }
  void end() { word(2); }
  void cells(const std::string& name, const std::vector<std::uint32_t>& values) {
    property(name, values.size() * 4);
    for (const std::uint32_t value : values) {
      word(value);
    }
  }
  void string(const std::string& name, const std::string& value) {
    property(name, value.size() + 1);
    text(value);
  }
  void reserve(std::uint64_t start, std::uint64_t size_bytes) {
    for (const std::uint64_t number : {start, size_bytes}) {
      put(reservations_, static_cast<std::uint32_t>(number >> 32));
      put(reservations_, static_cast<std::uint32_t>(number));
    }
  }
  fdt::Tree tree() {
    word(9);
    reserve(0, 0);
    const auto size_of = [](const auto& block) { return static_cast<std::uint32_t>(block.size()); };
    const std::uint32_t structure = 40 + size_of(reservations_);
    const std::uint32_t strings = structure + size_of(structure_);
    std::vector<std::byte> blob;
    for (const std::uint32_t field : {0xd00dfeedu, strings + size_of(strings_), structure, strings,
                                      40u, 17u, 16u, 0u, size_of(strings_), size_of(structure_)}) {
      put(blob, field);
    }
    blob.insert(blob.end(), reservations_.begin(), reservations_.end());
    blob.insert(blob.end(), structure_.begin(), structure_.end());
    blob.insert(blob.end(), strings_.begin(), strings_.end());
    return fdt::Tree::from_bytes(blob, "grown").value();
  }

 private:
  static void put(std::vector<std::byte>& block, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      block.push_back(static_cast<std::byte>(value >> shift));
    }
  }
  void word(std::uint32_t value) { put(structure_, value); }
  void text(const std::string& value) {
    const auto bytes = std::as_bytes(std::span(value.c_str(), value.size() + 1));
    structure_.insert(structure_.end(), bytes.begin(), bytes.end());
    structure_.resize((structure_.size() + 3) / 4 * 4);
  }
  void property(const std::string& name, std::size_t size_bytes) {
    const std::string terminated = name + '\0';
    std::size_t at = names_.find(terminated);
    if (at == std::string::npos) {
      at = names_.size();
      names_ += terminated;
      const auto bytes = std::as_bytes(std::span(terminated));
      strings_.insert(strings_.end(), bytes.begin(), bytes.end());
    }
    word(3);
    word(static_cast<std::uint32_t>(size_bytes));
    word(static_cast<std::uint32_t>(at));
  }

  std::string names_;
  std::vector<std::byte> reservations_;
  std::vector<std::byte> structure_;
  std::vector<std::byte> strings_;
};

struct Shape {
  const char* name;
  // Puts one of `count` into the tree, below the root.
  std::function<void(Writer&, std::uint32_t at)> one;
  const char* parent;
};

// The name is GoogleTest's.
void PrintTo(const Shape& shape, std::ostream* stream) {  // NOLINT(readability-identifier-naming)
  *stream << shape.name;
}

fdt::Tree grown(const Shape& shape, std::uint32_t count) {
  Writer writer;
  writer.begin("");
  writer.cells("#address-cells", {1});
  writer.cells("#size-cells", {1});
  writer.string("compatible", "acme,board");
  writer.begin("memory@0");
  writer.string("device_type", "memory");
  writer.cells("reg", {0, 0xf0000000});
  writer.end();
  const bool has_parent = *shape.parent != '\0';
  if (has_parent) {
    writer.begin(shape.parent);
    writer.cells("#address-cells", {1});
    writer.cells("#size-cells", {1});
    writer.cells("ranges", {});
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    shape.one(writer, i);
  }
  if (has_parent) {
    writer.end();
  }
  writer.end();
  return writer.tree();
}

void node(Writer& writer, const std::string& name, std::uint32_t at, const char* property,
          const char* value) {
  writer.begin(name + "@" + std::to_string(at));
  writer.string(property, value);
  writer.cells("reg", {at * 0x10000, 0x8000});
  writer.end();
}

// All that is read of a tree and done to it, as the given one and as the running one.
double cpu_seconds(const Shape& shape, std::uint32_t count) {
  const fdt::Tree tree = grown(shape, count);
  const fdt::Tree plain = grown(shape, 0);
  Machine machine;
  machine.ram = {PhysRange::from_size(PhysAddr(0), 0xf0000000).value()};
  machine.device_tree = tree.packed();
  Machine small = machine;
  small.device_tree = plain.packed();
  double best = 1e9;
  for (int round = 0; round < 3; ++round) {
    const std::clock_t start = std::clock();
    for (const auto& [given, on] : {std::pair(&tree, &small), std::pair(&plain, &machine)}) {
      const auto choose = [&, given = given, on = on](bool is_trusted) {
        return choose_source_tree({.given = SourceTree{*given, "given"}, .is_trusted = is_trusted},
                                  *on);
      };
      auto source = choose(false);
      if (!source) {
        source = choose(true);
      }
      EXPECT_TRUE(source) << source.error().subject();
      if (source) {
        EXPECT_TRUE(patch(source.value().tree, PatchRequest()));
        static_cast<void>(fdt::gic(source.value().tree));
        static_cast<void>(fdt::console(source.value().tree));
      }
    }
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

class Growth : public ::testing::TestWithParam<Shape> {};
INSTANTIATE_TEST_SUITE_P(
    Full, Growth,
    ::testing::Values(
        Shape{"of_memory",
              [](Writer& w, std::uint32_t i) { node(w, "memory", i, "device_type", "memory"); },
              ""},
        Shape{"of_reserved_memory",
              [](Writer& w, std::uint32_t i) { node(w, "kept", i, "no-map", ""); },
              "reserved-memory"},
        Shape{"of_reservations",
              [](Writer& w, std::uint32_t i) { w.reserve(0x1000 + i * 0x10000ull, 0x800); }, ""},
        Shape{"of_cpus",
              [](Writer& w, std::uint32_t i) { node(w, "cpu", i, "enable-method", "x"); }, "cpus"},
        Shape{"of_interrupt_controllers",
              [](Writer& w, std::uint32_t i) { node(w, "its", i, "compatible", "arm,gic-v3-its"); },
              "soc"},
        Shape{"of_psci",
              [](Writer& w, std::uint32_t i) {
                w.begin("psci@" + std::to_string(i));
                w.string("compatible", "arm,psci");
                w.string("method", "smc");
                w.end();
              },
              "soc"},
        Shape{"of_copies",
              [](Writer& w, std::uint32_t i) {
                w.cells("kaslr-seed", {i, i});
              },
              "chosen"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_P(Growth, is_no_more_than_n_log_n) {
  constexpr std::uint32_t kCount = 2000;
  const double small = cpu_seconds(GetParam(), kCount);
  const double large = cpu_seconds(GetParam(), kCount * 8);
  // n log n is 8 * 14 / 11 = 10; n squared is 64.
  EXPECT_LT(large, 24 * std::max(small, 0.002)) << small << " s, then " << large << " s";
  EXPECT_LT(large, 5.0);
}

}  // namespace
}  // namespace hyprelay::handoff
