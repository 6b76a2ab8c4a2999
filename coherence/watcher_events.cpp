// SPDX-License-Identifier: BSD-2-Clause
// The watcher's other half: translation on and off, maintenance, barriers, registers.
#include "coherence/watcher.hpp"

#include <algorithm>

namespace hyprelay::coherence {
namespace {

// So many entries are read when translation goes on: the whole of a small program's tables, the
// begin of a system's.
constexpr uint64_t kMostEntries = 1 << 18;
constexpr unsigned kZeroBytes = 64;  // DCZID_EL0 of every CPU of QEMU that has DC ZVA

}  // namespace

bool Watcher::tlb_is_clean(const Cpu& state) const {
  const Translation& translation = state.translations.at(state.regime.el);
  // Off and on again over the same tables: what the TLB holds is right.
  return translation.tlb_clean || (translation.last && translation.last->same_tables(state.regime));
}

void Watcher::turned_on(unsigned cpu, uint64_t pc) {
  Cpu& state = *cpus_[cpu];
  const Regime& regime = state.regime;
  Translation& translation = state.translations.at(regime.el);
  // Where tables change while translation is on, the TLBI may follow.
  if (!translation.on && !tlb_is_clean(state))
    findings_.report({Kind::tlb_not_clean, cpu, pc, 0, 0,
                      translation.tlb_pending
                          ? "DSB after TLBI"
                          : "TLBI of all entries of this level, and DSB, before"});
  translation.on = true;
  translation.last = regime;
  translation.tlb_clean = false;
  const Memory memory = [&](uint64_t pa, unsigned bytes) {
    return ram_.read(pa, bytes, regime.big);
  };
  Lines::Ranges ranges;
  uint64_t executable = 0;
  walk_all(
      regime, memory, kMostEntries,
      [&](const Entry& entry) {
        tables_.seen(entry);
        if (entry.value != 0)
          lines_.walk({cpu, pc, entry.pa, entry.bytes, regime.walks_cached(entry.va >> 55 != 0)});
      },
      [&](const Leaf& leaf) {
        if (leaf.device && leaf.executable && executable == 0)
          executable = leaf.pa | 1;
        if (!leaf.cached || !regime.data_cache())
          return;
        if (!ranges.empty() && ranges.back().second == leaf.pa) {
          ranges.back().second += leaf.size;
        } else {
          ranges.emplace_back(leaf.pa, leaf.pa + leaf.size);
        }
      });
  if (executable != 0)
    findings_.report(
        {Kind::executable_device, cpu, pc, executable & ~uint64_t{1}, 0, "XN in the entry"});
  lines_.speculate(uint64_t{cpu} << 2 | regime.el, ranges);
}

void Watcher::turned_off(unsigned cpu) {
  Cpu& state = *cpus_[cpu];
  state.translations.at(state.regime.el).on = false;
  lines_.speculate(uint64_t{cpu} << 2 | state.regime.el, {});
  const bool any = std::ranges::any_of(cpus_, [](const auto& each) {
    return std::ranges::any_of(each->translations, [](const Translation& t) { return t.on; });
  });
  if (!any)
    tables_.clear();
}

void Watcher::by_line(unsigned cpu, const Instruction& instruction) {
  Cpu& state = *cpus_[cpu];
  const uint64_t va = state.registers.general(arm64_, instruction.decoded.rt);
  const auto pa = physical_of(cpu, va, instruction.va);
  if (pa)
    lines_.maintain(instruction.decoded.op, {cpu, instruction.va, *pa, 1, true});
}

void Watcher::zero(unsigned cpu, const Instruction& instruction) {
  const uint64_t va =
      cpus_[cpu]->registers.general(arm64_, instruction.decoded.rt) & ~uint64_t{kZeroBytes - 1};
  const auto pa = physical_of(cpu, va, instruction.va);
  if (!pa)
    return;
  const Regime& regime = cpus_[cpu]->regime;
  const bool cached = cached_data(cpu, va, instruction.va);
  const auto leaf = regime.mmu() ? leaf_of(cpu, va, instruction.va) : std::nullopt;
  if (regime.mmu() ? leaf && leaf->device : !cached)
    findings_.report({Kind::zero_device, cpu, instruction.va, va, 0,
                      "stores, or Normal memory: it faults here"});
  lines_.store({cpu, instruction.va, *pa, kZeroBytes, cached});
}

void Watcher::write_register(unsigned cpu, const Instruction& instruction) {
  Cpu& state = *cpus_[cpu];
  const Decoded& decoded = instruction.decoded;
  const uint64_t value = state.registers.general(arm64_, decoded.rt);
  if (decoded.reg == Register::csselr) {
    state.sweeps.select(value);
    return;
  }
  state.changed = true;
  Written written{decoded.reg, decoded.el, instruction.va, value};
  // At EL2 with E2H the names of EL1 are EL2's registers; EL12 has those of EL1 and is not
  // followed.
  if (arm64_ && state.regime.el == 2 && state.regime.two_halves && decoded.el == 1)
    written.el = 2;
  if (decoded.reg == Register::sctlr && written.el == state.regime.el) {
    if (((value ^ state.regime.sctlr) &
         (1U | 1U << 1 | 1U << 2 | 1U << 12 | 1U << 19 | 1U << 25)) == 0)
      return;
    const bool turns_on = (value & 1) != 0 && !state.regime.mmu();
    for (const Written& each : state.written) {
      const bool translation =
          each.reg == Register::ttbr || each.reg == Register::tcr || each.reg == Register::mair;
      if (turns_on && translation && each.el == written.el)
        findings_.report({Kind::no_isb, cpu, instruction.va, 0, each.pc,
                          "ISB between the registers of translation and SCTLR.M"});
    }
  }
  state.written.push_back(written);
}

void Watcher::tlb_operation(unsigned cpu, const Instruction& instruction) {
  Cpu& state = *cpus_[cpu];
  const Decoded& decoded = instruction.decoded;
  const bool host = arm64_ && state.regime.el == 2 && state.regime.two_halves;
  const unsigned el = host && decoded.el == 1 ? 2 : decoded.el;
  const bool all = decoded.op == Op::tlbi_all;
  const uint64_t operand = state.registers.general(arm64_, decoded.rt);
  // An address is bits 55:12 in bits 43:0 on arm64, itself on arm.
  const uint64_t va = arm64_ ? static_cast<uint64_t>(static_cast<int64_t>(operand << 20) >> 8)
                             : operand & 0xfffff000;
  tables_.invalidate(cpu, all, va);
  if (all)
    state.translations.at(el).tlb_pending = true;
}

void Watcher::barrier(unsigned cpu) {
  Cpu& state = *cpus_[cpu];
  Op op = Op::none;
  if (const uint64_t since = state.sweeps.complete(op); since != 0)
    lines_.swept(cpu, op, since);
  lines_.dsb(cpu);
  tables_.dsb(cpu);
  for (Translation& each : state.translations) {
    each.tlb_clean = each.tlb_clean || each.tlb_pending;
    each.tlb_pending = false;
  }
}

void Watcher::note_geometry(Cpu& state) {
  const bool wide = (state.registers.value("ID_AA64MMFR2_EL1") >> 20 & 15) != 0;
  state.sweeps.geometry(state.registers.general(arm64_, *state.geometry), wide && arm64_);
  state.geometry.reset();
}

void Watcher::instruction(unsigned cpu, const Instruction& instruction) {
  Cpu& state = *cpus_[cpu];
  if (state.geometry)
    note_geometry(state);
  const Decoded& decoded = instruction.decoded;
  if (decoded.op == Op::none)
    return;
  if (!state.known || state.changed)
    refresh(cpu);
  if (!arm64_ &&
      !condition_holds(decoded.condition, static_cast<uint32_t>(state.registers.value("cpsr"))))
    return;
  switch (decoded.op) {
    case Op::clean_poc:
    case Op::clean_pou:
    case Op::flush_poc:
    case Op::discard:
    case Op::ic_line:
      by_line(cpu, instruction);
      break;
    case Op::zero:
      zero(cpu, instruction);
      break;
    case Op::sweep_clean:
    case Op::sweep_flush:
    case Op::sweep_discard:
      state.sweeps.operation(decoded.op, state.registers.general(arm64_, decoded.rt), lines_.now());
      break;
    case Op::ic_all:
      lines_.ic_all(cpu);
      break;
    case Op::tlbi_line:
    case Op::tlbi_all:
      used(cpu, instruction.va, false);
      tlb_operation(cpu, instruction);
      break;
    case Op::translate:
      used(cpu, instruction.va, false);
      break;
    case Op::dsb:
      barrier(cpu);
      break;
    case Op::dsb_stores:
      lines_.dsb_stores(cpu);
      break;
    case Op::isb:
    case Op::exception_return:
      synchronize(cpu);
      state.changed = true;
      break;
    case Op::write_register:
      write_register(cpu, instruction);
      break;
    case Op::read_geometry:
      state.geometry = decoded.rt;
      break;
    default:
      break;
  }
}

}  // namespace hyprelay::coherence
