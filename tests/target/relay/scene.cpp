// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/relay/scene.hpp"

#include "bare/system.hpp"
#include "base/sha256.hpp"
#include "digest/digest.hpp"
#include "tests/target/relay/arch.hpp"

#include <cstring>

extern "C" {
extern const std::uint8_t hr_relay_test_image[];
extern const std::uint8_t hr_relay_test_image_end[];
extern const unsigned char hr_relay_test_vectors[];
void hr_relay_test_launch(hyprelay::target::Word relay, hyprelay::target::Landing* landing);
void hr_relay_test_land();
hyprelay::target::Word hr_relay_test_cpu_on(unsigned index, hyprelay::target::Word entry);
}

namespace hyprelay::target {
namespace {

// For the vectors of the resident, while the harness is below.
alignas(16) constinit Word resident_stack[8] = {};

void put32(std::uint64_t address, std::uint32_t value) {
  *reinterpret_cast<volatile std::uint32_t*>(static_cast<Word>(address)) = value;
}

// Pseudo-random bytes, so that no two parts of a segment are alike.
void fill(std::uint64_t address, std::uint64_t size_bytes, std::uint32_t seed) {
  for (std::uint64_t i = 0; i < size_bytes; i += 4) {
    seed = seed * 1664525 + 1013904223;
    put32(address + i, seed);
  }
}

// A jump to an absolute address, and a return to where the relay's link register points.
void put_jump(std::uint64_t address, void (*to)()) {
  const std::uint64_t target = reinterpret_cast<Word>(to);
#ifdef __arm__
  put32(address, 0xe51ff004);  // ldr pc, [pc, #-4]
  put32(address + 4, static_cast<std::uint32_t>(target));
#else
  put32(address, 0x58000049);      // ldr x9, .+8
  put32(address + 4, 0xd61f0120);  // br x9
  put32(address + 8, static_cast<std::uint32_t>(target));
  put32(address + 12, static_cast<std::uint32_t>(target >> 32));
#endif
}

base::ByteView view(std::uint64_t start, std::uint64_t size_bytes) {
  return {reinterpret_cast<const std::byte*>(static_cast<Word>(start)),
          static_cast<std::size_t>(size_bytes)};
}

}  // namespace

void put_return(std::uint64_t address) {
#ifdef __arm__
  put32(address, 0xe12fff1e);  // bx lr
#else
  put32(address, 0xd65f03c0);  // ret
#endif
}

void run_below(const unsigned char* vectors, void (*function)(void*), void* argument) {
  write_vectors(reinterpret_cast<Word>(vectors));
  hr_target_run_at_pl1(function, argument, reinterpret_cast<Word>(resident_stack + 8));
  hr_target_reset_hyp();
}

std::uint8_t* memory(std::uint64_t address) {
  return reinterpret_cast<std::uint8_t*>(static_cast<Word>(address));
}

Scene::Scene(std::uint64_t relay_at, std::uint32_t digest_algorithm) : relay_at_(relay_at) {
  const auto image_bytes = static_cast<std::size_t>(hr_relay_test_image_end - hr_relay_test_image);
  std::memcpy(memory(relay_at), hr_relay_test_image, image_bytes);
  // What the loader does not write, the relay may not rely on.
  fill(relay_at + (image_bytes + 3) / 4 * 4,
       header(HR_RELAY_HEADER_MEMORY_SIZE) - (image_bytes + 3) / 4 * 4, 1);
  fill(kKernelAt, kKernelBytes + 4, 2);
  put_jump(kKernelAt, hr_relay_test_land);
  fill(kTreeAt, kTreeBytes + 4, 3);
  std::memset(memory(kRecordAt), 0, HR_RECORD_SIZE);

  baton_.magic = HR_BATON_MAGIC;
  baton_.version = HR_BATON_VERSION;
  baton_.size = HR_BATON_SIZE;
  baton_.relay = relay_at;
  baton_.entry = kKernelAt;
  baton_.tree = kTreeAt;
  baton_.record = kRecordAt;
  baton_.resident = HR_DIALECT_UNKNOWN;
  baton_.digest_algorithm = digest_algorithm;
  baton_.psci_conduit = HR_CONDUIT_HVC;
  baton_.segment_count = 3;
  baton_.segments[0] = {kKernelAt, kKernelBytes, HR_SEGMENT_KERNEL, 0, {}};
  baton_.segments[1] = {kTreeAt, kTreeBytes, HR_SEGMENT_TREE, 0, {}};
  baton_.segments[2] = {relay_at, header(HR_RELAY_HEADER_BATON), HR_SEGMENT_RELAY, 0, {}};
  digest();
}

void Scene::set_pl011(std::uint64_t base) {
  baton_.console_kind = HR_CONSOLE_PL011;
  baton_.console_base = base;
  baton_.console_width = 4;
}

void Scene::set_kernel_returns() {
  put_return(kKernelAt);
  digest();
}

// Sequences of all lengths, at all distances, of what is there: the literals stay what they are,
// and each match makes the kernel repeat itself.
void Scene::pack() {
  std::uint8_t* const kernel = memory(kKernelAt);
  std::uint8_t* block = memory(kPackedAt);
  std::uint32_t seed = 7;
  const auto below = [&seed](std::uint32_t limit) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % limit;
  };
  const auto put_run = [&block](std::uint32_t left) {
    for (; left >= 255; left -= 255) {
      *block++ = 255;
    }
    *block++ = static_cast<std::uint8_t>(left);
  };
  const auto put_literals = [&](std::uint64_t at, std::uint32_t bytes, std::uint32_t match) {
    *block++ =
        static_cast<std::uint8_t>((bytes < 15 ? bytes : 15) << 4 | (match < 15 ? match : 15));
    if (bytes >= 15) {
      put_run(bytes - 15);
    }
    std::memcpy(block, kernel + at, bytes);
    block += bytes;
  };
  std::uint64_t at = 0;
  while (kKernelBytes - at > 2000) {
    // The first instructions are literals.
    const std::uint32_t literals = at == 0 ? 64 : below(8) == 0 ? below(600) : below(17);
    const std::uint32_t match = below(8) == 0 ? below(600) : below(18);
    put_literals(at, literals, match);
    at += literals;
    const auto farthest = static_cast<std::uint32_t>(at < 0xffff ? at : 0xffff);
    const std::uint32_t distance = 1 + below(below(4) == 0 ? 24 : farthest);
    *block++ = static_cast<std::uint8_t>(distance);
    *block++ = static_cast<std::uint8_t>(distance >> 8);
    if (match >= 15) {
      put_run(match - 15);
    }
    for (std::uint32_t i = 0; i < match + 4; ++i, ++at) {
      kernel[at] = kernel[at - distance];
    }
  }
  put_literals(at, static_cast<std::uint32_t>(kKernelBytes - at), 0);
  baton_.packed_bytes = static_cast<std::uint64_t>(block - memory(kPackedAt));
  baton_.inflated = baton_.segments[0];
  const digest::Digest digest =
      digest::digest_of(HR_DIGEST_FAST, view(kKernelAt, kKernelBytes), {});
  std::memcpy(baton_.inflated.digest, digest.data(), digest.size());
  baton_.segments[0] = {kPackedAt, baton_.packed_bytes + 100, HR_SEGMENT_KERNEL, 0, {}};
  std::memset(kernel - 0x1000, kWiped, kKernelBytes + 0x2000);
  this->digest();
}

void Scene::digest() {
  for (hr_baton_segment& segment : baton_.segments) {
    if (segment.size != 0) {
      // An unknown one is for the relay to refuse.
      const digest::Digest digest =
          digest::digest_of(baton_.digest_algorithm, view(segment.start, segment.size), {});
      std::memcpy(segment.digest, digest.data(), digest.size());
    }
  }
}

void Scene::seal() {
  const base::Sha256Digest checksum =
      base::sha256(view(reinterpret_cast<Word>(&baton_), offsetof(hr_baton, checksum)));
  std::memcpy(baton_.checksum, checksum.data(), checksum.size());
  std::memcpy(memory(relay_at_ + header(HR_RELAY_HEADER_BATON)), &baton_, sizeof(baton_));
}

Landing Scene::run_at_top() {
  Landing landing{};
  hr_relay_test_launch(static_cast<Word>(relay_at_), &landing);
  return landing;
}

Landing Scene::run_below() {
  struct Call {
    Word relay;
    Landing landing;
  } call{static_cast<Word>(relay_at_), {}};
  target::run_below(
      hr_relay_test_vectors,
      [](void* argument) {
        Call* c = static_cast<Call*>(argument);
        hr_relay_test_launch(c->relay, &c->landing);
      },
      &call);
  return call.landing;
}

bool Scene::halts_on_cpu(unsigned index, std::string_view text) {
  memory(relay_at_ + header(HR_RELAY_HEADER_LOG))[0] = 0;
  if (hr_relay_test_cpu_on(index, static_cast<Word>(relay_at_)) != 0) {
    return false;
  }
  const std::uint64_t deadline = hr_counter() + std::uint64_t{30} * hr_counter_hz();
  while (hr_counter() < deadline) {
    if (log().find(text) != std::string_view::npos && log().ends_with('\n')) {
      return true;
    }
  }
  return false;
}

std::string_view Scene::log() const {
  const auto* text = reinterpret_cast<const char*>(memory(relay_at_ + header(HR_RELAY_HEADER_LOG)));
  std::size_t size = 0;
  while (text[size] != '\0') {
    ++size;
  }
  return {text, size};
}

std::uint32_t Scene::header(std::size_t offset) const {
  std::uint32_t value;
  std::memcpy(&value, hr_relay_test_image + offset, sizeof(value));
  return value;
}

std::uint32_t Scene::record32(std::size_t offset) const {
  const std::uint8_t* p = memory(kRecordAt + offset);
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

std::uint64_t Scene::record64(std::size_t offset) const {
  return std::uint64_t{record32(offset)} << 32 | record32(offset + 4);
}

void check_said(const Scene& scene, std::string_view text) {
  const bool said = scene.log().find(text) != std::string_view::npos;
  CHECK(said);
  if (!said) {
    note("wanted:");
    note(text.data());
    note("the relay's log:");
    hr_target_write(scene.log().data());
  }
}

void check_reset(const Landing& landing) {
  CHECK_EQ(landing.r[0], Word{HR_PSCI_SYSTEM_RESET});
  CHECK_EQ(memory(kRecordAt)[0], 0u);
}

}  // namespace hyprelay::target
