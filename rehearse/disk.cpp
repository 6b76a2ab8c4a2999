// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/disk.hpp"

#include "base/error_text.hpp"
#include "capture/core.hpp"
#include "capture/zstd.hpp"

#include <algorithm>
#include <utility>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

Result<void> open_core(capture::ByteSource& source, const std::optional<ExpectedPage>& marker,
                       SavedFacts& facts) {
  HR_TRY(core, capture::read_core(source));
  if (core.size_bytes > source.size_bytes()) {
    return Error(Code::CAPTURE_TRUNCATED, Stage::kCapture).with_at(source.size_bytes());
  }
  facts.opened = true;
  facts.release = core.info.release();
  facts.cpu_notes = core.cpu_notes;
  const auto at =
      marker ? core.find_physical(marker->physical, marker->content.size()) : std::nullopt;
  if (at) {
    std::string page(marker->content.size(), '\0');
    HR_TRYV(source.read(*at, std::as_writable_bytes(std::span(page))));
    facts.marker_found = page == marker->content;
  }
  return base::success();
}

Result<SavedFacts> open_dump(capture::Device& device, const std::optional<ExpectedPage>& marker) {
  HR_TRY(header, capture::check_dump(device));
  SavedFacts facts;
  facts.folder = header.dump_name;
  facts.image = header.image_name;
  facts.image_bytes = header.image_bytes;
  facts.log_bytes = header.log_bytes;
  capture::DeviceImage image(device, header);
  if (header.image_name == "vmcore.zst") {
    HR_TRY(unpacked, capture::UnpackedSource::open(image));
    HR_TRYV(open_core(unpacked, marker, facts));
  } else if (header.image_name == "vmcore") {
    HR_TRYV(open_core(image, marker, facts));
  }
  return facts;
}

Error fault(const std::string& path, const std::string& what) {
  return Error(Code::REHEARSE_VMCORE, Stage::kRehearse, path + ": " + what);
}

}  // namespace

Result<Disk> Disk::open(const std::string& path) {
  // As the guest will use it; nothing is written from here.
  auto device = capture::Device::open(path, true);
  if (!device) {
    return Error(device.error().code(), Stage::kRehearse, path);
  }
  Disk disk(std::move(device.value()));
  HR_TRY(head, disk.head());
  disk.head_before_ = std::move(head);
  return disk;
}

Result<std::vector<std::byte>> Disk::head() {
  std::vector<std::byte> block(static_cast<std::size_t>(
      std::min<std::uint64_t>(capture::kDeviceBlock, device_.size_bytes())));
  HR_TRYV(device_.read(0, block));
  return block;
}

Result<std::optional<SavedFacts>> Disk::saved(const std::optional<ExpectedPage>& marker) {
  HR_TRY(block, head());
  if (block == head_before_) {
    return std::nullopt;
  }
  const auto header = capture::decode(block);
  if (!header && header.error().code() == Code::CAPTURE_DEVICE_EMPTY) {
    return std::nullopt;
  }
  const auto facts = open_dump(device_, marker);
  if (!facts) {
    return fault(device_.path(), std::string(base::row_of(facts.error().code()).sentence));
  }
  if (facts.value().opened && marker && !facts.value().marker_found) {
    return fault(device_.path(), "the page that a process had filled is not at its place in " +
                                     facts.value().image);
  }
  return facts.value();
}

}  // namespace hyprelay::rehearse
