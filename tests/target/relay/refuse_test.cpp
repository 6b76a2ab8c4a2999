// SPDX-License-Identifier: BSD-2-Clause
// Handoffs that must not happen: each is named, and nothing is started.
#include "tests/target/relay/arch.hpp"
#include "tests/target/relay/scene.hpp"

#include <cstring>

namespace hyprelay::target {
namespace {

void check_refused(Scene& scene, std::string_view text) {
  scene.seal();
  check_reset(scene.run_below());
  check_said(scene, text);
  check_said(scene, "; resetting\n");
}

HR_TEST(require_hyp, "--require-hyp at SVC/EL1 stops with a sentence") {
  Scene scene;
  scene.baton().flags = HR_BATON_REQUIRE_HYP;
  check_refused(scene, "E502 entered below HYP/EL2 although --require-hyp was given");
}

HR_TEST(flipped_byte, "a flipped bit in any segment is found, and the segment named") {
  constexpr std::string_view kSaid[] = {"E501 segment kernel at 0x42003000 is not what was loaded",
                                        "E501 segment device tree at 0x46001000 is not what",
                                        "E501 segment relay at 0x44000000 is not what"};
  for (unsigned n = 0; n < 6; ++n) {
    const unsigned i = n / 2;
    for (const bool last : {false, true}) {
      Scene scene(kRelayAt, n % 2 == 0 ? HR_DIGEST_FAST : HR_DIGEST_SHA256);
      const hr_baton_segment& segment = scene.baton().segments[i];
      // Not the code of the relay, which must still run: words of its header.
      const std::uint64_t offset = i == 2 ? (last ? HR_RELAY_HEADER_ARCH : HR_RELAY_HEADER_MAGIC)
                                          : (last ? segment.size - 1 : segment.size / 2);
      memory(segment.start + offset)[0] ^= 0x10;
      check_refused(scene, kSaid[i]);
      check_said(scene, "expected ");
      check_said(scene, ", found ");
    }
  }
}

HR_TEST(bad_baton, "a damaged baton, or one of another version, is refused by field") {
  struct Case {
    void (*damage)(hr_baton&);
    std::string_view said;
  };
  const Case cases[] = {
      {[](hr_baton& b) { b.version = 0x00020000; },
       "E500 the baton is damaged or of an unknown "
       "version: version 0x20000"},
      {[](hr_baton& b) { b.size -= 4; }, "size 0x48c"},
      {[](hr_baton& b) { b.relay += 0x1000; }, "relay 0x44001000"},
      {[](hr_baton& b) { b.segment_count = 0; }, "segment_count 0x0"},
      {[](hr_baton& b) { b.segment_count = 9; }, "segment_count 0x9"},
      {[](hr_baton& b) { b.segments[1].size = ~0ull; }, "segment 0x46001000"},
      {[](hr_baton& b) { b.segments[1].size = 0; }, "segment 0x46001000"},
      {[](hr_baton& b) { b.entry = kKernelAt + kKernelBytes; }, "entry 0x42244235"},
      {[](hr_baton& b) { b.tree += 8; }, "tree 0x46001008"},
      {[](hr_baton& b) { b.record = kTreeAt + kTreeBytes - 8; }, "record 0x4600333d"},
      {[](hr_baton& b) { b.digest_algorithm = 3; },
       "E503 the baton asks for an unknown digest algorithm: digest_algorithm 0x3"},
  };
  for (const Case& c : cases) {
    Scene scene;
    c.damage(scene.baton());
    check_refused(scene, c.said);
  }
}

HR_TEST(bad_checksum, "a baton whose checksum is wrong is refused") {
  Scene scene;
  scene.seal();
  memory(kRelayAt + scene.header(HR_RELAY_HEADER_BATON) + offsetof(hr_baton, entry))[1] ^= 1;
  check_reset(scene.run_below());
  check_said(scene, "E500 the baton is damaged or of an unknown version: checksum");
}

HR_TEST(flipped_console, "no byte is sent to a console whose address no checksum vouches for") {
  Scene scene;
  scene.set_pl011(kFakeConsoleAt);
  scene.seal();
  // Registers of a PL011 that takes every character, in either page.
  for (unsigned i = 0; i < 0x2000; ++i) {
    memory(kFakeConsoleAt)[i] = 0;
  }
  const std::uint64_t baton = kRelayAt + scene.header(HR_RELAY_HEADER_BATON);
  memory(baton + offsetof(hr_baton, console_base))[1] ^= 0x10;
  check_reset(scene.run_below());
  check_said(scene, "checksum");
  CHECK_EQ(memory(kFakeConsoleAt)[0], 0u);
  CHECK_EQ(memory(kFakeConsoleAt + 0x1000)[0], 0u);
}

HR_TEST(exception, "an exception while verifying is reported with its address") {
  Scene scene;
  // Above the memory of this machine: reads abort.
  scene.baton().segments[3] = {0x80000000, 0x1000, HR_SEGMENT_INITRD, 0, {}};
  scene.baton().segment_count = 4;
  check_refused(scene, "E504 the relay took an exception: vector ");
  check_said(scene, "address 0x80000000");
}

HR_TEST(kernel_returns, "a kernel that returns is reported") {
  Scene scene;
  scene.set_kernel_returns();
  scene.seal();
  const Landing landing = scene.run_below();
  CHECK_EQ(landing.r[0], Word{HR_PSCI_SYSTEM_RESET});
  check_said(scene, "E505 the next kernel returned to the relay; resetting\n");
}

#ifndef __arm__
HR_TEST(pages, "a kernel for pages that this CPU lacks is not started, any other is") {
  struct Case {
    std::uint8_t flags;  // page size in bits 2:1
    bool present;
    std::string_view said;
  };
  // cortex-a57 has no pages of 16 KiB [arm/ddi0488, ID_AA64MMFR0_EL1], max has all.
  const Case cases[] = {{0x0, true, ""},
                        {0x2, true, ""},
                        {0x4, (read_mmfr0() >> 20 & 15) != 0, "bytes 0x4000; resetting\n"},
                        {0x6, (read_mmfr0() >> 24 & 15) != 15, "bytes 0x10000; resetting\n"}};
  unsigned refused = 0;
  for (const Case& c : cases) {
    Scene scene;
    memory(kKernelAt + 24)[0] = c.flags | 0x8;
    std::memcpy(memory(kKernelAt + 56), "ARM\x64", 4);
    scene.digest();
    scene.seal();
    const Landing landing = scene.run_below();
    if (c.present) {
      CHECK(has_boot_registers(landing.r, kTreeAt));
    } else {
      ++refused;
      check_reset(landing);
      check_said(scene, "E506 the next kernel was built for a page size that this CPU lacks: ");
      check_said(scene, c.said);
    }
  }
  note_value("page sizes refused:", refused);
}
#endif

// At HYP/EL2 a refusal ends the CPU: QEMU's firmware would reset the machine, so these halt.
HR_TEST(halts_on_digest, "at HYP/EL2 a flipped bit halts when asked to") {
  Scene scene;
  scene.baton().flags = HR_BATON_HALT;
  scene.baton().psci_conduit = HR_CONDUIT_SMC;
  scene.seal();
  memory(kKernelAt + 0x100000)[0] ^= 1;
  CHECK(scene.halts_on_cpu(1, "E501 segment kernel"));
  check_said(scene, "; halted as asked\n");
  CHECK_EQ(memory(kRecordAt)[0], 0u);
}

HR_TEST(halts_on_exception, "at HYP/EL2 an exception is reported; HVC is no way to reset there") {
  Scene scene(0x45000000);
  scene.baton().segments[0].size = 0x1000;
  scene.baton().segments[0].start = 0x80000000;
  scene.baton().entry = 0x80000000;
  scene.seal();
  CHECK(scene.halts_on_cpu(2, "E504 the relay took an exception: vector "));
  check_said(scene, "address 0x80000000");
  check_said(scene, "; halted: no way to reset is known\n");
}

}  // namespace
}  // namespace hyprelay::target
