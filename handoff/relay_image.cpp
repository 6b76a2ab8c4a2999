// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/relay_image.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

Error mismatch(std::string_view field, std::uint64_t found) {
  return Error(Code::SEAL_MISMATCH, Stage::kSeal, field).with_at(found);
}

}  // namespace

base::Result<RelayImage> read_relay_image(base::ByteView bytes) {
  if (bytes.size() < HR_RELAY_HEADER_SIZE) {
    return mismatch("relay image: header", bytes.size());
  }
  HR_TRY(magic, base::read_le<std::uint32_t>(bytes, HR_RELAY_HEADER_MAGIC));
  HR_TRY(version, base::read_le<std::uint32_t>(bytes, HR_RELAY_HEADER_VERSION));
  HR_TRY(image_bytes, base::read_le<std::uint32_t>(bytes, HR_RELAY_HEADER_IMAGE_SIZE));
  HR_TRY(baton, base::read_le<std::uint32_t>(bytes, HR_RELAY_HEADER_BATON));
  HR_TRY(memory_bytes, base::read_le<std::uint32_t>(bytes, HR_RELAY_HEADER_MEMORY_SIZE));
  HR_TRY(arch, base::read_le<std::uint32_t>(bytes, HR_RELAY_HEADER_ARCH));
  HR_TRY(log, base::read_le<std::uint32_t>(bytes, HR_RELAY_HEADER_LOG));
  if (magic != HR_RELAY_MAGIC) {
    return mismatch("relay image: magic", magic);
  }
  // A relay reads batons of its own version.
  if (version != HR_BATON_VERSION) {
    return mismatch("relay image: baton version", version);
  }
  if (image_bytes != bytes.size()) {
    return mismatch("relay image: size", image_bytes);
  }
  if (baton < HR_RELAY_HEADER_SIZE || baton % alignof(hr_baton) != 0 || baton > image_bytes) {
    return mismatch("relay image: baton offset", baton);
  }
  if (memory_bytes < image_bytes || memory_bytes - baton < HR_BATON_SIZE) {
    return mismatch("relay image: memory size", memory_bytes);
  }
  if (arch != 32 && arch != 64) {
    return mismatch("relay image: architecture", arch);
  }
  if (log < std::uint64_t{baton} + HR_BATON_SIZE || log >= memory_bytes) {
    return mismatch("relay image: log offset", log);
  }
  return RelayImage{.bytes = bytes,
                    .arch = static_cast<Arch>(arch),
                    .baton_offset = baton,
                    .memory_bytes = memory_bytes,
                    .log_offset = log};
}

}  // namespace hyprelay::handoff
