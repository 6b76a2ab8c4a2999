// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/patch.hpp"

#include "abi/hr_abi.h"
#include "handoff/cells.hpp"
#include "handoff/old_memory.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::PhysRange;

constexpr std::string_view kChosen = "/chosen";
constexpr std::string_view kInitrdStart = "linux,initrd-start";
constexpr std::string_view kInitrdEnd = "linux,initrd-end";
constexpr std::string_view kKaslrSeed = "kaslr-seed";
constexpr std::string_view kRngSeed = "rng-seed";
constexpr std::string_view kRecord = "hyprelay,record";
constexpr std::string_view kElfcorehdr = "linux,elfcorehdr";
constexpr std::string_view kUsableRange = "linux,usable-memory-range";

// Properties of /chosen that are true for the old kernel only. A kernel wipes the seeds that it has
// used, and one that it has not was seen by others. linux,booted-from-kexec goes because
// a handoff may also begin in a bootloader; the record says how this kernel came up. linux,uefi-*
// is not here: the system table and memory map are the firmware's, not the old kernel's, and a
// kernel booted by EFI finds its memory through them alone [linux/Documentation/arm/uefi.rst].
// Linux's own kexec keeps them too [linux/drivers/of/kexec.c].
constexpr std::string_view kOldStatements[] = {kInitrdStart, kInitrdEnd, kUsableRange,
                                               kKaslrSeed,   kRngSeed,   "linux,booted-from-kexec"};

struct Property {
  std::string_view name;
  std::vector<std::byte> value;
};

std::vector<std::byte> big_endian(std::uint64_t number, std::size_t size_bytes) {
  std::vector<std::byte> bytes(size_bytes);
  for (std::size_t i = size_bytes; i-- > 0; number >>= 8) {
    bytes[i] = static_cast<std::byte>(number);
  }
  return bytes;
}

// Linux reads one cell or two by the property's length, in every version since arm had device trees
// [linux/drivers/of/fdt.c early_init_dt_check_for_initrd]. U-Boot and QEMU write as many as the
// root's #address-cells, and readers other than Linux expect that; one cell is never made to hold
// what does not fit.
std::size_t initrd_cell_bytes(const fdt::Tree& source, const PhysRange& initrd) {
  const bool wide = number_in(source.property("/", "#address-cells")).value_or(1) > 1;
  return wide || initrd.end().raw() >> 32 != 0 ? 8 : 4;
}

void append_pair(std::vector<std::byte>& value, const PhysRange& range, const Cells& cells) {
  for (const auto& [number, count] :
       {std::pair(range.start().raw(), cells.address), std::pair(range.size_bytes(), cells.size)}) {
    const auto bytes = big_endian(number, static_cast<std::size_t>(count) * 4);
    value.insert(value.end(), bytes.begin(), bytes.end());
  }
}

std::vector<Property> crash_properties(const CrashTree& crash, const Cells& cells) {
  Property elfcorehdr{kElfcorehdr, {}};
  append_pair(elfcorehdr.value, crash.elfcorehdr, cells);
  Property usable{kUsableRange, {}};
  for (const PhysRange& range : crash.usable) {
    append_pair(usable.value, range, cells);
  }
  return {std::move(elfcorehdr), std::move(usable)};
}

base::Result<void> check_cells(const CrashTree& crash, const Cells& cells) {
  std::uint64_t top = crash.elfcorehdr.end().raw();
  for (const PhysRange& range : crash.usable) {
    top = std::max(top, range.end().raw());
  }
  if (!cells.usual() || (cells.address == 1 && (top - 1) >> 32 != 0)) {
    return base::Error(base::Code::TREE_BAD_PROPERTY, base::Stage::kPatch, "/#address-cells")
        .with_at(cells.address)
        .with_limit(top);
  }
  return base::success();
}

// What /chosen of the next kernel holds besides what it inherits.
std::vector<Property> new_properties(const PatchRequest& request, std::size_t cell_bytes,
                                     const Cells& cells) {
  std::vector<Property> properties;
  const auto* const text = reinterpret_cast<const std::byte*>(request.command_line.c_str());
  properties.push_back({"bootargs", {text, text + request.command_line.size() + 1}});
  if (request.initrd) {
    properties.push_back({kInitrdStart, big_endian(request.initrd->start().raw(), cell_bytes)});
    properties.push_back({kInitrdEnd, big_endian(request.initrd->end().raw(), cell_bytes)});
  }
  if (const auto& seeds = request.seeds) {
    properties.push_back({kKaslrSeed, {seeds->kaslr.begin(), seeds->kaslr.end()}});
    properties.push_back({kRngSeed, {seeds->rng.begin(), seeds->rng.end()}});
  }
  properties.push_back({kRecord, std::vector<std::byte>(HR_RECORD_SIZE)});
  if (request.crash) {
    std::ranges::move(crash_properties(*request.crash, cells), std::back_inserter(properties));
  }
  return properties;
}

void drop_old_reservations(const fdt::Tree& source, fdt::Tree& next) {
  const OldMemory old(source);
  next.remove_memory_reservations([&](const PhysRange& entry) { return old.owns(entry); });
}

base::Result<void> apply(const fdt::Tree& source, const PatchRequest& request, fdt::Tree& next) {
  drop_old_reservations(source, next);
  for (const std::string_view name : kOldMemory) {
    HR_TRYV(next.remove_property(kChosen, name));
  }
  for (const std::string_view name : kOldStatements) {
    HR_TRYV(next.remove_property(kChosen, name));
  }
  HR_TRYV(next.add_node(kChosen));
  const Cells cells = cells_of(source);
  if (request.crash) {
    HR_TRYV(check_cells(*request.crash, cells));
  }
  const std::size_t cell_bytes = initrd_cell_bytes(source, request.initrd.value_or(PhysRange()));
  for (const Property& property : new_properties(request, cell_bytes, cells)) {
    HR_TRYV(next.set(kChosen, property.name, property.value));
  }
  next.pack();
  return base::success();
}

// The tree's errors are of stage tree; here they are the patch's.
base::Error at_patch(const base::Error& error) {
  base::Error moved(error.code(), base::Stage::kPatch, error.subject());
  if (error.has_at()) {
    moved.with_at(error.at());
  }
  if (error.has_limit()) {
    moved.with_limit(error.limit());
  }
  return moved;
}

}  // namespace

base::Result<PatchedTree> patch(const fdt::Tree& source, const PatchRequest& request) {
  fdt::Tree next = source;
  if (const auto applied = apply(source, request, next); !applied) {
    return at_patch(applied.error());
  }
  const std::optional<ByteView> record = next.property(kChosen, kRecord);
  if (!record) {
    return base::Error(base::Code::INTERNAL, base::Stage::kPatch, "/chosen: hyprelay,record");
  }
  PatchedTree patched;
  patched.bytes_.assign(next.bytes().begin(), next.bytes().end());
  patched.record_offset_ = static_cast<std::uint64_t>(record->data() - next.bytes().data());
  return patched;
}

bool is_patched(std::string_view property) {
  PatchRequest everything{.command_line = {}, .initrd = PhysRange(), .seeds = Seeds()};
  everything.crash = CrashTree{};
  const std::vector<Property> written = new_properties(everything, 4, Cells{1, 1});
  return std::ranges::find(kOldStatements, property) != std::end(kOldStatements) ||
         std::ranges::find(kOldMemory, property) != kOldMemory.end() ||
         std::ranges::find(written, property, &Property::name) != written.end();
}

std::uint64_t patched_size_bound(const fdt::Tree& source, const PatchRequest& request) {
  PatchRequest widest = request;
  widest.initrd = request.initrd.value_or(PhysRange());
  widest.seeds = request.seeds.value_or(Seeds());
  // FDT_BEGIN_NODE, "chosen" and its padding, FDT_END_NODE; and the alignment of the blocks.
  std::uint64_t bytes = source.packed().size() + 16 + 16;
  for (const Property& property : new_properties(widest, 8, Cells{2, 2})) {
    // FDT_PROP, length, name offset, the value and its padding; the name in the strings block.
    bytes += 12 + base::align_up(property.value.size(), 4) + property.name.size() + 1;
  }
  return bytes;
}

}  // namespace hyprelay::handoff
