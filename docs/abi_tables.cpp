// SPDX-License-Identifier: BSD-2-Clause
// Keeps the tables of docs/abi.md equal to the rows of abi/*.def:
//   abi_tables --check FILE   compare; exit 1 and name the first stale table
//   abi_tables --write FILE   rewrite the tables in place
#include "base/error_text.hpp"
#include "docs/tables.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace {

using hyprelay::docs::hex;
using hyprelay::docs::Row;
using hyprelay::docs::table;

std::string ops() {
  return table({"r0 (x0)", "name", "since", "in", "out", "what it does"}, {
#define HR_OP(name, value, since, in, out, what) {hex(value, 1), #name, since, in, out, what},
#include "abi/op.def"
#undef HR_OP
                                                                          });
}

std::string modes() {
  return table({"value", "mode"}, {
#define HR_MODE(name, value, text) {std::to_string(value), text},
#include "abi/mode.def"
#undef HR_MODE
                                  });
}

std::string dialects() {
  return table({"value", "name", "meaning"}, {
#define HR_DIALECT(name, value, text, meaning, ...) {std::to_string(value), text, meaning},
#include "abi/dialect.def"
#undef HR_DIALECT
                                             });
}

std::string climbs() {
  return table({"value", "way"}, {
#define HR_CLIMB(name, value, text) {std::to_string(value), text},
#include "abi/climb.def"
#undef HR_CLIMB
                                 });
}

std::string segments() {
  return table({"value", "segment"}, {
#define HR_SEGMENT(name, value, text) {std::to_string(value), text},
#include "abi/segment.def"
#undef HR_SEGMENT
                                     });
}

std::string consoles() {
  return table({"value", "console"}, {
#define HR_CONSOLE(name, value, text) {std::to_string(value), text},
#include "abi/console.def"
#undef HR_CONSOLE
                                     });
}

std::string count_suffix(int count) {
  return count == 1 ? "" : "[" + std::to_string(count) + "]";
}

std::string baton() {
  return table({"offset", "type", "field", "meaning"}, {
#define HR_BATON_FIELD(type, name, count, offset, meaning) \
  {hex(offset, 3), std::string(#type) + count_suffix(count), #name, meaning},
#include "abi/baton.def"
#undef HR_BATON_FIELD
                                                       });
}

std::string baton_segment() {
  return table({"offset", "type", "field", "meaning"}, {
#define HR_BATON_SEGMENT_FIELD(type, name, count, offset, meaning) \
  {hex(offset, 2), std::string(#type) + count_suffix(count), #name, meaning},
#include "abi/baton.def"
#undef HR_BATON_SEGMENT_FIELD
                                                       });
}

std::string record() {
  return table({"offset", "type", "field", "meaning"}, {
#define HR_RECORD_FIELD(type, name, offset, meaning) {hex(offset, 2), #type, #name, meaning},
#include "abi/record.def"
#undef HR_RECORD_FIELD
                                                       });
}

std::string errors() {
  std::vector<Row> rows;
  for (const auto& row : hyprelay::base::error_rows()) {
    rows.push_back({"E" + hex(static_cast<std::uint64_t>(row.code), 3).substr(2),
                    std::string(row.name), std::to_string(row.exit_code), std::string(row.sentence),
                    std::string(row.remedy)});
  }
  return table({"code", "name", "exit", "what is wrong", "what to do"}, rows);
}

std::string exits() {
  std::vector<Row> rows;
  for (const auto& row : hyprelay::base::exit_rows()) {
    rows.push_back({std::to_string(row.code), std::string(row.meaning)});
  }
  return table({"exit code", "meaning"}, rows);
}

const hyprelay::docs::Tables kTables = {{"ops", ops},           {"modes", modes},
                                        {"dialects", dialects}, {"climbs", climbs},
                                        {"segments", segments}, {"consoles", consoles},
                                        {"baton", baton},       {"baton segment", baton_segment},
                                        {"record", record},     {"errors", errors},
                                        {"exits", exits}};

}  // namespace

int main(int argc, char** argv) {
  return hyprelay::docs::run(kTables, argc, argv);
}
