// SPDX-License-Identifier: BSD-2-Clause
// Writes batons as the loader writes them into a folder: the seeds of the baton's fuzz test.
#include "handoff/baton.hpp"

#include <cstdio>
#include <fstream>
#include <string>

namespace {

using namespace hyprelay;
using base::PhysAddr;
using base::PhysRange;
using handoff::SegmentKind;

handoff::BatonInput input(std::uint64_t ram, bool packed) {
  handoff::BatonInput baton;
  baton.relay = PhysAddr(ram + 0x8000000);
  baton.entry = PhysAddr(ram + 0x80000);
  baton.tree = PhysAddr(ram + 0x4000000);
  baton.record = PhysAddr(ram + 0x4000100);
  baton.segments = {{SegmentKind::kKERNEL, baton.entry, 0x1234567, {}},
                    {SegmentKind::kTREE, baton.tree, 0x12000, {}},
                    {SegmentKind::kINITRD, PhysAddr(ram + 0x5000123), 0x1000001, {}},
                    {SegmentKind::kRELAY, baton.relay, 0x8000, {}}};
  if (packed) {
    baton.inflated = handoff::BatonSegment{SegmentKind::kKERNEL, baton.entry, 0x1234567, {}};
    baton.segments[0] = {SegmentKind::kKERNEL, PhysAddr(ram + 0x6100000), 0x800000, {}};
    baton.packed_bytes = 0x7fffff;
  }
  baton.facts.console.kind = HR_CONSOLE_PL011;
  baton.facts.console.base = PhysAddr(0x9000000);
  baton.facts.console.width_bytes = 4;
  baton.facts.gic = {.version = 3,
                     .redistributors = {*PhysRange::from_size(PhysAddr(0x80a0000), 0xf60000)},
                     .redistributor_stride = 0x20000,
                     .its = {PhysAddr(0x8080000)}};
  baton.facts.psci = base::Conduit::kSmc;
  baton.facts.resident = HR_DIALECT_COMMON;
  baton.facts.resident_vectors = ram + 0x800;
  return baton;
}

bool write(const std::string& path, std::uint64_t ram, bool packed) {
  const auto bytes = handoff::write_baton(input(ram, packed));
  std::ofstream file(path, std::ios::binary);
  if (bytes) {
    file.write(reinterpret_cast<const char*>(bytes.value().data()),
               static_cast<std::streamsize>(bytes.value().size()));
  }
  return bytes && file.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const std::string folder = argv[1];
  return write(folder + "/baton_arm.seed", 0x40000000, true) &&
                 write(folder + "/baton_arm64.seed", 0x880000000, false)
             ? 0
             : 1;
}
