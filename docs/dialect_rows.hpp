// SPDX-License-Identifier: BSD-2-Clause
// What the tables about dialects share: the rows of abi/*.def about them, as strings, and calls in
// words.
#pragma once

#include "abi/hr_abi.h"
#include "docs/tables.hpp"

#include <map>
#include <string>
#include <vector>

namespace hyprelay::docs {

struct DialectText {
  std::string name, text, meaning, arch, family;
  unsigned value, since, until;
  std::string changes, loses;
};

inline const std::vector<DialectText>& dialect_rows() {
  static const std::vector<DialectText> rows = {
#define HR_DIALECT(name, value, text, meaning, arch, family, since, until, changes, loses) \
  {#name, text, meaning, #arch, #family, value, since, until, #changes, #loses},
#include "abi/dialect.def"
#undef HR_DIALECT
  };
  return rows;
}

inline const DialectText& dialect_row(const std::string& name) {
  for (const DialectText& row : dialect_rows()) {
    if (row.name == name) {
      return row;
    }
  }
  return dialect_rows().front();
}

// The cells of a dialect's row of abi/collision.def.
inline std::vector<std::string> collision_cells(const std::string& dialect) {
  static const std::map<std::string, std::string> lists = {
#define HR_COLLISION(name, ...) {#name, #__VA_ARGS__},
#include "abi/collision.def"
#undef HR_COLLISION
  };
  std::vector<std::string> cells(1);
  for (const char c : lists.at(dialect)) {
    if (c == ',') {
      cells.emplace_back();
    } else if (c != ' ') {
      cells.back() += c;
    }
  }
  return cells;
}

inline std::string register_text(const std::string& arch, int number) {
  return (arch == "ARM" ? "r" : "x") + std::to_string(number);
}

struct OpText {
  std::string dialect, op;
  int immediate, number, where;
};

// nullptr when the dialect has no such op.
inline const OpText* op_row(const std::string& dialect, const std::string& op) {
  static const std::vector<OpText> rows = {
#define HR_DIALECT_OP(dialect, op, immediate, number, where, shown) \
  {#dialect, #op, immediate, number, where},
#include "abi/dialect_op.def"
#undef HR_DIALECT_OP
  };
  for (const OpText& row : rows) {
    if (row.dialect == dialect && row.op == op) {
      return &row;
    }
  }
  return nullptr;
}

// "r0 = 1, r1 = VALUE", "#2, x0 = VALUE"; empty when the dialect has no such op.
inline std::string call_text(const std::string& dialect, const std::string& op,
                             const std::string& arch, const std::string& value) {
  const OpText* const row = op_row(dialect, op);
  if (row == nullptr) {
    return "";
  }
  std::string text = row->immediate == 0 ? "" : "#" + std::to_string(row->immediate);
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (row->where != 0) {
    add(register_text(arch, 0) + " = " + std::to_string(row->number));
  }
  if (row->where >= 0) {
    add(register_text(arch, row->where) + " = " + value);
  }
  return text;
}

}  // namespace hyprelay::docs
