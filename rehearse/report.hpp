// SPDX-License-Identifier: BSD-2-Clause
// What a rehearsal found out: plain data, printable as text and JSON.
#pragma once

#include "base/error.hpp"
#include "handoff/machine.hpp"
#include "rehearse/gap.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::rehearse {

// What the relay wrote into its record, as `hyprelay status --json` of the next kernel prints it.
struct RelayFacts {
  std::string entered;
  std::string left;
  std::string resident;
  std::string climb;
  std::uint64_t segments_verified = 0;
  std::uint64_t bytes_verified = 0;
};

// EFI's runtime services as a kernel has them.
struct EfiFacts {
  // nullopt: nobody could list them.
  std::optional<std::uint64_t> variables;
  bool time_read = false;
};

// The disk of --disk as a kernel found it.
struct DiskFacts {
  std::uint64_t read_bytes = 0;
  // Who brought its interrupts: "ITS-MSI", "MSI", "GICv3".
  std::string interrupts;
};

// One kernel of the chain. Number 0 was started by QEMU, number n by handoff n.
struct KernelFacts {
  std::uint32_t hop = 0;
  std::string release;
  std::string mode;  // "HYP", "SVC", "EL2", "EL1", "mixed", "unknown"
  std::uint64_t cpus = 0;
  std::uint64_t memory_bytes = 0;
  std::string command_line;
  std::optional<bool> initrd_intact;
  std::uint64_t initrd_bytes = 0;
  std::string manifest_digest;
  std::vector<std::string> complaints;
  // What told it of its devices: "acpi" or "tree".
  std::string description;
  // Nothing where the kernel has no EFI, and where the rehearsal has no disk.
  std::optional<EfiFacts> efi;
  std::optional<DiskFacts> disk;
  std::optional<RelayFacts> relay;
  // Guest instructions between reboot(KEXEC) of the kernel before and this kernel's first one.
  std::optional<std::uint64_t> gap_instructions;
  // What they were spent on; empty where the relay's record does not tell.
  std::vector<GapPhase> gap_phases;
  // The JSON that `hyprelay status` in this kernel and `hyprelay load` before it printed.
  std::string status = "null";
  std::string load = "null";
};

// What the watch hook saw between the relay's jump and the kernel's first instruction.
struct WatchFacts {
  std::uint64_t bytes_watched = 0;
  // "write to 0x48000000 from 0x40a01234", one sentence each.
  std::vector<std::string> writes;
  // Ranges whose bytes are not the ones that the relay left.
  std::vector<std::string> changes;
};

// What `hyprelay capture --to-device` in the crash kernel left on the disk, log and image with the
// digests that it noted.
struct SavedFacts {
  std::string folder;
  std::string image;  // "vmcore.zst"
  std::uint64_t image_bytes = 0;
  std::uint64_t log_bytes = 0;
  // What the image says when it is opened: an ELF core, packed or not. makedumpfile's is opened by
  // its own friends only.
  bool opened = false;
  std::string release;
  std::uint64_t cpu_notes = 0;
  bool marker_found = false;
};

// What the crash kernel found in /proc/vmcore.
struct VmcoreFacts {
  std::uint64_t bytes = 0;
  std::string format;  // "ELF32", "ELF64"
  std::uint64_t loads = 0;
  // PT_LOADs that tell a virtual address.
  std::uint64_t mapped_loads = 0;
  std::uint64_t load_bytes = 0;
  std::uint64_t read_bytes = 0;
  // Every byte of every PT_LOAD could be read.
  bool readable = false;
  // CPUs whose registers are there, and the kernel that died.
  std::uint64_t cpu_notes = 0;
  std::string release;
  // The page that a process of that kernel had filled was found at its place.
  bool marker_found = false;
  std::vector<std::string> complaints;
  // The program that saved it, when one was asked to and did.
  std::string saved_by;
  // When it was saved to the rehearsal's disk, as a raw partition.
  std::optional<SavedFacts> saved;
};

struct Report {
  handoff::Arch arch = handoff::Arch::kArm;
  std::uint32_t hops_wanted = 0;
  // --board's; empty: none was named.
  std::string board;
  // "edk2", "u-boot"; empty: QEMU started the first kernel itself.
  std::string firmware;
  std::vector<KernelFacts> kernels;
  // What the relay said when it refused, without its prefix; empty when it did not.
  std::string relay_failure;
  // Set when a hook did its work: which byte was flipped.
  std::string corrupted;
  std::optional<WatchFacts> watch;
  // Of a rehearsal of a panic: what each kernel said last that died as it was to, and the dump.
  std::vector<std::string> panics;
  std::optional<VmcoreFacts> vmcore;
  // Kernels that announced themselves on the console, also those that never reached their init.
  std::uint32_t kernels_started = 0;
  double seconds = 0;
  // Why the rehearsal did not end as it should.
  std::optional<base::Error> failure;
  // The exit code of hyprelay in the guest, when it was hyprelay that failed there.
  std::optional<int> guest_exit;
};

// One line of JSON without a newline.
std::string to_json(const Report& report);
// "arm64: 6.1.0-18-arm64 in EL2, initrd intact" or "arm64: FAILED: ...", with its newline.
std::string closing_line(const Report& report);
// Some lines for people, the closing one last.
std::string to_text(const Report& report);

}  // namespace hyprelay::rehearse
