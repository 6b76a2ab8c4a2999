// SPDX-License-Identifier: BSD-2-Clause
// The whole way from a kernel and a machine to a sealed handoff, in two steps:
//
//   PrepareInput -> prepare() -> Planned
//   Planned, the initrd's content, seeds -> seal() -> SealedHandoff
//
// Pure: the caller reads files and the machine, prints what is planned, and loads what is sealed
// (handoff/linux/kexec.hpp) or writes it somewhere (handoff/bundle.hpp). docs/library.md has an
// example.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "handoff/archive.hpp"
#include "handoff/baton.hpp"
#include "handoff/crash.hpp"
#include "handoff/elfcorehdr.hpp"
#include "handoff/image.hpp"
#include "handoff/machine.hpp"
#include "handoff/patch.hpp"
#include "handoff/plan.hpp"
#include "handoff/relay_image.hpp"
#include "handoff/resident.hpp"
#include "handoff/seal.hpp"
#include "handoff/source_tree.hpp"
#include "handoff/wishes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::handoff {

// Of an initrd; its content is not kept.
struct InitrdSize {
  std::uint64_t size_bytes = 0;
  // What the content takes in the next kernel's memory; for a crash kernel's advice only.
  std::uint64_t unpacked_bytes = 0;
  // Why that is a bound and not a measure; empty: it is measured.
  std::string not_measured = {};
};

// Of an initrd of that size, of which a walk has understood that much, in a kernel with pages of
// that size. What was not understood is taken for four times as much as it is long, which xz and
// zstd seldom exceed on an initramfs.
InitrdSize initrd_size(const ArchiveWalk& walk, std::uint64_t size_bytes,
                       std::uint32_t page_size_bytes);
// By what can be told without unpacking. `start`: the content, or as much of it as is at hand.
// handoff/unpack/measure.hpp unpacks it, which is no part of the library.
InitrdSize measure_initrd(base::ByteView start, std::uint64_t size_bytes);

struct PrepareInput {
  // With `hyp` (its symbols when needs_symbols() says so), and with `crash` for a panic.
  Machine machine;
  // read_image(). Its bytes must live until the handoff is sealed.
  ImageView kernel;
  // The same kernel out of its zImage (bare_kernel.hpp): planned with where there is place for it,
  // since the zImage would inflate it with caches off or late. Its bytes must live as long.
  std::optional<ImageView> bare = {};
  // `bare`, else `kernel`, as an LZ4 block, when travels_packed() (travel.hpp) says so and it is
  // shorter; empty: none. Its bytes must live as long. Not used for a zImage.
  base::ByteView packed = {};
  // The kernel's file, for messages.
  std::string kernel_name;
  // embedded_relay(kernel.arch) of relay/embedded; the bytes must live until the handoff is sealed.
  base::ByteView relay;
  std::optional<InitrdSize> initrd = {};
  // Unset: the machine's own.
  std::optional<SourceTree> tree = {};
  // Done to that tree.
  TreeEdits edits = {};
  Wishes wishes = {};
  // What the caller did unasked with the files, and what is odd about them: go first among
  // Planned::notes and Planned::warnings.
  std::vector<std::string> notes = {};
  std::vector<std::string> warnings = {};
};

// Of a crash kernel besides.
struct FoundCrash {
  base::PhysRange region;
  CoreHeader header;
  // may_have_vmcore() of the kernel.
  bool has_vmcore = true;
  // Words of the running kernel that it does not get, as CrashLine has them.
  std::vector<std::string> left_out_words = {};
};

// What follows from the inputs before a place is chosen.
struct Found {
  Machine machine;
  ImageView kernel;
  RelayImage relay;
  SourceTree source;
  // Of the next kernel; a crash kernel that does not read its tree is told more.
  std::string command_line;
  // The two that it is made of, as CrashLine has them.
  std::string kept_words;
  std::string added_words;
  // Who is at HYP/EL2 when the relay starts.
  ResidentChoice resident;
  std::optional<FoundCrash> crash;
  // What the kernel travels as; empty: as it runs.
  base::ByteView packed = {};
};

struct Planned {
  Found found;
  PlanRequest request;
  Plan plan;
  // What the relay is told besides.
  BatonFacts facts;
  // Of a crash kernel: how large its region should be, as CrashSize; 0: nobody can tell.
  std::uint64_t needed_bytes = 0;
  std::uint64_t recommended_bytes = 0;
  // Nobody gave an initrd, and the next kernel gets an empty one: see prepare().
  bool empty_initrd = false;
  // Sentences for who asked for it: what will cost him something, each with its remedy, and what
  // was done unasked.
  std::vector<std::string> warnings = {};
  std::vector<std::string> notes = {};
};

// Where EFI started the machine, a kernel that its tree names no initrd takes the one that the
// firmware's table names, which was the first kernel's [linux/drivers/firmware/efi/efi.c
// efi_config_parse_tables, LINUX_EFI_INITRD_MEDIA_GUID]: its memory has been used for other things
// since. An empty one stands in its way.
//
// Errors: IMAGE_WRONG_ARCH, RELAY_PAGES (a CPU that is known lacks them), MACHINE_NO_TREE,
// SEAL_NO_RELAY, SEAL_MISMATCH (the relay's header), TREE_*, ACPI_* (platform_facts.hpp),
// COMMAND_LINE_NUL, and those of main_crash_region(), check_region_is_memory(), make_core_header(),
// make_plan() and make_crash_plan().
base::Result<Planned> prepare(PrepareInput input);

// Patches the tree with those seeds, if any, and seals. `initrd`: the content, of the size that was
// planned with; empty without one. `contents`: whether `initrd` and the kernel's bytes are needed
// after this. Errors: those of patch() and of seal(SealInput).
base::Result<SealedHandoff> seal(const Planned& planned, base::ByteView initrd,
                                 const std::optional<Seeds>& seeds,
                                 Contents contents = Contents::kCopied);

// How large a region a crash kernel of these inputs wants: of `bare` when there is one. Of the
// machine only architecture, page size and CPUs count, so that it need not be there, nor have a
// region; the tree is not looked at.
// Errors: IMAGE_WRONG_ARCH, SEAL_NO_RELAY, SEAL_MISMATCH, and those of crash_size().
base::Result<CrashSize> estimate_crash_size(const PrepareInput& input);

}  // namespace hyprelay::handoff
