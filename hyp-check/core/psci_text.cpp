// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/psci.hpp"

namespace hyprelay::hyp_check {
namespace {

void print_id(bare::Voice& voice, std::string_view name, std::uint32_t id) {
  if (id != 0) {
    voice << " " << name << " " << bare::Hex{id} << ",";
  }
}

}  // namespace

void print_psci_0_1(bare::Voice& voice, const PsciNode& psci) {
  voice << "PSCI 0.1 "
        << (psci.method == compat::PsciMethod::kHvc   ? "by HVC:"
            : psci.method == compat::PsciMethod::kSmc ? "by SMC:"
                                                      : "without a conduit:");
  if (!psci.ids) {
    voice << " an id in the tree is not one cell,";
  } else {
    print_id(voice, "cpu_suspend", psci.ids->cpu_suspend);
    print_id(voice, "cpu_off", psci.ids->cpu_off);
    print_id(voice, "cpu_on", psci.ids->cpu_on);
    print_id(voice, "migrate", psci.ids->migrate);
  }
  voice << " and nothing is asked";
}

}  // namespace hyprelay::hyp_check
