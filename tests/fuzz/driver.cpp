// SPDX-License-Identifier: BSD-2-Clause
// Runs a libFuzzer entry point on mutations of seed files, without a fuzzer. Every iteration
// depends on its number alone, so that one that failed can be run again by itself:
//   driver ITERATIONS [SEED...]            driver --only ITERATION [SEED...]
// Without seeds every input is drawn anew.
#include <sanitizer/common_interface_defs.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// A trap of our own (a broken invariant) is a finding too, and must say which iteration it was.
// ASan looks for this very name.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" const char* __asan_default_options() {
  return "handle_sigill=1:handle_abort=1";
}

namespace {

using Input = std::vector<std::uint8_t>;

unsigned long current_iteration = 0;

class Mutator {
 public:
  explicit Mutator(unsigned long iteration) : random_(iteration) {}

  Input operator()(const std::vector<Input>& seeds) {
    Input input = seeds[below(seeds.size())];
    for (std::size_t edits = 1 + below(4); edits > 0 && !input.empty(); --edits) {
      mutate(input, seeds);
    }
    return input;
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  // Numbers at the edges of what fields hold, and small ones.
  std::uint32_t interesting() {
    constexpr std::uint32_t kEdges[] = {
        0,      1,      2,       3,          4,          9,          0x7f,       0xff,      0x100,
        0x7fff, 0xffff, 0x10000, 0x7ffffff8, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff};
    return kEdges[below(std::size(kEdges))];
  }

  void mutate(Input& input, const std::vector<Input>& seeds) {
    // Headers are small and decide much: some of the edits go there for sure.
    const std::size_t reach =
        below(8) == 0 ? std::min<std::size_t>(input.size(), 64) : input.size();
    const std::size_t at = below(reach);
    // What changes the size moves all that follows and is mostly refused early: seldom.
    switch (below(20)) {
      case 0:
        input.resize(below(input.size()) + 1);
        break;
      case 1:
        erase(input, at);
        break;
      case 2:
      case 3:
      case 4:
      case 5:
        overwrite(input, at, seeds[below(seeds.size())]);
        break;
      case 6:
      case 7:
        put_word(input, at & ~std::size_t{3}, static_cast<std::uint32_t>(below(input.size())));
        break;
      case 8:
      case 9:
      case 10:
      case 11:
      case 12:
        put_word(input, at & ~std::size_t{3}, interesting());
        break;
      case 13:
      case 14:
      case 15:
        input[at] = static_cast<std::uint8_t>(random_());
        break;
      default:
        input[at] ^= static_cast<std::uint8_t>(1u << below(8));
    }
  }

  void erase(Input& input, std::size_t at) {
    const std::size_t size = std::min(below(64) + 1, input.size() - at);
    input.erase(input.begin() + static_cast<std::ptrdiff_t>(at),
                input.begin() + static_cast<std::ptrdiff_t>(at + size));
  }

  void overwrite(Input& input, std::size_t at, const Input& other) {
    const std::size_t from = below(other.size());
    const std::size_t size = std::min({below(64) + 1, other.size() - from, input.size() - at});
    std::memcpy(input.data() + at, other.data() + from, size);
  }

  // In either byte order: the formats under test have both.
  void put_word(Input& input, std::size_t at, std::uint32_t word) {
    const bool little = below(2) == 0;
    for (std::size_t i = 0; i < 4 && at + i < input.size(); ++i) {
      input[at + i] = static_cast<std::uint8_t>(word >> 8 * (little ? i : 3 - i));
    }
  }

  std::mt19937_64 random_;
};

// Without seeds an input is as good as any other: so many bytes by its number.
Input drawn(unsigned long iteration) {
  constexpr std::size_t kBytes = 384;
  std::mt19937_64 random(iteration);
  Input input(kBytes);
  std::ranges::generate(input, [&] { return static_cast<std::uint8_t>(random()); });
  return input;
}

void run(unsigned long iteration, const std::vector<Input>& seeds) {
  current_iteration = iteration;
  // Of exactly the size given: a read past the end must hit the sanitizer's red zone.
  Input input = seeds.empty()              ? drawn(iteration)
                : iteration < seeds.size() ? seeds[iteration]
                                           : Mutator(iteration)(seeds);
  input.shrink_to_fit();
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  const bool only = argc > 1 && std::string(argv[1]) == "--only";
  const int first_seed = only ? 3 : 2;
  if (argc < first_seed) {
    std::fprintf(stderr, "usage: %s ITERATIONS|--only ITERATION [SEED...]\n", argv[0]);
    return 2;
  }
  std::vector<Input> seeds;
  for (int i = first_seed; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    if (seeds.back().empty()) {
      std::fprintf(stderr, "%s: missing or empty\n", argv[i]);
      return 2;
    }
  }
  __sanitizer_set_death_callback([] {
    std::fprintf(stderr, "run again with: --only %lu and the same seeds\n", current_iteration);
  });
  const unsigned long number = std::strtoul(argv[first_seed - 1], nullptr, 10);
  if (only) {
    run(number, seeds);
    return 0;
  }
  for (unsigned long i = 0; i < number; ++i) {
    run(i, seeds);
  }
  std::printf("%lu inputs, numbers 0 to %lu\n", number, number == 0 ? 0 : number - 1);
  return 0;
}
