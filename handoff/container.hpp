// SPDX-License-Identifier: BSD-2-Clause
// Files that hold a kernel and what goes with it: uImage, FIT, UKI, Android's boot images, and ELF
// files. Pure: what decompresses and what computes checksums is handed in.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "handoff/archive.hpp"
#include "handoff/image.hpp"
#include "handoff/image_formats.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// The checksum of that name ("crc32", big endian, "md5", "sha1", "sha256", "sha384", "sha512");
// nullopt: there is none of that name.
using HashOf =
    std::function<std::optional<std::vector<std::byte>>(std::string_view name, base::ByteView)>;

struct KernelTools {
  Unpack unpack;
  // Without it checksums are not looked at.
  HashOf hash = {};
  // Of a FIT: this configuration; empty: its default.
  std::string fit_config = {};
  // Android's vendor_boot, which goes with a boot image of version 3 and later; empty: none.
  base::ByteView vendor_boot = {};
  // Of all layers together, since each is kept: no more is unpacked.
  std::uint64_t most_unpacked = kSaneBytes;
};

// How many of `most` bytes are left beside what is kept already.
std::uint64_t bytes_left(std::uint64_t most, const std::vector<std::vector<std::byte>>& kept);

// One thing that a container holds, for people.
struct ContainedPart {
  // "kernel", "initrd", "device tree", "overlay", "command line", or whatever it is.
  std::string kind;
  // Its name in the container, or empty.
  std::string name;
  std::uint64_t size_bytes = 0;
  // What is known of it: "gzip", "sha256 is right"; or empty.
  std::string says = {};
  // The next kernel gets it.
  bool is_used = true;
};

// What goes with the kernel. The views are of the container, or of `made`.
struct Contained {
  std::optional<base::ByteView> initrd = {};
  // For machines of whatever kind, unless one of `trees` is for this one: the one whose first
  // compatible of the root is the machine's.
  std::optional<base::ByteView> tree = {};
  std::vector<base::ByteView> trees = {};
  // For `tree`, in this order.
  std::vector<base::ByteView> overlays = {};
  std::optional<std::string> command_line = {};
  std::vector<ContainedPart> parts = {};
  // Sentences about what was done unasked, and about what is odd.
  std::vector<std::string> notes = {};
  std::vector<std::string> warnings = {};
  // Bytes that the views are of when they are not of the file; they stay where they are when the
  // object moves.
  std::vector<std::vector<std::byte>> made = {};
};

struct Opened {
  // "FIT, configuration \"conf-1\"".
  std::string format;
  base::ByteView kernel;
  // Already understood: a 32-bit kernel that stands alone.
  std::optional<ImageView> bare = {};
  // How the kernel is packed by the container; nullopt: it does not say.
  std::optional<Packing> packing = {};
  Contained contained = {};
};

enum class Container : std::uint8_t { kNone, kUImage, kFit, kUki, kAndroid, kElf };

// By the first bytes; kImageStartBytes suffice.
Container container_of(base::ByteView start);
// "FIT".
const char* container_name(Container kind);

// `kind` is what container_of() says; `name` is the file's. Errors (stage image, subject: `name`
// and the part): IMAGE_TRUNCATED, IMAGE_LIES, IMAGE_WRONG_ARCH, IMAGE_UNKNOWN (a device tree that
// is no FIT), IMAGE_SUM, IMAGE_NO_KERNEL, IMAGE_PACKING, IMAGE_ENCRYPTED, FIT_CONFIG, IMAGE_VENDOR,
// IMAGE_ELF, IMAGE_WRONG_ENDIAN. Of a FIT also those of fdt::Blob (stage tree).
base::Result<Opened> open_container(Container kind, base::ByteView file, std::string_view name,
                                    const KernelTools& tools);

}  // namespace hyprelay::handoff
