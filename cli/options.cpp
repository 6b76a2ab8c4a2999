// SPDX-License-Identifier: BSD-2-Clause
#include "cli/options.hpp"

#include "cli/command_rows.hpp"
#include "cli/option_rows.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::cli {

std::span<const CommandRow> command_rows() {
#ifdef HR_WITH_REHEARSE
  return kCommands;
#else
  static constexpr auto kWithout = [] {
    std::array<CommandRow, kCommands.size() - 1> rows = {};
    std::ranges::copy_if(kCommands, rows.begin(),
                         [](const CommandRow& row) { return row.id != Command::kRehearse; });
    return rows;
  }();
  return kWithout;
#endif
}

std::span<const OptionRow> option_rows() {
  return kOptions;
}

const CommandRow& row_of(Command command) {
  return *std::ranges::find(kCommands, command, &CommandRow::id);
}

}  // namespace hyprelay::cli
