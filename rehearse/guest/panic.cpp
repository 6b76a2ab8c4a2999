// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/panic.hpp"

#include "base/number_text.hpp"
#include "os/files.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>

namespace hyprelay::rehearse::guest {
namespace {

constexpr std::size_t kTokenBytes = 16;

// An entry of pagemap: the frame in bits 0 to 54 when bit 63 says that the page is there.
constexpr std::uint64_t kFrameBits = (std::uint64_t{1} << 55) - 1;

std::optional<std::uint64_t> physical_of(const void* page) {
  const os::FileDescriptor map(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
  const auto page_size = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const auto address = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(page));
  std::uint64_t entry = 0;
  const auto at = static_cast<off_t>(address / page_size * sizeof entry);
  if (!map.valid() || pread(map.get(), &entry, sizeof entry, at) != sizeof entry ||
      entry >> 63 == 0 || (entry & kFrameBits) == 0) {
    return std::nullopt;
  }
  return (entry & kFrameBits) * page_size + address % page_size;
}

std::string fresh_token() {
  unsigned char bytes[kTokenBytes] = {};
  if (getrandom(bytes, sizeof bytes, GRND_NONBLOCK) < 0) {
    // A kernel this young may have no randomness; the time since boot tells runs apart.
    timespec now = {};
    clock_gettime(CLOCK_MONOTONIC, &now);
    std::memcpy(bytes, &now, std::min(sizeof now, sizeof bytes));
  }
  return base::hex_bytes(std::as_bytes(std::span(bytes)));
}

}  // namespace

std::optional<Marker> plant_marker() {
  const std::size_t size_bytes = marker_page("").size();
  void* page =
      mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) {
    return std::nullopt;
  }
  Marker marker;
  marker.token = fresh_token();
  const std::string content = marker_page(marker.token);
  std::memcpy(page, content.data(), content.size());
  mlock(page, size_bytes);
  const auto physical = physical_of(page);
  if (!physical) {
    return std::nullopt;
  }
  marker.physical = *physical;
  return marker;
}

void stay_on(unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

void panic_now() {
  const os::FileDescriptor trigger(open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC));
  os::write_all(trigger.get(), "c");
}

}  // namespace hyprelay::rehearse::guest
