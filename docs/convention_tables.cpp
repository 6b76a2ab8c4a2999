// SPDX-License-Identifier: BSD-2-Clause
// Keeps the tables of docs/conventions.md equal to their rows: hyperv.def, jailhouse.def,
// kvm_guest.def, smccc.def, smccc_error.def, uid.def.
//   convention_tables --check FILE   compare; exit 1 when a table is stale
//   convention_tables --write FILE   rewrite the tables in place
#include "docs/tables.hpp"

namespace {

using hyprelay::docs::hex;
using hyprelay::docs::Row;
using hyprelay::docs::table;

std::string hyperv_registers() {
  std::vector<Row> rows;
#define HR_HYPERV_REGISTER(name, number, text) rows.push_back({hex(number, 5), #name, text});
#include "abi/hyperv.def"
  return table({"number", "register", "what"}, rows);
}

// "`SINT0` and 15 more, 1 apart".
std::string several(const std::string& name, int count, int step) {
  return "`" + name + "`" +
         (count == 1
              ? ""
              : " and " + std::to_string(count - 1) + " more, " + std::to_string(step) + " apart");
}

std::string hyperv_teardown() {
  std::vector<Row> rows;
#define HR_HYPERV_TEARDOWN(whose, name, count, step, value, text)   \
  rows.push_back({several(#name, count, step), hex(value, 1), text, \
                  std::string(#whose) == "CPU" ? "each CPU" : "once, on the last CPU"});
#include "abi/hyperv.def"
  return table({"register", "set to", "ends", "by"}, rows);
}

std::string hyperv_statuses() {
  std::vector<Row> rows;
#define HR_HYPERV_STATUS(name, value, text) rows.push_back({std::to_string(value), #name, text});
#include "abi/hyperv.def"
  return table({"status", "name", "what"}, rows);
}

std::string jailhouse_calls() {
  std::vector<Row> rows;
#define HR_JAILHOUSE_CALL(name, code, whose, text)   \
  rows.push_back({std::to_string(code), #name, text, \
                  std::string(#whose) == "ROOT" ? "root cell" : "any cell"});
#include "abi/jailhouse.def"
  return table({"r0", "code", "arguments and answer", "for"}, rows);
}

std::string jailhouse_numbers() {
  std::vector<Row> rows;
#define HR_JAILHOUSE_INFO(name, value, text) \
  rows.push_back({"HYPERVISOR_GET_INFO, r1", std::to_string(value), #name, text});
#include "abi/jailhouse.def"
#define HR_JAILHOUSE_CPU_INFO(name, value, text) \
  rows.push_back({"CPU_GET_INFO, r2", std::to_string(value), #name, text});
#include "abi/jailhouse.def"
#define HR_JAILHOUSE_CPU_STATE(name, value, text) \
  rows.push_back({"state of a CPU", std::to_string(value), #name, text});
#include "abi/jailhouse.def"
#define HR_JAILHOUSE_CELL_STATE(name, value, text) \
  rows.push_back({"state of a cell", std::to_string(value), #name, text});
#include "abi/jailhouse.def"
  return table({"where", "number", "name", "what"}, rows);
}

std::string kvm_calls() {
  std::vector<Row> rows;
#define HR_KVM_GUEST_CALL(name, number, text) \
  rows.push_back({hex(0x86000000u + (number), 8), #name, text});
#include "abi/kvm_guest.def"
#define HR_KVM_GUEST_TIME(name, number, text) \
  rows.push_back({hex(0xc5000000u + (number), 8), "PV_TIME_" #name, text});
#include "abi/kvm_guest.def"
  return table({"function ID", "call", "registers"}, rows);
}

// "0x84000003, 0xc4000003".
std::string ids(std::uint32_t id, const std::string& widths) {
  const std::string wide = hex(id | 0x40000000, 8);
  return widths == "BOTH" ? hex(id, 8) + ", " + wide : widths == "64" ? wide : hex(id, 8);
}

// The functions of one group; HYPERVISOR: of both that are.
std::string functions(const std::string& group) {
  std::vector<Row> rows;
  const auto add = [&](const std::string& owner, const std::string& name, std::uint32_t id,
                       const std::string& widths, const char* since, const char* in,
                       const char* out, const char* text) {
    if (owner == group) {
      rows.push_back({ids(id, widths), name, since, in, out, text});
    } else if (group == "HYPERVISOR" && owner.ends_with(group)) {
      rows.push_back({ids(id, widths), owner + "_" + name, since, in, out, text});
    }
  };
#define HR_FUNCTION(owner, name, id, widths, since, in, out, text) \
  add(#owner, #name, id, #widths, since, in, out, text);
#include "abi/smccc.def"
#undef HR_FUNCTION
  return table({"id", "function", "since", "in", "out", "what"}, rows);
}

std::string smccc_functions() {
  return functions("SMCCC");
}
std::string psci_functions() {
  return functions("PSCI");
}
std::string trng_functions() {
  return functions("TRNG");
}
std::string hypervisor_functions() {
  return functions("HYPERVISOR");
}

std::string function_errors() {
  std::vector<Row> rows;
#define HR_FUNCTION_ERROR(group, name, value, text) \
  rows.push_back({#group, std::to_string(value), #name, text});
#include "abi/smccc_error.def"
#undef HR_FUNCTION_ERROR
  return table({"of", "answer", "name", "meaning"}, rows);
}

std::string uids() {
  std::vector<Row> rows;
#define HR_UID(name, number, text, r0, r1, r2, r3, group) \
  rows.push_back(                                         \
      {text, hex(r0, 8) + " " + hex(r1, 8) + " " + hex(r2, 8) + " " + hex(r3, 8), #group "_UID"});
#include "abi/uid.def"
#undef HR_UID
  return table({"who", "r0 to r3", "answers"}, rows);
}

const hyprelay::docs::Tables kTables = {
    {"function errors", function_errors},     {"hypervisor functions", hypervisor_functions},
    {"psci functions", psci_functions},       {"smccc functions", smccc_functions},
    {"trng functions", trng_functions},       {"uids", uids},
    {"hyperv registers", hyperv_registers},   {"hyperv statuses", hyperv_statuses},
    {"hyperv teardown", hyperv_teardown},     {"jailhouse calls", jailhouse_calls},
    {"jailhouse numbers", jailhouse_numbers}, {"kvm calls", kvm_calls}};

}  // namespace

int main(int argc, char** argv) {
  return hyprelay::docs::run(kTables, argc, argv);
}
