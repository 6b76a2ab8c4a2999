// SPDX-License-Identifier: BSD-2-Clause
// Android's boot images, versions 0 to 4, and the vendor_boot image that goes with 3 and 4
// [source.android.com "Boot image header", "Vendor boot partitions", "Ramdisk partitions"; the
// structs boot_img_hdr_v0 to _v4 and vendor_boot_img_hdr_v3, _v4]. All numbers are little endian,
// every part begins at a page of the image's own size.
#include "handoff/android_vendor.hpp"
#include "handoff/container_formats.hpp"

#include <algorithm>
#include <array>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::Code;

constexpr std::uint64_t kAVersion = 40;
constexpr std::uint32_t kANewest = 4;
// Versions 0 to 2.
constexpr std::uint64_t kAKernelBytes = 8;
constexpr std::uint64_t kARamdiskBytes = 16;
constexpr std::uint64_t kASecondBytes = 24;
constexpr std::uint64_t kAPageBytes = 36;
constexpr std::uint64_t kACommandLine = 64;
constexpr std::uint64_t kACommandLineBytes = 512;
constexpr std::uint64_t kAId = 576;
constexpr std::uint64_t kAIdBytes = 32;
constexpr std::uint64_t kASha1Bytes = 20;
constexpr std::uint64_t kAMoreCommandLine = 608;
constexpr std::uint64_t kAMoreCommandLineBytes = 1024;
constexpr std::uint64_t kARecoveryBytes = 1632;
constexpr std::uint64_t kATreeBytes = 1648;
// Versions 3 and 4.
constexpr std::uint64_t kA3RamdiskBytes = 12;
constexpr std::uint64_t kA3CommandLine = 44;
constexpr std::uint64_t kA3CommandLineBytes = 1536;
constexpr std::uint64_t kA3PageBytes = 4096;

// The parts behind the header, one behind the other.
class AndroidParts {
 public:
  AndroidParts(ByteView file, std::string_view name, std::uint64_t page_bytes)
      : file_(file), name_(name), page_bytes_(page_bytes), at_(page_bytes) {}

  base::Result<ByteView> take(const char* what, std::uint64_t size_bytes) {
    const auto part = base::slice(file_, at_, size_bytes);
    if (!part) {
      return container_error(Code::IMAGE_TRUNCATED, name_,
                             std::string("the Android boot image's ") + what)
          .with_at(at_ + size_bytes)
          .with_limit(file_.size());
    }
    at_ += (size_bytes + page_bytes_ - 1) / page_bytes_ * page_bytes_;
    return part.value();
  }

 private:
  ByteView file_;
  std::string_view name_;
  std::uint64_t page_bytes_;
  std::uint64_t at_;
};

void add(Contained& held, const char* kind, ByteView content, bool used = true) {
  if (!content.empty()) {
    held.parts.push_back({kind, "", content.size(), packed_text(content), used});
  }
}

// Of each part its bytes and their number, in the order of the header; what a version lacks is not
// counted [mkbootimg.py write_header, update_sha].
bool id_is_right(const KernelTools& tools, ByteView id, const std::vector<ByteView>& parts) {
  std::vector<std::byte> all;
  for (const ByteView part : parts) {
    all.insert(all.end(), part.begin(), part.end());
    for (int shift = 0; shift < 32; shift += 8) {
      all.push_back(static_cast<std::byte>(part.size() >> shift));
    }
  }
  const auto sum = tools.hash("sha1", all);
  return !sum || std::ranges::equal(*sum, id.first(kASha1Bytes));
}

void check_id(const KernelTools& tools, ByteView file, std::string_view name,
              const std::vector<ByteView>& parts, Contained& held) {
  const auto id = base::slice(file, kAId, kAIdBytes);
  const auto is_zero = [](std::byte b) { return b == std::byte{0}; };
  // Zeroes: there is none. More than a SHA-1: it is a sum of another kind.
  if (!id || !tools.hash || std::ranges::all_of(id.value(), is_zero) ||
      !std::ranges::all_of(id.value().subspan(kASha1Bytes), is_zero)) {
    return;
  }
  if (id_is_right(tools, id.value(), parts)) {
    held.parts.front().says += held.parts.front().says.empty() ? "id is right" : ", id is right";
  } else {
    held.warnings.push_back(
        std::string(name) +
        ": the id of the Android boot image is not the SHA-1 of what it holds: "
        "it was changed after it was made, or is damaged; compare its checksum");
  }
}

base::Result<Opened> open_old(ByteView file, std::string_view name, std::uint32_t version,
                              const KernelTools& tools) {
  HR_TRY(page_bytes, base::read_le<std::uint32_t>(file, kAPageBytes));
  if (page_bytes < 0x800 || page_bytes > 0x20000 || (page_bytes & (page_bytes - 1)) != 0) {
    return container_error(Code::IMAGE_LIES, name, "the Android boot image's page size")
        .with_at(kAPageBytes);
  }
  const auto number = [&](std::uint64_t at) {
    const auto word = base::read_le<std::uint32_t>(file, at);
    return word ? word.value() : 0;
  };
  AndroidParts parts(file, name, page_bytes);
  HR_TRY(kernel, parts.take("kernel", number(kAKernelBytes)));
  HR_TRY(ramdisk, parts.take("ramdisk", number(kARamdiskBytes)));
  HR_TRY(second, parts.take("second stage", number(kASecondBytes)));
  HR_TRY(recovery, parts.take("recovery_dtbo", version >= 1 ? number(kARecoveryBytes) : 0));
  HR_TRY(trees, parts.take("device tree", version >= 2 ? number(kATreeBytes) : 0));
  Opened opened{.format = "Android boot image, version " + std::to_string(version),
                .kernel = kernel};
  Contained& held = opened.contained;
  add(held, "kernel", kernel);
  add(held, "initrd", ramdisk);
  add(held, "second stage", second, false);
  add(held, "overlay for recovery", recovery, false);
  add(held, "device tree", trees);
  if (!ramdisk.empty()) {
    held.initrd = ramdisk;
  }
  take_trees(trees, held);
  held.command_line = android_text(file, kACommandLine, kACommandLineBytes) +
                      android_text(file, kAMoreCommandLine, kAMoreCommandLineBytes);
  std::vector<ByteView> summed = {kernel, ramdisk, second};
  if (version >= 1) {
    summed.push_back(recovery);
  }
  if (version >= 2) {
    summed.push_back(trees);
  }
  if (!held.parts.empty()) {
    check_id(tools, file, name, summed, held);
  }
  return opened;
}

base::Result<Opened> open_new(ByteView file, std::string_view name, std::uint32_t version,
                              const KernelTools& tools) {
  HR_TRY(kernel_bytes, base::read_le<std::uint32_t>(file, kAKernelBytes));
  HR_TRY(ramdisk_bytes, base::read_le<std::uint32_t>(file, kA3RamdiskBytes));
  AndroidParts parts(file, name, kA3PageBytes);
  HR_TRY(kernel, parts.take("kernel", kernel_bytes));
  HR_TRY(ramdisk, parts.take("ramdisk", ramdisk_bytes));
  Opened opened{.format = "Android boot image, version " + std::to_string(version),
                .kernel = kernel};
  Contained& held = opened.contained;
  add(held, "kernel", kernel);
  add(held, "initrd", ramdisk);
  held.command_line = android_text(file, kA3CommandLine, kA3CommandLineBytes);
  if (tools.vendor_boot.empty()) {
    if (!ramdisk.empty()) {
      held.initrd = ramdisk;
    }
    held.notes.push_back(std::string(name) +
                         ": without --vendor-boot its part of the ramdisk, its device tree and its "
                         "command line are missing");
    return opened;
  }
  HR_TRYV(add_vendor_boot(tools.vendor_boot, name, ramdisk, held));
  return opened;
}

}  // namespace

std::string android_text(ByteView file, std::uint64_t at, std::uint64_t most_bytes) {
  const auto field = base::slice(file, at, most_bytes);
  const std::string_view text = field ? base::text_of(field.value()) : std::string_view();
  return std::string(text.substr(0, text.find('\0')));
}

base::Result<Opened> open_android(ByteView file, std::string_view name, const KernelTools& tools) {
  const auto word = base::read_le<std::uint32_t>(file, kAVersion);
  if (!word || file.size() < kA3PageBytes / 2) {
    return container_error(Code::IMAGE_TRUNCATED, name, "the Android boot image's header")
        .with_at(kA3PageBytes)
        .with_limit(file.size());
  }
  // Before there were versions, Qualcomm's images had the size of a table of trees there.
  const std::uint32_t version = word.value() > kANewest ? 0 : word.value();
  if (version < 3 && !tools.vendor_boot.empty()) {
    return container_error(Code::IMAGE_VENDOR, name,
                           "an Android boot image of version " + std::to_string(version));
  }
  HR_TRY(opened,
         version < 3 ? open_old(file, name, version, tools) : open_new(file, name, version, tools));
  if (opened.kernel.empty()) {
    return container_error(Code::IMAGE_NO_KERNEL, name,
                           "an Android boot image without a kernel, as init_boot is one");
  }
  if (opened.contained.command_line->empty()) {
    opened.contained.command_line.reset();
  }
  return opened;
}

}  // namespace hyprelay::handoff
