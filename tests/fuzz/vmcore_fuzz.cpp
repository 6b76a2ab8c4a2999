// SPDX-License-Identifier: BSD-2-Clause
// Any bytes as a memory image: refused, or a core whose memory is copied as it is, whose log is no
// longer than its ring allows, and whose dump has a name that a device's header brings back.
#include "capture/copy.hpp"
#include "capture/device_header.hpp"
#include "capture/dmesg.hpp"
#include "capture/log_text.hpp"
#include "capture/names.hpp"
#include "capture/zstd.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <vector>

namespace {

namespace capture = hyprelay::capture;
namespace base = hyprelay::base;
using hyprelay::fuzz::require;

class Collector : public capture::Sink {
 public:
  base::Result<void> write(base::ByteView bytes) override {
    all.insert(all.end(), bytes.begin(), bytes.end());
    return base::success();
  }
  std::vector<std::byte> all;
};

// The same bytes, compressed and not.
void check_copies(base::ByteView file, const capture::Core& core) {
  capture::ViewSource source(file);
  const auto nothing = [](std::uint64_t) {};
  Collector plain;
  require(
      capture::copy_image(source, core, capture::CopyFormat::kElf, 1, plain, nothing).has_value());
  const auto expected =
      file.first(static_cast<std::size_t>(std::min<std::uint64_t>(core.size_bytes, file.size())));
  require(std::ranges::equal(plain.all, expected));
  Collector packed;
  require(capture::copy_image(source, core, capture::CopyFormat::kZstd, 1, packed, nothing)
              .has_value());
  capture::ViewSource frames(packed.all);
  auto unpacked = capture::UnpackedSource::open(frames);
  require(unpacked.has_value() && unpacked.value().size_bytes() == expected.size());
  std::vector<std::byte> again(expected.size());
  require(unpacked.value().read(0, again).has_value() && std::ranges::equal(again, expected));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView file = hyprelay::fuzz::bytes_of(data, size);
  capture::ViewSource source(file);
  const auto core = capture::read_core(source);
  if (!core) {
    require(core.error().stage() == base::Stage::kCapture);
    return 0;
  }
  require(!core.value().loads.empty());
  capture::DeviceHeader header;
  header.dump_name = capture::dump_name(core.value().info, 86400);
  header.image_name = "vmcore";
  const auto named = capture::decode(capture::encode(header));
  require(named && named.value().dump_name == header.dump_name);
  const auto log = capture::read_dmesg(capture::OldMemory(core.value(), source));
  if (log) {
    // A ring is no larger than the image; each byte of it is a line of its own at worst.
    require(log.value().size() <= (size + 100) * 33);
    require(log.value().size() <= capture::LogText::kMostLogBytes + (2u << 20));
  }
  // Compressing takes longest: of small images alone.
  if (size < 65536) {
    check_copies(file, core.value());
  }
  return 0;
}
