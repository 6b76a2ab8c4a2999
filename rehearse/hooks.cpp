// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/hooks.hpp"

#include "abi/hr_abi.h"
#include "base/json.hpp"
#include "base/number_text.hpp"

#include <algorithm>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;
using nlohmann::ordered_json;

std::optional<std::uint64_t> number_at(const ordered_json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_number_unsigned()) {
    return std::nullopt;
  }
  return object[name].get<std::uint64_t>();
}

// Page tables, for one, lie right below the kernel's first instruction.
constexpr std::uint64_t kProbeBytes = 1 << 20;

// The linear mapping of Debian's 32-bit kernels begins there (VMSPLIT_3G): a bare kernel clears its
// bss, hundreds of KiB, with its MMU on, and the gdbstub watches addresses as the CPU sees them.
constexpr std::uint64_t kLinearMapping = 0xc0000000;
constexpr std::uint64_t kLastBytes = 1 << 16;

// What differs between the architectures, for reading the counter where the guest stands.
struct CounterRead {
  std::uint32_t instruction;
  unsigned pc;
  std::size_t register_bytes;
  std::size_t registers;  // r0 and r1 hold the two halves on arm
};
// mrrc p15, 1, r0, r1, c14 (CNTVCT); pc is register 15 of the description.
constexpr CounterRead kArmCounter = {0xec510f1e, 15, 4, 2};
// mrs x0, CNTVCT_EL0; pc is register 32.
constexpr CounterRead kArm64Counter = {0xd53be040, 32, 8, 1};

const CounterRead& counter_of(const Options& options) {
  return options.arch == handoff::Arch::kArm ? kArmCounter : kArm64Counter;
}

}  // namespace

const Targets::Segment* Targets::find(std::string_view kind) const {
  const auto found = std::find_if(segments.begin(), segments.end(),
                                  [&](const Segment& segment) { return segment.kind == kind; });
  return found == segments.end() ? nullptr : &*found;
}

Result<Targets> read_targets(std::string_view text_of_load) {
  const ordered_json load = base::parse_json(text_of_load);
  const auto missing = [](const char* key) {
    return Error(Code::REHEARSE_FAILED, Stage::kRehearse,
                 std::string("hyprelay load --json does not say ") + key);
  };
  Targets targets;
  const auto entry = number_at(load, "entry");
  const auto text = number_at(load, "text");
  if (!entry || !text || !load.contains("segments") || !load["segments"].is_array()) {
    return missing("entry, text and segments");
  }
  targets.entry = *entry;
  targets.text = *text;
  targets.memory_start = number_at(load, "memory_start").value_or(0);
  for (const ordered_json& footprint : load.value("footprints", ordered_json::array())) {
    const std::uint64_t start = number_at(footprint, "start").value_or(0);
    const std::uint64_t size = number_at(footprint, "size_bytes").value_or(0);
    if (*text >= start && *text - start < size) {
      targets.text_end = start + size;
    }
  }
  for (const ordered_json& segment : load["segments"]) {
    const auto start = number_at(segment, "start");
    const auto content_bytes = number_at(segment, "content_bytes");
    if (!start || !content_bytes || !segment.contains("kind") || !segment["kind"].is_string()) {
      return missing("kind, start and content_bytes of a segment");
    }
    targets.segments.push_back({segment["kind"].get<std::string>(), *start, *content_bytes});
    // Where the relay finds the kernel, when it inflates it.
    if (segment.contains("packed")) {
      const ordered_json& packed = segment["packed"];
      const auto at = number_at(packed, "start");
      const auto bytes = number_at(packed, "content_bytes");
      if (!at || !bytes) {
        return missing("where the packed kernel is");
      }
      targets.packed_kernel = Targets::Segment{"kernel", *at, *bytes};
    }
  }
  if (targets.find("relay") == nullptr) {
    return missing("where the relay is");
  }
  return targets;
}

Hooks::Hooks(const Options& options, std::string socket, std::string memory)
    : options_(options), socket_(std::move(socket)), memory_(std::move(memory)) {}

bool Hooks::wanted() const {
  return options_.icount || options_.watch || !options_.corrupt.empty();
}

Result<void> Hooks::prepare(std::string_view load) {
  HR_TRY(targets, read_targets(load));
  targets_ = std::move(targets);
  if (gdb_) {
    HR_TRYV(gdb_->interrupt());
  } else {
    HR_TRY(client, GdbClient::connect(socket_));
    gdb_.emplace(std::move(client));
  }
  breakpoints_.clear();
  if (!options_.corrupt.empty()) {
    breakpoints_.push_back(targets_.find("relay")->start);
  }
  if (options_.watch) {
    breakpoints_.push_back(targets_.entry);
  }
  if ((options_.watch || options_.icount) &&
      std::find(breakpoints_.begin(), breakpoints_.end(), targets_.text) == breakpoints_.end()) {
    breakpoints_.push_back(targets_.text);
  }
  for (const std::uint64_t address : breakpoints_) {
    HR_TRYV(gdb_->set_breakpoint(address));
  }
  return gdb_->resume();
}

Result<void> Hooks::on_stop() {
  const Result<GdbStop> stop = gdb_->read_stop();
  if (!stop) {
    // QEMU ended; what that means is on the console.
    gdb_.reset();
    return base::success();
  }
  HR_TRY(pc, gdb_->read_register(counter_of(options_).pc));
  if (stop.value().watched) {
    HR_TRYV(on_write(*stop.value().watched, pc));
    return gdb_->resume();
  }
  const auto hit = std::find(breakpoints_.begin(), breakpoints_.end(), pc);
  if (hit != breakpoints_.end()) {
    HR_TRYV(gdb_->clear_breakpoint(pc));
    breakpoints_.erase(hit);
    if (pc == targets_.find("relay")->start) {
      HR_TRYV(on_relay());
    }
    if (pc == targets_.entry && options_.watch) {
      HR_TRYV(on_entry());
    }
    if (pc == targets_.text) {
      HR_TRYV(on_text());
    }
  }
  return gdb_->resume();
}

// Flips one bit in the middle of the segment, where no check of a header would notice it first; of
// the relay, in the one word of its header that it does not use itself, because the relay must
// still run to find it.
Result<void> Hooks::on_relay() {
  const std::string kind = options_.corrupt == "tree" ? "device tree" : options_.corrupt;
  const Targets::Segment* segment =
      kind == "kernel" && targets_.packed_kernel ? &*targets_.packed_kernel : targets_.find(kind);
  if (segment == nullptr) {
    return Error(Code::REHEARSE_FAILED, Stage::kRehearse, "nothing to corrupt: no " + kind);
  }
  const std::uint64_t address =
      segment->start + (kind == "relay" ? HR_RELAY_HEADER_LOG : segment->content_bytes / 2);
  HR_TRY(byte, gdb_->read_memory(address, 1));
  byte[0] = static_cast<char>(byte[0] ^ 0x10);
  HR_TRYV(gdb_->write_memory(address, byte));
  corrupted_ = kind + " at " + base::hex(address);
  return base::success();
}

// The relay has jumped: from here to the kernel's first instruction everything that is watched
// belongs to the next kernel, and only the decompressor runs. A bare kernel is watched on, until it
// has cleared its bss.
Result<void> Hooks::on_entry() {
  before_.clear();
  if (!watch_) {
    watch_.emplace();
  }
  for (const Targets::Segment& segment : watched()) {
    HR_TRY(content, dump(segment));
    before_.push_back(std::move(content));
    HR_TRYV(gdb_->set_write_watch(segment.start, segment.content_bytes));
    watch_->bytes_watched += segment.content_bytes;
  }
  // What the decompressor, or the kernel itself, certainly writes: a watch that does not see that
  // sees nothing.
  const bool bare = targets_.entry == targets_.text;
  probe_ = Targets::Segment{"probe", targets_.text - kProbeBytes, kProbeBytes + (bare ? 0 : 4)};
  HR_TRYV(gdb_->set_write_watch(probe_->start, probe_->content_bytes));
  if (!bare) {
    return base::success();
  }
  last_ = Targets::Segment{
      "bss", kLinearMapping + targets_.text_end - targets_.memory_start - kLastBytes, kLastBytes};
  return gdb_->set_write_watch(last_->start, last_->content_bytes);
}

Result<void> Hooks::end_watch() {
  if (!before_.empty()) {
    const std::vector<Targets::Segment> segments = watched();
    for (std::size_t i = 0; i < segments.size(); ++i) {
      HR_TRYV(gdb_->clear_write_watch(segments[i].start, segments[i].content_bytes));
      HR_TRY(content, dump(segments[i]));
      if (content != before_[i]) {
        watch_->changes.push_back(segments[i].kind + " at " + base::hex(segments[i].start) +
                                  " differs");
      }
    }
    before_.clear();
    if (probe_) {
      HR_TRYV(gdb_->clear_write_watch(probe_->start, probe_->content_bytes));
      probe_.reset();
      blind_ = true;
    }
  }
  return base::success();
}

Result<void> Hooks::on_text() {
  if (targets_.text != targets_.entry) {
    HR_TRYV(end_watch());
  }
  if (options_.icount) {
    HR_TRY(counter, read_counter(targets_.text));
    arrivals_.push_back(counter);
  }
  return base::success();
}

Result<void> Hooks::on_write(std::uint64_t address, std::uint64_t pc) {
  // One is a failure already; a flood of them tells nothing more.
  constexpr std::size_t kEnough = 32;
  if (probe_ && address >= probe_->start && address - probe_->start < probe_->content_bytes) {
    HR_TRYV(gdb_->clear_write_watch(probe_->start, probe_->content_bytes));
    probe_.reset();
    return base::success();
  }
  if (last_ && address >= last_->start && address - last_->start < last_->content_bytes) {
    HR_TRYV(gdb_->clear_write_watch(last_->start, last_->content_bytes));
    last_.reset();
    return end_watch();
  }
  if (watch_ && watch_->writes.size() < kEnough) {
    watch_->writes.push_back("write to " + base::hex(address) + " before " + base::hex(pc));
  }
  return base::success();
}

// Executes one instruction of ours in the place of the kernel's first one, and puts everything
// back. The MMU is off there, so that memory can be written as the CPU sees it.
Result<std::uint64_t> Hooks::read_counter(std::uint64_t pc) {
  const CounterRead& read = counter_of(options_);
  std::string instruction;
  for (int i = 0; i < 4; ++i) {
    instruction += static_cast<char>(read.instruction >> (8 * i));
  }
  HR_TRY(code, gdb_->read_memory(pc, 4));
  std::vector<std::uint64_t> saved;
  for (unsigned i = 0; i < read.registers; ++i) {
    HR_TRY(value, gdb_->read_register(i));
    saved.push_back(value);
  }
  HR_TRYV(gdb_->write_memory(pc, instruction));
  HR_TRYV(gdb_->step());
  std::uint64_t counter = 0;
  for (unsigned i = 0; i < read.registers; ++i) {
    HR_TRY(value, gdb_->read_register(i));
    counter |= value << (8 * read.register_bytes * i);
    HR_TRYV(gdb_->write_register(i, saved[i], read.register_bytes));
  }
  HR_TRYV(gdb_->write_memory(pc, code));
  HR_TRYV(gdb_->write_register(read.pc, pc, read.register_bytes));
  return counter;
}

std::optional<Error> Hooks::complaint() const {
  const auto failed = [](std::string_view text) {
    return Error(Code::REHEARSE_FAILED, Stage::kRehearse, text);
  };
  if (options_.watch && (!watch_ || watch_->bytes_watched == 0)) {
    return failed("the watch saw no handoff");
  }
  if (blind_) {
    return failed("the watch did not even see the decompressor write the kernel");
  }
  if (last_) {
    return failed("the watch did not see the kernel clear its bss");
  }
  if (watch_ && !watch_->writes.empty()) {
    return failed(watch_->writes.front());
  }
  if (watch_ && !watch_->changes.empty()) {
    return failed(watch_->changes.front());
  }
  if (options_.icount && arrivals_.size() != options_.hops) {
    return failed("the first instruction of a kernel was not seen");
  }
  if (!options_.corrupt.empty()) {
    return failed(corrupted_.empty() ? "nothing was corrupted"
                                     : "nobody noticed the flipped byte: " + corrupted_);
  }
  return std::nullopt;
}

// Through QEMU's monitor: a dump of physical memory into a file is a thousand times faster than
// packets of 2 KiB in hex.
Result<std::string> Hooks::dump(const Targets::Segment& segment) {
  HR_TRYV(gdb_->monitor("pmemsave " + base::hex(segment.start) + " " +
                        base::hex(segment.content_bytes) + " \"" + memory_ + "\""));
  auto content = os::read_file(memory_);
  if (!content || content->size() != segment.content_bytes) {
    return Error(Code::REHEARSE_TOOL, Stage::kRehearse, "QEMU's pmemsave");
  }
  return std::move(*content);
}

std::vector<Targets::Segment> Hooks::watched() const {
  std::vector<Targets::Segment> segments;
  for (const Targets::Segment& segment : targets_.segments) {
    if (segment.kind != "kernel" && segment.content_bytes != 0) {
      segments.push_back(segment);
    }
  }
  return segments;
}

}  // namespace hyprelay::rehearse
