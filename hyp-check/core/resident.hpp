// SPDX-License-Identifier: BSD-2-Clause
// The part of the report about who is resident: evidence, the probe, the calls of the dialect.
#pragma once

#include "compat/probe.hpp"
#include "hyp-check/core/arch.hpp"
#include "hyp-check/core/options.hpp"
#include "hyp-check/core/report.hpp"

namespace hyprelay::hyp_check {

// Evidence of the tree, the options and the CPU, in words.
void report_evidence(Report& report, const compat::Evidence& evidence);

// At HYP/EL2: nobody is above. What the vectors that were found there are, when they lie in the
// machine's memory.
void report_found_vectors(Report& report, const Entry& entry, const compat::Evidence& evidence);

// Below HYP/EL2: the probe of compat/probe.hpp, which makes no call that harms any candidate.
compat::Verdict report_probe(Report& report, const compat::Evidence& evidence);

// Every call of the matrix that the one candidate takes without harm, and every op of its dialect
// that leaves it in place: does it answer as documented, and what does it preserve. Stops at the
// first answer that is not this dialect's, and is false then.
bool report_dialect(Report& report, const compat::Evidence& evidence, compat::Dialect dialect);

// The text of a row of dialect.def.
std::string_view text_of(compat::Dialect dialect);

}  // namespace hyprelay::hyp_check
