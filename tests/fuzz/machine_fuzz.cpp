// SPDX-License-Identifier: BSD-2-Clause
// Any text: either refused as MACHINE_MALFORMED, or a machine that can be written, read again and
// planned for, with a resident that nothing is loaded over; and the library's whole way to a plan,
// for a reboot and for a panic, has an answer for it.
#include "handoff/json.hpp"
#include "handoff/prepare.hpp"
#include "handoff/resident.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>

namespace {

namespace handoff = hyprelay::handoff;
using hyprelay::base::Code;
using hyprelay::fuzz::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto machine =
      handoff::machine_from_json({reinterpret_cast<const char*>(data), size}, "input");
  if (!machine) {
    require(machine.error().code() == Code::MACHINE_MALFORMED);
    return 0;
  }
  const auto again = handoff::machine_from_json(to_json(machine.value()).dump(), "again");
  require(again && again.value() == machine.value());
  handoff::ImageView kernel;
  kernel.arch = machine.value().arch;
  kernel.zimage = {.size_bytes = 0x532200,
                   .inflated_bytes = 0x13a10b4,
                   .bss_bytes = 0x5e4d4,
                   .malloc_bytes = 0x10000,
                   .text_offset = 0x208000,
                   .text_offset_max = 0x208000};
  kernel.image = {.size_bytes = 0x1f6dfc0, .image_size = 0x2010000, .text_offset = 0x80000};
  const auto resident =
      handoff::choose_resident(machine.value(), hyprelay::compat::Handover::kCrash);
  handoff::PlanRequest request{.initrd_bytes = 0x1000000,
                               .tree_bytes = 0x12000,
                               .relay_bytes = 0x20000,
                               .tree_reserved = {},
                               .needed_by_relay = {},
                               .tree_memory = {},
                               .within = {}};
  const auto needed = resident ? handoff::resident_memory(resident.value().vectors) : std::nullopt;
  if (needed) {
    request.needed_by_relay.push_back(*needed);
  }
  const auto plan = handoff::make_plan(machine.value(), kernel, request);
  require(!plan || handoff::check_plan(machine.value(), kernel, request, plan.value()).has_value());
  const auto relay = handoff::testing::make_relay(kernel.arch);
  for (const bool panic : {false, true}) {
    handoff::PrepareInput input{
        .machine = machine.value(), .kernel = kernel, .kernel_name = "kernel", .relay = relay};
    input.wishes.panic = panic;
    if (const auto planned = handoff::prepare(std::move(input))) {
      require(check_plan(planned.value().found.machine, planned.value().found.kernel,
                         planned.value().request, planned.value().plan)
                  .has_value());
    }
  }
  return 0;
}
