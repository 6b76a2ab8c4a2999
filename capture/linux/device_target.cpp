// SPDX-License-Identifier: BSD-2-Clause
// A dump on a raw partition, behind a header.
#include "capture/device_header.hpp"
#include "capture/linux/device.hpp"
#include "capture/linux/target.hpp"
#include "capture/names.hpp"
#include "os/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// Filesystems, partition tables, volume managers, RAIDs and swap have their signatures in the first
// 128 KiB or in the last 64 KiB. Instead of knowing them all, any byte there is somebody's.
constexpr std::uint64_t kFrontBytes = std::uint64_t{128} << 10;
constexpr std::uint64_t kBackBytes = std::uint64_t{64} << 10;

class DeviceTarget : public Target {
 public:
  DeviceTarget(Device device, std::string dump_name) : device_(std::move(device)) {
    header_.dump_name = std::move(dump_name);
    header_.image_name = kNoImage;
  }

  std::string log_place() const override { return device_.path(); }
  std::string image_place() const override { return device_.path(); }
  std::optional<std::uint64_t> free_bytes() override {
    const std::uint64_t used = header_.image_offset();
    return device_.size_bytes() - std::min(used, device_.size_bytes());
  }

  base::Result<void> save_log(std::string_view log) override {
    const base::ByteView bytes = base::bytes_of(log);
    header_.log_bytes = bytes.size();
    header_.log_digest = base::sha256(bytes);
    auto written = device_.write(kDeviceBlock, bytes);
    if (written) {
      written = write_header();
    }
    if (!written) {
      // The image may have the room.
      header_.log_bytes = 0;
      header_.log_digest = {};
    }
    return written;
  }

  base::Result<void> begin(const std::string& name) override {
    header_.image_name = name;
    header_.image_bytes = 0;
    return write_header();
  }

  base::Result<void> write(base::ByteView bytes) override {
    const std::uint64_t at = header_.image_offset() + header_.image_bytes;
    const std::uint64_t room = device_.size_bytes() - std::min(at, device_.size_bytes());
    const base::ByteView fitting =
        bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), room)));
    HR_TRYV(device_.write(at, fitting));
    header_.image_bytes += fitting.size();
    if (fitting.size() < bytes.size()) {
      return Error(Code::CAPTURE_FULL, Stage::kCapture, device_.path());
    }
    return base::success();
  }

  base::Result<void> commit(const base::Sha256Digest& digest) override {
    header_.image_digest = digest;
    // The image first, so that the header never promises what is not there.
    HR_TRYV(device_.sync());
    header_.complete = true;
    return write_header();
  }

  void abandon() override { static_cast<void>(write_header()); }
  void discard() override {
    header_.image_name = kNoImage;
    header_.image_bytes = 0;
    abandon();
  }

 private:
  base::Result<void> write_header() {
    HR_TRYV(device_.write(0, encode(header_)));
    return device_.sync();
  }

  Device device_;
  DeviceHeader header_;
};

base::Result<bool> all_zero(Device& device, std::uint64_t from, std::uint64_t size_bytes) {
  const std::uint64_t end = std::min(from + size_bytes, device.size_bytes());
  std::vector<std::byte> bytes(static_cast<std::size_t>(end - std::min(from, end)));
  HR_TRYV(device.read(from, bytes));
  return is_zero(bytes);
}

// An earlier dump may go once somebody has fetched it.
base::Result<void> check_unused(Device& device) {
  const Error used(Code::CAPTURE_DEVICE_USED, Stage::kCapture, device.path());
  std::vector<std::byte> block(kDeviceBlock);
  HR_TRYV(device.read(0, block));
  const auto earlier = decode(block);
  if (earlier) {
    return earlier.value().fetched ? base::Result<void>(base::success()) : used;
  }
  HR_TRY(front, all_zero(device, 0, kFrontBytes));
  HR_TRY(back, all_zero(device, device.size_bytes() - std::min(kBackBytes, device.size_bytes()),
                        kBackBytes));
  return front && back ? base::Result<void>(base::success()) : used;
}

}  // namespace

base::Result<std::unique_ptr<Target>> open_device(const std::string& path, bool force,
                                                  const std::string& dump_name) {
  HR_TRY(device, Device::open(path, true));
  if (device.size_bytes() < 2 * kDeviceBlock) {
    return Error(Code::CAPTURE_FULL, Stage::kCapture, path).with_limit(device.size_bytes());
  }
  if (!force) {
    HR_TRYV(check_unused(device));
  }
  return std::unique_ptr<Target>(std::make_unique<DeviceTarget>(std::move(device), dump_name));
}

}  // namespace hyprelay::capture
