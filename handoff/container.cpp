// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/container.hpp"

#include "handoff/container_formats.hpp"
#include "handoff/initrd.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hyprelay::handoff {
namespace {

// [devicetree-specification 5.2]; a FIT is a device tree.
constexpr std::uint32_t kFitMagic = 0xd00dfeed;
constexpr std::uint32_t kElfMagic = 0x7f454c46;

// As mkimage writes them [u-boot/boot/image.c uimage_comp].
constexpr auto kPackingNames = std::to_array<std::pair<std::string_view, Packing>>({
    {"none", Packing::kNone},
    {"gzip", Packing::kGzip},
    {"bzip2", Packing::kBzip2},
    {"lzma", Packing::kLzma},
    {"lzo", Packing::kLzo},
    {"lz4", Packing::kLz4},
    {"zstd", Packing::kZstd},
});

}  // namespace

base::Error container_error(base::Code code, std::string_view name, std::string_view what) {
  return {code, base::Stage::kImage, std::string(name).append(": ").append(what)};
}

std::uint64_t bytes_left(std::uint64_t most, const std::vector<std::vector<std::byte>>& kept) {
  for (const std::vector<std::byte>& one : kept) {
    most -= std::min<std::uint64_t>(most, one.size());
  }
  return most;
}

std::optional<Packing> packing_named(std::string_view name) {
  const auto found =
      std::ranges::find(kPackingNames, name, [](const auto& row) { return row.first; });
  return found == kPackingNames.end() ? std::nullopt : std::optional(found->second);
}

std::string packed_text(base::ByteView bytes) {
  const Packing packing = packing_of(bytes);
  return is_packed(packing) ? packing_name(packing) : "";
}

Container container_of(base::ByteView start) {
  const auto magic = base::read_be<std::uint32_t>(start, 0);
  const std::uint32_t word = magic ? magic.value() : 0;
  return word == kUImageMagic                           ? Container::kUImage
         : word == kFitMagic                            ? Container::kFit
         : word == kElfMagic                            ? Container::kElf
         : base::text_of(start).starts_with("ANDROID!") ? Container::kAndroid
         : is_uki(start)                                ? Container::kUki
                                                        : Container::kNone;
}

const char* container_name(Container kind) {
  switch (kind) {
    case Container::kUImage:
      return "uImage";
    case Container::kFit:
      return "FIT";
    case Container::kUki:
      return "UKI";
    case Container::kAndroid:
      return "Android boot image";
    case Container::kElf:
      return "ELF";
    case Container::kNone:
      break;
  }
  return "none";
}

void take_trees(base::ByteView trees, Contained& contained) {
  constexpr std::size_t kMostTrees = 256;
  std::vector<base::ByteView> found;
  while (found.size() < kMostTrees && container_of(trees) == Container::kFit) {
    const auto size = base::read_be<std::uint32_t>(trees, 4);
    const auto tree = base::slice(trees, 0, size ? size.value() : 0);
    if (!tree || tree.value().empty()) {
      break;
    }
    found.push_back(tree.value());
    trees = trees.subspan(tree.value().size());
  }
  if (found.size() == 1) {
    contained.tree = found.front();
  } else {
    contained.trees = std::move(found);
  }
}

namespace {

base::Result<Opened> open_kind(Container kind, base::ByteView file, std::string_view name,
                               const KernelTools& tools) {
  switch (kind) {
    case Container::kUImage:
      return open_uimage(file, name, tools);
    case Container::kFit:
      return open_fit(file, name, tools);
    case Container::kUki:
      return open_uki(file, name);
    case Container::kAndroid:
      return open_android(file, name, tools);
    case Container::kElf:
      return open_elf(file, name);
    case Container::kNone:
      break;
  }
  return base::Error(base::Code::INTERNAL, base::Stage::kImage, name);
}

}  // namespace

base::Result<Opened> open_container(Container kind, base::ByteView file, std::string_view name,
                                    const KernelTools& tools) {
  auto opened = open_kind(kind, file, name, tools);
  // A field of a header behind the end of the file, in whichever reader.
  if (!opened && opened.error().code() == base::Code::OUT_OF_BOUNDS) {
    return container_error(base::Code::IMAGE_TRUNCATED, name,
                           std::string("a header of this ") + container_name(kind))
        .with_limit(file.size());
  }
  return opened;
}

}  // namespace hyprelay::handoff
