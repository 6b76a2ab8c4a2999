// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/unpack/measure.hpp"

#include "handoff/unpack/decoders.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace hyprelay::handoff {
namespace {

// No machine has a crash region that this would go into.
constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30;
constexpr rlim_t kCpuSeconds = 60;

// An ArchiveWalk as it goes through a pipe.
struct Report {
  ArchiveContent content;
  std::uint64_t packed_parts = 0;
  std::uint64_t understood_bytes = 0;
  std::array<char, 160> stopped = {};
};
static_assert(std::is_trivially_copyable_v<Report>);

void limit(decltype(RLIMIT_CPU) what, rlim_t most) {
  const rlimit both = {most, most};
  static_cast<void>(::setrlimit(what, &both));
}

ArchiveWalk not_walked(std::string why) {
  ArchiveWalk walk;
  walk.stopped = std::move(why);
  return walk;
}

// What the child looks at, fetched there so that its parent's memory does not grow.
struct Subject {
  std::function<ArchiveWalk()> walk;
  std::uint64_t size_bytes;
};

[[noreturn]] void walk_in_child(const Subject& subject, int pipe_end) {
  limit(RLIMIT_CPU, kCpuSeconds);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
#ifndef __SANITIZE_ADDRESS__
  // Sanitizers keep their own memory in terabytes of it.
  limit(RLIMIT_DATA, subject.size_bytes + 2 * kDecoderBytes);
#endif
  ArchiveWalk walk;
  try {
    walk = subject.walk();
  } catch (...) {
    // Its parent tells of it. Nobody above may: he would do so twice, and go on as its parent does.
    ::_exit(1);
  }
  Report report{walk.content, walk.packed_parts, walk.understood_bytes, {}};
  walk.stopped.copy(report.stopped.data(), report.stopped.size() - 1);
  // Below what a pipe holds: written at once.
  const std::string_view bytes(reinterpret_cast<const char*>(&report), sizeof(report));
  ::_exit(os::write_all(pipe_end, bytes) ? 0 : 1);
}

ArchiveWalk walk_apart(const Subject& subject) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) {
    return not_walked("there is no pipe to be had");
  }
  const os::FileDescriptor from(ends[0]);
  os::FileDescriptor into(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    walk_in_child(subject, into.get());
  }
  into = os::FileDescriptor();
  if (child < 0) {
    return not_walked("there is no process to be had");
  }
  Report report;
  std::size_t got = 0;
  while (got < sizeof(report)) {
    const ssize_t some =
        ::read(from.get(), reinterpret_cast<char*>(&report) + got, sizeof(report) - got);
    if (some == 0 || (some < 0 && errno != EINTR)) {
      break;
    }
    got += some > 0 ? static_cast<std::size_t>(some) : 0;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (got == sizeof(report)) {
    report.stopped.back() = '\0';
    return {report.content, report.packed_parts, report.understood_bytes, report.stopped.data()};
  }
  const bool late =
      WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
  return not_walked(late ? "unpacking it takes more than a minute"
                         : "unpacking it takes more memory than there is for that");
}

}  // namespace

InitrdSize measure_initrd(const os::InputFile& file, const InitrdPart& part,
                          std::uint32_t page_size_bytes) {
  const auto walk = [&] {
    // A file that has become shorter meanwhile, too.
    const auto bytes = file.peek(static_cast<std::size_t>(file.size_bytes()));
    const auto there = bytes ? base::slice(bytes.value(), part.offset_bytes, part.size_bytes)
                             : base::Result<base::ByteView>(bytes.error());
    return there ? walk_archive(there.value(), unpack_part, kMostBytes)
                 : not_walked("it could not be read whole");
  };
  return initrd_size(walk_apart({walk, file.size_bytes()}), part.size_bytes, page_size_bytes);
}

InitrdSize measure_contained_initrd(base::ByteView initrd, std::uint32_t page_size_bytes) {
  const auto walk = [&] { return walk_archive(initrd, unpack_part, kMostBytes); };
  return initrd_size(walk_apart({walk, initrd.size()}), initrd.size(), page_size_bytes);
}

}  // namespace hyprelay::handoff
