// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/guest/kernel_log.hpp"

#include "os/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hyprelay::rehearse::guest {
namespace {

// The sentences of hyp_mode_check() and hyp_mode report in arch/arm/kernel/hyp-stub users and
// arch/arm64/kernel/smp.c, the same since Linux 3.6 and 3.7.
struct Sentence {
  std::string_view text;
  std::string_view mode;
};
constexpr Sentence kSentences[] = {
    {"CPU: All CPU(s) started in HYP mode", "HYP"},
    {"CPU: All CPU(s) started in SVC mode", "SVC"},
    {"CPU: All CPU(s) started at EL2", "EL2"},
    {"CPU: All CPU(s) started at EL1", "EL1"},
    {"CPU: WARNING: CPU(s) started in wrong/inconsistent modes", "mixed"},
    {"CPU: CPUs started in inconsistent modes", "mixed"},
};

}  // namespace

std::string read_kernel_log() {
  std::string log;
  const os::FileDescriptor messages(open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!messages.valid()) {
    return log;
  }
  // Each read gives one record: "priority,sequence,time,flags;text\n" [Linux
  // Documentation/ABI/testing/dev-kmsg]. EPIPE: an old record was overwritten; the next is fine.
  char record[8192];
  for (;;) {
    const ssize_t count = read(messages.get(), record, sizeof record);
    if (count < 0 && (errno == EPIPE || errno == EINTR)) {
      continue;
    }
    if (count <= 0) {
      return log;
    }
    std::string_view text(record, static_cast<std::size_t>(count));
    text.remove_prefix(std::min(text.find(';') + 1, text.size()));
    log.append(text.substr(0, text.find('\n')));
    log += '\n';
  }
}

std::string_view boot_mode(std::string_view log) {
  for (const Sentence& sentence : kSentences) {
    if (log.find(sentence.text) != std::string_view::npos) {
      return sentence.mode;
    }
  }
  return "unknown";
}

std::string line_with(std::string_view log, std::string_view text) {
  const std::size_t hit = log.find(text);
  if (hit == std::string_view::npos) {
    return {};
  }
  const std::size_t start = log.rfind('\n', hit);
  const std::size_t from = start == std::string_view::npos ? 0 : start + 1;
  return std::string(log.substr(from, log.find('\n', hit) - from));
}

}  // namespace hyprelay::rehearse::guest
