// SPDX-License-Identifier: BSD-2-Clause
// hyprelay probe: a saved machine gives its verdict on this host.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

class Probe : public Program {
 protected:
  std::string saved(const std::string& folder) const {
    const auto machine = handoff::linux_host::gather_for_probe(captured(HR_TEST_DATA, folder));
    EXPECT_TRUE(machine) << folder;
    return write(folder + "-probe.json", handoff::to_json(machine.value()).dump());
  }
};

TEST_F(Probe, says_who_and_why) {
  const Outcome outcome = hyprelay({"probe", "--machine", saved("armmp")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_TRUE(
      outcome.output.starts_with("kernel:   6.1.0-50-armmp on arm, started in HYP\n"
                                 "resident: arm-stub-5.7 (likely)\n"
                                 "          Linux hyp-stub that only restarts\n"
                                 "because:  architecture: "))
      << outcome.output;
  EXPECT_NE(outcome.output.find("\nbecause:  kernel release: 6.1; rules out "), std::string::npos)
      << outcome.output;
}

TEST_F(Probe, json_is_one_object) {
  const Outcome outcome = hyprelay({"probe", "--json", "--machine", saved("arm64")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 1);
  const auto json = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(json["dialect"], "unknown");
  EXPECT_EQ(json["number"], 0);
  EXPECT_EQ(json["confidence"], "none");
  EXPECT_EQ(json["contradiction"], false);
  EXPECT_EQ(json["candidates"], (std::vector<std::string>{"arm64-stub-5.12", "arm64-kvm-5.10"}));
  EXPECT_EQ(json["arch"], "arm64");
  EXPECT_EQ(json["mode"], "EL2");
  EXPECT_GT(json["reasons"].size(), 3u);

  const auto certain =
      nlohmann::json::parse(hyprelay({"probe", "--json", "--machine", saved("arm64-max")}).output);
  EXPECT_EQ(certain["dialect"], "arm64-vhe");
  EXPECT_EQ(certain["number"], 0x46);
  EXPECT_EQ(certain["confidence"], "certain");
}

// Stub or KVM: one call would tell, and it is named; where the verdict is one, there is nothing to
// ask.
TEST_F(Probe, names_the_call_that_would_tell_more) {
  EXPECT_EQ(nlohmann::json::parse(
                hyprelay({"probe", "--json", "--machine", saved("arm64-max")}).output)["to_ask"],
            nullptr);
  const Outcome outcome = hyprelay({"probe", "--machine", saved("arm64")});
  const auto json =
      nlohmann::json::parse(hyprelay({"probe", "--json", "--machine", saved("arm64")}).output);
  EXPECT_EQ(json["to_ask"], "hvc #0, r0 = -1") << json;
  EXPECT_NE(outcome.output.find("\nto ask:   hvc #0, r0 = -1 tells "), std::string::npos)
      << outcome.output;
}

TEST_F(Probe, a_machine_without_facts_about_hyp_still_gets_an_answer) {
  // As older versions saved it, and as a hand-written one may look.
  const auto old = nlohmann::json::parse(
      hyprelay(
          {"probe", "--json", "--machine",
           write("old.json",
                 R"({"arch": "arm", "ram": [], "kernel_release": "4.9", "boot_mode": "HYP"})")})
          .output);
  EXPECT_EQ(old["candidates"],
            (std::vector<std::string>{"arm-stub-3.7", "arm-kvm-4.8", "jailhouse"}));
}

TEST_F(Probe, says_what_it_did_without) {
  auto machine =
      handoff::linux_host::gather_for_probe(captured(HR_TEST_DATA, "arm64-efi-el1")).value();
  const auto probe = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"probe", "--machine"});
    words.insert(words.begin() + 2, write("hidden.json", handoff::to_json(machine).dump()));
    return hyprelay(words).output;
  };
  EXPECT_EQ(nlohmann::json::parse(probe({"--json"}))["left_out"], nlohmann::json::array());
  for (auto& [name, bytes] : machine.acpi) {
    bytes.reset();
  }
  machine.device_tree.clear();
  const std::string text = probe({});
  EXPECT_NE(text.find("\nleft out: the device tree: /sys/firmware/fdt is for root to read\n"
                      "left out: ACPI's APIC, DBG2, FACP, SPCR: "),
            std::string::npos)
      << text;
  // It answers all the same, with more of them left.
  const auto json = nlohmann::json::parse(probe({"--json"}));
  EXPECT_EQ(json["left_out"].size(), 2u);
  EXPECT_GE(json["candidates"].size(), 6u);
}

TEST_F(Probe, tells_where_the_vectors_lie) {
  const std::string file = resident_machine("arm-4.9-idle");
  const Outcome outcome = hyprelay({"probe", "--machine", file});
  EXPECT_NE(outcome.output.find("\nvectors:  0x40311500,0xc0311500, the kernel's stub\n"
                                "vectors:  0x40412000,0xc0412000, the kernel's KVM\n"),
            std::string::npos)
      << outcome.output;
  const auto json = nlohmann::json::parse(hyprelay({"probe", "--json", "--machine", file}).output);
  EXPECT_EQ(json["stub_vectors"]["physical"], 0x40311500);
  EXPECT_EQ(json["kvm_vectors"]["virtual"], 0xc0412000);
}

TEST_F(Probe, wrong_facts_are_named) {
  const std::string file =
      write("wrong.json", R"({"arch": "arm", "ram": [], "hyp": {"kvm_device": 1}})");
  expect_error(hyprelay({"probe", "--machine", file}), 11, "E401",
               "wrong.json: /hyp/kvm_device: neither true nor false");
}

}  // namespace
}  // namespace hyprelay::test
