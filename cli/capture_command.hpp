// SPDX-License-Identifier: BSD-2-Clause
// The capture command: the memory of a dead kernel to where it can be looked at.
#pragma once

#include "base/result.hpp"
#include "capture/settings.hpp"
#include "cli/parser.hpp"

#include <string_view>

namespace hyprelay::cli {

// Saves, then reboots, powers off or becomes a shell as configured. A dump that was not saved or
// not all of it is HR_EXIT_CAPTURE, or the code of its error, with the report printed all the same.
// Errors: USAGE, FILE_* (--config), those of --from-device, --dmesg and --check.
base::Result<int> run_capture_command(const Arguments& arguments);

// The settings of a configuration, with what the command line says instead. Errors: USAGE.
base::Result<capture::Settings> capture_settings(const Arguments& arguments,
                                                 capture::Settings settings);

}  // namespace hyprelay::cli
