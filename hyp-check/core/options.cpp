// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/options.hpp"

#include "hyp-check/core/psci.hpp"
#include "hyp-check/core/words.hpp"

#include <algorithm>

namespace hyprelay::hyp_check {
namespace {

using compat::NamedHypervisor;
using compat::Tri;

constexpr std::string_view kPrefix = "hyp-check.";

bool take_end(std::string_view value, End& end) {
  end = value == "off" ? End::kOff : value == "reset" ? End::kReset : End::kLoop;
  return end != End::kLoop || value == "loop";
}

// False when the word means nothing.
bool take_word(std::string_view word, Options& options) {
  const std::string_view name = before(word, '=');
  const std::string_view value = after(word, '=');
  if (name == "resident") {
    options.resident = dialect_named(value);
    return options.resident != compat::Dialect::kUNKNOWN;
  }
  if (name == "kernel") {
    options.kernel = compat::parse_release(value);
    return options.kernel != 0;
  }
  return name == "end" && take_end(value, options.end);
}

void take_hypervisor(const Tree& tree, compat::Evidence& evidence) {
  const auto node = tree.find("/hypervisor");
  if (!node) {
    evidence.hypervisor = NamedHypervisor::kNone;
    return;
  }
  for (std::size_t i = 0; !tree.word(*node, "compatible", i).empty(); ++i) {
    compat::take_hypervisor_name(tree.word(*node, "compatible", i), evidence);
  }
}

// The memory of a machine is one span here: whether an address can be physical is all that is
// asked.
void take_memory(const Tree& tree, compat::Evidence& evidence) {
  const auto root = tree.find("/");
  for (auto node = root ? tree.first_child(*root) : std::nullopt; node;
       node = tree.next_sibling(*node)) {
    if (tree.text(*node, "device_type") != "memory" || !tree.is_available(*node)) {
      continue;
    }
    std::size_t index = 0;
    for (auto range = tree.mapped_register(*node, 0); range;
         range = tree.mapped_register(*node, ++index)) {
      auto& addresses = evidence.addresses;
      const bool first = addresses.ram_end == 0;
      addresses.ram_start = first ? range->start : std::min(addresses.ram_start, range->start);
      addresses.ram_end = std::max(addresses.ram_end, range->start + range->size);
    }
  }
}

}  // namespace

compat::Dialect dialect_named(std::string_view text) {
#define HR_DIALECT(name, value, row_text, ...) \
  if (text == row_text) {                      \
    return compat::Dialect::k##name;           \
  }
#include "abi/dialect.def"
#undef HR_DIALECT
  return compat::Dialect::kUNKNOWN;
}

Options options_of(std::string_view command_line) {
  Options options;
  for (; !command_line.empty(); command_line = after(command_line, ' ')) {
    const std::string_view word = before(command_line, ' ');
    if (!word.starts_with(kPrefix)) {
      continue;
    }
    std::string_view rest = word;
    rest.remove_prefix(kPrefix.size());
    if (!take_word(rest, options) && options.bad.empty()) {
      options.bad = word;
    }
  }
  return options;
}

compat::Evidence evidence_of(const Tree& tree, const Options& options) {
  compat::Evidence evidence;
  if (tree.size_bytes() != 0) {
    take_hypervisor(tree, evidence);
    evidence.psci = psci_of(tree).method;
    take_memory(tree, evidence);
  }
  evidence.declared = options.resident;
  if (options.kernel != 0) {
    // A mainline kernel that was entered at HYP/EL2 and dropped, with nobody like Jailhouse after
    // it.
    evidence.boot = compat::KernelBoot::kHyp;
    evidence.release = options.kernel;
    evidence.vhe = Tri::kNo;
    evidence.jailhouse = Tri::kNo;
  }
  return evidence;
}

}  // namespace hyprelay::hyp_check
