// SPDX-License-Identifier: BSD-2-Clause
// Keeps the tables of docs/dialects.md equal to the rows of abi/ about dialects: dialect.def,
// call.def, collision.def, dialect_op.def, dialect_restart.def and loss.def.
//   dialect_tables --check FILE   compare; exit 1 when a table is stale
//   dialect_tables --write FILE   rewrite the tables in place
#include "docs/dialect_rows.hpp"

namespace {

using hyprelay::docs::call_text;
using hyprelay::docs::dialect_rows;
using hyprelay::docs::DialectText;
using hyprelay::docs::hex;
using hyprelay::docs::op_row;
using hyprelay::docs::register_text;
using hyprelay::docs::Row;
using hyprelay::docs::table;

std::string release(unsigned number) {
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000);
}

// "3.7 - 4.11", "5.7 -"; empty when the dialect does not count releases.
std::string releases(unsigned since, unsigned until) {
  if (since == 0) {
    return "";
  }
  return until == 99999 ? release(since) + " -" : release(since) + " - " + release(until);
}

std::string lower(std::string text) {
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

std::string dialects() {
  std::vector<Row> rows;
  for (const DialectText& row : dialect_rows()) {
    rows.push_back({hex(row.value, 2), row.text, lower(row.arch), lower(row.family),
                    releases(row.since, row.until), row.meaning});
  }
  return table({"value", "name", "caller", "family", "releases", "what it is"}, rows);
}

std::string calls() {
  return table({"column", "call"}, {
#define HR_CALL(name, index, immediate, r0, r12, text) {std::to_string(index), text},
#include "abi/call.def"
#undef HR_CALL
                                   });
}

std::string collisions() {
  Row header{"resident"};
#define HR_CALL(name, index, ...) header.push_back(#index);
#include "abi/call.def"
#undef HR_CALL
  std::vector<Row> rows;
#define HR_COLLISION(name, ...)                                            \
  rows.push_back({hyprelay::docs::dialect_row(#name).text});               \
  for (const std::string& cell : hyprelay::docs::collision_cells(#name)) { \
    rows.back().push_back(cell);                                           \
  }
#include "abi/collision.def"
#undef HR_COLLISION
  return table(header, rows);
}

// "x2, x3, x4 arrive as x0, x1, x2", "r2 arrives", of a function that was restarted.
std::string arrives(const std::string& dialect, const std::string& arch) {
  std::string from;
  std::string to;
  bool moved = false;
  int count = 0;
  std::string zero;
  const auto take = [&](const std::string& who, const std::string& where,
                        const std::vector<int>& registers, int zero_bits) {
    if (who != dialect || where != arch) {
      return;
    }
    for (int i = 0; i < 3; ++i) {
      const int carrier = registers[static_cast<std::size_t>(i)];
      if (carrier >= 0) {
        from += (count == 0 ? "" : ", ") + register_text(arch, carrier);
        to += (count == 0 ? "" : ", ") + register_text(arch, i);
        moved = moved || carrier != i;
        ++count;
      }
    }
    zero = zero_bits == 1 ? "; bit 0 ignored" : "";
  };
#define HR_DIALECT_RESTART(dialect, arch, r0, r1, r2, zero_bits) \
  take(#dialect, #arch, {r0, r1, r2}, zero_bits);
#include "abi/dialect_restart.def"
#undef HR_DIALECT_RESTART
  return from + (count == 1 ? " arrives" : " arrive") + (moved ? " as " + to : "") + zero;
}

std::string lost(const std::string& set, const std::string& arch) {
#define HR_LOSS(name, arm, arm64, flags, arm_text, arm64_text) \
  if (set == #name) {                                          \
    return arch == "ARM" ? (arm_text) : (arm64_text);          \
  }
#include "abi/loss.def"
#undef HR_LOSS
  return "";
}

Row client(const DialectText& row, const std::string& arch) {
  const auto has = [&row](const char* op) { return op_row(row.name, op) != nullptr; };
  const bool kvm = row.family == "KVM";
  std::string get = call_text(row.name, "GET_VECTORS", arch, "");
  get += !get.empty() && kvm ? ": VA" : "";
  const std::string restart = call_text(row.name, "SOFT_RESTART", arch, "function");
  std::string reset = call_text(row.name, "RESET_VECTORS", arch, "");
  reset += reset.empty() ? "" : kvm ? ": KVM goes" : row.family == "STUB" ? ": nothing" : "";
  const std::string call = call_text(row.name, "CALL", arch, "function");
  return {
      row.text,
      get,
      call_text(row.name, "SET_VECTORS", arch, "vectors"),
      has("SOFT_RESTART")  ? restart + "; " + arrives(row.name, arch)
      : has("SET_VECTORS") ? "set, then `hvc` into the own table"
                           : "",
      reset,
      call.empty() ? "" : call + ", " + register_text(arch, 1) + "-" + register_text(arch, 3),
      (row.changes == row.loses ? "" : "by contract ") + lost(row.loses, arch),
  };
}

std::string clients(const std::string& arch) {
  std::vector<Row> rows;
  for (const DialectText& row : dialect_rows()) {
    bool spoken = false;
#define HR_DIALECT_OP(dialect, ...) spoken = spoken || row.name == #dialect;
#include "abi/dialect_op.def"
#undef HR_DIALECT_OP
    if (spoken && (row.arch == arch || row.arch == "BOTH")) {
      rows.push_back(client(row, arch));
    }
  }
  const std::string top = arch == "ARM" ? "HYP" : "EL2";
  return table({"resident", "get", "set", "restart at " + top, "reset", "call at " + top,
                "destroys besides the answer"},
               rows);
}

const hyprelay::docs::Tables kTables = {{"dialects", dialects},
                                        {"calls", calls},
                                        {"collisions", collisions},
                                        {"clients arm", [] { return clients("ARM"); }},
                                        {"clients arm64", [] { return clients("ARM64"); }}};

}  // namespace

int main(int argc, char** argv) {
  return hyprelay::docs::run(kTables, argc, argv);
}
