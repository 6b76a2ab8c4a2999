// SPDX-License-Identifier: BSD-2-Clause
// Dialects, calls and verdicts as text. Environment: hosted (std::string, pointers in tables).
#pragma once

#include "compat/probe.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::compat {

// "arm-kvm-4.8", and what it is. The views live for ever; empty for a value of no row.
std::string_view text_of(Dialect dialect);
std::string_view meaning_of(Dialect dialect);
std::string_view text_of(Call call);
std::string_view text_of(Confidence confidence);
// "kernel release": what kind of evidence it is.
std::string_view text_of(Rule rule);

// By text ("arm-kvm-4.8") or number ("0x22", "34"), as --resident takes it.
std::optional<Dialect> parse_dialect(std::string_view text);

// 6001 -> "6.1".
std::string release_text(Release release);

// The release carries a mark of a kernel whose calls are known to differ from mainline's: RHELSA
// shipped HVC immediates from 3.19 to 4.5.
bool is_marked_private(std::string_view kernel_release);

// One sentence per rule that ruled anybody out, with the numbers: for people and for JSON.
std::vector<std::string> reasons(const Verdict& verdict, const Evidence& evidence);
// "arm-kvm-4.8 (likely)", or "unknown: one of arm-stub-3.7, arm-kvm-4.8".
std::string summary(const Verdict& verdict);

}  // namespace hyprelay::compat
