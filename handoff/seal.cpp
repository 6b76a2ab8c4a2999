// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/seal.hpp"

#include "base/lz4_block.hpp"
#include "handoff/bare_kernel.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::Code;
using base::Error;
using base::Stage;

Error mismatch(std::string_view subject, std::uint64_t found, std::uint64_t planned) {
  return Error(Code::SEAL_MISMATCH, Stage::kSeal, subject).with_at(found).with_limit(planned);
}

ByteView source_of(const SealInput& input, SegmentKind kind) {
  switch (kind) {
    case SegmentKind::kKERNEL:
      return input.plan.packed ? input.packed : input.kernel;
    case SegmentKind::kINITRD:
      return input.initrd;
    case SegmentKind::kTREE:
      return input.tree.bytes();
    case SegmentKind::kRELAY:
      return input.relay.bytes;
    case SegmentKind::kELFCOREHDR:
      return input.elfcorehdr;
  }
  __builtin_unreachable();
}

bool is_borrowed(const SealInput& input, SegmentKind kind) {
  return input.contents == Contents::kBorrowed &&
         (kind == SegmentKind::kKERNEL || kind == SegmentKind::kINITRD);
}

// `owned`: what contents_of() made for that placement.
ByteView content_of(const SealInput& input, SegmentKind kind, const std::vector<std::byte>& owned) {
  return is_borrowed(input, kind) ? source_of(input, kind) : ByteView(owned);
}

// From the bytes that will be loaded, not from what was read of them before.
base::Result<ImageView> kernel_of(const SealInput& input) {
  if (input.program) {
    ImageView view;
    view.arch = input.plan.arch;
    view.bytes = input.kernel;
    view.program = input.program;
    return view;
  }
  if (!input.inflated_from) {
    return read_image(input.kernel, "kernel");
  }
  BareRead read = read_bare_kernel(*input.inflated_from, input.kernel, input.version_at);
  if (!read.view) {
    return Error(Code::SEAL_MISMATCH, Stage::kSeal, "kernel: " + read.why_not);
  }
  return std::move(*read.view);
}

// What is to be loaded is what the plan made room for.
base::Result<void> check_sizes(const SealInput& input) {
  const Plan& plan = input.plan;
  const std::uint64_t kernel = plan.find(SegmentKind::kKERNEL)->content_bytes;
  if (input.kernel.size() != kernel) {
    return mismatch("kernel", input.kernel.size(), kernel);
  }
  const Placement* initrd = plan.find(SegmentKind::kINITRD);
  const std::uint64_t initrd_bytes = initrd == nullptr ? 0 : initrd->content_bytes;
  if (input.initrd.size() != initrd_bytes) {
    return mismatch("initrd", input.initrd.size(), initrd_bytes);
  }
  const Placement* elfcorehdr = plan.find(SegmentKind::kELFCOREHDR);
  const std::uint64_t elfcorehdr_bytes = elfcorehdr == nullptr ? 0 : elfcorehdr->content_bytes;
  if (input.elfcorehdr.size() != elfcorehdr_bytes) {
    return mismatch("elfcorehdr", input.elfcorehdr.size(), elfcorehdr_bytes);
  }
  const std::uint64_t tree = plan.find(SegmentKind::kTREE)->content_bytes;
  if (input.tree.bytes().empty() || input.tree.bytes().size() > tree) {
    return mismatch("device tree", input.tree.bytes().size(), tree);
  }
  const std::uint64_t relay = plan.find(SegmentKind::kRELAY)->content_bytes;
  if (input.relay.memory_bytes > relay) {
    return mismatch("relay", input.relay.memory_bytes, relay);
  }
  if (input.relay.arch != plan.arch) {
    return mismatch("relay: architecture", static_cast<std::uint64_t>(input.relay.arch),
                    static_cast<std::uint64_t>(plan.arch));
  }
  return base::success();
}

base::Result<void> check_packed(const SealInput& input) {
  const std::uint64_t planned = input.plan.packed ? input.plan.packed->content_bytes : 0;
  if (input.packed.size() != planned) {
    return mismatch("packed kernel", input.packed.size(), planned);
  }
  if (planned == 0) {
    return base::success();
  }
  return base::lz4_is_of(input.packed, input.kernel)
             ? base::success()
             : base::Result<void>(mismatch("packed kernel", planned, input.kernel.size()));
}

// The relay writes the record after it has checked the tree's digest: it must be all zero now.
base::Result<void> check_record(const PatchedTree& tree) {
  const auto record = base::slice(tree.bytes(), tree.record_offset(), HR_RECORD_SIZE);
  if (!record.has_value()) {
    return mismatch("record", tree.record_offset(), tree.bytes().size());
  }
  if (std::ranges::any_of(record.value(), [](std::byte b) { return b != std::byte{0}; })) {
    return mismatch("record is not empty", tree.record_offset(), tree.bytes().size());
  }
  return base::success();
}

// What the seal owns, in the order of plan.placements, with the zeroes behind it up to the end of
// the pages: Linux's kexec writes those, a bootloader does not, and a kernel that reads its initrd
// to the end of a page finds what was loaded, whoever did it. The relay's lacks its baton, and the
// memory behind it is its own.
std::vector<std::vector<std::byte>> contents_of(const SealInput& input) {
  std::vector<std::vector<std::byte>> contents;
  for (const Placement& p : input.plan.placements) {
    std::vector<std::byte>& content = contents.emplace_back();
    if (is_borrowed(input, p.kind)) {
      continue;
    }
    const ByteView source = source_of(input, p.kind);
    const std::uint64_t memory_bytes = input.plan.as_loaded(p).memory.size_bytes();
    const bool filled = p.kind != SegmentKind::kRELAY && source.size() < memory_bytes;
    // At once as large as it will be, so that nothing is copied twice.
    content.reserve(filled ? static_cast<std::size_t>(memory_bytes) : source.size());
    content.assign(source.begin(), source.end());
    if (filled) {
      content.resize(static_cast<std::size_t>(memory_bytes));
    }
  }
  return contents;
}

// Inserts the baton, which covers everything that is loaded, with the zeroes behind it: the relay
// up to the baton, and the baton by its own checksum.
base::Result<void> insert_baton(const SealInput& input,
                                std::vector<std::vector<std::byte>>& contents) {
  const Plan& plan = input.plan;
  const std::uint64_t baton_offset = input.relay.baton_offset;
  BatonInput baton{
      .relay = plan.find(SegmentKind::kRELAY)->memory.start(),
      .entry = plan.entry,
      .tree = plan.find(SegmentKind::kTREE)->memory.start(),
      .record = plan.find(SegmentKind::kTREE)->memory.start() + input.tree.record_offset(),
      .segments = {},
      .packed_bytes = input.packed.size(),
      .inflated = {},
      .facts = input.facts};
  std::vector<std::byte>* relay = nullptr;
  const digest::Engine engine = digest::engine_of_process();
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const Placement& p = plan.as_loaded(plan.placements[i]);
    ByteView covered = content_of(input, p.kind, contents[i]);
    std::uint64_t zeroes = 0;
    if (p.kind == SegmentKind::kRELAY) {
      covered = covered.first(static_cast<std::size_t>(baton_offset));
      relay = &contents[i];
    } else if (covered.size() < p.memory.size_bytes()) {
      zeroes = p.memory.size_bytes() - covered.size();
    }
    baton.segments.push_back(
        {p.kind, p.memory.start(), covered.size() + zeroes,
         digest::digest_with_zeroes(input.facts.digest_algorithm, covered, zeroes, engine)});
  }
  if (plan.packed) {
    baton.inflated =
        BatonSegment{SegmentKind::kKERNEL, plan.find(SegmentKind::kKERNEL)->memory.start(),
                     input.kernel.size(), digest::digest_of(HR_DIGEST_FAST, input.kernel, engine)};
  }
  HR_TRY(bytes, write_baton(baton));
  relay->resize(std::max<std::size_t>(relay->size(), baton_offset + bytes.size()));
  std::ranges::copy(bytes, relay->begin() + static_cast<std::ptrdiff_t>(baton_offset));
  return base::success();
}

}  // namespace

base::Result<SealedHandoff> seal(const SealInput& input) {
  HR_TRY(kernel, kernel_of(input));
  HR_TRYV(check_plan(input.machine, kernel, input.request, input.plan));
  HR_TRYV(check_sizes(input));
  HR_TRYV(check_packed(input));
  HR_TRYV(check_record(input.tree));
  SealedHandoff sealed;
  sealed.arch_ = input.plan.arch;
  sealed.for_panic_ = input.plan.find(SegmentKind::kELFCOREHDR) != nullptr;
  sealed.relay_entry_ = input.plan.find(SegmentKind::kRELAY)->memory.start();
  sealed.contents_ = contents_of(input);
  HR_TRYV(insert_baton(input, sealed.contents_));
  for (std::size_t i = 0; i < sealed.contents_.size(); ++i) {
    const Placement& p = input.plan.as_loaded(input.plan.placements[i]);
    const ByteView content = content_of(input, p.kind, sealed.contents_[i]);
    if (content.size() > p.memory.size_bytes()) {
      return mismatch(segment_name(p.kind), content.size(), p.memory.size_bytes());
    }
    sealed.segments_.push_back({p.kind, p.memory, content});
  }
  return sealed;
}

}  // namespace hyprelay::handoff
