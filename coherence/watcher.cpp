// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/watcher.hpp"

#include <algorithm>

namespace hyprelay::coherence {
namespace {

// What of SCTLR the next instruction depends on: M, A, C, I, WXN, EE.
constexpr uint64_t kSctlrInForce = 1U | 1U << 1 | 1U << 2 | 1U << 12 | 1U << 19 | 1U << 25;
// Bytes from VBAR on that are vectors.
constexpr uint64_t kVectors64 = 0x800;
constexpr uint64_t kVectors32 = 0x20;

}  // namespace

Watcher::Watcher(Findings& findings, const Profile& profile, const Ram& ram, bool arm64)
    : findings_(findings),
      profile_(profile),
      ram_(ram),
      arm64_(arm64),
      lines_(findings, profile, ram.base, ram.size),
      tables_(findings) {}

void Watcher::start(unsigned cpu, bool running) {
  while (cpus_.size() <= cpu)
    cpus_.push_back(std::make_unique<Cpu>());
  cpus_[cpu]->registers.find();
  cpus_[cpu]->sweeps.set_levels(cpus_[cpu]->registers.value("CLIDR"));
  for (Translation& each : cpus_[cpu]->translations)
    each.tlb_clean = running;
  // A CPU that begins has fetched nothing yet.
  lines_.synchronized(cpu);
}

// Reads the registers anew where they may have changed, and sees whether translation went on or
// off.
void Watcher::refresh(unsigned cpu) {
  Cpu& state = *cpus_[cpu];
  const auto cpsr = static_cast<uint32_t>(state.registers.value("cpsr"));
  const uint32_t mode = arm64_ ? cpsr & 0xf : cpsr & 0x1f;
  if (state.known && !state.changed && mode == state.cpsr)
    return;
  state.cpsr = mode;
  state.el = state.registers.level(arm64_);
  const Regime before = state.regime;
  state.regime = state.registers.regime(arm64_, state.el);
  state.vectors = state.registers.vectors(arm64_, state.regime.el);
  const bool same = state.known && before.el == state.regime.el &&
                    before.sctlr == state.regime.sctlr && before.same_tables(state.regime);
  state.known = true;
  state.changed = false;
  if (!same)
    state.leaves.clear();
}

void Watcher::synchronize(unsigned cpu) {
  cpus_[cpu]->written.clear();
  lines_.synchronized(cpu);
}

// Something that depends on registers which were written since the last ISB. `memory_too`: not only
// on those of translation.
void Watcher::used(unsigned cpu, uint64_t pc, bool memory_too) {
  Cpu& state = *cpus_[cpu];
  if (state.written.empty())
    return;
  std::erase_if(state.written, [&](const Written& each) {
    const bool translation =
        each.reg == Register::ttbr || each.reg == Register::tcr || each.reg == Register::mair;
    const bool in_force = each.el == state.regime.el &&
                          (each.reg == Register::sctlr || (translation && state.regime.mmu()));
    const bool of_el1 = !memory_too && each.reg == Register::hcr;
    if (!in_force && !of_el1)
      return false;
    findings_.report({Kind::no_isb, cpu, pc, 0, each.pc, "ISB after the write of the register"});
    return true;
  });
}

// An exception: it synchronizes, but where it went to was said by VBAR.
void Watcher::entered(unsigned cpu, const Block& block) {
  Cpu& state = *cpus_[cpu];
  const uint64_t bytes = arm64_ ? kVectors64 : kVectors32;
  if (block.va == state.next_va || block.va - state.vectors >= bytes)
    return;
  for (const Written& each : state.written)
    if (each.reg == Register::vbar && each.el == state.regime.el)
      findings_.report({Kind::no_isb, cpu, block.va, 0, each.pc,
                        "ISB after the write of VBAR, before an exception"});
  if (const auto address = alignment_fault(cpu)) {
    const uint64_t pc =
        state.registers.read("ELR_EL" + std::to_string(state.regime.el)).value_or(state.block_va);
    findings_.report({Kind::unaligned_device, cpu, arm64_ ? pc : state.block_va, *address, 0,
                      "an aligned access, or Normal memory"});
  }
  synchronize(cpu);
}

// QEMU 10 has such faults itself for Device memory. [arm/ddi0487 D19.2.40, arm/ddi0406 B4.1.52]
std::optional<uint64_t> Watcher::alignment_fault(unsigned cpu) {
  Cpu& state = *cpus_[cpu];
  if (arm64_ || state.regime.el == 2) {
    const std::string el = std::to_string(state.regime.el);
    const uint64_t syndrome = state.registers.value("ESR_EL" + el);
    const uint64_t ec = syndrome >> 26 & 0x3f;
    const bool data_abort = ec == 0x24 || ec == 0x25;
    if (!data_abort || (syndrome & 0x3f) != 0x21)
      return std::nullopt;
    return state.registers.value("FAR_EL" + el);
  }
  constexpr uint32_t kAbort = 0x17;
  const uint64_t status = state.registers.value("DFSR");
  const uint64_t expected = (status >> 9 & 1) != 0 ? status & 0x3f : (status & 0xf) + 0x20;
  if (state.cpsr != kAbort || expected != 0x21)
    return std::nullopt;
  return state.registers.value("DFAR");
}

void Watcher::block(unsigned cpu, const Block& block) {
  Cpu& state = *cpus_[cpu];
  if (state.geometry)
    note_geometry(state);
  const bool sequential = block.va == state.next_va;
  refresh(cpu);
  entered(cpu, block);
  if (!sequential)
    used(cpu, block.va, true);
  Translation& translation = state.translations.at(state.regime.el);
  if (state.regime.mmu() != translation.on) {
    if (state.regime.mmu()) {
      turned_on(cpu, block.va);
    } else {
      turned_off(cpu);
    }
  } else if (translation.on && !translation.last->same_tables(state.regime) &&
             !state.regime.two_halves) {
    turned_on(cpu, block.va);
  }
  state.next_va = block.end;
  state.block_va = block.va;
  if (!block.in_ram)
    return;
  bool cached = state.regime.instruction_cache() || state.regime.default_cached();
  if (state.regime.mmu()) {
    const auto leaf = leaf_of(cpu, block.va, block.va);
    cached = leaf && leaf->cached && state.regime.instruction_cache();
  }
  lines_.fetch({cpu, block.va, block.pa, static_cast<unsigned>(block.end - block.va), cached});
}

std::optional<Leaf> Watcher::leaf_of(unsigned cpu, uint64_t va, uint64_t pc) {
  Cpu& state = *cpus_[cpu];
  const uint64_t page = va >> 12;
  if (const auto known = state.leaves.find(page); known != state.leaves.end())
    return known->second;
  const bool upper = va >> 55 != 0;
  const Memory memory = [&](uint64_t pa, unsigned bytes) {
    return ram_.read(pa, bytes, state.regime.big);
  };
  const auto leaf = translate(state.regime, memory, va, [&](const Entry& entry) {
    tables_.seen(entry);
    lines_.walk({cpu, pc, entry.pa, entry.bytes, state.regime.walks_cached(upper)});
  });
  if (leaf)
    state.leaves[page] = *leaf;
  return leaf;
}

std::optional<uint64_t> Watcher::physical_of(unsigned cpu, uint64_t va, uint64_t pc) {
  if (!cpus_[cpu]->regime.mmu())
    return va;
  const auto leaf = leaf_of(cpu, va, pc);
  if (!leaf)
    return std::nullopt;
  return leaf->pa + (va - leaf->va);
}

bool Watcher::cached_data(unsigned cpu, uint64_t va, uint64_t pc) {
  const Regime& regime = cpus_[cpu]->regime;
  if (!regime.mmu())
    return regime.default_cached();
  if (!regime.data_cache())
    return false;
  const auto leaf = leaf_of(cpu, va, pc);
  return leaf && leaf->cached;
}

// With the MMU off QEMU 10 has unaligned ones fault itself, by the size of their elements:
// alignment_fault.
void Watcher::device_access(unsigned cpu, const Instruction& instruction, uint64_t va,
                            unsigned size) {
  const Regime& regime = cpus_[cpu]->regime;
  bool device = !regime.mmu() && !regime.default_cached();
  if (regime.mmu()) {
    const auto leaf = leaf_of(cpu, va, instruction.va);
    device = leaf && leaf->device;
  }
  if (!device)
    return;
  if (regime.mmu() && instruction.single && (va & (size - 1)) != 0)
    findings_.report({Kind::unaligned_device, cpu, instruction.va, va, 0,
                      "an aligned access, or Normal memory"});
  if (instruction.decoded.op == Op::exclusive)
    findings_.report({Kind::exclusive_device, cpu, instruction.va, va, 0,
                      "Normal cacheable memory: exclusives need not work elsewhere"});
}

void Watcher::access(unsigned cpu, const Instruction& instruction, uint64_t va, uint64_t pa,
                     unsigned size, bool store) {
  Cpu& state = *cpus_[cpu];
  if (!lines_.holds(pa))
    return;
  if (!state.known || state.changed)
    refresh(cpu);
  used(cpu, instruction.va, true);
  const bool cached = cached_data(cpu, va, instruction.va);
  if (!cached)
    device_access(cpu, instruction, va, size);
  const Access access{cpu, instruction.va, pa, size, cached};
  if (!store) {
    lines_.load(access);
    return;
  }
  lines_.store(access);
  if (!tables_.holds(pa))
    return;
  tables_.stored(cpu, instruction.va, pa, size, [&](uint64_t at, unsigned bytes) {
    return ram_.read(at, bytes, state.regime.big);
  });
  for (const auto& each : cpus_)
    each->leaves.clear();
}

}  // namespace hyprelay::coherence
