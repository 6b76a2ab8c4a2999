// SPDX-License-Identifier: BSD-2-Clause
// Keeps the tables of docs/stub.md equal to the rows of abi/personality*.def:
//   stub_tables --check FILE   compare; exit 1 when a table is stale
//   stub_tables --write FILE   rewrite the tables in place
#include "abi/hr_abi.h"
#include "docs/tables.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace {

using hyprelay::docs::hex;
using hyprelay::docs::Row;
using hyprelay::docs::table;

// The largest value of r0 or x0: the rows are for both sizes.
constexpr std::uint64_t kMax = UINT64_MAX;
#define HR_R0_MAX kMax

std::string value(std::uint64_t r0) {
  if (r0 == kMax) {
    return "-1";
  }
  return r0 < 16 ? std::to_string(r0) : hex(r0, 1);
}

std::string range(std::uint64_t first, std::uint64_t last) {
  if (first == last) {
    return value(first);
  }
  return first == 0 && last == kMax ? "any other" : value(first) + " to " + value(last);
}

std::string action(const std::string& name) {
  static const std::map<std::string, std::string> kText = {
      {"GET", "gets the vectors"},
      {"SET_R0", "sets the vectors to r0"},
      {"SET_R1", "sets the vectors to r1"},
      {"RESTART_R3", "restarts at r3"},
      {"RESTART_R1", "restarts at r1; arm64: x0, x1, x2 := x2, x3, x4"},
      {"CALL_R0", "calls r0 with r1, r2, r3"},
      {"NATIVE", "as the common ABI"},
      {"NOTHING", "nothing"}};
  return kText.at(name);
}

std::string answer(const std::string& name) {
  static const std::map<std::string, std::string> kText = {{"KEPT", "as it was"},
                                                           {"VECTORS", "the vectors"},
                                                           {"ZERO", "0"},
                                                           {"TWO", "2"},
                                                           {"MINUS_ONE", "-1"},
                                                           {"BADCA11", hex(HR_LINUX_STUB_ERROR, 8)},
                                                           {"RESULT", "what the function returns"},
                                                           {"NONE", "(does not return)"}};
  return kText.at(name);
}

std::string answers(const std::vector<Row>& rows) {
  return table({"immediate", "r0 (x0)", "call", "does", "r0 (x0) afterwards"}, rows);
}

std::string personalities() {
  return table({"value", "personality", "on", "who calls so"}, {
#define HR_PERSONALITY(name, value, arch, text, who) {std::to_string(value), text, #arch, who},
#include "abi/personality.def"
#undef HR_PERSONALITY
                                                               });
}

#define HR_ANSWER(immediate, first, last, what, result, text) \
  {std::to_string(immediate), range(first, last), text, action(#what), answer(#result)},
std::string linux_calls() {
  return answers({
#include "abi/personality_linux.def"
  });
}
std::string bridge_stub() {
  return answers({
#include "abi/personality_bridge_stub.def"
  });
}
std::string bridge_kvm() {
  return answers({
#include "abi/personality_bridge_kvm.def"
  });
}
std::string linux_3_8() {
  return answers({
#include "abi/personality_linux_3_8.def"
  });
}
std::string linux_4_7() {
  return answers({
#include "abi/personality_linux_4_7.def"
  });
}
std::string levand() {
  return answers({
#include "abi/personality_levand.def"
  });
}
#undef HR_ANSWER

const hyprelay::docs::Tables kTables = {{"personalities", personalities},
                                        {"linux", linux_calls},
                                        {"bridge-stub", bridge_stub},
                                        {"bridge-kvm", bridge_kvm},
                                        {"linux-3.8", linux_3_8},
                                        {"linux-4.7", linux_4_7},
                                        {"levand", levand}};

}  // namespace

int main(int argc, char** argv) {
  return hyprelay::docs::run(kTables, argc, argv);
}
