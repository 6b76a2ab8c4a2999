// SPDX-License-Identifier: BSD-2-Clause
#include "compat/probe.hpp"

namespace hyprelay::compat {
namespace {

constexpr Release kFirstDetachable = release_of(4, 8);  // KVM leaves HYP when no VM is left
// KVM takes EL2 when it is initialised and keeps it, unless a parameter says otherwise
// [linux/virt/kvm/kvm_main.c enable_virt_at_load].
constexpr Release kFirstAtLoad = release_of(6, 12);
constexpr Release kLastGet = release_of(4, 11);
constexpr Release kLastArmReset = release_of(5, 6);

constexpr DialectSet of_family(Family family) {
  return DialectSet::matching([family](const DialectRow& row) { return row.family == family; });
}
constexpr DialectSet kStubs = of_family(Family::kSTUB);
constexpr DialectSet kVhe = DialectSet::of(Dialect::kARM64_VHE);
constexpr DialectSet kKvms = of_family(Family::kKVM) - kVhe;
constexpr DialectSet kPrivate = of_family(Family::kPRIVATE);
constexpr DialectSet kGuests = of_family(Family::kGUEST);
constexpr DialectSet kXens =
    DialectSet::of(Dialect::kXEN_2012, Dialect::kXEN_4_9, Dialect::kXEN_4_10);
constexpr DialectSet kNobody = DialectSet::of(Dialect::kNONE);
constexpr DialectSet kJailhouse = DialectSet::of(Dialect::kJAILHOUSE);

DialectSet by_level(const Evidence& e) {
  switch (e.level) {
    case CallerLevel::kHyp:
      // An HVC from HYP/EL2 goes to the caller's own vectors. A kernel with VHE is such a caller.
      if (e.vhe == Tri::kNo || e.handover != Handover::kRunning) {
        return kNobody;
      }
      return e.vhe == Tri::kYes ? kVhe : kVhe | kNobody;
    case CallerLevel::kBelow:
      return DialectSet::all() - kVhe;
    case CallerLevel::kUnknown:
      break;
  }
  return DialectSet::all();
}

// A hypervisor hides the extension from its guests, and QEMU answers PSCI on HVC exactly when the
// CPU has none; whoever needs the CPU's own HYP/EL2 is ruled out.
DialectSet by_virtualization(const Evidence& e) {
  return e.virtualization == Tri::kNo ? kGuests | kNobody : DialectSet::all();
}

DialectSet by_psci(const Evidence& e) {
  if (e.psci != PsciMethod::kHvc) {
    return DialectSet::all();
  }
  return DialectSet::of(Dialect::kXEN_4_9, Dialect::kXEN_4_10, Dialect::kHYPERV, Dialect::kGUNYAH,
                        Dialect::kHAFNIUM, Dialect::kSMCCC_SERVER, Dialect::kSMCCC_UNDEF,
                        Dialect::kQEMU_PSCI);
}

DialectSet by_hypervisor(const Evidence& e) {
  switch (e.hypervisor) {
    case NamedHypervisor::kUnknown:
      break;
    case NamedHypervisor::kNone:
      // The binding makes Xen describe itself to whoever is to know of it. A guest that Xen starts
      // without a toolstack, which came after 4.9, is to know only if its owner says "xen,enhanced"
      // [xen/docs/misc/arm/device-tree/booting.txt].
      return DialectSet::all() - DialectSet::of(Dialect::kXEN_2012, Dialect::kXEN_4_9);
    case NamedHypervisor::kXen: {
      const Release release = e.hypervisor_release;
      return release == 0 ? kXens : DialectSet::matching([release](const DialectRow& row) {
        return kXens.contains(row.dialect) && row.since <= release && release <= row.until;
      });
    }
    case NamedHypervisor::kHyperV:
      return DialectSet::of(Dialect::kHYPERV);
    case NamedHypervisor::kGunyah:
      return DialectSet::of(Dialect::kGUNYAH);
    case NamedHypervisor::kKvm:
      return DialectSet::of(Dialect::kSMCCC_SERVER, Dialect::kSMCCC_UNDEF);
  }
  return DialectSet::all();
}

DialectSet by_jailhouse(const Evidence& e) {
  switch (e.jailhouse) {
    case Tri::kYes:
      return kJailhouse;
    case Tri::kNo:
      return DialectSet::all() - kJailhouse;
    case Tri::kUnknown:
      break;
  }
  return DialectSet::all();
}

// Linux that is entered at HYP/EL2 puts its own vectors in place of whatever was there, so the
// resident is its stub, its KVM, or Jailhouse, which comes later. Entered below, it changes nothing
// and the resident can be anybody but this kernel: also an older kernel's KVM.
DialectSet by_boot(const Evidence& e) {
  switch (e.boot) {
    case KernelBoot::kHyp:
      // Unless the caller is that somebody: the kernel itself, or a relay that it started at HYP.
      return kStubs | kKvms | kVhe | kPrivate | kJailhouse |
             (e.level == CallerLevel::kBelow ? DialectSet() : kNobody);
    case KernelBoot::kBelow:
      return DialectSet::all() - kVhe;
    case KernelBoot::kUnknown:
      break;
  }
  return DialectSet::all();
}

DialectSet by_vhe(const Evidence& e) {
  if (e.vhe == Tri::kNo) {
    return DialectSet::all() - kVhe;
  }
  if (e.vhe == Tri::kYes) {
    return e.handover == Handover::kRunning ? kVhe : kVhe | kNobody;
  }
  return DialectSet::all();
}

bool has_reset(const DialectRow& row) {
  const bool arm = row.arch == CallerArch::kARM;
  return row.since > kLastGet && (!arm || row.until <= kLastArmReset);
}

// Which wrappers a kernel carries follows its dialect exactly, also in a tree of backports.
DialectSet by_symbols(const Evidence& e) {
  if (e.boot != KernelBoot::kHyp) {
    return DialectSet::all();
  }
  return DialectSet::matching([&e](const DialectRow& row) {
    const bool kvm = kKvms.contains(row.dialect);
    if (!kvm && row.family != Family::kSTUB) {
      return true;
    }
    const bool get = row.until <= kLastGet;
    return (e.symbol_get == Tri::kUnknown || (e.symbol_get == Tri::kYes) == get) &&
           (e.symbol_reset == Tri::kUnknown || (e.symbol_reset == Tri::kYes) == has_reset(row)) &&
           (!kvm || e.symbol_kvm != Tri::kNo);
  });
}

DialectSet by_release(const Evidence& e) {
  const bool stock =
      e.private_tree == Tri::kNo || (e.private_tree == Tri::kUnknown && e.release != 0);
  const DialectSet rest = DialectSet::all() - (stock ? kPrivate : DialectSet());
  if (e.boot != KernelBoot::kHyp || e.release == 0) {
    return e.boot == KernelBoot::kHyp || e.private_tree == Tri::kNo ? rest : DialectSet::all();
  }
  const Release release = e.release;
  return rest - DialectSet::matching([release](const DialectRow& row) {
           return (row.family == Family::kSTUB || row.family == Family::kKVM) &&
                  (release < row.since || row.until < release);
         });
}

// Up to 4.7 KVM is resident from its initialisation for ever; from 4.8 on only while a virtual
// machine exists, and from 6.12 on again from its initialisation, by default. From 4.8 on a kexec
// removes it before it leaves, but not a crash. Protected KVM stays.
DialectSet by_kvm(const Evidence& e) {
  if (e.boot != KernelBoot::kHyp) {
    return DialectSet::all();
  }
  const DialectSet pkvm = DialectSet::of(Dialect::kARM64_PKVM_5_16);
  const DialectSet anybody = DialectSet::all() - (e.pkvm == Tri::kNo ? pkvm : DialectSet());
  if (e.pkvm == Tri::kYes) {
    return pkvm;
  }
  const bool stays = e.release != 0 && e.release < kFirstDetachable;
  const bool leaves = e.release >= kFirstDetachable;
  const DialectSet detached = anybody - (kKvms - pkvm);
  switch (e.kvm) {
    case KvmState::kUnknown:
      break;
    case KvmState::kAbsent:
      return anybody - kKvms;
    case KvmState::kIdle:
      if (stays) {
        return anybody - kStubs;
      }
      return leaves && (e.release < kFirstAtLoad || e.handover == Handover::kKexec) ? detached
                                                                                    : anybody;
    case KvmState::kInitialised:
      if (stays) {
        return anybody - kStubs;
      }
      return leaves && e.handover == Handover::kKexec ? detached : anybody;
    case KvmState::kAlive:
      if (e.handover != Handover::kKexec || stays) {
        return anybody - kStubs;
      }
      return leaves ? detached : anybody;
  }
  return anybody;
}

DialectSet by_declaration(const Evidence& e) {
  if (e.declared == Dialect::kUNKNOWN) {
    return DialectSet::all();
  }
  return e.declared_loosely ? siblings(e.declared) : DialectSet::of(e.declared);
}

// A declaration replaces evidence about software, never what the CPU shows.
bool is_overridden(Rule rule, const Evidence& e) {
  return e.declared != Dialect::kUNKNOWN && rule != Rule::kArch && rule != Rule::kLevel &&
         rule != Rule::kVirtualization && rule != Rule::kDeclared;
}

bool is_certain(Rule rule, const Evidence& e) {
  switch (rule) {
    case Rule::kRelease:
    case Rule::kKvm:
      return false;
    case Rule::kHypervisor:
      return e.hypervisor != NamedHypervisor::kNone;
    default:
      return true;
  }
}

void conclude(Verdict& verdict, DialectSet certain) {
  const std::optional<Dialect> only = verdict.candidates.only();
  verdict.contradiction = verdict.candidates.empty();
  verdict.dialect = only.value_or(Dialect::kUNKNOWN);
  verdict.confidence = !only                           ? Confidence::kNone
                       : certain == verdict.candidates ? Confidence::kCertain
                                                       : Confidence::kLikely;
}

DialectSet all_certain(const Evidence& evidence) {
  DialectSet certain = DialectSet::all();
  for (std::size_t i = 0; i < kRuleCount; ++i) {
    const auto rule = static_cast<Rule>(i);
    if (is_certain(rule, evidence)) {
      certain = certain & possible_by(rule, evidence);
    }
  }
  return certain;
}

}  // namespace

DialectSet siblings(Dialect dialect) {
  const DialectRow* self = find_dialect(static_cast<std::uint32_t>(dialect));
  DialectSet set = DialectSet::of(dialect);
  if (self == nullptr || (self->family != Family::kSTUB && !kKvms.contains(dialect))) {
    return set;
  }
  return set | DialectSet::matching([self](const DialectRow& row) {
           return (row.family == Family::kSTUB || kKvms.contains(row.dialect)) &&
                  row.arch == self->arch && row.since <= self->until && self->since <= row.until;
         });
}

DialectSet possible_by(Rule rule, const Evidence& e) {
  if (is_overridden(rule, e)) {
    return DialectSet::all();
  }
  switch (rule) {
    case Rule::kArch:
      return DialectSet::matching([&e](const DialectRow& row) {
        return (static_cast<unsigned>(row.arch) & static_cast<unsigned>(e.arch)) != 0;
      });
    case Rule::kLevel:
      return by_level(e);
    case Rule::kVirtualization:
      return by_virtualization(e);
    case Rule::kPsci:
      return by_psci(e);
    case Rule::kHypervisor:
      return by_hypervisor(e);
    case Rule::kJailhouse:
      return by_jailhouse(e);
    case Rule::kBoot:
      return by_boot(e);
    case Rule::kVhe:
      return by_vhe(e);
    case Rule::kSymbols:
      return by_symbols(e);
    case Rule::kRelease:
      return by_release(e);
    case Rule::kKvm:
      return by_kvm(e);
    case Rule::kDeclared:
      return by_declaration(e);
  }
  return DialectSet::all();
}

Verdict consider(const Evidence& evidence) {
  Verdict verdict;
  verdict.candidates = DialectSet::all();
  for (std::size_t i = 0; i < kRuleCount; ++i) {
    const DialectSet possible = possible_by(static_cast<Rule>(i), evidence);
    verdict.ruled_out[i] = DialectSet::all() - possible;
    verdict.candidates = verdict.candidates & possible;
  }
  conclude(verdict, all_certain(evidence));
  return verdict;
}

Prober::Prober(const Evidence& evidence)
    : evidence_(evidence), verdict_(consider(evidence)), certain_(all_certain(evidence)) {}

bool Prober::was_asked(Call call) const {
  return (asked_ >> static_cast<unsigned>(call) & 1) != 0;
}

bool Prober::harms_nobody(Call call) const {
  for (std::size_t i = 0; i < kDialectCount; ++i) {
    if (verdict_.candidates.contains_row(i) &&
        !is_harmless(cell_at(i, call), evidence_.undef_handler)) {
      return false;
    }
  }
  return true;
}

// Two candidates differ on a call when their cells do, unless an earlier call met the same two
// cells and could not tell: a server that answered -1 to one unknown function will not be UNDEFINED
// on the next, and addresses that looked like both kinds will again.
bool Prober::may_tell_apart(Call call, std::size_t a, std::size_t b) const {
  const Cell in_a = cell_at(a, call);
  const Cell in_b = cell_at(b, call);
  if (in_a == in_b) {
    return false;
  }
  for (const CallRow& row : kCalls) {
    if (was_asked(row.call) && cell_at(a, row.call) == in_a && cell_at(b, row.call) == in_b) {
      return false;
    }
  }
  return true;
}

std::optional<Call> Prober::next_call() const {
  std::optional<Call> best;
  // An HVC from HYP/EL2 itself is no call. Whoever can make one knows its level.
  if (evidence_.level != CallerLevel::kBelow) {
    return best;
  }
  unsigned best_pairs = 0;
  for (const CallRow& row : kCalls) {
    if (was_asked(row.call) || !harms_nobody(row.call)) {
      continue;
    }
    unsigned pairs = 0;
    for (std::size_t a = 0; a < kDialectCount; ++a) {
      for (std::size_t b = 0; b < a && verdict_.candidates.contains_row(a); ++b) {
        pairs += verdict_.candidates.contains_row(b) && may_tell_apart(row.call, a, b) ? 1 : 0;
      }
    }
    if (pairs > best_pairs) {
      best = row.call;
      best_pairs = pairs;
    }
  }
  return best;
}

void Prober::take_answer(Call call, const Answer& answer) {
  asked_ |= std::uint32_t{1} << static_cast<unsigned>(call);
  const DialectSet fitting = DialectSet::matching([&](const DialectRow& row) {
    return accepts(cell_of(row.dialect, call), call, evidence_.arch, evidence_.addresses, answer);
  });
  verdict_.ruled_out_by_answers = verdict_.ruled_out_by_answers | (verdict_.candidates - fitting);
  verdict_.candidates = verdict_.candidates & fitting;
  certain_ = certain_ & fitting;
  conclude(verdict_, certain_);
}

Verdict Prober::verdict() const {
  return verdict_;
}

}  // namespace hyprelay::compat
