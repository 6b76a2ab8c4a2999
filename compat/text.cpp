// SPDX-License-Identifier: BSD-2-Clause
#include "compat/text.hpp"

#include "base/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <system_error>

namespace hyprelay::compat {
namespace {

struct DialectText {
  Dialect dialect;
  std::string_view text;
  std::string_view meaning;
};
constexpr DialectText kDialectTexts[] = {
#define HR_DIALECT(name, value, text, meaning, ...) {Dialect::k##name, text, meaning},
#include "abi/dialect.def"
#undef HR_DIALECT
};

constexpr std::string_view kCallTexts[] = {
#define HR_CALL(name, index, immediate, r0, r12, text) text,
#include "abi/call.def"
#undef HR_CALL
};

const DialectText* find_text(Dialect dialect) {
  const auto* found =
      std::find_if(std::begin(kDialectTexts), std::end(kDialectTexts),
                   [dialect](const DialectText& row) { return row.dialect == dialect; });
  return found == std::end(kDialectTexts) ? nullptr : found;
}

std::string join(DialectSet set) {
  std::string text;
  for (const DialectText& row : kDialectTexts) {
    if (row.dialect != Dialect::kUNKNOWN && set.contains(row.dialect)) {
      text += (text.empty() ? "" : ", ") + std::string(row.text);
    }
  }
  return text;
}

std::string_view kvm_text(KvmState state) {
  switch (state) {
    case KvmState::kUnknown:
      break;
    case KvmState::kAbsent:
      return "absent";
    case KvmState::kInitialised:
      return "initialised, virtual machines unknown";
    case KvmState::kIdle:
      return "initialised, no virtual machine";
    case KvmState::kAlive:
      return "initialised, a virtual machine exists";
  }
  return "unknown";
}

std::string_view handover_text(Handover handover) {
  switch (handover) {
    case Handover::kRunning:
      return "it still runs";
    case Handover::kKexec:
      return "handed over by kexec";
    case Handover::kCrash:
      return "handed over by a crash";
  }
  return "";
}

// The evidence behind a rule, as the second half of "<kind>: <fact>".
std::string fact(Rule rule, const Evidence& e) {
  switch (rule) {
    case Rule::kArch:
      return e.arch == CallerArch::kARM ? "the caller is A32 or T32" : "the caller is A64";
    case Rule::kLevel:
      return e.level == CallerLevel::kHyp ? "the caller itself is at HYP/EL2"
                                          : "the caller is below HYP/EL2";
    case Rule::kVirtualization:
      return "the CPU shows no HYP/EL2";
    case Rule::kPsci:
      return "the tree's PSCI is called by HVC";
    case Rule::kHypervisor:
      return e.hypervisor == NamedHypervisor::kNone
                 ? "the tree has no /hypervisor node"
                 : "named by the tree, by ACPI or by the kernel's log" +
                       (e.hypervisor_release != 0
                            ? ", release " + release_text(e.hypervisor_release)
                            : std::string());
    case Rule::kJailhouse:
      return e.jailhouse == Tri::kYes ? "Jailhouse is enabled" : "Jailhouse is not enabled";
    case Rule::kBoot:
      return e.boot == KernelBoot::kHyp
                 ? "the kernel was started at HYP/EL2 and put its own vectors there"
                 : "the kernel was started below HYP/EL2";
    case Rule::kVhe:
      return e.vhe == Tri::kYes ? "the kernel itself runs at EL2" : "the kernel runs at EL1";
    case Rule::kSymbols:
      return "the wrappers in the kernel's kallsyms";
    case Rule::kRelease:
      return e.release != 0 ? release_text(e.release) : "not a private tree";
    case Rule::kKvm:
      return std::string(kvm_text(e.kvm)) + "; " + std::string(handover_text(e.handover));
    case Rule::kDeclared:
      return "said to be " + std::string(text_of(e.declared));
  }
  return "";
}

}  // namespace

std::string_view text_of(Dialect dialect) {
  const DialectText* row = find_text(dialect);
  return row == nullptr ? std::string_view() : row->text;
}

std::string_view meaning_of(Dialect dialect) {
  const DialectText* row = find_text(dialect);
  return row == nullptr ? std::string_view() : row->meaning;
}

std::string_view text_of(Call call) {
  return kCallTexts[static_cast<std::size_t>(call)];
}

std::string_view text_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::kNone:
      break;
    case Confidence::kLikely:
      return "likely";
    case Confidence::kCertain:
      return "certain";
  }
  return "none";
}

std::string_view text_of(Rule rule) {
  constexpr std::array<std::string_view, kRuleCount> kTexts = {
      "architecture", "level", "CPU identification", "PSCI",           "hypervisor", "Jailhouse",
      "boot mode",    "VHE",   "kallsyms",           "kernel release", "KVM",        "declaration"};
  return kTexts[static_cast<std::size_t>(rule)];
}

std::optional<Dialect> parse_dialect(std::string_view text) {
  for (const DialectText& row : kDialectTexts) {
    if (row.text == text) {
      return row.dialect;
    }
  }
  const auto value = base::parse_number(text);
  if (!value || *value > std::numeric_limits<std::uint32_t>::max()) {
    return std::nullopt;
  }
  const DialectRow* row = find_dialect(static_cast<std::uint32_t>(*value));
  return row == nullptr ? std::nullopt : std::optional(row->dialect);
}

std::string release_text(Release release) {
  return std::to_string(release / 1000) + "." + std::to_string(release % 1000);
}

bool is_marked_private(std::string_view kernel_release) {
  const Release release = parse_release(kernel_release);
  return kernel_release.find(".el7") != std::string_view::npos && release >= release_of(3, 19) &&
         release <= release_of(4, 5);
}

std::vector<std::string> reasons(const Verdict& verdict, const Evidence& evidence) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kRuleCount; ++i) {
    const auto rule = static_cast<Rule>(i);
    if (!verdict.ruled_out[i].empty()) {
      texts.push_back(std::string(text_of(rule)) + ": " + fact(rule, evidence) + "; rules out " +
                      std::to_string(verdict.ruled_out[i].count()) + " of " +
                      std::to_string(DialectSet::all().count()));
    }
  }
  if (!verdict.ruled_out_by_answers.empty()) {
    texts.push_back("answers to calls rule out " + join(verdict.ruled_out_by_answers));
  }
  return texts;
}

std::string summary(const Verdict& verdict) {
  if (verdict.contradiction) {
    return "unknown: the evidence contradicts itself";
  }
  if (verdict.dialect != Dialect::kUNKNOWN) {
    return std::string(text_of(verdict.dialect)) + " (" + std::string(text_of(verdict.confidence)) +
           ")";
  }
  return "unknown: one of " + join(verdict.candidates);
}

}  // namespace hyprelay::compat
