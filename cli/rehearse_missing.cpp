// SPDX-License-Identifier: BSD-2-Clause
#include "cli/rehearse_command.hpp"

namespace hyprelay::cli {

// The parser of this build does not know the command: nobody comes here.
base::Result<int> run_rehearse(const Arguments&) {
  return base::Error(base::Code::INTERNAL, base::Stage::kUsage, "rehearse");
}

}  // namespace hyprelay::cli
