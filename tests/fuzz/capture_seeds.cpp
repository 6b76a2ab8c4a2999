// SPDX-License-Identifier: BSD-2-Clause
// Writes the seeds of the capture fuzz tests into a folder: memory images that real kernels left,
// unpacked, and small ones with each kind of log.
#include "capture/device_header.hpp"
#include "capture/linux/file_source.hpp"
#include "capture/zstd.hpp"
#include "tests/unit/capture/synthetic.hpp"

#include <cstdio>
#include <fstream>
#include <string>

namespace {

namespace capture = hyprelay::capture;
using hyprelay::base::ByteView;
using hyprelay::base::text_of;
using hyprelay::test::CoreBuilder;
using hyprelay::test::RecordLog;
using hyprelay::test::RingLog;

constexpr std::uint64_t kVirtual = 0xc0100000;

bool write(const std::string& folder, const std::string& name, std::string_view bytes) {
  std::ofstream file(folder + "/" + name + ".seed", std::ios::binary);
  file << bytes;
  return file.good();
}

std::string unpacked(const std::string& path) {
  auto file = capture::FileSource::open(path);
  if (!file) {
    return "";
  }
  auto source = capture::UnpackedSource::open(file.value());
  if (!source) {
    return "";
  }
  std::string bytes(static_cast<std::size_t>(source.value().size_bytes()), '\0');
  return source.value().read(0, std::as_writable_bytes(std::span(bytes))) ? bytes : "";
}

RingLog ring(bool wide) {
  RingLog log(wide, kVirtual);
  log.add(1'000'000, "first");
  log.add(2'000'000, "two\nlines");
  log.add(3'000'000, "");
  log.add(4'000'000, std::string(100, '\n'));
  return log;
}

std::string core(bool wide) {
  CoreBuilder builder(wide, wide ? capture::kMachineArm64 : capture::kMachineArm);
  builder.set_info(ring(wide).info() + "CRASHTIME=86400\n");
  builder.add_memory(0x40100000, kVirtual, ring(wide).memory.bytes);
  builder.add_memory(0x80000000, 0, std::vector<std::byte>(5000, std::byte{1}));
  return std::string(text_of(builder.build()));
}

// As dmesg_fuzz reads it: width, length of VMCOREINFO, VMCOREINFO, memory.
std::string log(bool wide, const std::string& info, ByteView memory) {
  std::string seed = {wide ? '\1' : '\0', static_cast<char>(info.size() & 0xff),
                      static_cast<char>(info.size() >> 8)};
  return seed + info + std::string(text_of(memory));
}

std::string record_log() {
  RecordLog records;
  records.set_ends(0x40, records.add(records.add(0x40, 0, "a\ntext."), 0, "a\ntext."));
  // Shorter, so that the driver's edits hit what is there.
  constexpr std::size_t kBytes = 1024;
  records.memory.put(4, kBytes - 0x100, 4);
  return log(false, RecordLog::info(), ByteView(records.memory.bytes).first(kBytes));
}

std::string frames() {
  capture::Compressor compressor;
  std::string all;
  for (const std::size_t size : {5000u, 0u, 1u, 300u}) {
    const auto frame = compressor.frame(std::vector<std::byte>(size, static_cast<std::byte>(size)));
    all += frame ? text_of(frame.value()) : "";
  }
  return all;
}

std::string device() {
  capture::DeviceHeader header;
  header.complete = true;
  header.dump_name = "20261120T112910Z-6.1.0-50-armmp";
  header.image_name = "vmcore.zst";
  header.log_bytes = 20'000;
  header.image_bytes = 40 << 20;
  return std::string(text_of(capture::encode(header)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s FOLDER CORES\n", argv[0]);
    return 2;
  }
  const std::string folder = argv[1];
  const std::string cores = argv[2];
  const bool written =
      write(folder, "vmcore_arm", unpacked(cores + "/armmp.core.zst")) &&
      write(folder, "vmcore_arm64", unpacked(cores + "/arm64-bare.core.zst")) &&
      write(folder, "vmcore_small", core(false)) && write(folder, "vmcore_small64", core(true)) &&
      write(folder, "dmesg", log(false, ring(false).info(), ring(false).memory.bytes)) &&
      write(folder, "dmesg64", log(true, ring(true).info(), ring(true).memory.bytes)) &&
      write(folder, "dmesg_records", record_log()) && write(folder, "zstd", frames()) &&
      write(folder, "device", device()) &&
      write(folder, "targets",
            "capture_to=ssh:dump@[2001:db8::5]:/srv/crash\ncapture_fallback='device:/dev/vdb'\n"
            "capture_to=ssh:root@fe80::1%eth0:/d # bare\ncapture_level=17\nCapture_to=x\n");
  return written ? 0 : 1;
}
