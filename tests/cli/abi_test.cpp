// SPDX-License-Identifier: BSD-2-Clause
// hyprelay abi: the tables, for people and for programs.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

class Abi : public Program {};

TEST_F(Abi, prints_ops_and_dialects) {
  const Outcome outcome = hyprelay({"abi"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("0x00000002  SOFT_RESTART"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("\narm64-levand-v15 "), std::string::npos);
  const auto json = nlohmann::json::parse(hyprelay({"abi", "--json"}).output);
  EXPECT_EQ(json.at("immediate"), 0x4852);
  EXPECT_EQ(json.at("ops").at(4).at("value"), 0x48520001);
  EXPECT_EQ(json.at("dialects").back().at("name"), "qhypstub");
}

TEST_F(Abi, tells_who_uses_an_immediate_and_who_is_blind) {
  const Outcome outcome = hyprelay({"abi", "--hvc-space"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  for (const char* line : {"\n0x6000-0x61ff  arm64    Gunyah", "\n0x0ea1         both     Xen ",
                           "Xen until March 2012 (past)", "\njailhouse           yes      0x4a48  ",
                           "\narm-stub-3.7        no       -       as hvc #0: r0 becomes"}) {
    EXPECT_NE(outcome.output.find(line), std::string::npos) << line << "\n" << outcome.output;
  }
}

TEST_F(Abi, the_map_is_json_too) {
  const auto json = nlohmann::json::parse(hyprelay({"abi", "--hvc-space", "--json"}).output);
  const auto of = [&json](const char* list, const char* key, const char* value) {
    for (const auto& row : json.at(list)) {
      if (row.at(key) == value) {
        return row;
      }
    }
    return nlohmann::json();
  };
  EXPECT_EQ(of("immediates", "owner", "Jailhouse").at("first"), 0x4a48);
  EXPECT_EQ(of("immediates", "owner", "Gunyah").at("last"), 0x61ff);
  EXPECT_EQ(of("residents", "dialect", "xen-4.10").at("looks"), "yes");
  EXPECT_EQ(of("residents", "dialect", "smccc").at("looks"), "no");
  EXPECT_TRUE(of("residents", "dialect", "smccc").at("own").is_null());
  EXPECT_EQ(of("residents", "dialect", "common").at("own"), 0x4852);
}

TEST_F(Abi, refuses_what_it_does_not_know) {
  expect_error(hyprelay({"abi", "--hvc-immediates"}), 2, "E002", "--hvc-immediates");
  expect_error(hyprelay({"abi", "xen"}), 2, "E002", "xen");
}

}  // namespace
}  // namespace hyprelay::test
