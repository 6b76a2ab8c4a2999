// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/platform_facts.hpp"

#include "abi/hr_abi.h"
#include "acpi/facts.hpp"
#include "base/error_text.hpp"
#include "base/names.hpp"
#include "base/number_text.hpp"
#include "fdt/facts.hpp"

#include <optional>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Conduit;
using base::Error;
using base::Stage;

constexpr base::Named<std::uint32_t> kConsoles[] = {
#define HR_CONSOLE(name, value, text) {text, value},
#include "abi/console.def"
#undef HR_CONSOLE
};

// A warning instead of an error: the first line of what the error would say, and what is lost.
std::string lost(const Error& error, const std::string& what) {
  const std::string text = base::describe(error);
  return text.substr(0, text.find('\n')) + ": " + what;
}

class Reader {
 public:
  Reader(const fdt::Tree& tree, const Machine& machine) : tree_(tree), machine_(machine) {}

  base::Result<PlatformFacts> read() {
    HR_TRYV(read_console());
    HR_TRYV(read_gic());
    HR_TRYV(read_psci());
    if (!hidden_.empty()) {
      facts_.warnings.push_back(
          "not root: what ACPI's " + hidden_ +
          " says of this machine is not known, and the relay would print nothing, stop no ITS "
          "or not reset; run it as root");
    }
    return std::move(facts_);
  }

 private:
  // nullptr: there is no such table, or only root may read it, which is remembered.
  const std::vector<std::byte>* table(std::string_view name) {
    const auto found = machine_.acpi.find(name);
    if (found == machine_.acpi.end()) {
      return nullptr;
    }
    if (!found->second) {
      hidden_.append(hidden_.empty() ? "" : ", ").append(name);
      return nullptr;
    }
    return &*found->second;
  }

  bool has(std::string_view name) const { return machine_.acpi.contains(name); }

  void note(const std::string& what, std::string_view name) {
    facts_.notes.push_back(what + ", by ACPI's " + std::string(name));
  }

  base::Result<void> read_console() {
    HR_TRY(console, fdt::console(tree_));
    facts_.console = std::move(console);
    // A path: the tree chooses one, whether or not the relay can drive it.
    if (facts_.console.kind != HR_CONSOLE_NONE || !facts_.console.path.empty()) {
      return base::success();
    }
    // The debug port is what firmware names a UART by that is nobody's console.
    const std::string_view name = has(acpi::kConsole) ? acpi::kConsole : acpi::kDebugPorts;
    const auto* const bytes = table(name);
    if (bytes == nullptr) {
      return base::success();
    }
    const auto found = name == acpi::kConsole ? acpi::console(*bytes) : acpi::debug_port(*bytes);
    if (!found) {
      facts_.warnings.push_back(lost(found.error(), "the relay will print nothing"));
      return base::success();
    }
    facts_.console = found.value();
    if (facts_.console.kind == HR_CONSOLE_NONE) {
      facts_.notes.push_back("ACPI's " + std::string(name) +
                             " names no console that the relay can drive: it will print nothing");
    } else {
      note(std::string("console: ") + base::name_of(kConsoles, facts_.console.kind) + " at " +
               base::hex(facts_.console.base),
           name);
    }
    return base::success();
  }

  base::Result<void> read_gic() {
    HR_TRY(by_tree, fdt::gic(tree_));
    facts_.gic = std::move(by_tree);
    if (facts_.gic.version != 0 || machine_.acpi.empty()) {
      return base::success();
    }
    const auto* const bytes = table(acpi::kInterrupts);
    if (bytes == nullptr && has(acpi::kInterrupts)) {
      return base::success();
    }
    if (bytes == nullptr) {
      return Error(Code::ACPI_NO_GIC, Stage::kMachine, "there is no table APIC");
    }
    HR_TRY(found, acpi::gic(*bytes));
    if (found.version == 0) {
      return Error(Code::ACPI_NO_GIC, Stage::kMachine, "APIC has no GICD");
    }
    facts_.gic = std::move(found);
    note("interrupt controller: GICv" + std::to_string(facts_.gic.version) + " with " +
             std::to_string(facts_.gic.its.size()) + " ITS",
         acpi::kInterrupts);
    return base::success();
  }

  base::Result<void> read_psci() {
    HR_TRY(by_tree, fdt::psci_conduit(tree_));
    facts_.psci = by_tree;
    const auto* const bytes = by_tree == Conduit::kNone ? table(acpi::kFixed) : nullptr;
    if (bytes == nullptr) {
      return base::success();
    }
    const auto found = acpi::psci_conduit(*bytes);
    if (!found) {
      facts_.warnings.push_back(
          lost(found.error(), "the relay cannot reset the machine when it fails, it will stop"));
      return base::success();
    }
    facts_.psci = found.value();
    if (facts_.psci != Conduit::kNone) {
      note(std::string("PSCI by ") + (facts_.psci == Conduit::kHvc ? "HVC" : "SMC"), acpi::kFixed);
    }
    return base::success();
  }

  const fdt::Tree& tree_;
  const Machine& machine_;
  PlatformFacts facts_;
  // Tables that only root may read, for the warning.
  std::string hidden_;
};

}  // namespace

base::Result<PlatformFacts> platform_facts(const fdt::Tree& tree, const Machine& machine) {
  return Reader(tree, machine).read();
}

}  // namespace hyprelay::handoff
