// SPDX-License-Identifier: BSD-2-Clause
#include "compat/evidence.hpp"

namespace hyprelay::compat {
namespace {

// More than any release has: what is larger is no release, and must not wrap.
constexpr std::uint32_t kNumberEnd = 1000;

// Digits off the front of the text; kNumberEnd when there are none, or too many.
std::uint32_t take_number(std::string_view& text) {
  std::uint32_t number = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    number = number < kNumberEnd ? number * 10 + static_cast<std::uint32_t>(text[digits] - '0')
                                 : kNumberEnd;
  }
  text.remove_prefix(digits);
  return digits == 0 || number > kNumberEnd ? kNumberEnd : number;
}

}  // namespace

Release parse_release(std::string_view text) {
  const std::uint32_t major = take_number(text);
  if (!text.starts_with('.')) {
    return 0;
  }
  text.remove_prefix(1);
  const std::uint32_t minor = take_number(text);
  return major < kNumberEnd && minor < kNumberEnd ? release_of(major, minor) : 0;
}

void take_hypervisor_name(std::string_view compatible, Evidence& evidence) {
  constexpr std::string_view kXenRelease = "xen,xen-";
  if (compatible.starts_with(kXenRelease)) {
    std::string_view release = compatible;
    release.remove_prefix(kXenRelease.size());
    evidence.hypervisor_release = parse_release(release);
  }
  if (compatible.starts_with("xen,xen")) {
    evidence.hypervisor = NamedHypervisor::kXen;
  } else if (compatible == "gunyah-hypervisor") {
    evidence.hypervisor = NamedHypervisor::kGunyah;
  } else if (compatible == "microsoft,hyperv") {
    evidence.hypervisor = NamedHypervisor::kHyperV;
  } else if (compatible == "linux,kvm") {
    evidence.hypervisor = NamedHypervisor::kKvm;
  }
}

}  // namespace hyprelay::compat
