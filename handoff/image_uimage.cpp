// SPDX-License-Identifier: BSD-2-Clause
// U-Boot's legacy image: a header of 64 bytes, big endian, and its content
// [u-boot/include/image.h struct legacy_img_hdr, IH_OS_*, IH_ARCH_*, IH_TYPE_*, IH_COMP_*]. Where
// it wants to be loaded is not looked at: a zImage and an Image run anywhere.
#include "handoff/container_formats.hpp"
#include "handoff/initrd.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::Code;
using base::Error;
using base::Stage;

constexpr std::size_t kUHeaderSum = 4;
constexpr std::size_t kUContentBytes = 12;
constexpr std::size_t kUContentSum = 24;
constexpr std::size_t kUSystem = 28;
constexpr std::size_t kUArch = 29;
constexpr std::size_t kUType = 30;
constexpr std::size_t kUPacking = 31;
constexpr std::size_t kUName = 32;
constexpr std::size_t kUNameBytes = 32;

constexpr unsigned kULinux = 5;
constexpr unsigned kUArm = 2;
constexpr unsigned kUArm64 = 22;
constexpr unsigned kUKernel = 2;
constexpr unsigned kUMulti = 4;
constexpr unsigned kUKernelNoload = 14;
// In the order of IH_COMP_*.
constexpr auto kUPackings =
    std::to_array<Packing>({Packing::kNone, Packing::kGzip, Packing::kBzip2, Packing::kLzma,
                            Packing::kLzo, Packing::kLz4, Packing::kZstd});
// In the order in which bootm takes them [u-boot/boot/image.c boot_get_ramdisk, image-fdt.c].
constexpr auto kUMultiKinds = std::to_array<std::string_view>({"kernel", "initrd", "device tree"});

unsigned number(ByteView header, std::size_t at) {
  return std::to_integer<unsigned>(header[at]);
}

bool has_sum(const KernelTools& tools, ByteView bytes, std::uint32_t promised) {
  if (!tools.hash) {
    return true;
  }
  const auto sum = tools.hash("crc32", bytes);
  const auto word =
      sum ? base::read_be<std::uint32_t>(*sum, 0) : base::read_be<std::uint32_t>({}, 0);
  return word && word.value() == promised;
}

base::Result<void> check_uimage_kind(ByteView header, std::string_view name) {
  if (const unsigned arch = number(header, kUArch); arch != kUArm && arch != kUArm64) {
    return container_error(
        Code::IMAGE_WRONG_ARCH, name,
        "a uImage for architecture " + std::to_string(arch) + " of U-Boot's (2: arm, 22: arm64)");
  }
  const unsigned type = number(header, kUType);
  if (type != kUKernel && type != kUKernelNoload && type != kUMulti) {
    return container_error(
        Code::IMAGE_NO_KERNEL, name,
        "a uImage of type " + std::to_string(type) + " (2: kernel, 14: kernel_noload, 4: multi)");
  }
  if (const unsigned system = number(header, kUSystem); system != kULinux) {
    return container_error(
        Code::IMAGE_NO_KERNEL, name,
        "a uImage of operating system " + std::to_string(system) + " (5: Linux)");
  }
  if (const unsigned packing = number(header, kUPacking); packing >= kUPackings.size()) {
    return container_error(Code::IMAGE_PACKING, name,
                           "a uImage of compression " + std::to_string(packing));
  }
  return base::success();
}

// Of type multi: sizes up to a 0, and then the files, each at a multiple of 4.
base::Result<std::vector<ByteView>> multi_files(ByteView content, std::string_view name) {
  constexpr std::size_t kMostFiles = 16;
  std::vector<std::uint32_t> sizes;
  std::uint64_t at = 0;
  while (true) {
    const auto size = base::read_be<std::uint32_t>(content, at);
    if (!size || sizes.size() > kMostFiles) {
      return container_error(Code::IMAGE_LIES, name, "a uImage whose table of files has no end")
          .with_at(kUImageHeaderBytes + at);
    }
    at += 4;
    if (size.value() == 0) {
      break;
    }
    sizes.push_back(size.value());
  }
  std::vector<ByteView> files;
  for (const std::uint32_t size : sizes) {
    const auto file = base::slice(content, at, size);
    if (!file) {
      return container_error(Code::IMAGE_TRUNCATED, name,
                             "a uImage of several files, file " + std::to_string(files.size()))
          .with_at(kUImageHeaderBytes + at + size)
          .with_limit(kUImageHeaderBytes + content.size());
    }
    files.push_back(file.value());
    at += (std::uint64_t{size} + 3) / 4 * 4;
  }
  return files;
}

base::Result<void> take_multi(ByteView content, std::string_view name, Opened& opened) {
  HR_TRY(files, multi_files(content, name));
  if (files.empty()) {
    return container_error(Code::IMAGE_NO_KERNEL, name, "a uImage of several files, with none");
  }
  opened.kernel = files[0];
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool used = i < kUMultiKinds.size();
    opened.contained.parts.push_back({std::string(used ? kUMultiKinds[i] : "file"),
                                      std::to_string(i), files[i].size(), packed_text(files[i]),
                                      used});
    if (!used) {
      opened.contained.notes.push_back(std::string(name) + ": file " + std::to_string(i) +
                                       " of the uImage is left out: bootm takes three");
    }
  }
  if (files.size() > 1) {
    opened.contained.initrd = files[1];
  }
  if (files.size() > 2) {
    opened.contained.tree = files[2];
  }
  return base::success();
}

}  // namespace

base::Result<Opened> open_uimage(ByteView file, std::string_view name, const KernelTools& tools) {
  if (file.size() < kUImageHeaderBytes) {
    return Error(Code::IMAGE_TRUNCATED, Stage::kImage, name)
        .with_at(kUImageHeaderBytes)
        .with_limit(file.size());
  }
  std::vector<std::byte> header(file.begin(), file.begin() + kUImageHeaderBytes);
  HR_TRY(header_sum, base::read_be<std::uint32_t>(file, kUHeaderSum));
  std::fill_n(header.begin() + kUHeaderSum, 4, std::byte{0});
  if (!has_sum(tools, header, header_sum)) {
    return container_error(Code::IMAGE_SUM, name, "the uImage's header, crc32");
  }
  HR_TRYV(check_uimage_kind(header, name));
  HR_TRY(content_bytes, base::read_be<std::uint32_t>(file, kUContentBytes));
  const auto content = base::slice(file, kUImageHeaderBytes, content_bytes);
  if (!content || content_bytes == 0) {
    return container_error(Code::IMAGE_TRUNCATED, name, "a uImage")
        .with_at(std::uint64_t{content_bytes} + kUImageHeaderBytes)
        .with_limit(file.size());
  }
  HR_TRY(content_sum, base::read_be<std::uint32_t>(file, kUContentSum));
  if (!has_sum(tools, content.value(), content_sum)) {
    return container_error(Code::IMAGE_SUM, name, "the uImage's content, crc32");
  }
  const std::string_view title = base::text_of(file.subspan(kUName, kUNameBytes));
  Opened opened{.format = "uImage", .kernel = content.value()};
  opened.packing = kUPackings[number(header, kUPacking)];
  if (number(header, kUType) == kUMulti) {
    opened.format = "uImage of several files";
    HR_TRYV(take_multi(content.value(), name, opened));
  } else {
    opened.contained.parts.push_back({"kernel", std::string(title.substr(0, title.find('\0'))),
                                      content_bytes, packed_text(opened.kernel)});
  }
  if (const std::size_t behind = file.size() - kUImageHeaderBytes - content_bytes; behind != 0) {
    opened.contained.notes.push_back(std::string(name) + ": " + std::to_string(behind) +
                                     " bytes behind the end of the uImage are left out");
  }
  return opened;
}

}  // namespace hyprelay::handoff
