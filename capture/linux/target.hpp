// SPDX-License-Identifier: BSD-2-Clause
// Where a dump goes. One interface for a directory, a raw partition and another machine.
// Environment: Linux.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"
#include "capture/copy.hpp"
#include "capture/settings.hpp"
#include "os/process.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::capture {

// Use: save_log() once, then begin(), write() and skip(), and commit() or abandon(). begin() again
// starts the image over.
class Target : public Sink {
 public:
  // Of the log and of the image, for people: "/var/crash/2026.../dmesg.txt".
  virtual std::string log_place() const = 0;
  virtual std::string image_place() const = 0;
  // nullopt: the destination does not tell.
  virtual std::optional<std::uint64_t> free_bytes() = 0;

  // The log is there, whole and written back, when this returns. Errors: CAPTURE_FULL,
  // CAPTURE_WRITE, CAPTURE_SSH.
  virtual base::Result<void> save_log(std::string_view log) = 0;
  // `name`: "vmcore.zst". Errors: as save_log.
  virtual base::Result<void> begin(const std::string& name) = 0;
  // The image is whole: written back, and only then under its final name. `digest`: SHA-256 of what
  // was given to write() and skip(). Errors: as save_log, CAPTURE_DAMAGED.
  virtual base::Result<void> commit(const base::Sha256Digest& digest) = 0;
  // What was written so far stays, marked as incomplete.
  virtual void abandon() = 0;
  // What was written since begin() is worth nothing: where it can be removed, it is.
  virtual void discard() { abandon(); }

  // A path that another program may write the image to instead, between begin() and commit(); empty
  // when there is none.
  virtual std::string path_for_programs() const { return ""; }
};

// Opens the destination and prepares the place of one dump. `dump_name` is the name of a folder.
// Errors: FILE_MISSING, FILE_UNWRITABLE (subject: the path), CAPTURE_DEVICE_USED, CAPTURE_SSH.
base::Result<std::unique_ptr<Target>> open_target(const TargetName& name, const Settings& settings,
                                                  const std::string& dump_name);

// The three of them.
base::Result<std::unique_ptr<Target>> open_directory(const std::string& path,
                                                     const std::string& dump_name);
base::Result<std::unique_ptr<Target>> open_device(const std::string& path, bool force,
                                                  const std::string& dump_name);
base::Result<std::unique_ptr<Target>> open_ssh(const TargetName& name, const Settings& settings,
                                               const std::string& dump_name);

// By what this CPU has for it: a portable one costs as much as the compression of what it digests.
base::Sha256 new_sha256();

// Writes all of it at the descriptor's position. Errors (subject: `place`): CAPTURE_FULL,
// CAPTURE_WRITE.
base::Result<void> write_all(int fd, base::ByteView bytes, const std::string& place);

// What it shows goes to our stderr: stdout is for what we print ourselves.
inline constexpr os::Launch kShown = {.input = os::Launch::Input::kNone,
                                      .output = os::Launch::Output::kOurErrors};
inline constexpr os::Launch kRead = {.input = os::Launch::Input::kNone,
                                     .output = os::Launch::Output::kPipe};
// words[0] is a path. Error: CAPTURE_TOOL (subject: the program) when it cannot be started.
base::Result<os::Process> start_program(const std::vector<std::string>& words,
                                        const os::Launch& launch);

}  // namespace hyprelay::capture
