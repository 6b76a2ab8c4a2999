// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/panic.hpp"

#include "rehearse/guest/files.hpp"
#include "rehearse/protocol.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace hyprelay::rehearse::guest {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kTokenBytes = 16;

// An entry of pagemap: the frame in bits 0 to 54 when bit 63 says that the page is there.
constexpr std::uint64_t kFrameBits = (std::uint64_t{1} << 55) - 1;

std::optional<std::uint64_t> physical_of(const void* page) {
  const Descriptor map(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
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
  std::string token;
  for (const unsigned char byte : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    token += kDigits[byte >> 4];
    token += kDigits[byte & 15];
  }
  return token;
}

}  // namespace

std::optional<Marker> plant_marker() {
  void* page = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) {
    return std::nullopt;
  }
  Marker marker;
  marker.token = fresh_token();
  const std::string content = marker_page(marker.token);
  std::memcpy(page, content.data(), content.size());
  mlock(page, kPage);
  const auto physical = physical_of(page);
  if (!physical) {
    return std::nullopt;
  }
  marker.physical = *physical;
  return marker;
}

std::string marker_page(std::string_view token) {
  std::string page;
  while (!token.empty() && page.size() + token.size() <= kPage) {
    page += token;
  }
  page.resize(kPage, '.');
  return page;
}

std::string marker_parameter(const Marker& marker) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string address;
  for (std::uint64_t rest = marker.physical; rest != 0; rest >>= 4) {
    address.insert(address.begin(), kDigits[rest & 15]);
  }
  return std::string(kMarkerParameter) + "0x" + address + "," + marker.token;
}

std::optional<Marker> marker_of(std::string_view command_line) {
  const std::size_t at = command_line.find(kMarkerParameter);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string word(command_line.substr(at + kMarkerParameter.size()));
  char* rest = nullptr;
  Marker marker;
  marker.physical = std::strtoull(word.c_str(), &rest, 16);
  if (*rest != ',') {
    return std::nullopt;
  }
  const std::string_view token(rest + 1);
  marker.token = token.substr(0, token.find_first_of(" \n"));
  return marker;
}

void stay_on(unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

void panic_now() {
  const Descriptor trigger(open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC));
  write_all(trigger.get(), "c");
}

}  // namespace hyprelay::rehearse::guest
