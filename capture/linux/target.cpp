// SPDX-License-Identifier: BSD-2-Clause
#include "capture/linux/target.hpp"

#include "digest/digest.hpp"
#include "os/files.hpp"

#include <cerrno>
#include <utility>

namespace hyprelay::capture {

base::Result<std::unique_ptr<Target>> open_target(const TargetName& name, const Settings& settings,
                                                  const std::string& dump_name) {
  switch (name.kind) {
    case TargetKind::kDirectory:
      return open_directory(name.path, dump_name);
    case TargetKind::kDevice:
      return open_device(name.path, settings.force, dump_name);
    case TargetKind::kSsh:
      return open_ssh(name, settings, dump_name);
  }
  __builtin_unreachable();
}

base::Sha256 new_sha256() {
  return base::Sha256(digest::engine_of_process().sha256);
}

base::Result<void> write_all(int fd, base::ByteView bytes, const std::string& place) {
  errno = 0;
  if (os::write_all(fd, base::text_of(bytes))) {
    return base::success();
  }
  // 0: nothing was written, and no reason given.
  const bool full = errno == 0 || errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return base::Error(full ? base::Code::CAPTURE_FULL : base::Code::CAPTURE_WRITE,
                     base::Stage::kCapture, place);
}

base::Result<os::Process> start_program(const std::vector<std::string>& words,
                                        const os::Launch& launch) {
  if (auto process = os::Process::start(words, launch)) {
    return std::move(*process);
  }
  return base::Error(base::Code::CAPTURE_TOOL, base::Stage::kCapture, words.front());
}

}  // namespace hyprelay::capture
