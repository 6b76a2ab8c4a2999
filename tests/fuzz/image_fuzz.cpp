// SPDX-License-Identifier: BSD-2-Clause
// Any bytes: either refused with an error of stage image (tree, of a FIT), or an image whose plan,
// if there is one, passes the check, as it is and, where its payload is found, inflated.
#include "handoff/bare_kernel.hpp"
#include "handoff/kernel_file.hpp"
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

// Stands for every decompressor: what is packed are the bytes themselves.
handoff::Unpacked as_it_is(handoff::Packing, hyprelay::base::ByteView packed,
                           const handoff::TakeUnpacked& take) {
  return take(packed) ? handoff::Unpacked{packed.size(), ""} : handoff::Unpacked{{}, "enough"};
}

void expect_plan_holds(const handoff::ImageView& image) {
  handoff::Machine machine;
  machine.arch = image.arch;
  machine.ram = {range(0x40000000, 0x20000000), range(0x80200000, 0x30000000)};
  machine.reserved = {{range(0x44000000, 0x1000), "firmware"}};
  handoff::PlanRequest request;
  request.initrd_bytes = 0x1234567;
  request.tree_bytes = 0x12345;
  request.relay_bytes = 0x20000;
  request.tree_memory = machine.ram;
  const auto plan = handoff::make_plan(machine, image, request);
  require(plan ? handoff::check_plan(machine, image, request, plan.value()).has_value()
               : plan.error().stage() == Stage::kPlan);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = hyprelay::fuzz::bytes_of(data, size);
  const auto file = handoff::read_kernel(bytes, "input", {as_it_is});
  // A FIT is a device tree, and is damaged as one.
  require(file || file.error().stage() == Stage::kImage || file.error().stage() == Stage::kTree);
  const auto image = handoff::read_image(bytes, "input");
  if (!image) {
    require(image.error().stage() == Stage::kImage);
    require(image.error().code() != hyprelay::base::Code::INTERNAL);
    return 0;
  }
  require(image.value().bytes.data() == bytes.data() && image.value().bytes.size() <= size);
  expect_plan_holds(image.value());
  if (image.value().arch == handoff::Arch::kArm) {
    const auto made = handoff::inflate_zimage(image.value(), as_it_is);
    require(made.read.view ? !made.bytes.empty() : !made.read.why_not.empty());
    if (made.read.view) {
      require(made.read.view->bytes.data() == made.bytes.data());
      expect_plan_holds(*made.read.view);
    }
  }
  return 0;
}
