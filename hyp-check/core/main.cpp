// SPDX-License-Identifier: BSD-2-Clause
// The whole report, from the entry to the end that was asked for.
#include "bare/system.hpp"
#include "compat/hr_psci.h"
#include "hyp-check/core/law.hpp"
#include "hyp-check/core/resident.hpp"
#include "hyp-check/core/survey.hpp"

namespace hyprelay::hyp_check {
namespace {

using bare::Hex;
using compat::CallerLevel;
using compat::Tri;

constinit Report the_report;
constinit unsigned the_exceptions = 0;
constinit unsigned the_entries = 0;

// QEMU's virt machine has a PL011 there; only for an ELF, which is for QEMU [qemu/arm/virt].
constexpr UartFacts kQemuUart = {HR_CONSOLE_PL011, 0x09000000, 2, 4};

// Where the boot protocol puts the tree, or where QEMU puts it for an ELF.
Word tree_address(const Entry& entry) {
  return entry.qemu_tree == 0 ? entry.r[kTreeRegister] : entry.qemu_tree;
}

Tree find_tree(const Entry& entry) {
  const Word address = tree_address(entry);
  return has_tree(address)
             ? Tree::in_memory(reinterpret_cast<const std::byte*>(address)).value_or(Tree())
             : Tree();
}

Output find_output(const Entry& entry, const Tree& tree, const compat::Evidence& evidence) {
  UartFacts facts = find_uart(tree);
  if (facts.kind == HR_CONSOLE_NONE && entry.qemu_tree != 0) {
    facts = kQemuUart;
  }
  const bool xen = facts.kind == HR_CONSOLE_NONE && mode_of(entry) == Mode::kLow &&
                   evidence.hypervisor == compat::NamedHypervisor::kXen;
  return Output(bare::Uart(facts.kind, facts.base, facts.shift, facts.width), xen);
}

void report_entry(Report& report, const Entry& entry, const Tree& tree) {
  report.note() << "hyp-check for " << kArchName << ", " << (entry.qemu_tree == 0 ? "image" : "ELF")
                << " at " << Hex{reinterpret_cast<Word>(hr_check_header)};
  report.end();
  const Mode mode = mode_of(entry);
  report.note() << "entered in " << (mode == Mode::kTop ? kTopName : kLowName) << ", PSR "
                << Hex{entry.psr & 0x3ff} << ", control register " << Hex{entry.control};
  report.end();
  report.note() << "CPU: " << Hex{cpu_id()};
  report.end();
  for (unsigned i = 0; i < 4; ++i) {
    report.note() << "entered with r" << std::uint64_t{i} << " = " << Hex{entry.r[i]};
    report.end();
  }
  report.note() << "tree: " << tree.size_bytes() << " bytes at " << Hex{tree_address(entry)};
  report.end();
}

std::string_view kind_text(Kind kind) {
  return kind == Kind::kProtocol ? "protocol" : kind == Kind::kAssumed ? "assumed" : "reset";
}

// Only what a protocol demands can fail; the rest is for whoever has a kernel that relies on it.
void report_law(Report& report, const Entry& entry) {
  std::uint64_t broken[3] = {};
  read_law(entry, [&](const Rule& rule) {
    bare::Voice& line = report.test(rule.holds())
                        << "law, " << kind_text(rule.kind) << ": " << rule.name;
    if (!rule.holds() && rule.kind != Kind::kProtocol) {
      line << " # TODO no boot protocol demands it";
    }
    report.end();
    if (!rule.holds()) {
      ++broken[static_cast<unsigned>(rule.kind)];
      report.note() << "found " << Hex{rule.found} << ", in the bits " << Hex{rule.mask}
                    << " wanted " << Hex{rule.wanted};
      report.end();
    }
  });
  report.note() << "law: "
                << (broken[0] == 0 ? "the boot protocol holds" : "the boot protocol does not hold")
                << "; lines broken: " << broken[0] << " of the protocol, " << broken[1]
                << " assumed, " << broken[2] << " as after a reset";
  report.end();
}

// Whether hvc #0 is PSCI's for sure, as the tree says: true unless somebody is or may be there who
// is no PSCI server. False at HYP/EL2: it would come back to this program.
bool report_resident(Report& report, const Entry& entry, compat::Evidence evidence) {
  const Mode mode = mode_of(entry);
  evidence.arch = kArch;
  evidence.level = mode == Mode::kTop ? CallerLevel::kHyp : CallerLevel::kBelow;
  evidence.virtualization = has_virtualization() ? Tri::kYes : Tri::kNo;
  evidence.undef_handler = true;
  if (mode == Mode::kTop) {
    evidence.vhe = Tri::kNo;
  }
  report_evidence(report, evidence);
  if (mode == Mode::kTop) {
    report_found_vectors(report, entry, evidence);
  }
  const compat::Verdict verdict = report_probe(report, evidence);
  if (mode == Mode::kTop) {
    report.note() << "resident: nobody above, this program runs at " << kTopName;
    report.end();
    return false;
  }
  compat::Evidence hvc;
  hvc.psci = compat::PsciMethod::kHvc;
  const bool servers = !verdict.contradiction &&
                       (verdict.candidates - possible_by(compat::Rule::kPsci, hvc)).empty();
  if (verdict.dialect != compat::Dialect::kUNKNOWN) {
    return report_dialect(report, evidence, verdict.dialect) && servers;
  }
  report.note() << "no dialect, no calls: hyp-check.resident=DIALECT or hyp-check.kernel=RELEASE "
                   "on the command line say more";
  report.end();
  return servers;
}

// The conduit that the tree names, if it leads to somebody who answers.
hr_word conduit_of(compat::PsciMethod method, bool hvc_is_psci) {
  return method == compat::PsciMethod::kSmc                  ? HR_CONDUIT_SMC
         : method == compat::PsciMethod::kHvc && hvc_is_psci ? HR_CONDUIT_HVC
                                                             : HR_CONDUIT_NONE;
}

// Only by the conduit that the tree names; HVC from HYP/EL2 would come back to this program.
[[noreturn]] void end(Report& report, const Entry& entry, End end, compat::PsciMethod method) {
  const hr_word conduit = conduit_of(method, mode_of(entry) != Mode::kTop);
  if (end != End::kLoop) {
    (void)(end == End::kOff ? hr_psci_system_off(conduit) : hr_psci_system_reset(conduit));
    report.note() << "the firmware did not do it";
    report.end();
  }
  hr_park(0);
}

[[noreturn]] void run(const Entry& entry) {
  const Tree tree = find_tree(entry);
  const auto chosen = tree.find("/chosen");
  const Options options = options_of(chosen ? tree.text(*chosen, "bootargs") : std::string_view());
  const compat::Evidence evidence = evidence_of(tree, options);
  the_report = Report(find_output(entry, tree, evidence));
  Report& report = the_report;
  report.begin();
  if (++the_entries > 1) {
    report.bail_out() << "entered again: the last call came back to the start of the program";
    report.end();
    hr_park(0);
  }
  report_entry(report, entry, tree);
  if (!options.bad.empty()) {
    report.note() << "not understood: " << options.bad;
    report.end();
  }
  if (mode_of(entry) == Mode::kOther) {
    report.bail_out() << "entered at EL3, which no boot protocol does";
    report.end();
    end(report, entry, options.end, compat::PsciMethod::kNone);
  }
  report_law(report, entry);
  const bool hvc_is_psci = report_resident(report, entry, evidence);
  report_survey(report, conduit_of(evidence.psci, hvc_is_psci), psci_of(tree));
  report.finish();
  end(report, entry, options.end, evidence.psci);
}

}  // namespace
}  // namespace hyprelay::hyp_check

void hr_check_main(const hyprelay::hyp_check::Entry* entry) {
  hyprelay::hyp_check::run(*entry);
}

void hr_exception(std::uint32_t slot, std::uintptr_t pc, std::uintptr_t syndrome,
                  std::uintptr_t address) {
  using namespace hyprelay::hyp_check;
  using hyprelay::bare::Hex;
  // A second one can only come from reporting the first: say nothing more.
  if (++the_exceptions == 1) {
    the_report.bail_out() << "an exception, vector " << std::uint64_t{slot} << ", pc " << Hex{pc}
                          << " (image + " << Hex{pc - reinterpret_cast<Word>(hr_check_header)}
                          << "), syndrome " << Hex{syndrome} << ", address " << Hex{address};
    the_report.end();
  }
  hr_park(HR_ERROR_RELAY_EXCEPTION);
}
