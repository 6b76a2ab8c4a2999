// SPDX-License-Identifier: BSD-2-Clause
// Keeps the tables of docs/conventions.md equal to their rows: hyperv.def, jailhouse.def,
// kvm_guest.def.
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

const hyprelay::docs::Tables kTables = {
    {"hyperv registers", hyperv_registers},   {"hyperv statuses", hyperv_statuses},
    {"hyperv teardown", hyperv_teardown},     {"jailhouse calls", jailhouse_calls},
    {"jailhouse numbers", jailhouse_numbers}, {"kvm calls", kvm_calls}};

}  // namespace

int main(int argc, char** argv) {
  return hyprelay::docs::run(kTables, argc, argv);
}
