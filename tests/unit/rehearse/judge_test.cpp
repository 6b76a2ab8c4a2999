// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/judge.hpp"

#include "base/error_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hyprelay::rehearse {
namespace {

constexpr const char* kManifest = "11aa";

// The console of a rehearsal as QEMU shows it, cut to what matters and to what must not confuse.
void feed_kernel(Judge& judge, unsigned hop, const std::string& mode = "HYP",
                 const std::string& manifest = kManifest, bool intact = true) {
  const std::string n = std::to_string(hop);
  judge.feed("[    0.000000] Booting Linux on physical CPU 0x0");
  judge.feed("[    0.052159] CPU: All CPU(s) started in " + mode + " mode.");
  judge.feed("");
  judge.feed(R"(hyprelay-rehearse: {"event":"booted","hop":)" + n +
             R"(,"release":"6.1.0-50-armmp","mode":")" + mode +
             R"(","cpus":2,"memory_bytes":1044393984,"command_line":"console=ttyAMA0\n"})");
  judge.feed(R"(hyprelay-rehearse: {"event":"initrd","hop":)" + n +
             R"(,"bytes":23828604,"files":5)" + R"(,"intact":)" + (intact ? "true" : "false") +
             R"(,"complaints":[)" + (intact ? "" : R"("payload has another SHA-256")") +
             R"(],"manifest":")" + manifest + "\"}");
  judge.feed(R"(hyprelay-rehearse: {"event":"status","hop":)" + n +
             R"(,"exit":0,"text":"","status":{"release":"6.1.0-50-armmp","relay":)" +
             (hop == 0 ? "null"
                       : R"({"entered":"HYP","left":"HYP","resident":"none","climb":"not needed",)"
                         R"("segments_verified":4,"bytes_verified":29000000})") +
             "}}");
}

Event feed_handoff(Judge& judge) {
  judge.feed(
      R"(hyprelay-rehearse: {"event":"load","hop":0,"output":{"entry":1073774592},"text":""})");
  EXPECT_EQ(judge.feed(R"(hyprelay-rehearse: {"event":"ready","hop":0})"), Event::kReady);
  return judge.feed("hyprelay: leaving, counter 372817394 at 62500000 Hz");
}

TEST(Judge, reads_one_handoff) {
  Judge judge;
  feed_kernel(judge, 0);
  EXPECT_EQ(feed_handoff(judge), Event::kLeaving);
  judge.feed("hyprelay relay: entered in HYP");
  judge.feed("hyprelay relay: verified 4 segments, 29000000 bytes");
  feed_kernel(judge, 1);
  EXPECT_EQ(judge.feed(R"(hyprelay-rehearse: {"event":"done","hop":1})"), Event::kDone);

  const Findings& found = judge.findings();
  ASSERT_EQ(found.kernels.size(), 2u);
  EXPECT_EQ(found.kernels[0].release, "6.1.0-50-armmp");
  EXPECT_EQ(found.kernels[0].mode, "HYP");
  EXPECT_EQ(found.kernels[0].command_line, "console=ttyAMA0");
  EXPECT_FALSE(found.kernels[0].relay);
  ASSERT_TRUE(found.kernels[1].relay);
  EXPECT_EQ(found.kernels[1].relay->entered, "HYP");
  EXPECT_EQ(found.kernels[1].relay->resident, "none");
  EXPECT_EQ(found.kernels[1].relay->segments_verified, 4u);
  EXPECT_EQ(found.kernels[1].load, R"({"entry":1073774592})");
  EXPECT_EQ(found.leaving_counters, std::vector<std::uint64_t>{372817394});
  EXPECT_EQ(found.kernels_started, 2u);
  EXPECT_TRUE(found.relay_failure.empty());
  EXPECT_FALSE(verdict(found, 1, kManifest));
}

// The console of a machine with EFI: what each kernel says of it.
void feed_firmware(Judge& judge, unsigned hop, const char* description, const char* efi) {
  judge.feed(R"(hyprelay-rehearse: {"event":"firmware","hop":)" + std::to_string(hop) +
             R"(,"description":")" + description + R"(","efi":)" + efi + "}");
}

// Both kernels of a handoff; what is said against it.
std::string complaint_of_firmware(const char* description, const char* efi) {
  Judge judge;
  feed_kernel(judge, 0);
  feed_firmware(judge, 0, "acpi", R"({"variables":38,"time_read":true})");
  feed_handoff(judge);
  feed_kernel(judge, 1);
  feed_firmware(judge, 1, description, efi);
  judge.feed(R"(hyprelay-rehearse: {"event":"done","hop":1})");
  const auto error = verdict(judge.findings(), 1, kManifest);
  EXPECT_TRUE(!error || error->code() == base::Code::REHEARSE_EFI);
  return error ? std::string(error->subject()) : "";
}

TEST(Judge, what_the_firmware_gave_is_there_in_every_kernel) {
  EXPECT_EQ(complaint_of_firmware("acpi", R"({"variables":38,"time_read":true})"), "");
  // A kernel that has read its clock may have one variable more or less.
  EXPECT_EQ(complaint_of_firmware("acpi", R"({"variables":37,"time_read":true})"), "");
  EXPECT_EQ(complaint_of_firmware("tree", R"({"variables":38,"time_read":true})"),
            "kernel 1: its devices by tree after acpi");
  EXPECT_EQ(complaint_of_firmware("acpi", "null"), "kernel 1: no EFI");
  EXPECT_EQ(complaint_of_firmware("acpi", R"({"variables":null,"time_read":true})"),
            "kernel 1: none of 38 EFI variables");
  EXPECT_EQ(complaint_of_firmware("acpi", R"({"variables":38,"time_read":false})"),
            "kernel 1: EFI's clock cannot be read");
}

TEST(Judge, reports_the_firmware_of_each_kernel) {
  Judge judge;
  feed_kernel(judge, 0);
  feed_firmware(judge, 0, "acpi", R"({"variables":null,"time_read":true})");
  judge.feed(
      R"(hyprelay-rehearse: {"event":"disk","hop":0,"read_bytes":1048576,"interrupts":"ITS-MSI"})");
  Report report;
  report.kernels = judge.findings().kernels;
  report.firmware = "edk2";
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["firmware"], "edk2");
  EXPECT_EQ(json["description"], "acpi");
  EXPECT_EQ(json["kernels"][0]["efi"]["variables"], nullptr);
  EXPECT_EQ(json["kernels"][0]["efi"]["time_read"], true);
  EXPECT_EQ(json["kernels"][0]["disk"]["read_bytes"], 1048576);
  EXPECT_EQ(json["kernels"][0]["disk"]["interrupts"], "ITS-MSI");
  EXPECT_NE(to_text(report).find("EFI and acpi: no list of variables, the clock read"),
            std::string::npos);
}

TEST(Judge, finds_a_mark_behind_other_text) {
  Judge judge;
  EXPECT_EQ(judge.feed(R"(login: hyprelay-rehearse: {"event":"ready","hop":0})"), Event::kReady);
}

TEST(Judge, ignores_marks_that_are_no_json) {
  Judge judge;
  for (const char* line :
       {"hyprelay-rehearse: ", "hyprelay-rehearse: {\"event\":", "hyprelay-rehearse: []",
        "hyprelay-rehearse: {\"event\":7}", "hyprelay-rehearse: {\"event\":\"initrd\"}",
        "hyprelay relay: ", "hyprelay relay: E", "hyprelay relay: E50"}) {
    EXPECT_EQ(judge.feed(line), Event::kNone) << line;
  }
  EXPECT_TRUE(judge.findings().kernels.empty());
}

TEST(Judge, tells_the_relays_refusal) {
  Judge judge;
  feed_kernel(judge, 0);
  feed_handoff(judge);
  EXPECT_EQ(judge.feed("hyprelay relay: E501 segment initrd at 0x48000000 is not what was loaded"),
            Event::kFailed);
  const auto error = verdict(judge.findings(), 1, kManifest);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), base::Code::RELAY_DIGEST);
  EXPECT_EQ(base::exit_code_of(*error), HR_EXIT_RELAY);
  EXPECT_NE(error->subject().find("segment initrd"), std::string_view::npos);
  EXPECT_EQ(judge.findings().kernels_started, 1u);
}

TEST(Verdict, damaged_initrd) {
  Judge judge;
  feed_kernel(judge, 0);
  feed_kernel(judge, 1, "HYP", kManifest, false);
  judge.feed(R"(hyprelay-rehearse: {"event":"done","hop":1})");
  const auto error = verdict(judge.findings(), 1, kManifest);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), base::Code::REHEARSE_INITRD);
  EXPECT_EQ(error->subject(), "kernel 1: payload has another SHA-256");
}

TEST(Verdict, another_manifest_than_the_host_wrote) {
  Judge judge;
  feed_kernel(judge, 0);
  feed_kernel(judge, 1, "HYP", "22bb");
  judge.feed(R"(hyprelay-rehearse: {"event":"done","hop":1})");
  const auto error = verdict(judge.findings(), 1, kManifest);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), base::Code::REHEARSE_INITRD);
}

TEST(Verdict, lost_mode) {
  Judge judge;
  feed_kernel(judge, 0, "HYP");
  feed_kernel(judge, 1, "SVC");
  judge.feed(R"(hyprelay-rehearse: {"event":"done","hop":1})");
  const auto error = verdict(judge.findings(), 1, kManifest);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), base::Code::REHEARSE_MODE);
  EXPECT_EQ(error->subject(), "kernel 1: SVC after HYP");
}

TEST(Verdict, failed_load) {
  Judge judge;
  feed_kernel(judge, 0);
  EXPECT_EQ(judge.feed(R"(hyprelay-rehearse: {"event":"failed","hop":0,"step":"load","exit":5,)"
                       R"("text":"hyprelay: image: truncated\n"})"),
            Event::kFailed);
  const auto error = verdict(judge.findings(), 1, kManifest);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), base::Code::REHEARSE_FAILED);
  EXPECT_EQ(error->subject(), "load: hyprelay: image: truncated");
  EXPECT_EQ(judge.findings().failed_exit, 5);
}

TEST(Verdict, failed_load_with_its_remedy) {
  Judge judge;
  feed_kernel(judge, 0);
  judge.feed(
      R"(hyprelay-rehearse: {"event":"failed","hop":0,"step":"load","exit":8,)"
      R"("text":"hyprelay: a note\nhyprelay: load: refused [E410]\n  remedy: run as root\n"})");
  EXPECT_EQ(verdict(judge.findings(), 1, kManifest)->subject(),
            "load: hyprelay: load: refused [E410]");
}

TEST(Verdict, load_that_a_signal_ended) {
  Judge judge;
  feed_kernel(judge, 0);
  judge.feed(R"(hyprelay-rehearse: {"event":"failed","hop":0,"step":"load","exit":139,"signal":11,)"
             R"("text":"signal 11: Unable to handle kernel paging request at virtual address 8"})");
  const auto error = verdict(judge.findings(), 1, kManifest);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), base::Code::REHEARSE_KILLED);
  EXPECT_EQ(error->subject(),
            "load: signal 11: Unable to handle kernel paging request at virtual address 8");
}

TEST(StartFailure, no_program) {
  const base::Error error = start_failure("qemu-system-arm", 127, "");
  EXPECT_EQ(error.code(), base::Code::REHEARSE_TOOL);
  EXPECT_EQ(error.subject(), "qemu-system-arm");
}

TEST(StartFailure, what_qemu_said) {
  LastWords words("qemu-system-arm");
  // As QEMU 7.2 says it for an unknown -machine.
  words.feed("qemu-system-arm: unsupported machine type");
  words.feed("Use -machine help to list supported machines");
  words.feed("");
  const base::Error error = start_failure("qemu-system-arm", 1, words.text());
  EXPECT_EQ(error.code(), base::Code::REHEARSE_QEMU);
  EXPECT_EQ(base::exit_code_of(error), HR_EXIT_REHEARSAL);
  EXPECT_EQ(error.subject(), "qemu-system-arm: unsupported machine type");
  EXPECT_EQ(start_failure("qemu-system-arm", 139, "").subject(),
            "qemu-system-arm ended with exit code 139");
}

TEST(Verdict, panic_and_early_end) {
  Judge judge;
  feed_kernel(judge, 0);
  feed_handoff(judge);
  EXPECT_EQ(verdict(judge.findings(), 1, kManifest)->subject(),
            "the guest ended after 1 of 2 kernels");
  judge.feed("[    3.1] Kernel panic - not syncing: VFS: Unable to mount root fs");
  EXPECT_EQ(verdict(judge.findings(), 1, kManifest)->subject(),
            "Kernel panic - not syncing: VFS: Unable to mount root fs");
}

TEST(Verdict, nothing_was_started) {
  EXPECT_TRUE(verdict(Findings{}, 1, kManifest));
}

TEST(Report, has_the_keys_that_scripts_use) {
  Judge judge;
  feed_kernel(judge, 0);
  feed_handoff(judge);
  feed_kernel(judge, 1);
  Report report;
  report.hops_wanted = 1;
  report.kernels = judge.findings().kernels;
  report.kernels[1].gap_instructions = 123;
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["ok"], true);
  EXPECT_EQ(json["first"]["release"], "6.1.0-50-armmp");
  EXPECT_EQ(json["first"]["mode"], "HYP");
  EXPECT_EQ(json["second"]["release"], "6.1.0-50-armmp");
  EXPECT_EQ(json["second"]["mode"], "HYP");
  EXPECT_EQ(json["second"]["initrd_intact"], true);
  EXPECT_EQ(json["relay"]["entered"], "HYP");
  EXPECT_EQ(json["relay"]["resident"], "none");
  EXPECT_EQ(json["relay"]["segments_verified"], 4);
  EXPECT_EQ(json["gap_instructions"], 123);
  EXPECT_EQ(json["kernels"].size(), 2u);
  const std::string text = to_text(report);
  EXPECT_TRUE(text.ends_with("\narm: 6.1.0-50-armmp in HYP, initrd intact\n")) << text;
}

TEST(Report, failure_without_any_kernel) {
  Report report;
  report.failure = base::Error(base::Code::REHEARSE_TIMEOUT, base::Stage::kRehearse, "120 s");
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["failure"]["code"], "REHEARSE_TIMEOUT");
  EXPECT_EQ(json["ok"], false);
  EXPECT_NE(to_text(report).find("arm: FAILED"), std::string::npos);
}

// The console of a rehearsal of a panic, with a dump that has this and lacks that.
Judge panicked(const std::string& readable = "true", const std::string& marker = "true",
               const std::string& exit = "0") {
  Judge judge(true);
  feed_kernel(judge, 0);
  judge.feed(R"(hyprelay-rehearse: {"event":"ready","hop":0})");
  EXPECT_EQ(judge.feed("[    9.1] Kernel panic - not syncing: sysrq triggered crash"),
            Event::kLeaving);
  feed_kernel(judge, 1);
  judge.feed(R"(hyprelay-rehearse: {"event":"progress","read_bytes":134217728})");
  judge.feed(
      R"(hyprelay-rehearse: {"event":"vmcore","hop":1,"bytes":805310464,"format":"ELF32",)"
      R"("loads":3,"mapped_loads":2,"load_bytes":805306368,"read_bytes":805306368,"readable":)" +
      readable + R"(,"cpu_notes":2,"release":"6.1.0-50-armmp","marker_found":)" + marker +
      R"(,"complaints":[]})");
  judge.feed(R"(hyprelay-rehearse: {"event":"capture","command":"/bin/makedumpfile -c x","exit":)" +
             exit + "}");
  judge.feed(R"(hyprelay-rehearse: {"event":"done","hop":1})");
  return judge;
}

TEST(Judge, a_panic_that_was_asked_for_is_good_with_a_whole_dump) {
  const Judge judge = panicked();
  EXPECT_FALSE(verdict(judge.findings(), 1, kManifest, 1));
  ASSERT_TRUE(judge.findings().vmcore);
  EXPECT_EQ(judge.findings().vmcore->saved_by, "makedumpfile");
  EXPECT_EQ(judge.findings().vmcore->load_bytes, 805306368u);
  for (const Judge& bad :
       {panicked("false"), panicked("true", "false"), panicked("true", "true", "1")}) {
    const auto error = verdict(bad.findings(), 1, kManifest, 1);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), base::Code::REHEARSE_VMCORE);
  }
}

TEST(Judge, a_second_panic_or_one_that_nobody_asked_for_is_a_failure) {
  Judge judge = panicked();
  judge.feed("[   12.1] Kernel panic - not syncing: Attempted to kill init!");
  ASSERT_TRUE(verdict(judge.findings(), 1, kManifest, 1));
  Judge early(true);
  feed_kernel(early, 0);
  early.feed("[    9.1] Kernel panic - not syncing: VFS");
  EXPECT_TRUE(early.findings().panics.empty());
  EXPECT_EQ(verdict(early.findings(), 1, kManifest, 1)->code(), base::Code::REHEARSE_FAILED);
}

// In an interrupt die() starts the crash kernel, and there is no panic; from a process it panics as
// well.
TEST(Judge, an_oops_is_a_death_that_was_asked_for_too) {
  for (const bool panics_as_well : {false, true}) {
    Judge judge(true);
    feed_kernel(judge, 0);
    judge.feed("[    5.0] Internal error: Oops: 5 [#1] SMP ARM");
    EXPECT_TRUE(judge.findings().panics.empty());
    judge.feed(R"(hyprelay-rehearse: {"event":"ready","hop":0})");
    EXPECT_EQ(judge.feed("[    9.1] Internal error: Oops: 805 [#1] SMP ARM"), Event::kLeaving);
    if (panics_as_well) {
      judge.feed("[    9.2] Kernel panic - not syncing: Fatal exception");
    }
    feed_kernel(judge, 1);
    EXPECT_EQ(judge.findings().panics,
              std::vector<std::string>{"Internal error: Oops: 805 [#1] SMP ARM"});
    EXPECT_TRUE(judge.findings().panic.empty());
    judge.feed("[   12.1] Kernel panic - not syncing: Attempted to kill init!");
    EXPECT_FALSE(judge.findings().panic.empty());
  }
}

// A program in the crash kernel that prints the log of the dead one.
TEST(Judge, what_a_program_prints_has_happened_to_nobody) {
  Judge judge = panicked();
  const Findings before = judge.findings();
  const auto print_log = [&] {
    judge.feed(
        R"(hyprelay-rehearse: {"event":"program","hop":1,"command":"cat Kernel panic - not syncing"})");
    judge.feed("[    0.000000] Booting Linux on physical CPU 0x0");
    judge.feed("[    9.1] Kernel panic - not syncing: sysrq triggered crash");
    judge.feed("hyprelay relay: E501 segment kernel at 0x1 is not what was loaded");
  };
  print_log();
  judge.feed(
      R"(hyprelay-rehearse: {"event":"capture","hop":1,"command":"cat Kernel panic - not syncing","exit":0})");
  EXPECT_EQ(judge.findings().kernels_started, before.kernels_started);
  EXPECT_EQ(judge.findings().relay_failure, "");
  EXPECT_EQ(judge.findings().panics, before.panics);
  EXPECT_FALSE(verdict(judge.findings(), 1, kManifest, 1));
  // The kernel that never says how the program ended has died of it.
  print_log();
  EXPECT_TRUE(verdict(judge.findings(), 1, kManifest, 1));
}

TEST(Judge, the_panic_of_the_crash_kernel_ends_the_guest_when_it_was_asked_for) {
  Judge judge(true);
  feed_kernel(judge, 0);
  judge.feed(R"(hyprelay-rehearse: {"event":"ready","hop":0})");
  judge.feed("[    9.1] Kernel panic - not syncing: sysrq triggered crash");
  feed_kernel(judge, 1);
  judge.feed(R"(hyprelay-rehearse: {"event":"vmcore","hop":1,"load_bytes":4096,"read_bytes":4096,)"
             R"("readable":true,"marker_found":true,"complaints":[]})");
  judge.feed(R"(hyprelay-rehearse: {"event":"panicking","hop":1})");
  ASSERT_TRUE(verdict(judge.findings(), 1, kManifest, 2));
  judge.feed("[   19.1] Kernel panic - not syncing: sysrq triggered crash");
  judge.feed("[   19.2] Rebooting in 1 seconds..");
  EXPECT_EQ(judge.findings().panics.size(), 2u);
  EXPECT_FALSE(verdict(judge.findings(), 1, kManifest, 2));
  // A third one is nobody's wish, and without the first there is no second.
  EXPECT_TRUE(verdict(judge.findings(), 1, kManifest, 1));
}

}  // namespace
}  // namespace hyprelay::rehearse
