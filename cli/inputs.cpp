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
#include "handoff/unpack/sums.hpp"
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
  HR_TRY(tree, read_tree(*request.dtb, &request));
  return std::optional(handoff::SourceTree{std::move(tree), *request.dtb});
}

base::Result<handoff::TreeEdits> read_edits(const Request& request) {
  handoff::TreeEdits edits = request.edits;
  for (const std::string& path : request.overlays) {
    HR_TRY(tree, read_tree(path, &request));
    edits.overlays.push_back({std::move(tree), path});
  }
  return edits;
}

// The one that the kernel's file holds: of several the machine's, by what a bootloader tells boards
// apart by, the first compatible of the root [systemd-stub(7) .dtbauto].
base::Result<std::optional<handoff::SourceTree>> contained_tree(const Request& request,
                                                                const Files& files,
                                                                const handoff::Machine& machine,
                                                                handoff::TreeEdits& edits) {
  const std::string name = "the device tree in " + request.kernel;
  const auto first_compatible = [](const fdt::Tree& tree) {
    const auto text = tree.string_property("/", "compatible");
    return text && text.value() ? *text.value() : std::string();
  };
  std::string own;
  if (!files.contained.trees.empty() && !machine.device_tree.empty()) {
    HR_TRY(running, fdt::Tree::from_bytes(machine.device_tree, machine.device_tree_source));
    own = first_compatible(running);
  }
  for (const base::ByteView bytes : files.contained.trees) {
    HR_TRY(tree, fdt::Tree::from_bytes(bytes, name));
    if (!own.empty() && first_compatible(tree) == own) {
      return std::optional(handoff::SourceTree{std::move(tree), name});
    }
  }
  if (!files.contained.tree) {
    return std::optional<handoff::SourceTree>();
  }
  // They come before the user's own, as a bootloader applies them.
  for (std::size_t i = 0; i < files.contained.overlays.size(); ++i) {
    const std::string overlay = "overlay " + std::to_string(i + 1) + " in " + request.kernel;
    HR_TRY(tree, fdt::Tree::from_bytes(files.contained.overlays[i], overlay));
    edits.overlays.insert(edits.overlays.begin() + static_cast<std::ptrdiff_t>(i),
                          {std::move(tree), overlay});
  }
  HR_TRY(tree, fdt::Tree::from_bytes(*files.contained.tree, name));
  return std::optional(handoff::SourceTree{std::move(tree), name});
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

base::Result<fdt::Tree> read_tree(const std::string& path, const Request* request) {
  HR_TRY(file, request == nullptr ? os::InputFile::open(path, os::kTreeFile)
                                  : open_input(*request, path, os::kTreeFile));
  HR_TRY(bytes, file.read());
  return fdt::Tree::from_bytes(bytes, path);
}

handoff::KernelTools kernel_tools(const Request& request, base::ByteView vendor_boot) {
  return {.unpack = handoff::unpack_part,
          .hash = handoff::hash_of,
          .fit_config = request.fit_config,
          .vendor_boot = vendor_boot};
}

base::Result<os::FileContent> open_vendor_boot(const Request& request) {
  if (!request.vendor_boot) {
    return os::FileContent();
  }
  HR_TRY(file, open_input(request, *request.vendor_boot, os::kKernelFile));
  return file.content();
}

base::Result<void> inflate(const Request& request, Files& files) {
  if (files.image.arch != handoff::Arch::kArm || files.image.bare || files.image.program ||
      request.keep_zimage) {
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

// Of what the kernel's file holds, what the user did not give himself.
base::Result<void> take_contained(const Request& request, Files& files) {
  handoff::Contained& held = files.contained;
  const auto left_out = [&](const char* what, bool of_entry, const char* option) {
    files.notes.push_back(request.kernel + ": the " + what + " in it is left out, " +
                          (of_entry ? "the entry's" : option) + " takes its place");
  };
  if (held.initrd && request.initrd) {
    left_out("initrd", request.of_entry.initrd, "--initrd");
    held.initrd.reset();
  }
  if ((held.tree || !held.trees.empty()) && request.dtb) {
    left_out("device tree", request.of_entry.tree, "--dtb");
    held.tree.reset();
    held.trees.clear();
    held.overlays.clear();
  }
  if (held.command_line && (request.wishes.command_line || request.wishes.panic)) {
    left_out("command line", request.of_entry.command_line,
             request.wishes.command_line ? "--command-line" : "with --panic the running kernel's");
    held.command_line.reset();
  }
  if (held.initrd) {
    const std::string name = "the initrd in " + request.kernel;
    HR_TRYV(handoff::check_uimage_header(*held.initrd, name));
    HR_TRY(found, handoff::find_initrd(
                      held.initrd->first(std::min(held.initrd->size(), handoff::kInitrdStartBytes)),
                      held.initrd->size(), name));
    files.initrd_part = std::move(found);
    files.notes.push_back(name + " is used; --initrd gives another");
  }
  return base::success();
}

base::Result<void> open_initrd(const Request& request, const std::string& path, Files& files) {
  HR_TRY(file, open_input(request, path, os::kInitrdFile));
  HR_TRY(beginning, file.peek(handoff::kInitrdStartBytes));
  HR_TRYV(handoff::check_uimage_header(beginning, path));
  HR_TRY(found, handoff::find_initrd(beginning, file.size_bytes(), path));
  files.initrd = std::move(file);
  files.initrd_part = std::move(found);
  return base::success();
}

base::Result<Files> open_files(const Request& request, Packed packed_files) {
  HR_TRY(kernel_file, open_input(request, request.kernel, os::kKernelFile));
  HR_TRY(start, kernel_file.peek(handoff::kImageStartBytes));
  const bool packed = packed_files == Packed::kUnpack && handoff::is_packed_kernel(start);
  if (!packed) {
    HR_TRYV(handoff::check_image_start(start, request.kernel));
  }
  Files files;
  HR_TRY(kernel, kernel_file.content());
  if (packed) {
    files.watch.enter(LoadPhase::kInflate);
  }
  HR_TRY(vendor_boot, open_vendor_boot(request));
  HR_TRY(read, handoff::read_kernel(kernel.bytes(), request.kernel,
                                    kernel_tools(request, vendor_boot.bytes())));
  files.vendor_boot = std::move(vendor_boot);
  files.watch.enter(LoadPhase::kFiles);
  // Moving them does not move the bytes that views are of.
  const bool is_container = read.layers.size() > 1 || !read.contained.parts.empty();
  files.kernel = std::move(read.unpacked);
  files.layers = std::move(read.layers);
  files.contained = std::move(read.contained);
  if (!packed || is_container) {
    files.kernel_file = std::move(kernel);
  }
  files.image = std::move(read.image);
  files.notes = std::move(read.notes);
  std::ranges::move(files.contained.notes, std::back_inserter(files.notes));
  std::ranges::move(files.contained.warnings, std::back_inserter(files.warnings));
  HR_TRYV(take_contained(request, files));
  if (request.initrd) {
    HR_TRYV(open_initrd(request, *request.initrd, files));
  }
  return files;
}

base::Result<handoff::Machine> read_machine(const std::string& path) {
  HR_TRY(file, os::InputFile::open(path, os::kMachineFile));
  HR_TRY(bytes, file.read());
  return handoff::machine_from_json(handoff::machine_in_report(base::text_of(bytes)), path);
}

// Only for a crash kernel does it matter what the initrd unpacks to.
handoff::InitrdSize initrd_size(const Request& request, const Files& files,
                                std::uint32_t page_size_bytes) {
  const handoff::InitrdPart& part = *files.initrd_part;
  if (!request.wishes.panic) {
    return {.size_bytes = part.size_bytes};
  }
  if (files.initrd) {
    return handoff::measure_initrd(*files.initrd, part, page_size_bytes);
  }
  const auto content = base::slice(*files.contained.initrd, part.offset_bytes, part.size_bytes);
  return handoff::measure_contained_initrd(content ? content.value() : base::ByteView(),
                                           page_size_bytes);
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
  input.warnings = files.warnings;
  if (files.contained.command_line) {
    input.wishes.command_line = files.contained.command_line;
    input.notes.push_back(request.kernel +
                          ": the command line in it is used; --command-line gives "
                          "another, --reuse-cmdline puts the running kernel's in "
                          "front");
  }
  if (!input.wishes.command_line) {
    input.wishes.command_line = request.last_command_line;
  }
  if (files.initrd_part) {
    const handoff::InitrdPart& part = *files.initrd_part;
    input.initrd = initrd_size(request, files, handoff::page_size_of(input.kernel, input.machine));
    if (!part.note.empty()) {
      input.notes.push_back(part.note);
    }
    input.warnings.insert(input.warnings.end(), part.warnings.begin(), part.warnings.end());
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
  if (!tree) {
    HR_TRY(contained, contained_tree(request, files, machine, edits));
    tree = std::move(contained);
    if (tree) {
      files.notes.push_back(tree->name +
                            " is used; --dtb /sys/firmware/fdt takes the running machine's");
    }
  }
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
  const handoff::InitrdPart part = files.initrd_part.value_or(handoff::InitrdPart());
  const base::ByteView whole = files.initrd ? files.initrd_content.bytes()
                                            : files.contained.initrd.value_or(base::ByteView());
  HR_TRY(content, base::slice(whole, part.offset_bytes, part.size_bytes));
  const std::string name = files.initrd ? files.initrd->path() : "the initrd in the kernel's file";
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
