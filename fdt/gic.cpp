// SPDX-License-Identifier: BSD-2-Clause
// The interrupt controller
// [linux/Documentation/devicetree/bindings/interrupt-controller/arm,gic.yaml and arm,gic-v3.yaml].
#include "fdt/facts.hpp"
#include "fdt/node.hpp"
#include "fdt/tree.hpp"

namespace hyprelay::fdt {
namespace {

// Far more than a baton holds; more of them are not worth looking for in every bus above.
constexpr std::size_t kMostRegions = 64;
// A stride that is no whole number of frames makes its reader touch what is no redistributor.
bool is_stride(std::uint64_t stride) {
  return stride == 0 || (stride >= base::kSmallestRedistributor && stride % base::kGicFrame == 0 &&
                         stride <= base::kLargestRedistributors);
}

// reg is: distributor, #redistributor-regions redistributor regions, then CPU interface windows.
base::Result<Gic> read_v3(const Node& node) {
  // GICv4 has no compatible of its own: GICR_TYPER.VLPIS tells it, on the machine.
  Gic gic;
  gic.version = 3;
  HR_TRY(regions, node.u32("#redistributor-regions"));
  HR_TRY(stride, node.u64("redistributor-stride"));
  const std::uint32_t count = regions.value_or(1);
  HR_TRY(registers, node.mapped_registers(kMostRegions + 1));
  gic.redistributor_stride = stride.value_or(0);
  if (!is_stride(gic.redistributor_stride)) {
    return node.bad_property("redistributor-stride");
  }
  if (count == 0 || registers.empty() || registers.size() - 1 < count) {
    return node.bad_property("reg");
  }
  for (std::uint32_t i = 1; i <= count; ++i) {
    if (!registers[i] || !base::is_redistributors(*registers[i])) {
      return node.bad_property("reg");
    }
    gic.redistributors.push_back(*registers[i]);
  }
  return gic;
}

}  // namespace

base::Result<Gic> gic(const Tree& tree) {
  const base::ByteView blob = tree.bytes();
  const std::vector<Node> v3 = Node::all_compatible(blob, {"arm,gic-v3", "qcom,msm8996-gic-v3"});
  if (v3.empty()) {
    const std::vector<Node> v2 = Node::all_compatible(
        blob, {"arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic", "arm,cortex-a9-gic",
               "arm,cortex-a5-gic", "arm,pl390", "arm,arm11mp-gic", "arm,eb11mp-gic",
               "arm,tc11mp-gic", "qcom,msm-qgic2", "qcom,msm-8660-qgic"});
    Gic gic;
    gic.version = v2.empty() ? 0 : 2;
    return gic;
  }
  HR_TRY(gic, read_v3(v3.front()));
  for (const Node& its : Node::all_compatible(blob, {"arm,gic-v3-its"})) {
    HR_TRY(registers, its.mapped_registers(1));
    if (registers.empty() || !registers.front() ||
        !registers.front()->start().is_aligned(base::kGicFrame)) {
      return its.bad_property("reg");
    }
    gic.its.push_back(registers.front()->start());
    if (gic.its.size() > kMostRegions) {
      break;
    }
  }
  return gic;
}

}  // namespace hyprelay::fdt
