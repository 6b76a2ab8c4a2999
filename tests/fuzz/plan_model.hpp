// SPDX-License-Identifier: BSD-2-Clause
// A machine that is handed over, as a model: what the running kernel, the relay, the decompressor
// and the next kernel do with memory, step by step, and what would go wrong. Written from the boot
// protocols and from what the programs are seen to do, in plain numbers, and shares nothing with
// what makes plans or checks them. Facts: [linux/Documentation/arch/arm/booting.rst,
// arch/arm64/booting.rst, arch/arm/boot/compressed/head.S, kernel/kexec_core.c].
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::fuzz {

using Number = std::uint64_t;

// [start, end)
struct Span {
  Number start = 0;
  Number end = 0;
};

struct World {
  bool arm = true;
  Number page = 4096;
  std::vector<Span> ram;
  // Memory nodes of the next tree that Linux takes, and all that the decompressor takes.
  std::vector<Span> tree;
  std::vector<Span> nodes;
  // Not to be written, neither by the loader nor by the next kernel.
  std::vector<Span> kept;
  // Not to be loaded over.
  std::vector<Span> needed;
  // A crash kernel's region; and whether its tree tells it to use no other.
  std::optional<Span> region;
  bool tree_tells_region = false;
};

struct Kernel {
  Number bytes = 0;        // of the file
  Number text_offset = 0;  // the true one, where a header does not say it
  // arm
  Number inflated = 0;
  Number bss = 0;
  Number malloc = 0;
  Number stack = 0;           // the decompressor's own bss and stack
  Number mover = 0;           // code that stays behind the kernel when the zImage moves
  Number restart = 0;         // where the part that moves begins
  bool reads_nodes = false;   // 5.12 and later
  bool reads_region = false;  // 5.15 and later
  // Started without its decompressor: `lead` bytes of what is loaded lie in front of its text, and
  // it wants its memory to begin at a multiple of `unit`.
  bool bare = false;
  Number lead = 0;
  Number unit = 0;
  // arm64
  Number image = 0;       // image_size
  bool anywhere = false;  // 4.6 and later
};

// Where things lie. An end of 0: there is no such segment.
struct Layout {
  Span kernel;
  Span initrd;
  Span tree;
  Span relay;
  Span header;
};

struct Outcome {
  Number text = 0;
  Number memory_start = 0;
  // Empty: the next kernel comes up with all that it was given.
  std::string trouble;
};
Outcome hand_over(const World& world, const Kernel& kernel, const Layout& layout);

struct Sizes {
  Number initrd = 0;
  Number tree = 0;
  Number relay = 0;
  Number header = 0;
};
// There is room beyond doubt: to refuse such a request is a fault. Not the other way round.
bool surely_fits(const World& world, const Kernel& kernel, const Sizes& sizes);

}  // namespace hyprelay::fuzz
