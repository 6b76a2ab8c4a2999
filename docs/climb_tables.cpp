// SPDX-License-Identifier: BSD-2-Clause
// Keeps the tables of docs/climb.md equal to abi/way.def, and to the rows that it stands on:
//   climb_tables --check FILE   compare; exit 1 when a table is stale
//   climb_tables --write FILE   rewrite the tables in place
#include "docs/dialect_rows.hpp"

namespace {

using hyprelay::docs::call_text;
using hyprelay::docs::collision_cells;
using hyprelay::docs::DialectText;
using hyprelay::docs::Row;
using hyprelay::docs::table;

struct WayText {
  std::string dialect, arch, way, question, known, also, safe, lost;
};

const std::vector<WayText> kWays = {
#define HR_WAY(dialect, arch, way, question, known, also, by, safe, lost) \
  {#dialect, #arch, #way, #question, #known, #also, safe, lost},
#include "abi/way.def"
#undef HR_WAY
};

std::string release(unsigned number) {
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000);
}

// "hyp-stub 3.7 to 4.11 (`arm-stub-3.7`)".
std::string resident(const DialectText& row) {
  const std::string name = " (`" + row.text + "`)";
  if (row.family == "COMMON") {
    return "the common ABI" + name;
  }
  return (row.family == "KVM" ? "KVM " : "hyp-stub ") + release(row.since) +
         (row.until == row.since ? ""
          : row.until == 99999   ? " and later"
                                 : " to " + release(row.until)) +
         name;
}

std::string by_vectors(const std::string& dialect, const std::string& arch) {
  return call_text(dialect, "SET_VECTORS", arch, "own table") + " (set), HVC";
}

std::string does(const WayText& way) {
  if (way.way == "TAKEOVER") {
    return way.also == "UNKNOWN"
               ? "takes the vectors over, below"
               : "takes the vectors over, below; from the stub: " + by_vectors(way.also, way.arch);
  }
  return way.way == "VECTORS"
             ? by_vectors(way.dialect, way.arch)
             : call_text(way.dialect, "SOFT_RESTART", way.arch, "landing") + " (soft restart)";
}

std::string stub_error() {
  return hyprelay::docs::hex(HR_LINUX_STUB_ERROR, 8);
}

std::string cell_text(const std::string& cell) {
  static const std::map<std::string, std::string> kTexts = {{"PA", "the stub's address"},
                                                            {"VA", "KVM's virtual address"},
                                                            {"BAD", stub_error()},
                                                            {"NEG", "-1"},
                                                            {"TWO", "2"},
                                                            {"X", "own table"}};
  return kTexts.at(cell);
}

// What QUERY adds where the common ABI answers.
std::string magic(const WayText& way) {
  return way.dialect == "COMMON" ? ", then QUERY its magic" : "";
}

std::string asks(const WayText& way) {
  if (way.question == "NOTHING") {
    return "none";
  }
  const std::string answer = cell_text(collision_cells(way.dialect)[0]);
  return "r0 = -1 must answer " + answer +
         (way.also == "UNKNOWN" ? "" : ", or one within 32 MiB of its physical one: the stub's") +
         magic(way);
}

// arm64: x0 = 0 with own vectors in x1; after an address own vectors in x0.
std::string needs(const WayText& way) {
  if (way.known == "NOTHING") {
    return way.way == "VECTORS" ? "0" : stub_error() + "; or 0, as from the stub";
  }
  const std::vector<std::string> cells = collision_cells(way.dialect);
  return cell_text(cells[1]) + ", then " + cell_text(cells[0]) + magic(way);
}

std::string ways(const std::string& arch) {
  const bool arm = arch == "ARM";
  std::vector<Row> rows;
  for (const WayText& way : kWays) {
    if (way.arch == arch) {
      rows.push_back({resident(hyprelay::docs::dialect_row(way.dialect)), does(way),
                      arm ? asks(way) : needs(way), way.safe, way.lost});
    }
  }
  return table({"resident", arm ? "the relay" : "the relay, after the questions",
                arm ? "first question" : "answers that it needs", "why it is safe",
                "what a wrong name costs"},
               rows);
}

const hyprelay::docs::Tables kTables = {{"ways arm", [] { return ways("ARM"); }},
                                        {"ways arm64", [] { return ways("ARM64"); }}};

}  // namespace

int main(int argc, char** argv) {
  return hyprelay::docs::run(kTables, argc, argv);
}
