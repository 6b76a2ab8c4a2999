// SPDX-License-Identifier: BSD-2-Clause
// The disk image of a rehearsal, on the host: looked at before, and a dump on it opened afterwards.
#pragma once

#include "base/result.hpp"
#include "capture/linux/device.hpp"
#include "rehearse/report.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::rehearse {

// A page that a process filled before the panic: rehearse/protocol/marker.hpp.
struct ExpectedPage {
  base::PhysAddr physical;
  std::string content;
};

class Disk {
 public:
  // Errors: FILE_MISSING, FILE_UNWRITABLE, CAPTURE_UNREADABLE.
  static base::Result<Disk> open(const std::string& path);

  // The dump that came since open(): its digests checked, and an image that is an ELF core, packed
  // or not, opened. nullopt when none came, for all that this can see: a capture may have used the
  // disk in another way. Error: REHEARSE_VMCORE (subject: what is wrong with the dump).
  base::Result<std::optional<SavedFacts>> saved(const std::optional<ExpectedPage>& marker);

 private:
  explicit Disk(capture::Device device) : device_(std::move(device)) {}
  base::Result<std::vector<std::byte>> head();

  capture::Device device_;
  std::vector<std::byte> head_before_;
};

}  // namespace hyprelay::rehearse
