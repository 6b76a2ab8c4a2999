// SPDX-License-Identifier: BSD-2-Clause
#include "cli/inputs.hpp"

#include "fdt/facts.hpp"
#include "handoff/bare_kernel.hpp"
#include "handoff/bundle.hpp"
#include "handoff/json.hpp"
#include "handoff/kernel_file.hpp"
#include "handoff/linux/crash_facts.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/linux/hyp_facts.hpp"
#include "handoff/report.hpp"
#include "handoff/travel.hpp"
#include "handoff/unpack/decoders.hpp"
#include "handoff/unpack/frames.hpp"
#include "handoff/unpack/measure.hpp"
#include "handoff/unpack/pack.hpp"
#include "handoff/unpack/uimage_sums.hpp"
#include "relay/embedded.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;

// No more of the running machine than the handoff needs: some of it takes long, or is root's only.
base::Result<handoff::Machine> running_machine(const handoff::Wishes& wishes) {
  const linux_host::Root root = linux_host::Root::live();
  HR_TRY(machine, linux_host::gather(root));
  machine.hyp = linux_host::gather_hyp_facts(root, handoff::needs_symbols(wishes, machine)
                                                       ? linux_host::Symbols::kRead
                                                       : linux_host::Symbols::kLeaveOut);
  if (wishes.panic) {
    machine.crash = linux_host::gather_crash_facts(root, machine);
  }
  return std::move(machine);
}

// A tree that is an overlay is refused as one.
base::Result<handoff::Machine> machine_of(const handoff::SourceTree& given,
                                          const handoff::TreeEdits& edits, handoff::Arch arch,
                                          const std::vector<handoff::NamedRange>& reserved) {
  fdt::Tree edited = given.tree;
  if (!fdt::is_overlay(edited)) {
    HR_TRY(done, handoff::apply_edits(edits, edited));
    static_cast<void>(done);
  }
  return handoff::machine_of_tree(edited, arch, reserved);
}

base::Result<handoff::Machine> find_machine(const Request& request, handoff::Arch arch,
                                            const std::optional<handoff::SourceTree>& given,
                                            const handoff::TreeEdits& edits) {
  if (request.machine_of_tree) {
    return given ? machine_of(*given, edits, arch, request.reserved)
                 : Error(Code::MACHINE_NO_TREE, Stage::kMachine);
  }
  HR_TRY(machine,
         request.machine ? read_machine(*request.machine) : running_machine(request.wishes));
  machine.reserved.insert(machine.reserved.end(), request.reserved.begin(), request.reserved.end());
  return std::move(machine);
}

base::Result<std::optional<handoff::SourceTree>> given_tree(const Request& request) {
  if (!request.dtb) {
    return std::optional<handoff::SourceTree>();
  }
  HR_TRY(tree, read_tree(*request.dtb));
  return std::optional(handoff::SourceTree{std::move(tree), *request.dtb});
}

base::Result<handoff::TreeEdits> read_edits(const Request& request) {
  handoff::TreeEdits edits = request.edits;
  for (const std::string& path : request.overlays) {
    HR_TRY(tree, read_tree(path));
    edits.overlays.push_back({std::move(tree), path});
  }
  return edits;
}

// Where there is no memory for it, the zImage needs less.
handoff::BareInflation inflated(const handoff::ImageView& zimage) {
  try {
    return handoff::inflate_zimage(zimage, handoff::unpack_part);
  } catch (const std::bad_alloc&) {
    return {.read = {.view = std::nullopt, .why_not = "there is too little memory to inflate it"}};
  }
}

}  // namespace

base::Result<fdt::Tree> read_tree(const std::string& path) {
  HR_TRY(file, os::InputFile::open(path, os::kTreeFile));
  HR_TRY(bytes, file.read());
  return fdt::Tree::from_bytes(bytes, path);
}

base::Result<void> inflate(const Request& request, Files& files) {
  if (files.image.arch != handoff::Arch::kArm || request.keep_zimage) {
    return base::success();
  }
  const LoadPhase before = files.watch.enter(LoadPhase::kInflate);
  handoff::BareInflation made = inflated(files.image);
  files.watch.enter(before);
  if (made.read.is_damaged) {
    return Error(Code::IMAGE_COMPRESSED, Stage::kImage, request.kernel + ": " + made.read.why_not);
  }
  if (made.read.view) {
    files.bare_kernel = std::move(made.bytes);
    files.bare = std::move(made.read.view);
  } else {
    files.notes.push_back(handoff::kept_note(request.kernel, made.read.why_not));
  }
  return base::success();
}

base::Result<Files> open_files(const Request& request, Packed packed_files) {
  HR_TRY(kernel_file, os::InputFile::open(request.kernel, os::kKernelFile));
  const std::vector<std::byte> start = kernel_file.peek(handoff::kImageStartBytes);
  const bool packed = packed_files == Packed::kUnpack && handoff::is_packed_kernel(start);
  if (!packed) {
    HR_TRYV(handoff::check_image_start(start, request.kernel));
  }
  Files files;
  HR_TRY(kernel, kernel_file.content());
  if (packed) {
    files.watch.enter(LoadPhase::kInflate);
  }
  HR_TRY(read, handoff::read_kernel(kernel.bytes(), request.kernel, handoff::unpack_part));
  files.watch.enter(LoadPhase::kFiles);
  // Moving them does not move the bytes that the image is a view of.
  files.kernel = std::move(read.unpacked);
  if (!packed) {
    files.kernel_file = std::move(kernel);
  }
  files.image = std::move(read.image);
  if (!read.note.empty()) {
    files.notes.push_back(std::move(read.note));
  }
  if (request.initrd) {
    HR_TRY(file, os::InputFile::open(*request.initrd, os::kInitrdFile));
    const std::vector<std::byte> beginning = file.peek(handoff::kInitrdStartBytes);
    HR_TRYV(handoff::check_uimage_header(beginning, *request.initrd));
    HR_TRY(found, handoff::find_initrd(beginning, file.size_bytes(), *request.initrd));
    files.initrd = std::move(file);
    files.initrd_part = std::move(found);
  }
  return files;
}

base::Result<handoff::Machine> read_machine(const std::string& path) {
  HR_TRY(file, os::InputFile::open(path, os::kMachineFile));
  HR_TRY(bytes, file.read());
  return handoff::machine_from_json(handoff::machine_in_report(base::text_of(bytes)), path);
}

handoff::PrepareInput input_for(const Request& request, const Files& files,
                                handoff::Machine machine) {
  handoff::PrepareInput input{.machine = std::move(machine),
                              .kernel = files.image,
                              .bare = files.bare,
                              .packed = files.packed,
                              .kernel_name = request.kernel,
                              .relay = handoff::embedded_relay(files.image.arch),
                              .wishes = request.wishes,
                              .notes = files.notes};
  if (files.initrd) {
    const handoff::InitrdPart& part = files.initrd_part;
    // Only for a crash kernel does it matter what the initrd unpacks to.
    input.initrd = request.wishes.panic
                       ? handoff::measure_initrd(*files.initrd, part,
                                                 handoff::page_size_of(input.kernel, input.machine))
                       : handoff::InitrdSize{.size_bytes = part.size_bytes};
    if (!part.note.empty()) {
      input.notes.push_back(part.note);
    }
    input.warnings = part.warnings;
  }
  return input;
}

base::Result<handoff::Planned> plan(const Request& request, Files& files) {
  files.watch.enter(LoadPhase::kPlan);
  // Before the machine is asked anything: mistakes in what the user gave come first.
  HR_TRY(tree, given_tree(request));
  HR_TRY(edits, read_edits(request));
  HR_TRY(machine, find_machine(request, files.image.arch, tree, edits));
  // For another machine it is refused.
  if (machine.arch == files.image.arch) {
    HR_TRYV(inflate(request, files));
  }
  if (const handoff::ImageView& kernel = files.bare ? *files.bare : files.image;
      !request.keep_zimage && handoff::travels_packed(machine, kernel, request.wishes)) {
    files.watch.enter(LoadPhase::kInflate);
    files.packed = handoff::pack_lz4(kernel.bytes);
  }
  files.watch.enter(LoadPhase::kPlan);
  handoff::PrepareInput input = input_for(request, files, std::move(machine));
  input.tree = std::move(tree);
  input.edits = std::move(edits);
  return handoff::prepare(std::move(input));
}

base::Result<handoff::SealedHandoff> seal(handoff::Planned& planned, Files& files, SeedsOf boots,
                                          handoff::Contents contents) {
  files.watch.enter(LoadPhase::kSeal);
  std::optional<handoff::Seeds> seeds;
  if (boots == SeedsOf::kManyBoots) {
    planned.notes.emplace_back(
        "no seeds: what is booted more than once would have the same kaslr-seed and rng-seed each "
        "time; a bootloader adds fresh ones");
  } else if (seeds = linux_host::fresh_seeds(); !seeds) {
    planned.warnings.emplace_back(
        "no seeds: this kernel's random source is not ready, or it has no getrandom; the next "
        "kernel starts without kaslr-seed and rng-seed; load again later to have them");
  }
  if (files.initrd) {
    files.watch.enter(LoadPhase::kFiles);
    HR_TRY(initrd, files.initrd->content());
    files.initrd_content = std::move(initrd);
    files.watch.enter(LoadPhase::kSeal);
  }
  const handoff::InitrdPart& part = files.initrd_part;
  HR_TRY(content, base::slice(files.initrd_content.bytes(), part.offset_bytes, part.size_bytes));
  const std::string name = files.initrd ? files.initrd->path() : std::string();
  HR_TRYV(handoff::check_uimage_content(part, content, name));
  // For a panic it was unpacked, and what stopped that is among the warnings.
  const auto why_not = planned.found.crash ? std::nullopt : handoff::why_not_whole(content);
  if (why_not) {
    planned.warnings.push_back(name + ": Linux would not unpack all of it: " + *why_not +
                               "; list it with lsinitramfs, and make or copy it again");
  }
  return handoff::seal(planned, content, seeds, contents);
}

}  // namespace hyprelay::cli
