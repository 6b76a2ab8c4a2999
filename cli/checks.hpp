// SPDX-License-Identifier: BSD-2-Clause
// What must be right before a panic so that there is a dump after it.
#pragma once

#include "base/error.hpp"
#include "cli/configuration.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::cli {

enum class Verdict : std::uint8_t {
  kOk,
  // There will be a dump, but something may be wanted otherwise.
  kNote,
  kNotOk,
};

struct Check {
  // One word, stable: "region".
  std::string_view name;
  Verdict verdict = Verdict::kOk;
  // What was found, without a full stop.
  std::string found;
  // What to do about it; empty when all is well.
  std::string remedy;
  // Of kNotOk: whose exit code counts.
  std::optional<base::Error> error;
};

// All of them, in the order in which a dump needs them. `machine`: a file instead of the running
// machine. Nothing is changed but what check_capture changes.
std::vector<Check> check_all(const Configuration& configuration,
                             const std::optional<std::string>& machine);

}  // namespace hyprelay::cli
