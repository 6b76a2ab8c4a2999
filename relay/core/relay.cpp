// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/relay.hpp"

#include "bare/system.hpp"
#include "compat/hr_psci.h"
#include "relay/core/arch.hpp"
#include "relay/core/baton.hpp"
#include "relay/core/climb.hpp"
#include "relay/core/digest.hpp"
#include "relay/core/gic.hpp"
#include "relay/core/granule.hpp"
#include "relay/core/identity_map.hpp"
#include "relay/core/inflate.hpp"
#include "relay/core/record.hpp"
#include "relay/core/text.hpp"
#include "relay/layout.h"

#include <algorithm>

namespace hyprelay::relay {

using bare::Hex;
using bare::HexBytes;
using bare::Log;
using bare::Uart;
using bare::Voice;

namespace {

constexpr char kPrefix[] = "hyprelay relay: ";

// Bits of an address on this architecture: what a baton may name.
constexpr unsigned kAddressBits = sizeof(void*) == 8 ? 48 : 32;

const hr_baton& own_baton() {
  return *reinterpret_cast<const hr_baton*>(hr_baton_bytes);
}

std::uintptr_t address_of(const void* object) {
  return reinterpret_cast<std::uintptr_t>(object);
}

base::PhysRange range_of(std::uint64_t start, std::uint64_t end) {
  return base::PhysRange::from_bounds(base::PhysAddr(start), base::PhysAddr(end))
      .value_or(base::PhysRange());
}

}  // namespace

Relay::Relay(const char* image, std::uint32_t mode, std::uint64_t counter)
    : image_(image),
      mode_(mode),
      baton_(own_baton()),
      // Without a UART: until the checksum holds, its address could be that of anything.
      voice_(Uart(), Log({hr_log, HR_RELAY_LOG_SIZE})) {
  record_.magic = HR_RECORD_MAGIC;
  record_.version = HR_RECORD_VERSION;
  record_.entered_mode = mode;
  record_.left_mode = mode;
  record_.climb = at_top() ? HR_CLIMB_NOT_NEEDED : HR_CLIMB_NOT_TRIED;
  record_.counter_hz = hr_counter_hz();
  record_.counter_entered = counter;
}

void Relay::run() {
  const base::Result<void> whole = check_whole(baton_);
  const Uart named = whole ? Uart(baton_.console_kind, baton_.console_base, baton_.console_shift,
                                  baton_.console_width)
                           : Uart();
  const bool silenced = named.size_bytes() != 0 &&
                        !are_registers(baton_, named.base(), named.size_bytes(), kAddressBits);
  if (!silenced) {
    voice_.uart() = named;
  }
  say_detail() << "entered in " << mode_text(mode_) << "\n";
  if (!whole) {
    fail(whole.error());
  }
  if (silenced) {
    say() << "warning: nothing is sent to a console at " << Hex{baton_.console_base}
          << ", where something was loaded\n";
  }
  const base::Result<void> checked = check();
  if (!checked) {
    fail(checked.error());
  }
  const base::Result<void> climbed = climb_up();
  if (!climbed) {
    fail(climbed.error());
  }
  quiesce_interrupts();
  record_.counter_checked = hr_counter();
  verify();
  const base::Result<void> startable = check_kernel();
  if (!startable) {
    fail(startable.error());
  }
  jump();
}

base::Result<void> Relay::check() {
  HR_TRYV(
      check_fields(baton_, range_of(address_of(image_), address_of(hr_memory_end)), kAddressBits));
  record_.resident = at_top() ? std::uint32_t{HR_DIALECT_NONE} : baton_.resident;
  if (mode_ == HR_MODE_UNKNOWN) {
    return base::Error(base::Code::RELAY_NOT_HYP, base::Stage::kRelay, mode_text(mode_));
  }
  return base::success();
}

base::Result<void> Relay::climb_up() {
  if (at_top()) {
    return base::success();
  }
  const std::uint64_t before = hr_counter();
  const ClimbOutcome outcome = climb(baton_);
  record_.climb = outcome.climb;
  if (outcome.at_top) {
    // Up there the counter is the physical one, which a resident may have set the virtual one off
    // from: all times of the record must be of the same.
    record_.counter_entered = hr_counter() - (before - record_.counter_entered);
    mode_ = mode_ == HR_MODE_SVC ? HR_MODE_HYP : HR_MODE_EL2;
    record_.left_mode = mode_;
    say_detail() << "climbed to " << mode_text(mode_) << " through "
                 << dialect_text(baton_.resident) << ": " << climb_text(outcome.climb) << "\n";
    return base::success();
  }
  if (outcome.climb != HR_CLIMB_NOT_TRIED) {
    say() << "warning: " << dialect_text(baton_.resident) << ": " << climb_text(outcome.climb)
          << ", answer " << Hex{outcome.answer} << "\n";
  }
  if ((baton_.flags & HR_BATON_REQUIRE_HYP) != 0) {
    return base::Error(base::Code::RELAY_NOT_HYP, base::Stage::kRelay, mode_text(mode_));
  }
  return base::success();
}

void Relay::quiesce_interrupts() {
  const GicOutcome outcome = quiesce_gic(baton_, kAddressBits);
  if (outcome.its_disabled + outcome.redistributors_disabled != 0) {
    say_detail() << "stopped " << std::uint64_t{outcome.its_disabled} << " ITS and the LPIs of "
                 << std::uint64_t{outcome.redistributors_disabled} << " redistributors\n";
  }
  if (outcome.stuck != 0) {
    say() << "warning: " << std::uint64_t{outcome.stuck}
          << " GIC frames did not stop; they may still write to memory\n";
  }
}

// Only the memory that the relay must reach: nothing else can then be read on speculation, and a
// stray write of the relay's own cannot damage what was loaded.
bool Relay::map_all() {
  const unsigned bits = hr_mmu_address_bits();
  if (bits == 0) {
    return false;
  }
  IdentityMap map(reinterpret_cast<Table*>(hr_tables), HR_RELAY_TABLES, bits, at_top());
  const auto range = [](std::uint64_t start, std::uint64_t size_bytes) {
    return range_of(start, start + size_bytes);
  };
  const std::uint64_t image = address_of(image_);
  const std::uint64_t scratch = address_of(hr_scratch);
  bool mapped = map.map(range(image, scratch - image), Access::kCode) &&
                map.map(range(scratch, address_of(hr_memory_end) - scratch), Access::kData) &&
                map.map(range(voice_.uart().base(), voice_.uart().size_bytes()), Access::kDevice);
  for (const hr_baton_segment& segment : segments_of(baton_)) {
    // The relay's own segment is the code above.
    if (segment.kind != HR_SEGMENT_RELAY) {
      mapped = mapped && map.map(range(segment.start, segment.size), Access::kReadOnly);
    }
  }
  return mapped && (baton_.packed_bytes == 0 ||
                    map.map(range(baton_.inflated.start, baton_.inflated.size), Access::kData));
}

std::uint32_t Relay::caches_on() {
  const auto flush_later = [this](const hr_baton_segment& segment) {
    flush_[flush_count_][0] = segment.start;
    flush_[flush_count_][1] = segment.size;
    ++flush_count_;
  };
  for (const hr_baton_segment& segment : segments_of(baton_)) {
    flush_later(segment);
    // What was loaded is at the PoC. A line from before the load would hide it.
    hr_cache_flush(static_cast<std::uintptr_t>(segment.start),
                   static_cast<std::size_t>(segment.size));
  }
  if (baton_.packed_bytes != 0) {
    flush_later(baton_.inflated);
  }
  if (!map_all()) {
    return 0;
  }
  hr_cache_flush(address_of(image_), address_of(hr_memory_end) - address_of(image_));
  hr_mmu_on(reinterpret_cast<const std::uint64_t*>(hr_tables));
  cached_ = true;
  return HR_VERIFY_CACHED;
}

void Relay::caches_off() {
  if (cached_) {
    hr_mmu_off(address_of(image_), address_of(hr_memory_end) - address_of(image_), flush_,
               flush_count_);
    cached_ = false;
  }
}

void Relay::verify() {
  const std::uint64_t begun = hr_counter();
  const digest::Engine engine = best_engine();
  const bool crypto = engine.sha256_instructions && baton_.digest_algorithm == HR_DIGEST_SHA256;
  record_.digest_algorithm = baton_.digest_algorithm;
  record_.verify_flags = caches_on() | (crypto ? std::uint32_t{HR_VERIFY_CRYPTO} : 0);
  record_.counter_mapped = hr_counter();
  const Verdict verdict = verify_segments(baton_, engine);
  record_.counter_verified = hr_counter();
  if (verdict.segments_verified != baton_.segment_count) {
    caches_off();
    fail_digest(baton_.segments[verdict.segments_verified], verdict.found);
  }
  inflate(engine);
  record_.segments_verified = verdict.segments_verified;
  record_.bytes_verified = verdict.bytes_verified;
  say_detail() << "verified " << std::uint64_t{verdict.segments_verified} << " segments, "
               << verdict.bytes_verified << " bytes in " << record_.counter_verified - begun
               << " ticks of " << std::uint64_t{record_.counter_hz} << " Hz ("
               << ((record_.verify_flags & HR_VERIFY_CACHED) != 0 ? "cached" : "uncached")
               << ((record_.verify_flags & HR_VERIFY_CRYPTO) != 0 ? ", crypto" : "") << ")\n";
}

void Relay::inflate(const digest::Engine& engine) {
  const hr_baton_segment& to = baton_.inflated;
  const bool packed = baton_.packed_bytes != 0;
  const bool whole = !packed || inflate_kernel(baton_, cached_);
  const digest::Digest found =
      packed && whole ? digest_of_inflated(baton_, engine) : digest::Digest();
  record_.counter_inflated = hr_counter();
  caches_off();
  if (!whole) {
    fail(base::Error(base::Code::RELAY_INFLATE, base::Stage::kRelay, "to").with_at(to.start));
  }
  if (packed && !std::ranges::equal(found, std::as_bytes(std::span(to.digest)))) {
    fail_digest(to, found);
  }
  record_.verify_flags |= packed ? HR_VERIFY_INFLATED : 0;
}

// With the caches off and no line of the tree in them, so that plain stores reach the PoC; flushed
// again all the same, because a kernel that finds its caches on would read a line from before.
void Relay::write_record() {
  if (baton_.record == 0) {
    return;
  }
  record_.counter_left = hr_counter();
  const auto bytes = encode(record_);
  auto* to = reinterpret_cast<volatile std::byte*>(static_cast<std::uintptr_t>(baton_.record));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    to[i] = bytes[i];
  }
  hr_cache_flush(static_cast<std::uintptr_t>(baton_.record), bytes.size());
}

// By the kernel's own header, which the digest vouches for.
base::Result<void> Relay::check_kernel() {
  const std::uint32_t page_bytes = missing_page_bytes(running_kernel(baton_));
  return page_bytes == 0
             ? base::success()
             : base::Result<void>(base::Error(base::Code::RELAY_PAGES, base::Stage::kRelay, "bytes")
                                      .with_at(page_bytes));
}

void Relay::jump() {
  say() << "starting next kernel at " << Hex{baton_.entry} << " in " << mode_text(mode_) << ", "
        << std::uint64_t{record_.segments_verified} << " segments verified\n";
  voice_.uart().drain();
  write_record();
  hr_boot(static_cast<std::uintptr_t>(baton_.entry), static_cast<std::uintptr_t>(baton_.tree));
}

// Without a UART until the baton is whole, so that the flag is never a damaged one.
Voice& Relay::say() {
  voice_.spare_wire(false);
  return voice_ << kPrefix;
}

Voice& Relay::say_detail() {
  voice_.spare_wire((baton_.flags & HR_BATON_VERBOSE) == 0);
  return voice_ << kPrefix;
}

Voice& Relay::complain(base::Code code) {
  const unsigned number = static_cast<unsigned>(code);
  const char digits[] = {"0123456789abcdef"[number >> 8 & 15], "0123456789abcdef"[number >> 4 & 15],
                         "0123456789abcdef"[number & 15]};
  return say() << "E" << std::string_view(digits, sizeof(digits)) << " ";
}

void Relay::fail(const base::Error& error) {
  complain(error.code()) << sentence(error.code()) << ": " << error.subject();
  if (error.has_at()) {
    voice_ << " " << Hex{error.at()};
  }
  stop(error.code());
}

void Relay::fail_digest(const hr_baton_segment& segment, const digest::Digest& found) {
  complain(base::Code::RELAY_DIGEST)
      << "segment " << segment_text(segment.kind) << " at " << Hex{segment.start}
      << " is not what was loaded: expected " << HexBytes{std::as_bytes(std::span(segment.digest))}
      << ", found " << HexBytes{found};
  stop(base::Code::RELAY_DIGEST);
}

void Relay::report_exception(std::uint32_t slot, std::uintptr_t pc, std::uintptr_t syndrome,
                             std::uintptr_t address) {
  // A second one can only come from reporting the first: say nothing more.
  if (++exceptions_ > 1) {
    hr_park(HR_ERROR_RELAY_EXCEPTION);
  }
  caches_off();
  complain(base::Code::RELAY_EXCEPTION)
      << sentence(base::Code::RELAY_EXCEPTION) << ": vector " << std::uint64_t{slot} << ", pc "
      << Hex{pc} << " (image + " << Hex{pc - address_of(image_)} << "), syndrome " << Hex{syndrome}
      << ", address " << Hex{address};
  stop(base::Code::RELAY_EXCEPTION);
}

void Relay::report_return() {
  complain(base::Code::RELAY_RETURNED) << sentence(base::Code::RELAY_RETURNED);
  stop(base::Code::RELAY_RETURNED);
}

// A call upwards is only made when somebody is there: HVC from HYP/EL2 would come back to us. A
// baton that is damaged decides here too, since a machine that resets is worth more than one that
// hangs: _SMC and _HVC are two bits apart, every other value makes no call, and the call writes to
// no memory.
void Relay::stop(base::Code code) {
  const std::uint32_t conduit = baton_.psci_conduit;
  const bool halt = (baton_.flags & HR_BATON_HALT) != 0;
  const bool reachable = conduit == HR_CONDUIT_SMC || (conduit == HR_CONDUIT_HVC && !at_top());
  if (!halt && reachable) {
    voice_ << "; resetting\n";
    voice_.uart().drain();
    hr_cache_flush(address_of(hr_log), HR_RELAY_LOG_SIZE);
    hr_psci_system_reset(conduit);
    say() << "the firmware refused to reset; halted\n";
  } else {
    voice_ << (halt ? "; halted as asked\n" : "; halted: no way to reset is known\n");
  }
  voice_.uart().drain();
  hr_cache_flush(address_of(hr_log), HR_RELAY_LOG_SIZE);
  hr_park(static_cast<std::uint32_t>(code));
}

}  // namespace hyprelay::relay
