// SPDX-License-Identifier: BSD-2-Clause
// Writes a memory image of 6 MiB to stdout: noise, and the log of newline_log in front of it.
#include "tests/unit/capture/synthetic.hpp"

#include <cstdio>

int main() {
  namespace test = hyprelay::test;
  constexpr std::uint64_t kVirtual = 0xffff800000000000;
  std::vector<std::byte> memory = test::newline_log(kVirtual);
  std::uint64_t seed = 1;
  while (memory.size() < (std::size_t{6} << 20)) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    memory.push_back(static_cast<std::byte>(seed >> 56));
  }
  test::CoreBuilder builder(true, hyprelay::capture::kMachineArm64);
  builder.set_info(test::RingLog(true, kVirtual).info() + "CRASHTIME=86400\n");
  builder.add_memory(0x40000000, kVirtual, memory);
  const auto core = builder.build();
  return std::fwrite(core.data(), 1, core.size(), stdout) == core.size() ? 0 : 1;
}
