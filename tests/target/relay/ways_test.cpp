// SPDX-License-Identifier: BSD-2-Clause
// The ways into the relay that differ in what caches may hold: for the coherence sanitizer, which
// must find nothing in them. A kernel of before runs with its caches on, over all that the relay
// will read and write; what a kexec then copies with its caches off, or what was loaded long before
// a panic, is what the relay finds.
#include "bare/system.hpp"
#include "relay/core/arch.hpp"
#include "relay/core/identity_map.hpp"
#include "tests/target/relay/arch.hpp"
#include "tests/target/relay/scene.hpp"

#include <cstring>

extern "C" {
extern const unsigned char hr_target_end[];
hyprelay::target::Word hr_relay_test_execute(const std::uint64_t* root,
                                             hyprelay::target::Word address,
                                             hyprelay::target::Word first,
                                             hyprelay::target::Word second);
void hr_relay_test_dirty(hyprelay::target::Word start, hyprelay::target::Word size_bytes);
void hr_relay_test_store(hyprelay::target::Word start, hyprelay::target::Word size_bytes);
}

namespace hyprelay::target {
namespace {

using relay::Access;
using relay::IdentityMap;
using relay::Table;

constexpr Word kMemoryAt = 0x40000000;
constexpr std::uint64_t kTablesAt = 0x47800000;
constexpr std::size_t kTables = 16;
// hr_relay_test_dirty goes by steps of that.
constexpr std::uint64_t kStep = 16;

struct Visit {
  const std::uint64_t* root;
  Word function;
  Word start;
  Word size_bytes;
  Word outcome;
};

// function(start, size) with the MMU on and that range cached, in the mode that the relay is to be
// entered in.
void own(bool at_top, void (*function)(Word, Word), std::uint64_t start, std::uint64_t size_bytes) {
  auto* tables = reinterpret_cast<Table*>(memory(kTablesAt));
  std::memset(tables, 0, kTables * sizeof(Table));
  IdentityMap map(tables, kTables, hr_mmu_address_bits(), at_top);
  const auto program = base::PhysRange::from_size(
      base::PhysAddr(kMemoryAt), reinterpret_cast<Word>(hr_target_end) - kMemoryAt);
  const auto range = base::PhysRange::from_size(base::PhysAddr(start), size_bytes);
  CHECK(program && range && map.map(*program, Access::kCode) && map.map(*range, Access::kData));
  Visit visit{map.root(), reinterpret_cast<Word>(function), static_cast<Word>(start),
              static_cast<Word>(size_bytes / kStep * kStep), 1};
  const auto run = [](void* argument) {
    auto& v = *static_cast<Visit*>(argument);
    v.outcome = hr_relay_test_execute(v.root, v.function, v.start, v.size_bytes);
  };
  if (at_top) {
    run(&visit);
  } else {
    hr_target_run_at_pl1(run, &visit, 0);
  }
  CHECK_EQ(visit.outcome, Word{0});
}

// What the relay gets besides its image: nobody writes it, or cleans it, before the relay does.
void own_scratch(bool at_top, const Scene& scene) {
  const std::uint64_t image =
      (scene.header(HR_RELAY_HEADER_IMAGE_SIZE) + kStep - 1) / kStep * kStep;
  own(at_top, hr_relay_test_dirty, scene.relay_at() + image,
      scene.header(HR_RELAY_HEADER_MEMORY_SIZE) - image);
}

void check_started(const Scene& scene, const Landing& landing, bool at_top) {
  CHECK(has_boot_registers(landing.r, kTreeAt));
  CHECK_EQ(landing.psr & kPsrMask, at_top ? kTopPsr : kLowPsr);
  check_said(scene, " Hz (cached");
}

// The old kernel had data of its own where the segments go, and had cleaned it: clean copies of it
// may be anywhere in the caches when the segments are copied past them, as arm's kexec does.
void check_exec(bool at_top, bool packed) {
  for (const auto& [start, size_bytes] :
       {std::pair{kKernelAt, kKernelBytes}, std::pair{kTreeAt, kTreeBytes},
        std::pair{kPackedAt, packed ? kKernelBytes : kStep}}) {
    own(at_top, hr_relay_test_store, start, size_bytes);
  }
  Scene scene;
  if (packed) {
    scene.pack();
  }
  scene.seal();
  own_scratch(at_top, scene);
  check_started(scene, at_top ? scene.run_at_top() : scene.run_below(), at_top);
}

// Loaded through the caches and cleaned, by address, while the kernel still lived; nothing was
// cleaned when it died.
void check_panic(bool at_top) {
  Scene scene;
  scene.seal();
  own(at_top, hr_relay_test_store, kKernelAt, kKernelBytes);
  own(at_top, hr_relay_test_store, kTreeAt, kTreeBytes);
  own(at_top, hr_relay_test_store, scene.relay_at(), scene.header(HR_RELAY_HEADER_IMAGE_SIZE));
  own_scratch(at_top, scene);
  check_started(scene, at_top ? scene.run_at_top() : scene.run_below(), at_top);
}

HR_TEST(exec_at_top, "a kexec at HYP/EL2, over what the caches held of the kernel before") {
  check_exec(true, false);
}

HR_TEST(exec_below, "a kexec at SVC/EL1, over what the caches held of the kernel before") {
  check_exec(false, false);
}

HR_TEST(exec_packed, "a kexec with a packed kernel, which is inflated over what the caches held") {
  check_exec(true, true);
}

HR_TEST(panic_at_top, "a panic at HYP/EL2: all was loaded before, nothing is cleaned any more") {
  check_panic(true);
}

HR_TEST(panic_below, "a panic at SVC/EL1: all was loaded before, nothing is cleaned any more") {
  check_panic(false);
}

}  // namespace
}  // namespace hyprelay::target
