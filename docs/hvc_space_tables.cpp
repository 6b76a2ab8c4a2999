// SPDX-License-Identifier: BSD-2-Clause
// Keeps the tables of docs/hvc-space.md equal to abi/hvc_space.def:
//   hvc_space_tables --check FILE   compare; exit 1 when a table is stale
//   hvc_space_tables --write FILE   rewrite the tables in place
#include "docs/dialect_rows.hpp"

namespace {

using hyprelay::docs::hex;
using hyprelay::docs::Row;
using hyprelay::docs::table;

std::string range(unsigned first, unsigned last) {
  return first == last ? "`" + hex(first, 4) + "`"
                       : "`" + hex(first, 4) + "` - `" + hex(last, 4) + "`";
}

std::string callers(const std::string& arch) {
  return arch == "BOTH" ? "arm, arm64" : arch == "ARM" ? "arm" : "arm64";
}

std::string space(const std::string& wanted) {
  std::vector<Row> rows;
#define HR_HVC_SPACE(first, last, owner, api, arch, met, source)              \
  if (wanted == #met) {                                                       \
    rows.push_back({range(first, last), owner, api, callers(#arch), source}); \
  }
#include "abi/hvc_space.def"
  return table({"immediate", "whose", "what selects the function", "callers", "source"}, rows);
}

struct Blind {
  std::string dialect, how, text;
  unsigned own;
};
const std::vector<Blind> kBlind = {
#define HR_HVC_BLIND(dialect, how, own, other, text) {#dialect, #how, text, own},
#include "abi/hvc_space.def"
};

std::string looks(const Blind& row) {
  return row.how == "BLIND"    ? "no"
         : row.how == "LOOKS"  ? "yes"
         : row.how == "NOBODY" ? "nobody is there"
                               : "not known";
}

std::string blindness() {
  std::vector<Row> rows;
  rows.reserve(kBlind.size());
  for (const Blind& row : kBlind) {
    rows.push_back({"`" + hyprelay::docs::dialect_row(row.dialect).text + "`", looks(row),
                    row.own == 0 ? "" : "`" + hex(row.own, 4) + "`", row.text});
  }
  return table({"resident", "looks at the immediate", "its own", "another one"}, rows);
}

const hyprelay::docs::Tables kTables = {{"immediates", [] { return space("LIVE"); }},
                                        {"immediates of the past", [] { return space("PAST"); }},
                                        {"blindness", blindness}};

}  // namespace

int main(int argc, char** argv) {
  return hyprelay::docs::run(kTables, argc, argv);
}
