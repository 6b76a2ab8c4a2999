// SPDX-License-Identifier: BSD-2-Clause
// Keeps the tables of docs/dialects.md equal to abi/dialect.def, abi/call.def and
// abi/collision.def:
//   dialect_tables --check FILE   compare; exit 1 when a table is stale
//   dialect_tables --write FILE   rewrite the tables in place
#include "docs/tables.hpp"

#include <string>
#include <vector>

namespace {

using hyprelay::docs::hex;
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
  return table({"value", "name", "caller", "family", "releases", "what it is"}, {
#define HR_DIALECT(name, value, text, meaning, arch, family, since, until, ...) \
  {hex(value, 2), text, lower(#arch), lower(#family), releases(since, until), meaning},
#include "abi/dialect.def"
#undef HR_DIALECT
                                                                                });
}

std::string calls() {
  return table({"column", "call"}, {
#define HR_CALL(name, index, immediate, r0, r12, text) {std::to_string(index), text},
#include "abi/call.def"
#undef HR_CALL
                                   });
}

const std::map<std::string, std::string> kNames = {
#define HR_DIALECT(name, value, text, ...) {#name, text},
#include "abi/dialect.def"
#undef HR_DIALECT
};

// "X,   PA" -> {"X", "PA"}.
Row cells(const std::string& name, const std::string& list) {
  Row row{kNames.at(name)};
  std::string cell;
  for (const char c : list + ",") {
    if (c == ',') {
      row.push_back(cell);
      cell.clear();
    } else if (c != ' ') {
      cell += c;
    }
  }
  return row;
}

std::string collisions() {
  Row header{"resident"};
#define HR_CALL(name, index, ...) header.push_back(#index);
#include "abi/call.def"
#undef HR_CALL
  return table(header, {
#define HR_COLLISION(name, ...) cells(#name, #__VA_ARGS__),
#include "abi/collision.def"
#undef HR_COLLISION
                       });
}

const hyprelay::docs::Tables kTables = {
    {"dialects", dialects}, {"calls", calls}, {"collisions", collisions}};

}  // namespace

int main(int argc, char** argv) {
  return hyprelay::docs::run(kTables, argc, argv);
}
