// SPDX-License-Identifier: BSD-2-Clause
// The report command: the one file to attach to a report of a fault.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/report.hpp"

#include <string>

namespace hyprelay::cli {

// What can be read on the machine, by whoever runs it; what cannot is named. `configuration`: the
// path of /etc/hyprelay.conf.
handoff::ReportFacts gather_report(const handoff::linux_host::Root& root,
                                   const std::string& configuration);

base::Result<int> run_report(const Arguments& arguments);

}  // namespace hyprelay::cli
