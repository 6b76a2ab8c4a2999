// SPDX-License-Identifier: BSD-2-Clause
// A kernel that hyprelay starts at HYP/EL2 and that goes below again, under the resident of the
// kernel before: its vectors are still in memory, at the address that the command line tells. Then
// it enters the relay of the bundle that it carries, which has to climb through that resident.
#include "tests/target/residents/below.hpp"

#include "tests/target/relay/arch.hpp"
#include "tests/target/residents/layout.h"
#include "tests/target/residents/say.hpp"

namespace hyprelay::target {

#pragma GCC visibility push(hidden)
extern "C" {
// Linked at 0: their addresses are where the image really is.
extern const unsigned char hr_image_start[];
extern const unsigned char hr_image_end[];
extern const unsigned char hr_image_stack[];

// Calls function(argument) on another stack, in the instructions that are in memory.
[[noreturn]] void hr_below_call(Word function, Word stack, Word argument);
// Drops to SVC/EL1 at `entry`, with the registers of a kexec and these vectors at HYP/EL2.
[[noreturn]] void hr_below_drop(Word vectors, Word entry);
[[noreturn]] void hr_below_main(Word tree, Word mode);
[[noreturn]] void hr_below_from_stage(Word vectors);
}
#pragma GCC visibility pop

namespace {

Word address_of(const void* object) {
  return reinterpret_cast<Word>(object);
}

void copy(Word to, Word from, Word size_bytes) {
  // Volatile: no call of memcpy, and every access as wide as it is written, for the MMU is off.
  auto* out = reinterpret_cast<volatile Word*>(to);
  const auto* in = reinterpret_cast<const volatile Word*>(from);
  for (Word i = 0; i < (size_bytes + sizeof(Word) - 1) / sizeof(Word); ++i) {
    out[i] = in[i];
  }
}

[[noreturn]] void give_up(const char* why) {
  say("below: ");
  say(why);
  say("\n");
  end(1);
}

Word parse_hex(const volatile unsigned char* text) {
  Word value = 0;
  for (;; ++text) {
    const unsigned char c = *text;
    if (c >= '0' && c <= '9') {
      value = value << 4 | (c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value = value << 4 | (c - 'a' + 10u);
    } else {
      return value;
    }
  }
}

// The parameter anywhere in the tree: nothing but /chosen/bootargs has it. 0: it is not there.
Word resident_vectors(Word tree) {
  const auto* bytes = reinterpret_cast<const volatile unsigned char*>(tree);
  Word size = 0;
  for (Word i = 4; i < 8; ++i) {
    size = size << 8 | bytes[i];  // totalsize, big endian
  }
  constexpr Word kLength = sizeof kBelowParameter - 1;
  for (Word at = 0; at + kLength < size; ++at) {
    Word same = 0;
    while (same < kLength &&
           bytes[at + same] == static_cast<unsigned char>(kBelowParameter[same])) {
      ++same;
    }
    if (same == kLength) {
      return parse_hex(bytes + at + kLength);
    }
  }
  return 0;
}

}  // namespace

void hr_below_main(Word tree, Word mode) {
  say("below: entered in ");
  say(mode == kTopPsrMode ? kTopName : kLowName);
  say("\n");
  if (mode != kTopPsrMode) {
    give_up("only HYP/EL2 can put vectors there");
  }
  const auto& table = *reinterpret_cast<const BelowTable*>(hr_image_end);
  if (table.magic != kBelowMagic || table.segment_count > kBelowSegments) {
    give_up("no bundle follows");
  }
  const Word vectors = resident_vectors(tree);
  if (vectors == 0) {
    give_up("the command line does not tell where the resident is");
  }
  // The bundle may belong where this image is: all of it goes on from elsewhere.
  const Word image = address_of(hr_image_start);
  copy(HR_BELOW_STAGE, image, static_cast<Word>(table.image_bytes));
  const Word moved = HR_BELOW_STAGE - image;
  hr_below_call(reinterpret_cast<Word>(&hr_below_from_stage) + moved,
                address_of(hr_image_stack) + moved, vectors);
}

void hr_below_from_stage(Word vectors) {
  const auto& table = *reinterpret_cast<const BelowTable*>(hr_image_end);
  for (std::uint32_t i = 0; i < table.segment_count; ++i) {
    const BelowSegment& segment = table.segments[i];
    copy(static_cast<Word>(segment.start),
         address_of(hr_image_start) + static_cast<Word>(segment.offset),
         static_cast<Word>(segment.size_bytes));
  }
  say("below: going below the resident at ");
  say_number(vectors);
  say("\n");
  hr_below_drop(vectors, static_cast<Word>(table.entry));
}

}  // namespace hyprelay::target
