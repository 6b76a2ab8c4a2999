// SPDX-License-Identifier: BSD-2-Clause
// Handoffs that succeed: what the next kernel gets, what is said, what is recorded.
#include "bare/system.hpp"
#include "tests/target/relay/arch.hpp"
#include "tests/target/relay/scene.hpp"

#include <cstddef>

namespace hyprelay::target {
namespace {

void check_landing(const Landing& landing, Word psr) {
  CHECK(has_boot_registers(landing.r, kTreeAt));
  CHECK_EQ(landing.psr & kPsrMask, psr);
}

void check_record(const Scene& scene, std::uint32_t mode, std::uint32_t resident,
                  std::uint32_t climb, std::uint32_t algorithm = HR_DIGEST_FAST) {
  CHECK_EQ(scene.record32(offsetof(hr_record, magic)), std::uint32_t{HR_RECORD_MAGIC});
  CHECK_EQ(scene.record32(offsetof(hr_record, version)), std::uint32_t{HR_RECORD_VERSION});
  CHECK_EQ(scene.record32(offsetof(hr_record, entered_mode)), mode);
  CHECK_EQ(scene.record32(offsetof(hr_record, left_mode)), mode);
  CHECK_EQ(scene.record32(offsetof(hr_record, resident)), resident);
  CHECK_EQ(scene.record32(offsetof(hr_record, climb)), climb);
  CHECK_EQ(scene.record32(offsetof(hr_record, segments_verified)), 3u);
  CHECK_EQ(scene.record32(offsetof(hr_record, digest_algorithm)), algorithm);
  const bool crypto = algorithm == HR_DIGEST_SHA256 && has_sha256();
  CHECK_EQ(scene.record32(offsetof(hr_record, verify_flags)),
           std::uint32_t{HR_VERIFY_CACHED} | (crypto ? HR_VERIFY_CRYPTO : 0));
  CHECK_EQ(scene.record32(offsetof(hr_record, counter_hz)), hr_counter_hz());
  const std::uint64_t entered = scene.record64(offsetof(hr_record, counter_entered));
  const std::uint64_t verified = scene.record64(offsetof(hr_record, counter_verified));
  const std::uint64_t left = scene.record64(offsetof(hr_record, counter_left));
  const std::uint64_t checked = scene.record64(offsetof(hr_record, counter_checked));
  const std::uint64_t mapped = scene.record64(offsetof(hr_record, counter_mapped));
  CHECK(0 < entered && entered < checked && checked < mapped && mapped < verified &&
        verified < left && left < hr_counter());
  CHECK_EQ(scene.record64(offsetof(hr_record, bytes_verified)),
           kKernelBytes + kTreeBytes + scene.header(HR_RELAY_HEADER_BATON));
}

HR_TEST(boots_at_top, "entered at HYP/EL2: boots there, says so, leaves the record") {
  Scene scene;
  scene.seal();
  check_landing(scene.run_at_top(), kTopPsr);
  check_record(scene, kTopMode, HR_DIALECT_NONE, HR_CLIMB_NOT_NEEDED);
  check_said(scene, "hyprelay relay: entered in ");
  check_said(scene, kTopName);
  check_said(scene, "hyprelay relay: verified 3 segments, ");
  check_said(scene, " Hz (cached");
  check_said(scene, "hyprelay relay: starting next kernel at 0x42003000 in ");
}

HR_TEST(boots_by_sha256, "with SHA-256 in the baton that is what is verified by, in every mode") {
  Scene scene(kRelayAt, HR_DIGEST_SHA256);
  scene.seal();
  check_landing(scene.run_at_top(), kTopPsr);
  check_record(scene, kTopMode, HR_DIALECT_NONE, HR_CLIMB_NOT_NEEDED, HR_DIGEST_SHA256);
  Scene below(kRelayAt, HR_DIGEST_SHA256);
  below.seal();
  check_landing(below.run_below(), kLowPsr);
  check_record(below, kLowMode, HR_DIALECT_UNKNOWN, HR_CLIMB_NOT_TRIED, HR_DIGEST_SHA256);
}

HR_TEST(boots_below,
        "entered at SVC/EL1 below nobody knows whom: boots there, and the record says so") {
  Scene scene;
  scene.seal();
  check_landing(scene.run_below(), kLowPsr);
  check_record(scene, kLowMode, HR_DIALECT_UNKNOWN, HR_CLIMB_NOT_TRIED);
  check_said(scene, kLowName);
}

HR_TEST(boots_anywhere, "the relay runs at any multiple of 4 KiB") {
  for (const std::uint64_t at : {0x44401000u, 0x457ff000u, 0x48000000u}) {
    Scene scene(at);
    scene.seal();
    check_landing(scene.run_at_top(), kTopPsr);
    check_record(scene, kTopMode, HR_DIALECT_NONE, HR_CLIMB_NOT_NEEDED);
  }
}

HR_TEST(boots_twice, "nothing of a first run changes a second one") {
  Scene scene;
  scene.seal();
  for (int run = 0; run < 2; ++run) {
    for (std::size_t i = 0; i < HR_RECORD_SIZE; ++i) {
      memory(kRecordAt)[i] = 0;
    }
    check_landing(scene.run_at_top(), kTopPsr);
    CHECK_EQ(scene.log().find("entered"), scene.log().rfind("entered"));
  }
}

HR_TEST(many_segments, "a baton full of scattered segments is verified") {
  Scene scene;
  hr_baton& baton = scene.baton();
  for (unsigned i = 3; i < HR_BATON_SEGMENTS; ++i) {
    baton.segments[i] = {0x48001000 + 0x601000ull * i, 0x1001, HR_SEGMENT_INITRD, 0, {}};
  }
  baton.segment_count = HR_BATON_SEGMENTS;
  scene.digest();
  scene.seal();
  check_landing(scene.run_at_top(), kTopPsr);
  CHECK_EQ(scene.record32(offsetof(hr_record, segments_verified)), 8u);
  CHECK_EQ(scene.record32(offsetof(hr_record, verify_flags)) & HR_VERIFY_CACHED, 1u);
}

HR_TEST(no_record, "a loader that wants no record gets none") {
  Scene scene;
  scene.baton().record = 0;
  scene.seal();
  check_landing(scene.run_at_top(), kTopPsr);
  CHECK_EQ(memory(kRecordAt)[0], 0u);
}

HR_TEST(ns16550, "an NS16550 with 32-bit registers gets the text") {
  Scene scene;
  scene.baton().console_kind = HR_CONSOLE_NS16550;
  scene.baton().console_base = kFakeConsoleAt;
  scene.baton().console_shift = 2;
  scene.baton().console_width = 4;
  scene.seal();
  for (unsigned i = 0; i < 0x100; ++i) {
    memory(kFakeConsoleAt)[i] = 0;
  }
  memory(kFakeConsoleAt)[5 << 2] = 0x60;  // LSR: holding register empty, all sent
  check_landing(scene.run_at_top(), kTopPsr);
  CHECK_EQ(memory(kFakeConsoleAt)[0], std::uint8_t{'\n'});
}

HR_TEST(dead_console, "a console that never takes a character stops nobody") {
  Scene scene;
  scene.set_pl011(kFakeConsoleAt);
  scene.seal();
  memory(kFakeConsoleAt)[0x18] = 0x28;  // FR: FIFO full, busy
  memory(kFakeConsoleAt)[0] = 0x55;
  check_landing(scene.run_at_top(), kTopPsr);
  CHECK_EQ(memory(kFakeConsoleAt)[0], 0x55u);
}

HR_TEST(console_in_memory, "a console whose registers lie in what was loaded gets nothing") {
  Scene scene;
  scene.set_pl011(kTreeAt + 0x1000);
  memory(kTreeAt + 0x1018)[0] = 0;  // FR: would take characters
  scene.digest();
  scene.seal();
  const std::uint8_t before = memory(kTreeAt + 0x1000)[0];
  check_landing(scene.run_at_top(), kTopPsr);
  CHECK_EQ(memory(kTreeAt + 0x1000)[0], before);
  check_said(scene, "warning: nothing is sent to a console at 0x46002000, where something was");
}

}  // namespace
}  // namespace hyprelay::target
