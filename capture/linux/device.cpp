// SPDX-License-Identifier: BSD-2-Clause
#include "capture/linux/device.hpp"

#include "capture/device_header.hpp"
#include "capture/linux/target.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <vector>

namespace hyprelay::capture {
namespace {

using base::Code;
using base::Error;
using base::Stage;

Error open_fault(int system_error, bool writable, const std::string& path) {
  const Code code = system_error == ENOENT || system_error == ENXIO ? Code::FILE_MISSING
                    : system_error == EBUSY                         ? Code::CAPTURE_DEVICE_USED
                    : writable                                      ? Code::FILE_UNWRITABLE
                                                                    : Code::FILE_UNREADABLE;
  return Error(code, Stage::kCapture, path);
}

// Gives the image to the sink and its digest to the caller.
base::Result<base::Sha256Digest> read_image(
    Device& device, const DeviceHeader& header,
    const std::function<base::Result<void>(base::ByteView)>& sink) {
  base::Sha256 sha = new_sha256();
  std::vector<std::byte> buffer(std::size_t{1} << 20);
  for (std::uint64_t done = 0; done < header.image_bytes;) {
    const std::span<std::byte> part =
        std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), header.image_bytes - done));
    HR_TRYV(device.read(header.image_offset() + done, part));
    sha.update(part);
    HR_TRYV(sink(part));
    done += part.size();
  }
  return sha.finish();
}

// The header of a dump that fits on its device.
base::Result<DeviceHeader> read_header(Device& device) {
  if (device.size_bytes() < kDeviceBlock) {
    return Error(Code::CAPTURE_DEVICE_EMPTY, Stage::kCapture, device.path());
  }
  std::vector<std::byte> block(kDeviceBlock);
  HR_TRYV(device.read(0, block));
  auto header = decode(block);
  if (!header) {
    return Error(header.error()).with_subject(device.path());
  }
  const std::uint64_t room = device.size_bytes();
  if (header.value().log_bytes > room || header.value().image_offset() > room ||
      header.value().image_bytes > room - header.value().image_offset()) {
    return Error(Code::CAPTURE_DAMAGED, Stage::kCapture, device.path()).with_limit(room);
  }
  return header;
}

// The log, when it has its digest.
base::Result<std::string> read_log(Device& device, const DeviceHeader& header) {
  std::string log(static_cast<std::size_t>(header.log_bytes), '\0');
  HR_TRYV(device.read(kDeviceBlock, std::as_writable_bytes(std::span(log))));
  if (base::sha256(base::bytes_of(log)) != header.log_digest) {
    return Error(Code::CAPTURE_DAMAGED, Stage::kCapture, "dmesg.txt");
  }
  return log;
}

base::Result<void> fetch_image(Device& device, const DeviceHeader& header, Target& target) {
  HR_TRYV(target.begin(header.image_name));
  const auto digest =
      read_image(device, header, [&](base::ByteView part) { return target.write(part); });
  const bool same = digest && digest.value() == header.image_digest;
  if (!digest || !header.complete || !same) {
    target.abandon();
  }
  if (!digest) {
    return digest.error();
  }
  if (!header.complete) {
    return base::success();
  }
  if (!same) {
    return Error(Code::CAPTURE_DAMAGED, Stage::kCapture, header.image_name);
  }
  return target.commit(digest.value());
}

// A dump may be without a log: the dead kernel's could not be read.
base::Result<void> fetch_log(Device& device, const DeviceHeader& header, Target& target) {
  if (header.log_bytes == 0) {
    return base::success();
  }
  HR_TRY(log, read_log(device, header));
  return target.save_log(log);
}

}  // namespace

base::Result<Device> Device::open(const std::string& path, bool writable) {
  Device device;
  device.path_ = path;
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    return open_fault(errno, writable, path);
  }
  const bool block = S_ISBLK(facts.st_mode);
  if (!block && !S_ISREG(facts.st_mode)) {
    return open_fault(EINVAL, writable, path);
  }
  // O_EXCL of a block device without O_CREAT: refused while it is mounted or part of another one.
  const int flags = (writable ? O_RDWR : O_RDONLY) | (block && writable ? O_EXCL : 0) | O_CLOEXEC;
  device.fd_ = os::FileDescriptor(::open(path.c_str(), flags));
  if (!device.fd_.valid()) {
    return open_fault(errno, writable, path);
  }
  const off_t end = ::lseek(device.fd_.get(), 0, SEEK_END);
  device.size_bytes_ = end < 0 ? 0 : static_cast<std::uint64_t>(end);
  return device;
}

base::Result<void> Device::write(std::uint64_t offset, base::ByteView bytes) {
  if (offset > size_bytes_ || bytes.size() > size_bytes_ - offset) {
    return Error(Code::CAPTURE_FULL, Stage::kCapture, path_).with_limit(size_bytes_);
  }
  if (::lseek(fd_.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    return Error(Code::CAPTURE_WRITE, Stage::kCapture, path_).with_at(offset);
  }
  return write_all(fd_.get(), bytes, path_);
}

base::Result<void> Device::read(std::uint64_t offset, std::span<std::byte> into) {
  while (!into.empty()) {
    const ssize_t got = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return Error(Code::CAPTURE_UNREADABLE, Stage::kCapture, path_).with_at(offset);
    }
    into = into.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return base::success();
}

base::Result<void> Device::sync() {
  if (::fsync(fd_.get()) != 0) {
    return Error(Code::CAPTURE_WRITE, Stage::kCapture, path_);
  }
  return base::success();
}

base::Result<void> DeviceImage::read(std::uint64_t offset, std::span<std::byte> into) {
  if (offset > size_bytes_ || into.size() > size_bytes_ - offset) {
    return Error(Code::CAPTURE_TRUNCATED, Stage::kCapture).with_at(offset).with_limit(size_bytes_);
  }
  return device_.read(start_ + offset, into);
}

base::Result<DeviceHeader> check_dump(Device& device) {
  HR_TRY(header, read_header(device));
  if (header.log_bytes != 0) {
    HR_TRYV(read_log(device, header));
  }
  if (!header.complete) {
    return Error(Code::CAPTURE_TRUNCATED, Stage::kCapture, header.image_name)
        .with_at(header.image_bytes);
  }
  HR_TRY(digest, read_image(device, header,
                            [](base::ByteView) { return base::Result<void>(base::success()); }));
  if (digest != header.image_digest) {
    return Error(Code::CAPTURE_DAMAGED, Stage::kCapture, header.image_name);
  }
  return header;
}

base::Result<Fetched> fetch_dump(const std::string& path, const std::string& directory) {
  HR_TRY(device, Device::open(path, false));
  HR_TRY(header, read_header(device));
  HR_TRY(target, open_directory(directory, header.dump_name));
  // A log that is damaged does not cost the image.
  const auto log = fetch_log(device, header, *target);
  Fetched fetched;
  fetched.folder = std::filesystem::path(target->log_place()).parent_path().string();
  fetched.complete = header.complete;
  fetched.image_bytes = header.image_bytes;
  if (header.complete || header.image_bytes != 0) {
    HR_TRYV(fetch_image(device, header, *target));
    fetched.image = target->image_place();
  }
  HR_TRYV(log);
  // A device that may only be read is left as it is.
  if (auto writable = Device::open(path, true)) {
    header.fetched = true;
    static_cast<void>(writable.value().write(0, encode(header)));
    static_cast<void>(writable.value().sync());
  }
  return fetched;
}

}  // namespace hyprelay::capture
