// SPDX-License-Identifier: BSD-2-Clause
// Whom load and plan tell the relay of, from the facts of a saved machine.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

using nlohmann::json;

class Resident : public Program {
 protected:
  Outcome plan(const std::string& machine, const std::vector<std::string>& more = {}) const {
    const bool arm64 = machine.starts_with("arm64");
    std::vector<std::string> all = {"plan", arm64 ? image_ : zimage_, "--machine",
                                    resident_machine(machine)};
    all.insert(all.end(), more.begin(), more.end());
    return hyprelay(all);
  }
  json plan_json(const std::string& machine, std::vector<std::string> more = {}) const {
    more.emplace_back("--json");
    const Outcome outcome = plan(machine, more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return json::parse(outcome.output);
  }
};

bool overlaps(const json& segment, std::uint64_t start, std::uint64_t size) {
  const auto at = segment["start"].get<std::uint64_t>();
  return at < start + size && start < at + segment["size_bytes"].get<std::uint64_t>();
}

TEST_F(Resident, comes_from_the_facts_of_the_machine) {
  const json stub = plan_json("arm-4.9-idle");
  EXPECT_EQ(stub["resident"], "arm-stub-3.7");
  EXPECT_EQ(stub["resident_vectors"], 0x40311500);
  EXPECT_EQ(stub["resident_virtual"], 0);
  EXPECT_EQ(stub["resident_confidence"], "likely");
  EXPECT_GT(stub["resident_reasons"].size(), 3u);
  EXPECT_EQ(stub["no_climb"], "");
  const json kvm = plan_json("arm-4.4-kvm");
  EXPECT_EQ(kvm["resident"], "arm-kvm-3.14");
  EXPECT_EQ(kvm["resident_vectors"], 0x40412000);
  EXPECT_EQ(kvm["resident_virtual"], 0xc0412000);
}

TEST_F(Resident, nothing_is_loaded_over_it) {
  for (const char* machine : {"arm-3.10-stub", "arm-3.10-kvm", "arm-4.4-kvm", "arm-4.9-idle"}) {
    const json plan = plan_json(machine);
    const std::uint64_t vectors = plan["resident_vectors"];
    ASSERT_NE(vectors, 0u);
    for (const json& segment : plan["segments"]) {
      EXPECT_FALSE(overlaps(segment, vectors & ~0xfffull, 0x2000)) << machine << segment;
    }
    EXPECT_EQ(plan["avoided"].back()["name"], "the resident, until the relay has climbed");
    EXPECT_EQ(plan["memory_start"], 0x40000000) << "and the next kernel loses nothing";
  }
}

// Below Xen, as dom0: on a machine that was captured there.
TEST_F(Resident, that_keeps_the_running_kernels_pages_is_told_before_anything_is_loaded) {
  const std::string dom0 = std::string(HR_TEST_DATA) + "/guest/arm64-xen-dom0.json";
  for (const char* option : {"--panic", "--require-hyp", "--reuse-cmdline"}) {
    expect_error(hyprelay({"plan", image_, "--machine", dom0, option}), 15, "E709",
                 "Xen keeps shared_info");
    expect_error(hyprelay({"load", image_, "--dry-run", "--machine", dom0, option}), 15, "E709",
                 "Xen keeps shared_info");
  }
  EXPECT_EQ(hyprelay({"plan", image_, "--machine", dom0, "--resident", "xen-4.10"}).exit_code, 0)
      << "whoever names a resident knows better";
  const Outcome probe = hyprelay({"probe", "--machine", dom0});
  EXPECT_NE(probe.output.find("\noutlives: Xen keeps shared_info"), std::string::npos);
  const json kvm = json::parse(hyprelay({"plan", image_, "--json", "--machine",
                                         std::string(HR_TEST_DATA) + "/guest/arm64-kvm.json"})
                                   .output);
  EXPECT_EQ(kvm["no_climb"], "no way up through smccc, smccc-undef is known to be safe");
}

// What probe is certain of, every command acts on.
TEST_F(Resident, that_keeps_hyp_is_told_before_anything_is_loaded) {
  const std::string below = write_machine("arm64-el1");
  const std::vector<std::string> words = {"load", image_, "--dry-run", "--machine", below};
  EXPECT_EQ(hyprelay(words).exit_code, 0);
  std::vector<std::string> required = words;
  required.emplace_back("--require-hyp");
  expect_error(hyprelay(required), 15, "E707", "no way up through ");
  required[0] = "plan";
  std::erase(required, "--dry-run");
  expect_error(hyprelay(required), 15, "E707", "no way up through ");

  auto jailhouse = json::parse(read(write_machine("arm64")));
  jailhouse["hyp"]["jailhouse"] = true;
  const std::string parked = write("jailhouse.json", jailhouse.dump());
  for (const char* option : {"--panic", "--require-hyp", "--reuse-cmdline"}) {
    expect_error(hyprelay({"plan", image_, "--machine", parked, option}), 15, "E706",
                 "Jailhouse is enabled");
  }
  EXPECT_EQ(hyprelay({"plan", image_, "--machine", parked, "--resident", "none"}).exit_code, 0)
      << "whoever names a resident knows better";
}

TEST_F(Resident, a_virtual_machine_that_hangs_the_way_out_is_told) {
  auto machine = json::parse(read(resident_machine("arm-4.9-idle")));
  machine["hyp"]["kvm_descriptors"] = 2;
  const std::string file = write("alive.json", machine.dump());
  EXPECT_NE(hyprelay({"plan", zimage_, "--machine", file})
                .output.find("warning: a virtual machine runs: hyprelay exec will refuse"),
            std::string::npos);
}

TEST_F(Resident, is_printed_with_reasons) {
  const Outcome outcome = plan("arm-4.4-kvm");
  EXPECT_NE(outcome.output.find("\nresident: arm-kvm-3.14 (likely), vectors at 0x40412000, for HYP "
                                "itself at 0xc0412000\nbecause: "),
            std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find("\nbecause: kernel release: 4.4; "), std::string::npos);
}

TEST_F(Resident, is_not_guessed) {
  const Outcome outcome = plan("arm64-4.4-kvm");
  EXPECT_NE(outcome.output.find("\nno climb: no way up through arm64-kvm-3.14 is known to be safe; "
                                "name the resident with --resident\n"),
            std::string::npos)
      << outcome.output;
  EXPECT_EQ(plan_json("arm64-4.9-idle")["resident"], "none");
  EXPECT_EQ(plan("arm64-4.9-idle").output.find("resident"), std::string::npos);
}

TEST_F(Resident, is_who_the_user_names) {
  const json named = plan_json(
      "arm-4.9-idle", {"--resident", "arm-kvm-4.8", "--resident-vectors", "0x40412000,0xc0412000"});
  EXPECT_EQ(named["resident"], "arm-kvm-4.8");
  EXPECT_EQ(named["resident_vectors"], 0x40412000);
  EXPECT_EQ(named["resident_virtual"], 0xc0412000);
  EXPECT_EQ(named["resident_reasons"], json::array({"named by --resident"}));
  EXPECT_EQ(plan_json("arm-4.9-idle", {"--resident", "none"})["resident"], "none");
  // No machine has memory there; nothing can lie over it.
  const auto at = [&](const std::string& address) {
    return plan("arm-4.9-idle", {"--resident", "arm-stub-3.7", "--resident-vectors", address});
  };
  EXPECT_EQ(at("0xffdfffe0").exit_code, 0);
  for (const char* address : {"0xffffffffffffffe0", "0x40208001", "0x140208000", "0"}) {
    expect_error(at(address), 2, "E002", "--resident-vectors: no vectors lie at ");
  }
}

}  // namespace
}  // namespace hyprelay::test
