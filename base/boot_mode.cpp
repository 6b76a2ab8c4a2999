// SPDX-License-Identifier: BSD-2-Clause
#include "base/boot_mode.hpp"

#include "base/names.hpp"

namespace hyprelay::base {
namespace {

// [linux/arch/arm/kernel/setup.c hyp_mode_check, linux/arch/arm64/kernel/smp.c hyp_mode_check], the
// same since 3.6 and 3.7.
constexpr Named<std::string_view> kSentences[] = {
    {"HYP", "CPU: All CPU(s) started in HYP mode"},
    {"SVC", "CPU: All CPU(s) started in SVC mode"},
    {"EL2", "CPU: All CPU(s) started at EL2"},
    {"EL1", "CPU: All CPU(s) started at EL1"},
    {"mixed", "CPU: WARNING: CPU(s) started in wrong/inconsistent modes"},
    {"mixed", "CPU: CPUs started in inconsistent modes"},
};

}  // namespace

std::string_view boot_mode_in(std::string_view kernel_log) {
  for (const auto& sentence : kSentences) {
    if (kernel_log.find(sentence.value) != std::string_view::npos) {
      return sentence.name;
    }
  }
  return "unknown";
}

}  // namespace hyprelay::base
