// SPDX-License-Identifier: BSD-2-Clause
#include "coherence/lines.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <new>

namespace hyprelay::coherence {

Lines::Lines(Findings& findings, const Profile& profile, uint64_t base, uint64_t size)
    : findings_(findings),
      profile_(profile),
      shift_(static_cast<unsigned>(std::countr_zero(profile.line))),
      base_(base),
      size_(size) {
  // Zero pages until a line is touched: only what the guest uses costs memory.
  mapped_ = (size >> shift_) * sizeof(Line);
  void* memory = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    throw std::bad_alloc();
  lines_ = static_cast<Line*>(memory);
}

Lines::~Lines() {
  munmap(lines_, mapped_);
}

Line& Lines::at(uint64_t index) {
  Line& line = lines_[index];
  if (line.dirty != 0 || line.stale != 0 || line.above_pou != 0)
    apply_sweeps(line);
  return line;
}

// What of the access is in the line.
uint64_t Lines::mask(const Access& access, uint64_t index) const {
  const uint64_t start = base_ + (index << shift_);
  const uint64_t from = std::max(access.pa, start) - start;
  const uint64_t to = std::min(access.pa + access.size, start + profile_.line) - start;
  const uint64_t bytes = to - from;
  return (bytes >= 64 ? ~uint64_t{0} : (uint64_t{1} << bytes) - 1) << from;
}

template <typename Each>
void Lines::each_line(const Access& access, Each each) {
  if (access.size == 0 || !holds(access.pa) || !holds(access.pa + access.size - 1))
    return;
  const uint64_t last = (access.pa + access.size - 1 - base_) >> shift_;
  for (uint64_t index = (access.pa - base_) >> shift_; index <= last; index++)
    each(at(index), mask(access, index), index);
}

void Lines::report(Kind kind, const Access& access, uint64_t other, std::string_view missing) {
  findings_.report({kind, access.cpu, access.pc, access.pa, other, missing});
}

std::string_view Lines::missing(const Line& line, std::string_view otherwise) const {
  return line.pending != 0 ? "DSB after the maintenance of the line" : otherwise;
}

void Lines::apply_sweeps(Line& line) {
  const Cpu& cpu = cpus_[line.owner];
  const uint64_t cleaned = std::max(cpu.clean_since, cpu.flush_since);
  if (line.stored_at < cleaned) {
    if (line.above_pou != 0)
      line.visible_at = cpu.sweep_done;
    line.above_pou = 0;
    if (!profile_.system_cache)
      line.dirty = 0;
  }
  if (profile_.system_cache || cpu.flush_since <= line.invalidated_at)
    return;
  line.invalidated_at = cpu.flush_since;
  if (line.uncached_at < cpu.flush_since)
    line.stale = 0;
}

bool Lines::maybe_cached(const Line& line, uint64_t index) const {
  const uint64_t flushed = profile_.system_cache ? 0 : cpus_[line.owner].flush_since;
  const uint64_t invalidated = std::max(line.invalidated_at, flushed);
  if (line.touched_at > invalidated)
    return true;
  const uint64_t pa = base_ + (index << shift_);
  for (const auto& [regime, ranges] : live_)
    for (const auto& [start, end] : ranges)
      if (pa >= start && pa < end)
        return true;
  return std::ranges::any_of(past_, [&](const auto& each) {
    return pa >= each.first.first && pa < each.first.second && each.second > invalidated;
  });
}

void Lines::load(const Access& access) {
  now_++;
  each_line(access, [&](Line& line, uint64_t bytes, uint64_t) {
    if ((line.lost & bytes) != 0)
      report(Kind::lost_write, access, line.discard_pc, "DC CIVAC instead of DC IVAC");
    if (access.cached) {
      if ((line.stale & bytes) != 0)
        report(Kind::stale_read, access, line.uncached_pc,
               missing(line, "DC IVAC of the line after the uncached write"));
      line.touched_at = now_;
      line.owner = static_cast<uint8_t>(access.cpu);
    } else if ((line.dirty & bytes) != 0) {
      report(Kind::read_past_dirty, access, line.store_pc,
             missing(line, "DC CVAC of the line before"));
    }
  });
}

void Lines::store(const Access& access) {
  now_++;
  each_line(access, [&](Line& line, uint64_t bytes, uint64_t index) {
    line.lost &= ~bytes;
    line.unfetched |= bytes;
    if (std::max(line.stored_at, line.uncached_at) < cpus_[access.cpu].stores_done_at)
      line.unordered = 0;
    line.unordered |= bytes;
    line.writer = static_cast<uint8_t>(access.cpu);
    if (access.cached) {
      line.stale &= ~bytes;
      // The line is written back whole: what was stale in it, too.
      line.dirty |= bytes | line.stale;
      line.above_pou |= bytes;
      line.since |= bytes;
      line.store_pc = access.pc;
      line.stored_at = line.touched_at = now_;
      line.owner = static_cast<uint8_t>(access.cpu);
      return;
    }
    if (line.dirty != 0)
      report(Kind::write_under_dirty, access, line.store_pc,
             missing(line, "DC CIVAC of the line before"));
    if (line.dirty != 0 || maybe_cached(line, index))
      line.stale |= bytes;
    line.uncached_pc = access.pc;
    line.uncached_at = line.visible_at = now_;
  });
}

void Lines::walk(const Access& access) {
  each_line(access, [&](Line& line, uint64_t bytes, uint64_t) {
    if ((line.unordered & bytes) != 0 &&
        std::max(line.stored_at, line.uncached_at) > cpus_[line.writer].stores_done_at)
      report(Kind::walk_before_dsb, access,
             line.stored_at > line.uncached_at ? line.store_pc : line.uncached_pc,
             "DSB after the write of the table");
    if (!access.cached && (line.dirty & bytes) != 0)
      report(Kind::walk_past_dirty, access, line.store_pc,
             missing(line, "DC CVAC of the table, or a walker that looks into caches (TCR)"));
    if (access.cached && (line.stale & bytes) != 0)
      report(Kind::walk_stale, access, line.uncached_pc,
             missing(line, "DC IVAC of the table after it was written"));
  });
}

bool Lines::fetch_from_cache(const Access& access, Line& line, uint64_t bytes) {
  if ((line.above_pou & bytes) != 0 && !profile_.idc) {
    report(Kind::fetch_not_at_pou, access, line.store_pc, missing(line, "DC CVAU of the line"));
    return false;
  }
  if ((line.stale & bytes) != 0) {
    report(Kind::fetch_stale, access, line.uncached_pc,
           missing(line, "DC IVAC of the line after the uncached write"));
    return false;
  }
  if ((line.unfetched & bytes) == 0)
    return false;
  const Cpu& cpu = cpus_[access.cpu];
  const uint64_t other = line.stored_at > line.uncached_at ? line.store_pc : line.uncached_pc;
  const bool by_line = line.ic_at > line.visible_at;
  if (!profile_.dic && !by_line && cpu.ic_all_at <= line.visible_at) {
    const bool waits = line.pending != 0 || cpu.ic_all_pending != 0;
    report(Kind::fetch_stale, access, other,
           waits ? "DSB after IC" : "IC IVAU or IC IALLU after the clean is complete");
    return false;
  }
  const uint64_t ready = profile_.dic ? line.visible_at : by_line ? line.ic_done : cpu.ic_all_done;
  if (cpu.synchronized_at < ready) {
    report(Kind::fetch_no_isb, access, other, "ISB after DSB");
    return false;
  }
  return true;
}

void Lines::fetch_line(const Access& access, Line& line, uint64_t bytes) {
  if ((line.lost & bytes) != 0)
    report(Kind::lost_write, access, line.discard_pc, "DC CIVAC instead of DC IVAC");
  if (access.cached) {
    if (fetch_from_cache(access, line, bytes))
      line.unfetched &= ~bytes;
    return;
  }
  if ((line.dirty & bytes) != 0) {
    report(Kind::fetch_not_at_pou, access, line.store_pc,
           missing(line, "DC CVAC of the line: fetches are uncached here"));
    return;
  }
  const bool changed = (line.unfetched & bytes) != 0;
  if (changed && cpus_[access.cpu].synchronized_at < std::max(line.stored_at, line.uncached_at))
    report(Kind::fetch_no_isb, access,
           line.stored_at > line.uncached_at ? line.store_pc : line.uncached_pc,
           "DSB and ISB after the write");
}

void Lines::fetch(const Access& access) {
  each_line(access, [&](Line& line, uint64_t bytes, uint64_t) {
    if ((line.unfetched | line.dirty | line.lost | line.stale) != 0)
      fetch_line(access, line, bytes);
  });
}

void Lines::maintain(Op op, const Access& access) {
  if (!holds(access.pa))
    return;
  const uint64_t index = (access.pa - base_) >> shift_;
  Line& line = at(index);
  now_++;
  if (op == Op::discard)
    line.discard_pc = access.pc;
  if (op != Op::ic_line)
    line.since = 0;
  line.pending++;
  cpus_[access.cpu].pending.push_back({index, op, line.dirty, line.above_pou, line.stale, now_});
}

void Lines::complete(const Pending& done) {
  Line& line = lines_[done.line];
  line.pending--;
  if (done.op == Op::ic_line) {
    line.ic_at = done.at;
    line.ic_done = now_;
    return;
  }
  const uint64_t kept = line.since;
  if (done.op == Op::discard)
    line.lost |= done.dirty & ~kept;
  const bool was_above = line.above_pou != 0;
  line.above_pou &= ~(done.above_pou & ~kept);
  if (was_above && line.above_pou == 0)
    line.visible_at = now_;
  if (done.op == Op::clean_pou)
    return;
  line.dirty &= ~(done.dirty & ~kept);
  if (done.op == Op::clean_poc)
    return;
  line.invalidated_at = std::max(line.invalidated_at, done.at);
  if (line.uncached_at < done.at)
    line.stale &= ~done.stale;
}

void Lines::ic_all(unsigned cpu) {
  cpus_[cpu].ic_all_pending = ++now_;
}

void Lines::swept(unsigned cpu, Op op, uint64_t since) {
  uint64_t& pending = op == Op::sweep_clean ? cpus_[cpu].clean_pending : cpus_[cpu].flush_pending;
  pending = std::max(pending, since);
}

void Lines::dsb(unsigned cpu) {
  Cpu& own = cpus_[cpu];
  own.stores_done_at = ++now_;
  for (const Pending& each : own.pending)
    complete(each);
  own.pending.clear();
  if (own.ic_all_pending != 0) {
    own.ic_all_at = std::exchange(own.ic_all_pending, 0);
    own.ic_all_done = now_;
  }
  if (own.clean_pending == 0 && own.flush_pending == 0)
    return;
  own.clean_since = std::max(own.clean_since, std::exchange(own.clean_pending, 0));
  own.flush_since = std::max(own.flush_since, std::exchange(own.flush_pending, 0));
  own.sweep_done = now_;
}

void Lines::speculate(uint64_t regime, const Ranges& ranges) {
  now_++;
  for (const auto& range : live_[regime])
    past_[range] = now_;
  if (ranges.empty()) {
    live_.erase(regime);
  } else {
    live_[regime] = ranges;
  }
}

}  // namespace hyprelay::coherence
