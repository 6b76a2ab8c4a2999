// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/kernel_file.hpp"

#include "handoff/container_formats.hpp"
#include "handoff/image_formats.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// The header of a zboot program [linux/drivers/firmware/efi/libstub/zboot-header.S]: the offset and
// size of its payload, without the length that is appended to some, and how it is packed, as text.
constexpr std::uint64_t kZbootOffset = 8;
constexpr std::uint64_t kZbootSize = 12;
constexpr std::uint64_t kZbootType = 24;
constexpr std::uint64_t kZbootTypeBytes = 32;

// What tells whether it is a kernel, and how large one.
constexpr std::size_t kHeaderBytes = 64;
constexpr std::uint64_t kImageSize = 0x10;
constexpr std::uint64_t kZimageStart = 0x28;
constexpr std::uint64_t kZimageEnd = 0x2c;
// A tree may follow it.
constexpr std::uint64_t kMostAppended = 0x200000;

bool is_zboot(base::ByteView file) {
  return looks_of(file).code == Code::IMAGE_ZBOOT;
}

struct Payload {
  base::ByteView bytes;
  std::string container;
};

base::Result<Payload> zboot_payload(base::ByteView file, std::string_view name) {
  const auto offset = base::read_le<std::uint32_t>(file, kZbootOffset);
  const auto size = base::read_le<std::uint32_t>(file, kZbootSize);
  const auto type = base::slice(file, kZbootType, kZbootTypeBytes);
  const std::uint64_t end =
      offset && size ? std::uint64_t{offset.value()} + size.value() : kHeaderBytes;
  if (!type || end > file.size()) {
    return Error(Code::IMAGE_TRUNCATED, Stage::kImage, name).with_at(end).with_limit(file.size());
  }
  const base::ByteView bytes = file.subspan(offset.value(), size.value());
  if (!is_packed(packing_of(bytes))) {
    const std::string_view text = base::text_of(type.value());
    return Error(
        Code::IMAGE_ZBOOT, Stage::kImage,
        std::string(name) + ": packed by \"" + std::string(text.substr(0, text.find('\0'))) + "\"");
  }
  return Payload{bytes, "EFI zboot"};
}

// Takes content as long as it can be a kernel's, and no more than `most`.
class Collector {
 public:
  explicit Collector(std::uint64_t most) : most_(most), limit_(most) {}
  bool take(base::ByteView some) {
    const bool knew = bytes_.size() >= kHeaderBytes;
    bytes_.insert(bytes_.end(), some.begin(), some.end());
    if (!knew && bytes_.size() >= kHeaderBytes) {
      look();
    }
    if (bytes_.size() > limit_) {
      why_not_ = limit_ < most_ ? "it unpacks to more than the kernel in it says that it needs"
                                : "with what it is in it unpacks to more than any kernel has";
    }
    return !is_no_kernel_ && why_not_.empty();
  }
  const std::string& why_not() const { return why_not_; }
  bool is_no_kernel() const { return is_no_kernel_; }
  std::vector<std::byte>& bytes() { return bytes_; }

 private:
  void look() {
    if (has_arm64_magic(bytes_)) {
      // 0, of before 3.17, says nothing.
      const auto size = base::read_le<std::uint64_t>(bytes_, kImageSize);
      limit_ = size && size.value() != 0 ? std::min(size.value(), most_) : most_;
      bytes_.reserve(static_cast<std::size_t>(std::min(limit_, kUsualBytes)));
      return;
    }
    if (!has_zimage_magic(bytes_)) {
      is_no_kernel_ = container_of(bytes_) == Container::kNone && !is_zboot(bytes_);
      return;
    }
    const auto start = base::read_le<std::uint32_t>(bytes_, kZimageStart);
    const auto end = base::read_le<std::uint32_t>(bytes_, kZimageEnd);
    // Lies are for who reads all of it.
    if (start && end && start.value() < end.value()) {
      limit_ = std::min<std::uint64_t>(end.value() - start.value() + kMostAppended, most_);
    }
  }

  static constexpr std::uint64_t kUsualBytes = 1 << 26;
  std::vector<std::byte> bytes_;
  std::uint64_t most_;
  std::uint64_t limit_;
  std::string why_not_;
  bool is_no_kernel_ = false;
};

// A kernel in a kernel's container in a container has been seen; more is made to be found.
constexpr int kMostLayers = 8;

void append(std::vector<std::string>& to, std::vector<std::string>& more) {
  std::ranges::move(more, std::back_inserter(to));
}

// What the outer container has counts.
void merge(Contained& outer, Contained&& inner) {
  if (!outer.initrd) {
    outer.initrd = inner.initrd;
  }
  if (!outer.tree && outer.trees.empty()) {
    outer.tree = inner.tree;
    outer.trees = std::move(inner.trees);
    outer.overlays = std::move(inner.overlays);
  }
  if (!outer.command_line) {
    outer.command_line = std::move(inner.command_line);
  }
  std::ranges::move(inner.parts, std::back_inserter(outer.parts));
  append(outer.notes, inner.notes);
  append(outer.warnings, inner.warnings);
  std::ranges::move(inner.made, std::back_inserter(outer.made));
}

// Goes through the layers; `bytes` is what is left.
struct Peeler {
  std::string name;
  const KernelTools& tools;
  KernelFile& kernel;
  base::ByteView bytes;

  // A tree behind what is compressed.
  base::ByteView appended = {};
  std::optional<ImageView> bare = {};
  bool took_vendor_boot = false;

  void take_rest(base::ByteView rest);
  base::Result<void> unpack();
  base::Result<void> open(Container kind);
};

// A phone's kernel may have its device trees there (Image.gz-dtb).
void Peeler::take_rest(base::ByteView rest) {
  if (container_of(rest) == Container::kFit) {
    appended = rest;
  } else if (!rest.empty()) {
    kernel.notes.push_back(name + ": " + std::to_string(rest.size()) +
                           " bytes behind what is compressed are nobody's, and are left out");
  }
}

base::Result<void> Peeler::unpack() {
  Payload payload{bytes, ""};
  if (is_zboot(bytes)) {
    HR_TRY(found, zboot_payload(bytes, name));
    payload = std::move(found);
  }
  const Packing packing = packing_of(payload.bytes);
  const std::string layer = payload.container.empty()
                                ? packing_name(packing)
                                : payload.container + " (" + packing_name(packing) + ")";
  kernel.layers.push_back(layer);
  // All layers are kept, for what they hold besides.
  Collector collector(bytes_left(tools.most_unpacked, kernel.unpacked));
  const Unpacked unpacked = tools.unpack(packing, payload.bytes,
                                         [&](base::ByteView some) { return collector.take(some); });
  if (collector.is_no_kernel()) {
    return read_image(collector.bytes(), name + ", unpacked").error();
  }
  if (!unpacked.packed_bytes) {
    return Error(Code::IMAGE_COMPRESSED, Stage::kImage,
                 name + ": " + packing_name(packing) + ": " +
                     (collector.why_not().empty() ? unpacked.why_not : collector.why_not()));
  }
  if (const base::ByteView rest = payload.bytes.subspan(*unpacked.packed_bytes);
      payload.container.empty()) {
    take_rest(rest);
  }
  kernel.unpacked.push_back(std::move(collector.bytes()));
  kernel.image.inflated_from = layer;
  bytes = kernel.unpacked.back();
  name += ", unpacked";
  return base::success();
}

base::Result<void> Peeler::open(Container kind) {
  kernel.layers.emplace_back(container_name(kind));
  HR_TRY(opened, open_container(kind, bytes, name, tools));
  kernel.layers.back() = opened.format;
  bare = std::move(opened.bare);
  took_vendor_boot = took_vendor_boot || kind == Container::kAndroid;
  merge(kernel.contained, std::move(opened.contained));
  bytes = opened.kernel;
  // What is said to be packed is unpacked by a bootloader; what is not, and is, unpacks itself
  // there.
  const Packing packing = packing_of(bytes);
  const Packing there = is_packed(packing) ? packing : Packing::kNone;
  if (opened.packing && *opened.packing != Packing::kNone && *opened.packing != there) {
    return container_error(Code::IMAGE_PACKING, name,
                           std::string("said to be ") + packing_name(*opened.packing) + ", " +
                               (there == Packing::kNone ? "is not" : "is ") +
                               (there == Packing::kNone ? "" : packing_name(there)));
  }
  name += ", the kernel in it";
  return base::success();
}

}  // namespace

bool is_packed_kernel(base::ByteView start) {
  return is_packed(packing_of(start)) || is_zboot(start) || container_of(start) != Container::kNone;
}

base::Result<void> read_kernel_into(base::ByteView file, std::string_view name,
                                    const KernelTools& tools, KernelFile& so_far) {
  Peeler peeler{std::string(name), tools, so_far, file};
  while (!peeler.bare && is_packed_kernel(peeler.bytes)) {
    if (so_far.layers.size() == kMostLayers) {
      return Error(Code::IMAGE_NESTED, Stage::kImage, name).with_limit(kMostLayers);
    }
    const Container kind = container_of(peeler.bytes);
    HR_TRYV(kind == Container::kNone ? peeler.unpack() : peeler.open(kind));
  }
  HR_TRY(image, peeler.bare ? base::Result<ImageView>(*peeler.bare)
                            : read_image(peeler.bytes, peeler.name));
  image.inflated_from = so_far.image.inflated_from;
  if (image.appended_tree.empty()) {
    image.appended_tree = peeler.appended;
  }
  if (image.arch == Arch::kArm64 && image.image.size_is_bound) {
    so_far.notes.push_back(std::string(name) +
                           ": its header tells no size (before 3.17): text_offset 0x80000 and 16 "
                           "MiB behind the file are taken for what it needs");
  }
  so_far.image = std::move(image);
  if (!tools.vendor_boot.empty() && !peeler.took_vendor_boot) {
    return container_error(Code::IMAGE_VENDOR, name, "no Android boot image of version 3 or 4");
  }
  return base::success();
}

base::Result<KernelFile> read_kernel(base::ByteView file, std::string_view name,
                                     const KernelTools& tools) {
  KernelFile kernel;
  HR_TRYV(read_kernel_into(file, name, tools, kernel));
  return kernel;
}

}  // namespace hyprelay::handoff
