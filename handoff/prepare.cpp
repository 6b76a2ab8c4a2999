// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/prepare.hpp"

#include "base/error_text.hpp"
#include "base/number_text.hpp"
#include "fdt/early_memory.hpp"
#include "fdt/efi.hpp"
#include "fdt/facts.hpp"
#include "handoff/bare_kernel.hpp"
#include "handoff/boot_alias.hpp"
#include "handoff/command_line.hpp"
#include "handoff/crash_cpus.hpp"
#include "handoff/line_limit.hpp"
#include "handoff/platform_facts.hpp"
#include "handoff/travel.hpp"
#include "handoff/warnings.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::Stage;

// For an estimate: a tree of that size takes 2 MiB whatever its length, and no core header of less
// than a thousand pieces of memory and CPUs is longer.
constexpr std::uint64_t kTreeBytes = 0x20000;
constexpr std::uint64_t kElfcorehdrBytes = 0x10000;
// Zeroes are an archive with nothing in it [linux/init/initramfs.c unpack_to_rootfs].
constexpr std::array<std::byte, 512> kEmptyInitrd{};

// CPUs without translation tables of 16 KiB pages: Cortex-A53, A57, A72 [arm/ddi0500, arm/ddi0488,
// arm/100095: ID_AA64MMFR0_EL1, TGran16]. The register itself is hidden from programs
// [linux/Documentation/arch/arm64/cpu-feature-registers.rst], unlike MIDR_EL1's part: relays look.
bool lacks_16k_pages(std::uint32_t cpu_id) {
  const std::uint32_t part = arm_part(cpu_id);
  return part == 0xd03 || part == 0xd07 || part == 0xd08;
}

base::Result<void> check_pages(const PrepareInput& input) {
  constexpr std::uint8_t kPages16k = 2;
  if (input.kernel.image.page_size_code == kPages16k &&
      std::ranges::any_of(input.machine.hyp.cpu_ids, lacks_16k_pages)) {
    return Error(Code::RELAY_PAGES, Stage::kImage, input.kernel_name);
  }
  return base::success();
}

base::Result<void> check_arch(const PrepareInput& input) {
  if (input.kernel.arch != input.machine.arch) {
    return Error(Code::IMAGE_WRONG_ARCH, Stage::kImage, input.kernel_name);
  }
  return base::success();
}

base::Result<RelayImage> read_relay(const PrepareInput& input) {
  if (input.relay.empty()) {
    return Error(Code::SEAL_NO_RELAY, Stage::kSeal, arch_name(input.machine.arch));
  }
  return read_relay_image(input.relay);
}

// `there`: the machine by its boot addresses, since what a 32-bit crash kernel reads of the dead
// one's memory, it reads by 32-bit addresses, of the one form of core header that it takes
// [linux/arch/arm/include/asm/elf.h vmcore_elf64_check_arch].
base::Result<std::optional<FoundCrash>> find_crash(const PrepareInput& input,
                                                   const Machine& there) {
  if (!input.wishes.panic) {
    return std::optional<FoundCrash>();
  }
  HR_TRY(region, main_crash_region(input.machine));
  HR_TRYV(check_region_is_memory(input.machine, region));
  HR_TRYV(check_region_is_mapped(input.machine, region));
  HR_TRY(header, make_core_header(there));
  return std::optional(FoundCrash{region, std::move(header), may_have_vmcore(input.kernel)});
}

// All of it, in the order in which a kernel that cuts it keeps what counts.
std::string next_command_line(const Found& found, const Plan& plan) {
  std::string must_have = found.added_words;
  if (found.crash) {
    must_have += old_kernel_arguments(found.kernel, plan, found.crash->region);
  }
  return fit_command_line(found.kept_words, must_have, command_line_limit(found.machine.arch));
}

// What the next tree says when things lie where the plan has them.
PatchRequest patch_request(const Found& found, const Plan& plan,
                           const std::optional<Seeds>& seeds) {
  PatchRequest request{
      .command_line = next_command_line(found, plan), .initrd = {}, .seeds = seeds};
  if (const Placement* initrd = plan.find(SegmentKind::kINITRD)) {
    request.initrd = PhysRange::from_size(plan.start_in_tree(*initrd), initrd->content_bytes);
  }
  if (found.crash) {
    request.crash = crash_tree(found.machine, plan);
  }
  return request;
}

// The tree's length does not depend on where things lie: an initrd at address zero stands for the
// one to come.
std::uint64_t tree_bound(const Found& found, const std::optional<InitrdSize>& initrd) {
  Plan anywhere;
  if (initrd) {
    const auto memory = PhysRange::from_size(PhysAddr(0), initrd->size_bytes);
    anywhere.placements.push_back(
        {SegmentKind::kINITRD, memory.value_or(PhysRange()), initrd->size_bytes, ""});
  }
  PatchRequest request = patch_request(found, anywhere, Seeds());
  // Where a line is too long, a word less may fit in front of the place of the crash header, which
  // is not known yet.
  if (request.command_line.size() > command_line_limit(found.machine.arch)) {
    request.command_line.append(found.command_line.size(), ' ');
  }
  return patched_size_bound(found.source.tree, request);
}

// What the next kernel takes for memory by its tree. One that EFI firmware has described it to does
// not look at /memory: the running kernel, which has read the same map, knows better.
base::Result<void> add_memory(const SourceTree& source, PlanRequest& request) {
  request.early_memory = fdt::early_memory(source.tree);
  if (fdt::has_efi_map(source.tree)) {
    return base::success();
  }
  HR_TRY(memory, fdt::memory_ranges(source.tree));
  if (memory.empty()) {
    return Error(Code::TREE_NO_MEMORY, Stage::kTree, source.name);
  }
  request.tree_memory = std::move(memory);
  return base::success();
}

base::Result<PlanRequest> plan_request(const Found& found,
                                       const std::optional<InitrdSize>& initrd) {
  PlanRequest request;
  request.initrd_bytes = initrd ? initrd->size_bytes : 0;
  request.tree_bytes = tree_bound(found, initrd);
  request.relay_bytes = found.relay.memory_bytes;
  HR_TRY(reserved, fdt::reserved_ranges(found.source.tree));
  for (const fdt::ReservedRange& one : reserved) {
    request.tree_reserved.push_back({one.range, one.name});
  }
  if (const auto map = fdt::efi_map(found.source.tree)) {
    request.tree_reserved.push_back({*map, "EFI's memory map"});
  }
  HR_TRYV(add_memory(found.source, request));
  if (auto needed = resident_memory(found.resident.vectors)) {
    request.needed_by_relay.push_back(std::move(*needed));
  }
  if (found.crash) {
    limit_to_region(request, found.crash->region, found.crash->header.bytes.size());
  }
  return request;
}

// Why the zImage is to be taken though its kernel has a place; empty: it is not. What the relay
// climbs through may not be loaded over, but lies where the old kernel was, so that an inflated one
// had to begin above it and would lose the memory below, and the next one more.
std::string why_not_bare(const Plan& bare, const base::Result<Plan>& zimage) {
  return zimage && zimage.value().memory_start < bare.memory_start
             ? "inflated it would lose the memory below " + base::hex(bare.memory_start) +
                   ", where the relay still needs what the old kernel left"
             : "";
}

// Leaves in `found` the kernel that the plan is for: inflated where there is place for that, else
// as its file has it, with a note that says why.
base::Result<Plan> plan_of(Found& found, const PrepareInput& input, const PlanRequest& request,
                           std::uint64_t unpacked_bytes, std::vector<std::string>& notes) {
  const auto as_its_file = [&] {
    return found.crash ? make_crash_plan(found.machine, input.kernel, request, unpacked_bytes)
                       : make_plan(found.machine, input.kernel, request);
  };
  if (!input.bare) {
    return as_its_file();
  }
  auto bare = make_plan(found.machine, *input.bare, request);
  if (bare && request.needed_by_relay.empty()) {
    found.kernel = *input.bare;
    return bare;
  }
  auto zimage = as_its_file();
  std::string why_not;
  if (bare) {
    why_not = why_not_bare(bare.value(), zimage);
    if (why_not.empty()) {
      found.kernel = *input.bare;
      return bare;
    }
  } else {
    why_not = std::string(bare.error().subject());
    why_not.append(why_not.empty() ? "" : ": ").append(base::row_of(bare.error().code()).sentence);
    if (!zimage && found.crash) {
      // A region that is too small for both should be told what the smaller one needs.
      return make_crash_plan(found.machine, *input.bare, request, unpacked_bytes);
    }
  }
  notes.push_back(kept_note(input.kernel_name, why_not));
  return zimage;
}

BatonFacts baton_facts(const Found& found, const Wishes& wishes, const PlatformFacts& platform) {
  BatonFacts facts;
  facts.console = platform.console;
  facts.gic = platform.gic;
  facts.psci = platform.psci;
  facts.resident = static_cast<std::uint32_t>(found.resident.dialect);
  facts.resident_vectors = found.resident.vectors.physical;
  facts.resident_virtual = found.resident.vectors.virtual_address;
  facts.require_hyp = wishes.require_hyp;
  facts.halt_on_failure = wishes.halt_on_failure;
  facts.verbose = wishes.verbose_relay;
  facts.digest_algorithm = wishes.digest_algorithm;
  return facts;
}

std::vector<std::string> input_notes(const PrepareInput& input, const Found& found,
                                     const Plan& plan) {
  std::vector<std::string> notes = input.notes;
  if (const ImageView& kernel = found.kernel; !kernel.inflated_from.empty()) {
    notes.push_back(
        input.kernel_name + ": inflated from " + kernel.inflated_from + ", " +
        std::to_string(kernel.bytes.size() - (kernel.bare ? kernel.bare->lead_bytes : 0)) +
        " bytes");
  }
  if (const ZImage& z = found.kernel.zimage; z.sizes_are_bounds) {
    notes.push_back(input.kernel_name + ": has no size table (before 4.15): " +
                    base::size_text(z.inflated_bytes + z.bss_bytes) +
                    " are kept for it, which no such kernel exceeds");
  }
  notes.insert(notes.end(), found.source.notes.begin(), found.source.notes.end());
  if (plan.boot_distance_bytes != 0) {
    notes.push_back("kernels start at a boot alias here: addresses of the plan are " +
                    base::hex(plan.boot_distance_bytes) +
                    " below those that the memory has in the tree");
  }
  return notes;
}

// Zeroes: nobody can tell, or nobody needs to. Of what is loaded: a zImage takes more than what it
// inflates to.
CrashSize size_of(const Found& found, const PlanRequest& request, std::uint64_t unpacked_bytes) {
  if (!found.crash) {
    return {};
  }
  const auto size = crash_size(found.machine, found.kernel, request, unpacked_bytes);
  return size ? size.value() : CrashSize();
}

// How many CPUs the crash kernel starts, of `most`; says so when it could start more.
std::uint32_t crash_cpus(const PrepareInput& input, const FoundCrash& crash, std::uint32_t most,
                         std::vector<std::string>& notes) {
  const auto size = estimate_crash_size(input);
  if (!size) {
    return 1;
  }
  const std::uint64_t needed = size.value().needed_bytes;
  const std::uint32_t cpus = crash_cpus_in(crash.region.size_bytes(), needed, most);
  if (cpus < most) {
    notes.push_back(
        few_cpus_note(cpus, most, crashkernel_parameter(size.value().recommended_bytes)));
  }
  return cpus;
}

std::vector<std::string> notes_of(const CrashLine& line) {
  std::string words;
  for (const std::string& word : line.left_out) {
    words.append(words.empty() ? "" : " ").append(word);
  }
  return words.empty() ? std::vector<std::string>()
                       : std::vector{
                             "of the running kernel's command line the crash kernel does not "
                             "get " +
                             words + "; panic_keep_words= keeps words"};
}

std::vector<std::string> open_warnings(const CrashLine& line) {
  std::vector<std::string> warnings;
  for (const std::string& word : line.open) {
    warnings.push_back("the command line has a quote that nothing ends: " + word +
                       "; the next kernel takes all of that for one word, which is ended there; "
                       "mend it with --command-line, or where the running kernel's is set");
  }
  return warnings;
}

}  // namespace

InitrdSize initrd_size(const ArchiveWalk& walk, std::uint64_t size_bytes,
                       std::uint32_t page_size_bytes) {
  constexpr std::uint64_t kInflation = 4;
  const std::uint64_t rest =
      walk.stopped.empty() ? 0 : size_bytes - std::min(walk.understood_bytes, size_bytes);
  return {size_bytes, walk.content.memory_bytes(page_size_bytes) + rest * kInflation, walk.stopped};
}

InitrdSize measure_initrd(base::ByteView start, std::uint64_t size_bytes) {
  const Unpack nothing = [](Packing, base::ByteView, const TakeUnpacked&) {
    return Unpacked{{}, "it is not unpacked here"};
  };
  return initrd_size(walk_archive(start, nothing, size_bytes), size_bytes,
                     Machine().page_size_bytes);
}

base::Result<Planned> prepare(PrepareInput input) {
  HR_TRYV(check_arch(input));
  HR_TRYV(check_pages(input));
  HR_TRY(source, choose_source_tree({.given = std::move(input.tree),
                                     .appended = input.kernel.appended_tree,
                                     .kernel_name = input.kernel_name,
                                     .edits = std::move(input.edits),
                                     .is_trusted = input.wishes.trust_dtb,
                                     .outlives_boot = input.wishes.after_reset},
                                    input.machine));
  HR_TRY(relay, read_relay(input));
  HR_TRY(there, at_boot_addresses(input.machine));
  HR_TRY(resident, find_resident(input.wishes, there));
  HR_TRY(crash, find_crash(input, there));
  const std::uint32_t most = crash ? startable_crash_cpus(input.machine, source.tree) : 1;
  const std::uint32_t cpus = most > 1 ? crash_cpus(input, *crash, most, input.notes) : 1;
  CrashLine line =
      choose_command_line(input.wishes, input.machine.arch, input.machine.command_line, cpus);
  if (line.text.find('\0') != std::string::npos) {
    return Error(Code::COMMAND_LINE_NUL, Stage::kPlan).with_at(line.text.find('\0'));
  }
  Found found{std::move(input.machine), input.kernel,         relay,
              std::move(source),        std::move(line.text), std::move(line.kept),
              std::move(line.added),    std::move(resident),  std::move(crash)};
  if (found.crash) {
    found.crash->left_out_words = line.left_out;
  }
  const bool empty_initrd = !input.initrd && fdt::has_efi_map(found.source.tree);
  if (empty_initrd) {
    input.initrd = InitrdSize{.size_bytes = kEmptyInitrd.size()};
    input.notes.emplace_back(
        "no initrd: an empty one is loaded, so that the next kernel does not take what is left of "
        "the one that EFI loaded");
  }
  const std::uint64_t unpacked_bytes = input.initrd ? input.initrd->unpacked_bytes : 0;
  HR_TRY(request, plan_request(found, input.initrd));
  HR_TRY(plan, plan_of(found, input, request, unpacked_bytes, input.notes));
  HR_TRYV(choose_travel(found, input, request, plan));
  HR_TRYV(check_plan(found.machine, found.kernel, request, plan));
  HR_TRY(platform, platform_facts(found.source.tree, found.machine));
  BatonFacts facts = baton_facts(found, input.wishes, platform);
  const CrashSize size = size_of(found, request, unpacked_bytes);
  std::vector<std::string> notes = input_notes(input, found, plan);
  std::ranges::move(platform.notes, std::back_inserter(notes));
  std::ranges::move(notes_of(line), std::back_inserter(notes));
  Planned planned{std::move(found), std::move(request), std::move(plan), std::move(facts)};
  planned.empty_initrd = empty_initrd;
  planned.needed_bytes = size.needed_bytes;
  planned.recommended_bytes = size.recommended_bytes;
  planned.warnings = std::move(input.warnings);
  std::ranges::move(
      warnings_of(planned, input.initrd, next_command_line(planned.found, planned.plan)),
      std::back_inserter(planned.warnings));
  std::ranges::move(open_warnings(line), std::back_inserter(planned.warnings));
  if (auto big = big_words_warning(input.wishes)) {
    planned.warnings.push_back(std::move(*big));
  }
  std::ranges::move(platform.warnings, std::back_inserter(planned.warnings));
  planned.notes = std::move(notes);
  return planned;
}

base::Result<SealedHandoff> seal(const Planned& planned, base::ByteView initrd,
                                 const std::optional<Seeds>& seeds, Contents contents) {
  const Found& found = planned.found;
  HR_TRY(tree, patch(found.source.tree, patch_request(found, planned.plan, seeds)));
  const base::ByteView elfcorehdr = found.crash ? found.crash->header.bytes : base::ByteView();
  const auto zimage = found.kernel.bare ? std::optional(found.kernel.zimage) : std::nullopt;
  return seal({found.machine, planned.request, planned.plan, found.kernel.bytes, zimage,
               found.kernel.bare.value_or(BareKernel()).version_at, found.packed,
               planned.empty_initrd ? base::ByteView(kEmptyInitrd) : initrd, elfcorehdr, tree,
               found.relay, planned.facts, contents, found.kernel.program});
}

base::Result<CrashSize> estimate_crash_size(const PrepareInput& input) {
  HR_TRYV(check_arch(input));
  HR_TRY(relay, read_relay(input));
  PlanRequest request;
  request.initrd_bytes = input.initrd ? input.initrd->size_bytes : 0;
  request.tree_bytes = kTreeBytes;
  request.relay_bytes = relay.memory_bytes;
  request.elfcorehdr_bytes = kElfcorehdrBytes;
  return crash_size(input.machine, input.bare.value_or(input.kernel), request,
                    input.initrd ? input.initrd->unpacked_bytes : 0);
}

}  // namespace hyprelay::handoff
