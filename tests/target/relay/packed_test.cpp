// SPDX-License-Identifier: BSD-2-Clause
// A kernel that travels packed: inflated to its place, or refused.
#include "base/lz4_block.hpp"
#include "tests/target/relay/arch.hpp"
#include "tests/target/relay/scene.hpp"

#include <cstddef>
#include <cstring>

namespace hyprelay::target {
namespace {

void check_inflated(const Scene& scene) {
  const base::ByteView there(reinterpret_cast<const std::byte*>(memory(kKernelAt)), kKernelBytes);
  const digest::Digest digest = digest::digest_of(HR_DIGEST_FAST, there, {});
  CHECK(std::memcmp(digest.data(), scene.baton().inflated.digest, digest.size()) == 0);
  CHECK_EQ(memory(kKernelAt - 1)[0], kWiped);
  CHECK_EQ(memory(kKernelAt + kKernelBytes)[0], kWiped);
  CHECK_EQ(scene.record32(offsetof(hr_record, verify_flags)),
           std::uint32_t{HR_VERIFY_CACHED | HR_VERIFY_INFLATED});
  CHECK(scene.record64(offsetof(hr_record, counter_verified)) <
        scene.record64(offsetof(hr_record, counter_inflated)));
}

HR_TEST(packed, "a packed kernel is inflated to its place, and started there in every mode") {
  for (const bool below : {false, true}) {
    Scene scene;
    scene.pack();
    scene.seal();
    const Landing landing = below ? scene.run_below() : scene.run_at_top();
    CHECK(has_boot_registers(landing.r, kTreeAt));
    check_inflated(scene);
  }
}

// With a right digest, as only a loader could make it: the decoder, or the digest of what came out,
// says so, whatever was flipped.
HR_TEST(packed_damage, "a damaged block with a right digest starts nothing") {
  unsigned undecodable = 0;
  for (unsigned n = 0; n < 24; ++n) {
    Scene scene;
    scene.pack();
    const Word last = static_cast<Word>(scene.baton().packed_bytes - 1);
    const std::uint64_t at = kPackedAt + last / 23 * n;
    memory(at)[0] ^= static_cast<std::uint8_t>(1 << n % 8);
    scene.digest();
    scene.seal();
    check_reset(scene.run_below());
    const bool undone = scene.log().find(
                            "E507 the packed kernel does not inflate to what was "
                            "sealed: to 0x42003000; resetting") != std::string_view::npos;
    undecodable += undone ? 1 : 0;
    if (!undone) {
      check_said(scene, "E501 segment kernel at 0x42003000 is not what was loaded");
    }
    CHECK_EQ(memory(kKernelAt - 1)[0], kWiped);
    CHECK_EQ(memory(kKernelAt + kKernelBytes)[0], kWiped);
  }
  CHECK(undecodable != 0);
}

HR_TEST(packed_flip, "a flipped bit of the block is found before it is inflated") {
  Scene scene;
  scene.pack();
  scene.seal();
  memory(kPackedAt + scene.baton().packed_bytes / 2)[0] ^= 1;
  check_reset(scene.run_below());
  check_said(scene, "E501 segment kernel at 0x47003000 is not what was loaded");
  CHECK_EQ(memory(kKernelAt + kKernelBytes / 2)[0], kWiped);
}

HR_TEST(packed_places, "a kernel of another size, or over something that is needed, is refused") {
  struct Case {
    void (*damage)(hr_baton&);
    std::string_view said;
  };
  const Case cases[] = {
      {[](hr_baton& b) { b.inflated.size -= 1; }, "E507 the packed kernel does not inflate"},
      {[](hr_baton& b) { b.inflated.size += 1; }, "E507 the packed kernel does not inflate"},
      {[](hr_baton& b) { b.packed_bytes -= 1; }, "E507 the packed kernel does not inflate"},
      {[](hr_baton& b) { b.packed_bytes = b.segments[0].size + 1; }, "packed_bytes 0x"},
      {[](hr_baton& b) { b.inflated.start = kTreeAt; }, "inflated 0x46001000"},
      {[](hr_baton& b) { b.inflated.start = kRelayAt - 0x1000; }, "inflated 0x43fff000"},
      // Behind its image, where its tables and its stack are.
      {[](hr_baton& b) { b.inflated.start = kRelayAt + 0x20000; }, "inflated 0x44020000"},
  };
  for (const Case& c : cases) {
    Scene scene;
    scene.pack();
    c.damage(scene.baton());
    scene.seal();
    check_reset(scene.run_below());
    check_said(scene, c.said);
  }
}

}  // namespace
}  // namespace hyprelay::target
