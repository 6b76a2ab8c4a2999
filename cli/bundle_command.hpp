// SPDX-License-Identifier: BSD-2-Clause
// The bundle command: a handoff as files, for a bootloader.
#pragma once

#include "base/result.hpp"
#include "cli/flow.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// --resident and --resident-vectors of load, plan and bundle, into the request. Errors: USAGE.
base::Result<void> take_resident(const Arguments& arguments, Request& request);

// `request` is what load would have; the machine is the one that its tree describes.
base::Result<int> run_bundle(const Arguments& arguments, Request request);

}  // namespace hyprelay::cli
