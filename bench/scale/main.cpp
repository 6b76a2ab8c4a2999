// SPDX-License-Identifier: BSD-2-Clause
// scale_bench TREE [GOOGLE-BENCHMARK-OPTION...]   times, and the order of growth that fits them
// scale_bench TREE --count                        each case once per size, its instructions alone
// counted by
//                                                 `valgrind --tool=callgrind --instr-atstart=no`: a
//                                                 dump for each, named "CASE UNIT SIZE"
// TREE: a device tree of a real board.
#include "bench/scale/cases.hpp"
#include "os/files.hpp"

#include <benchmark/benchmark.h>
#include <valgrind/callgrind.h>

#include <deque>
#include <iostream>
#include <span>
#include <string_view>

namespace {

using hyprelay::scale::Case;

void count(const std::vector<Case>& cases) {
  // Callgrind keeps no copies of the names.
  static std::deque<std::string> names;
  for (const Case& one : cases) {
    for (const std::int64_t size : one.sizes) {
      const auto run = one.make(size);
      names.push_back(one.name + " " + one.unit + " " + std::to_string(size));
      CALLGRIND_ZERO_STATS;
      CALLGRIND_START_INSTRUMENTATION;
      run();
      CALLGRIND_STOP_INSTRUMENTATION;
      CALLGRIND_DUMP_STATS_AT(names.back().c_str());
    }
  }
}

void measure(benchmark::State& state, const Case& one) {
  const auto run = one.make(state.range(0));
  while (state.KeepRunning()) {
    run();
  }
  state.SetComplexityN(state.range(0));
}

}  // namespace

int main(int argc, char** argv) {
  const auto content = argc < 2 ? std::nullopt : hyprelay::os::read_file(argv[1]);
  if (!content) {
    std::cerr << "usage: scale_bench TREE [--count | OPTION...]\n";
    return 2;
  }
  const auto tree = std::as_bytes(std::span(content->data(), content->size()));
  const std::vector<Case> cases = hyprelay::scale::all_cases({tree.begin(), tree.end()});
  if (argc == 3 && std::string_view(argv[2]) == "--count") {
    count(cases);
    return 0;
  }
  for (const Case& one : cases) {
    auto* registered = benchmark::RegisterBenchmark(
        one.name.c_str(), [&one](benchmark::State& state) { measure(state, one); });
    for (const std::int64_t size : one.sizes) {
      registered->Arg(size);
    }
    registered->Unit(benchmark::kMicrosecond);
    if (one.sizes.size() > 1) {
      registered->Complexity(benchmark::oAuto);
    }
  }
  --argc;
  ++argv;
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
