// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/call.hpp"
#include "hyp-check/core/resident.hpp"

namespace hyprelay::hyp_check {
namespace {

using bare::Hex;
using compat::Confidence;
using compat::Evidence;
using compat::NamedHypervisor;
using compat::PsciMethod;
using compat::Tri;
using compat::Verdict;

std::string_view tri_text(Tri tri) {
  return tri == Tri::kYes ? "yes" : tri == Tri::kNo ? "no" : "unknown";
}

std::string_view psci_text(PsciMethod method) {
  return method == PsciMethod::kHvc    ? "by HVC: somebody is above"
         : method == PsciMethod::kSmc  ? "by SMC: says nothing about HYP/EL2"
         : method == PsciMethod::kNone ? "no node"
                                       : "unknown";
}

std::string_view hypervisor_text(NamedHypervisor named) {
  return named == NamedHypervisor::kXen      ? "Xen"
         : named == NamedHypervisor::kHyperV ? "Hyper-V"
         : named == NamedHypervisor::kGunyah ? "Gunyah"
         : named == NamedHypervisor::kKvm    ? "KVM"
         : named == NamedHypervisor::kNone   ? "no node"
                                             : "unknown";
}

void print_release(bare::Voice& voice, compat::Release release) {
  std::uint64_t major = 0;
  for (; release >= 1000; release -= 1000) {
    ++major;
  }
  voice << major << "." << std::uint64_t{release};
}

// The candidates by name, several to a line.
void print_candidates(Report& report, compat::DialectSet candidates) {
  constexpr unsigned kPerLine = 6;
  unsigned printed = 0;
  bare::Voice* line = nullptr;
  for (const compat::DialectRow& row : compat::kDialects) {
    if (!candidates.contains(row.dialect)) {
      continue;
    }
    if (printed++ % kPerLine == 0) {
      if (line != nullptr) {
        report.end();
      }
      line = &(report.note() << "candidates:");
    }
    *line << " " << text_of(row.dialect);
  }
  if (line != nullptr) {
    report.end();
  }
}

void print_verdict(Report& report, const Verdict& verdict) {
  bare::Voice& line = report.note() << "verdict: ";
  if (verdict.contradiction) {
    line << "nobody is left: evidence and answers contradict each other";
  } else if (verdict.dialect == compat::Dialect::kUNKNOWN) {
    line << "unknown";
  } else {
    line << text_of(verdict.dialect)
         << (verdict.confidence == Confidence::kCertain ? ", certain" : ", likely");
  }
  report.end();
  if (verdict.dialect == compat::Dialect::kUNKNOWN && !verdict.contradiction) {
    print_candidates(report, verdict.candidates);
  }
}

}  // namespace

// Comparisons, not a switch: that would become a table of pointers.
std::string_view text_of(compat::Dialect dialect) {
#define HR_DIALECT(name, value, text, ...)   \
  if (dialect == compat::Dialect::k##name) { \
    return text;                             \
  }
#include "abi/dialect.def"
#undef HR_DIALECT
  return "unknown";
}

void report_evidence(Report& report, const Evidence& evidence) {
  report.note() << "virtualization extension: " << tri_text(evidence.virtualization);
  report.end();
  report.note() << "tree: PSCI " << psci_text(evidence.psci);
  report.end();
  bare::Voice& line = report.note() << "tree: hypervisor: " << hypervisor_text(evidence.hypervisor);
  if (evidence.hypervisor_release != 0) {
    line << " ";
    print_release(line, evidence.hypervisor_release);
  }
  report.end();
  if (evidence.declared != compat::Dialect::kUNKNOWN) {
    report.note() << "said: the resident is " << text_of(evidence.declared);
    report.end();
  }
  if (evidence.release != 0) {
    print_release(report.note() << "said: the kernel before was Linux ", evidence.release);
    report.end();
  }
}

compat::Verdict report_probe(Report& report, const Evidence& evidence) {
  compat::Prober prober(evidence);
  unsigned calls = 0;
  while (const auto call = prober.next_call()) {
    const Exchange exchange = make_call(*call);
    prober.take_answer(*call, exchange.answer());
    ++calls;
    bare::Voice& line = report.note() << "asked: ";
    print_call(line, *call);
    line << ": ";
    print_answer(line, *call, exchange);
    report.end();
  }
  if (calls == 0) {
    report.note() << "asked: nothing: no call tells the candidates apart and harms none of them";
    report.end();
  }
  print_verdict(report, prober.verdict());
  return prober.verdict();
}

void report_found_vectors(Report& report, const Entry& entry, const Evidence& evidence) {
  const auto& addresses = evidence.addresses;
  const Word at = entry.vectors;
  constexpr Word kSize = kSlots * kSlotSize;
  bare::Voice& line = report.note() << "vectors found at " << kTopName << ": ";
  if (at == 0 || at % kSize != 0 || at < addresses.ram_start ||
      at + std::uint64_t{kSize} > addresses.ram_end) {
    line << Hex{at} << (at == 0 ? ", never set" : ", no table in this machine's memory");
    report.end();
    return;
  }
  // A branch in every slot is a table of vectors.
  unsigned branches = 0;
  for (unsigned slot = 0; slot < kSlots; ++slot) {
    branches += is_branch(*reinterpret_cast<const volatile std::uint32_t*>(at + slot * kSlotSize));
  }
  line << Hex{at} << ", " << std::uint64_t{branches} << " of " << std::uint64_t{kSlots}
       << " slots are branches: "
       << (branches == kSlots ? "a table that somebody before left" : "perhaps a table");
  report.end();
}

}  // namespace hyprelay::hyp_check
