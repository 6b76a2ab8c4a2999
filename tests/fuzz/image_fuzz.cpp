// SPDX-License-Identifier: BSD-2-Clause
// Any bytes: either refused with an error of stage image, or an image whose plan, if there is one,
// passes the check.
#include "handoff/image.hpp"
#include "handoff/plan.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <cstdint>

namespace {

using hyprelay::base::PhysAddr;
using hyprelay::base::PhysRange;
using hyprelay::base::Stage;
using hyprelay::fuzz::require;
namespace handoff = hyprelay::handoff;

PhysRange range(std::uint64_t start, std::uint64_t size_bytes) {
  return *PhysRange::from_size(PhysAddr(start), size_bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = hyprelay::fuzz::bytes_of(data, size);
  const auto image = handoff::read_image(bytes, "input");
  if (!image) {
    require(image.error().stage() == Stage::kImage);
    require(image.error().code() != hyprelay::base::Code::INTERNAL);
    return 0;
  }
  require(image.value().bytes.data() == bytes.data() && image.value().bytes.size() <= size);
  handoff::Machine machine;
  machine.arch = image.value().arch;
  machine.ram = {range(0x40000000, 0x20000000), range(0x80200000, 0x30000000)};
  machine.reserved = {{range(0x44000000, 0x1000), "firmware"}};
  handoff::PlanRequest request;
  request.initrd_bytes = 0x1234567;
  request.tree_bytes = 0x12345;
  request.relay_bytes = 0x20000;
  request.tree_memory = machine.ram;
  const auto plan = handoff::make_plan(machine, image.value(), request);
  require(plan ? handoff::check_plan(machine, image.value(), request, plan.value()).has_value()
               : plan.error().stage() == Stage::kPlan);
  return 0;
}
