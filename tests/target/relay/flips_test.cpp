// SPDX-License-Identifier: BSD-2-Clause
// A small sealed handoff in which one bit is changed: whichever it is, what was changed is named
// and not started, or it is no part of what was sealed. tests/target/README.md says of which parts
// it is every bit.
#include "relay/core/digest.hpp"
#include "relay/core/verify.hpp"
#include "tests/target/relay/arch.hpp"
#include "tests/target/relay/scene.hpp"

#include <cstddef>
#include <cstring>

namespace hyprelay::target {
namespace {

constexpr std::uint64_t kPageBytes = 0x1000;
constexpr std::uint64_t kInitrdAt = 0x46020000;
// What is a file's content; behind it are the zeroes of its last page, which are sealed too.
constexpr std::uint64_t kContentBytes = 0xb57;

// Kernel, tree and initrd of a page each, and the relay.
Scene small_scene(std::uint32_t digest_algorithm) {
  Scene scene(kRelayAt, digest_algorithm);
  hr_baton& baton = scene.baton();
  baton.segments[0].size = kPageBytes;
  baton.segments[1].size = kPageBytes;
  baton.segments[3] = {kInitrdAt, kPageBytes, HR_SEGMENT_INITRD, 0, {}};
  baton.segment_count = 4;
  for (const std::uint64_t start : {kKernelAt, kTreeAt, kInitrdAt}) {
    for (std::uint64_t i = 0; i < kPageBytes; ++i) {
      std::uint8_t& byte = memory(start)[i];
      byte = i >= kContentBytes ? 0 : start == kInitrdAt ? static_cast<std::uint8_t>(i * 7) : byte;
    }
  }
  scene.digest();
  scene.seal();
  return scene;
}

struct Flips {
  std::uint64_t tried = 0;
  std::uint64_t missed = 0;
};

// The relay's own verify on one segment, once for each changed bit: all of them, or one of each
// byte.
enum class Bits : std::uint8_t { kAll, kOneOfEachByte };
Flips flip_segment(const hr_baton_segment& segment, Bits bits,
                   std::uint32_t digest_algorithm = HR_DIGEST_FAST) {
  const digest::Engine engine = relay::best_engine();
  hr_baton one{};
  one.digest_algorithm = digest_algorithm;
  one.segments[0] = segment;
  one.segment_count = 1;
  CHECK_EQ(relay::verify_segments(one, engine).segments_verified, 1u);
  Flips flips;
  for (std::uint64_t i = 0; i < segment.size; ++i) {
    std::uint8_t& byte = memory(segment.start)[i];
    for (unsigned bit = 0; bit < 8; ++bit) {
      if (bits == Bits::kOneOfEachByte && bit != i % 8) {
        continue;
      }
      byte ^= static_cast<std::uint8_t>(1u << bit);
      ++flips.tried;
      flips.missed += relay::verify_segments(one, engine).segments_verified;
      byte ^= static_cast<std::uint8_t>(1u << bit);
    }
  }
  CHECK_EQ(relay::verify_segments(one, engine).segments_verified, 1u);
  return flips;
}

void flip_segments(std::uint32_t digest_algorithm, Bits bits) {
  const Scene scene = small_scene(digest_algorithm);
  Flips sum;
  for (const unsigned index : {0u, 1u, 3u}) {
    const Flips flips = flip_segment(scene.baton().segments[index], bits, digest_algorithm);
    sum.tried += flips.tried;
    sum.missed += flips.missed;
  }
  note_value("bits changed and verified", sum.tried);
  CHECK_EQ(sum.tried, 3 * kPageBytes * (bits == Bits::kAll ? 8 : 1));
  CHECK_EQ(sum.missed, 0u);
}

HR_TEST(every_bit_of_the_segments, "every bit of kernel, tree, initrd and their padding: found") {
  flip_segments(HR_DIGEST_FAST, Bits::kAll);
}

HR_TEST(segments_by_sha256, "a bit of each of their bytes by SHA-256: found") {
  flip_segments(HR_DIGEST_SHA256, Bits::kOneOfEachByte);
}

HR_TEST(relay_itself, "a bit of each byte of the relay itself: its digest is another") {
  const Scene scene = small_scene(HR_DIGEST_FAST);
  const Flips flips = flip_segment(scene.baton().segments[2], Bits::kOneOfEachByte);
  note_value("bits changed and verified", flips.tried);
  CHECK_EQ(flips.tried, scene.header(HR_RELAY_HEADER_BATON));
  CHECK_EQ(flips.missed, 0u);
}

// All of them cost eight times as much. Page by page they do not, and that is as good: a page is a
// block of the digest, whose sums it changes; what follows on those loses no difference
// (base/multilinear.hpp).
HR_TEST(every_bit_of_the_relay, "every bit of the relay, page by page: the digest is another") {
  const Scene scene = small_scene(HR_DIGEST_FAST);
  const hr_baton_segment& whole = scene.baton().segments[2];
  Flips sum;
  for (std::uint64_t at = 0; at < whole.size; at += kPageBytes) {
    hr_baton_segment page = whole;
    page.start += at;
    page.size = whole.size - at < kPageBytes ? whole.size - at : kPageBytes;
    const digest::Digest digest =
        digest::digest_of(HR_DIGEST_FAST,
                          {reinterpret_cast<const std::byte*>(memory(page.start)),
                           static_cast<std::size_t>(page.size)},
                          relay::best_engine());
    std::memcpy(page.digest, digest.data(), digest.size());
    const Flips flips = flip_segment(page, Bits::kAll);
    sum.tried += flips.tried;
    sum.missed += flips.missed;
  }
  note_value("bits changed and verified", sum.tried);
  CHECK_EQ(sum.tried, std::uint64_t{8} * scene.header(HR_RELAY_HEADER_BATON));
  CHECK_EQ(sum.missed, 0u);
}

// From here on it is relay.bin that runs.
bool is_refused(const Scene& scene, const Landing& landing, std::string_view text) {
  return landing.r[0] == Word{HR_PSCI_SYSTEM_RESET} && memory(kRecordAt)[0] == 0 &&
         scene.log().find(text) != std::string_view::npos;
}

// Without a reset the CPU would be lost: a few of these are run where that does not matter.
bool parks(std::uint64_t offset, unsigned bit) {
  const std::uint64_t in_conduit = offset - offsetof(hr_baton, psci_conduit);
  return in_conduit < 4 || (offset == offsetof(hr_baton, flags) && (1u << bit) == HR_BATON_HALT);
}

HR_TEST(every_bit_of_the_baton, "every bit of the baton: the relay refuses, and starts nothing") {
  Scene scene = small_scene(HR_DIGEST_FAST);
  const std::uint64_t baton = kRelayAt + scene.header(HR_RELAY_HEADER_BATON);
  std::uint64_t runs = 0;
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < HR_BATON_SIZE; ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if (parks(i, bit)) {
        continue;
      }
      memory(baton)[i] ^= static_cast<std::uint8_t>(1u << bit);
      ++runs;
      refused += is_refused(scene, scene.run_below(), "E500 the baton is damaged") ? 1 : 0;
      memory(baton)[i] ^= static_cast<std::uint8_t>(1u << bit);
    }
  }
  note_value("runs of the relay", runs);
  CHECK_EQ(runs, std::uint64_t{8} * HR_BATON_SIZE - 33);
  CHECK_EQ(refused, runs);
  CHECK(has_boot_registers(scene.run_below().r, kTreeAt));
}

HR_TEST(baton_that_parks,
        "a bit of the baton that takes the reset away: refused, and the CPU stops") {
  constexpr std::uint64_t kConduit = offsetof(hr_baton, psci_conduit);
  struct Case {
    std::uint64_t offset;
    std::uint8_t flip;
    std::string_view said;
  };
  constexpr Case kCases[] = {
      {offsetof(hr_baton, flags), HR_BATON_HALT, "; halted as asked"},
      {kConduit, 1, "; halted: no way to reset is known"},
      {kConduit, 2, "; halted: no way to reset is known"},
  };
  unsigned cpu = 1;
  for (const Case& c : kCases) {
    Scene scene = small_scene(HR_DIGEST_FAST);
    memory(kRelayAt + scene.header(HR_RELAY_HEADER_BATON))[c.offset] ^= c.flip;
    CHECK(scene.halts_on_cpu(cpu++, c.said));
    check_said(scene, "E500 the baton is damaged");
    CHECK_EQ(memory(kRecordAt)[0], 0u);
  }
}

// That the verdict of verify is heeded, wherever the bit is: one in every 63 bytes.
HR_TEST(segments_by_the_relay,
        "a bit in every 63 bytes of each segment: the relay refuses, by name") {
  constexpr std::string_view kSaid[] = {"E501 segment kernel at 0x42003000 is not what was loaded",
                                        "E501 segment device tree at 0x46001000 is not what", "",
                                        "E501 segment initrd at 0x46020000 is not what"};
  Scene scene = small_scene(HR_DIGEST_FAST);
  std::uint64_t runs = 0;
  std::uint64_t refused = 0;
  for (const unsigned index : {0u, 1u, 3u}) {
    for (std::uint64_t i = 0; i < kPageBytes; i += 63) {
      std::uint8_t& byte = memory(scene.baton().segments[index].start)[i];
      const auto flip = static_cast<std::uint8_t>(1u << i % 8);
      byte ^= flip;
      ++runs;
      const Landing landing = scene.run_below();
      byte ^= flip;
      refused += is_refused(scene, landing, kSaid[index]) ? 1 : 0;
    }
  }
  note_value("runs of the relay", runs);
  CHECK_EQ(refused, runs);
}

// The rest of the relay's last page is its own memory, as what is behind: nothing there was sealed,
// and it changes nothing.
HR_TEST(padding_of_the_relay, "a bit of every seventh byte behind the relay's image: harmless") {
  Scene scene = small_scene(HR_DIGEST_FAST);
  const std::uint64_t end = scene.header(HR_RELAY_HEADER_BATON) + HR_BATON_SIZE;
  std::uint64_t runs = 0;
  std::uint64_t started = 0;
  const std::uint64_t page_end = (end + kPageBytes - 1) / kPageBytes * kPageBytes;
  for (std::uint64_t i = end; i < page_end; i += 7) {
    memory(kRelayAt)[i] ^= static_cast<std::uint8_t>(1u << i % 8);
    for (unsigned k = 0; k < HR_RECORD_SIZE; ++k) {
      memory(kRecordAt)[k] = 0;
    }
    ++runs;
    started += has_boot_registers(scene.run_below().r, kTreeAt) ? 1 : 0;
  }
  note_value("runs of the relay", runs);
  CHECK_EQ(started, runs);
}

}  // namespace
}  // namespace hyprelay::target
