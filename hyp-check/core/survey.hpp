// SPDX-License-Identifier: BSD-2-Clause
// The part of the report about SMCCC: what is offered by the conduit that the tree names.
#pragma once

#include "compat/hr_call.h"
#include "hyp-check/core/psci.hpp"
#include "hyp-check/core/report.hpp"

namespace hyprelay::hyp_check {

// PSCI, SMCCC, UIDs and TRNG, by the discovery that asks nobody blindly (compat/hr_smccc.h): each
// question only when an answer before it has said that it may be asked. An instruction that is
// UNDEFINED counts as "not there". conduit: HR_CONDUIT_HVC only where hvc #0 is PSCI's.
// A PSCI 0.1 is asked nothing, and its ids are printed as the tree has them.
void report_survey(Report& report, hr_word conduit, const PsciNode& tree);

}  // namespace hyprelay::hyp_check
