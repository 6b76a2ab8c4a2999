// SPDX-License-Identifier: BSD-2-Clause
// The interrupt controller by the MADT, whose signature is APIC [acpi/6.5 section 5.2.12].
#include "acpi/facts.hpp"
#include "acpi/table.hpp"

#include <algorithm>
#include <optional>

namespace hyprelay::acpi {
namespace {

using base::PhysAddr;
using base::PhysRange;

// The structures follow header, address and flags [table 5.19]; each begins with its type and its
// length, a byte each.
constexpr std::uint64_t kFirstStructure = 44;
constexpr std::uint64_t kSmallestStructure = 2;

struct Found {
  std::optional<std::uint8_t> version;
  std::uint64_t version_at = 0;
  std::vector<PhysRange> regions;
  // Of each CPU that is enabled, where there are no regions.
  std::vector<PhysAddr> of_cpus;
  std::vector<PhysAddr> its;
};

// GICC [section 5.2.12.14]: flags at 12, GICR base address at 60. A CPU that is not enabled has
// run nothing, and its redistributor may have no power.
base::Result<void> take_cpu(const Table& table, std::uint64_t at, Found& found) {
  constexpr std::uint32_t kEnabled = 1u << 0;
  HR_TRY(flags, table.number<std::uint32_t>(at + 12, "GICC: flags"));
  HR_TRY(address, table.number<std::uint64_t>(at + 60, "GICC: GICR base address"));
  if ((flags & kEnabled) == 0 || address == 0) {
    return base::success();
  }
  const auto frames = PhysRange::from_size(PhysAddr(address), base::kSmallestRedistributor);
  if (!frames || !base::is_redistributors(*frames)) {
    return table.lies(at + 60, "GICC: GICR base address");
  }
  found.of_cpus.emplace_back(address);
  return base::success();
}

// GICD [section 5.2.12.15]: GIC version at 20. There is one of them; Linux takes the first.
base::Result<void> take_distributor(const Table& table, std::uint64_t at, Found& found) {
  HR_TRY(version, table.number<std::uint8_t>(at + 20, "GICD: version"));
  constexpr std::uint8_t kNewest = 4;
  if (version > kNewest) {
    return table.lies(at + 20, "GICD: version");
  }
  if (!found.version) {
    found.version = version;
    found.version_at = at + 20;
  }
  return base::success();
}

// GICR [section 5.2.12.17]: discovery range base address at 4, its length at 12.
base::Result<void> take_region(const Table& table, std::uint64_t at, Found& found) {
  HR_TRY(address, table.number<std::uint64_t>(at + 4, "GICR: base address"));
  HR_TRY(size_bytes, table.number<std::uint32_t>(at + 12, "GICR: length"));
  const auto region = PhysRange::from_size(PhysAddr(address), size_bytes);
  if (!region || !base::is_redistributors(*region)) {
    return table.lies(at + 4, "GICR: base address and length");
  }
  found.regions.push_back(*region);
  return base::success();
}

// GIC ITS [section 5.2.12.18]: physical base address at 8.
base::Result<void> take_its(const Table& table, std::uint64_t at, Found& found) {
  HR_TRY(address, table.number<std::uint64_t>(at + 8, "ITS: base address"));
  if (address == 0 || !PhysAddr(address).is_aligned(base::kGicFrame)) {
    return table.lies(at + 8, "ITS: base address");
  }
  found.its.emplace_back(address);
  return base::success();
}

// [table 5.20]. The length is the least that a structure of any revision has: GICC that of
// ACPI 5.1.
struct Kind {
  std::uint8_t type;
  std::uint8_t least_bytes;
  std::string_view rule;
  base::Result<void> (*take)(const Table& table, std::uint64_t at, Found& found);
};

constexpr Kind kKinds[] = {{0x0b, 76, "length of a GICC", take_cpu},
                           {0x0c, 24, "length of a GICD", take_distributor},
                           {0x0e, 16, "length of a GICR", take_region},
                           {0x0f, 20, "length of an ITS", take_its}};

base::Result<Found> walk(const Table& table) {
  Found found;
  HR_TRYV(table.number<std::uint32_t>(kFirstStructure - 4, "length of the fixed part"));
  std::uint64_t at = kFirstStructure;
  while (at < table.size_bytes()) {
    HR_TRY(type, table.number<std::uint8_t>(at, "type of a structure"));
    HR_TRY(size_bytes, table.number<std::uint8_t>(at + 1, "length of a structure"));
    if (size_bytes < kSmallestStructure || size_bytes > table.size_bytes() - at) {
      return table.lies(at + 1, "length of a structure");
    }
    const auto* const kind = std::ranges::find(kKinds, type, &Kind::type);
    if (kind != std::end(kKinds)) {
      if (size_bytes < kind->least_bytes) {
        return table.lies(at + 1, kind->rule);
      }
      HR_TRYV(kind->take(table, at, found));
    }
    at += size_bytes;
  }
  return found;
}

// Redistributors that are told one by one, as regions: those that follow each other at the distance
// of two or four frames are one. The relay has room for few regions, and a machine may have many
// CPUs.
void join_cpus(std::vector<PhysAddr> cpus, base::Gic& gic) {
  std::ranges::sort(cpus);
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  std::uint64_t step = base::kLargestRedistributor;
  for (std::size_t i = 1; i < cpus.size(); ++i) {
    step = std::min(step, cpus[i] - cpus[i - 1]);
  }
  const bool is_step = step == base::kSmallestRedistributor || step == base::kLargestRedistributor;
  for (std::size_t i = 0; i < cpus.size();) {
    std::size_t end = i + 1;
    while (is_step && end < cpus.size() && cpus[end] - cpus[end - 1] == step) {
      ++end;
    }
    // What a single one has more than two frames the relay sees in GICR_TYPER.
    const std::uint64_t size_bytes = end - i == 1 ? base::kSmallestRedistributor : step * (end - i);
    gic.redistributor_stride = end - i == 1 ? gic.redistributor_stride : step;
    gic.redistributors.push_back(PhysRange::from_size(cpus[i], size_bytes).value_or(PhysRange()));
    i = end;
  }
}

}  // namespace

base::Result<base::Gic> gic(base::ByteView interrupts) {
  HR_TRY(table, Table::from_bytes(interrupts, kInterrupts));
  HR_TRY(found, walk(table));
  base::Gic gic;
  if (!found.version) {
    return gic;
  }
  const bool has_redistributors = !found.regions.empty() || !found.of_cpus.empty();
  // 0 means: see the hardware. As Linux sees it: redistributors make it a GICv3
  // [linux/drivers/irqchip/irq-gic-v3.c acpi_validate_gic_table].
  constexpr std::uint8_t kVersion3 = 3;
  const std::uint8_t version =
      *found.version == 0 && has_redistributors ? kVersion3 : *found.version;
  if (version < kVersion3) {
    gic.version = 2;
    return gic;
  }
  if (!has_redistributors) {
    return table.lies(found.version_at, "GICD: version, with no redistributor");
  }
  gic.version = version;
  gic.its = std::move(found.its);
  // Those of the CPUs count where there is no region [section 5.2.12.14, GICR Base Address].
  if (found.regions.empty()) {
    join_cpus(std::move(found.of_cpus), gic);
  } else {
    gic.redistributors = std::move(found.regions);
  }
  return gic;
}

}  // namespace hyprelay::acpi
