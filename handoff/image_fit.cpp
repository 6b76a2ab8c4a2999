// SPDX-License-Identifier: BSD-2-Clause
// U-Boot's flattened image tree [u-boot/doc/usage/fit/source_file_format.rst; the Flat Image Tree
// specification, 2 to 5]: images, and configurations that say which of them go together. Data lies
// in the tree, or behind it: at data-position from its start, at data-offset from its end.
// Signatures are not looked at: whose they must be only the bootloader knows.
#include "base/error_text.hpp"
#include "fdt/blob.hpp"
#include "handoff/container_formats.hpp"
#include "handoff/image_formats.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::Code;
using base::Error;
using base::Stage;

// No FIT has a hundredth of it.
constexpr std::size_t kMostFitNodes = 4096;
// What a tree is unpacked to: the boot protocols allow 2 MiB.
constexpr std::size_t kMostFitTree = 16 << 20;
// Of a configuration, unpacked. Boards have a tree and some overlays.
constexpr std::size_t kMostFitTrees = 32;
constexpr std::size_t kMostFitTreeBytes = 64 << 20;
// crc32, md5, sha1, sha256, sha512, each once, are five.
constexpr int kMostFitHashes = 8;

struct Fit {
  const fdt::Blob& tree;
  ByteView file;
  std::string_view name;
  const KernelTools& tools;
  Opened& opened;

  Error error(Code code, const std::string& what) const {
    return container_error(code, name, what);
  }
};

struct FitImage {
  ByteView data;
  std::string path;
  std::string unit;
  std::string says;
};

std::string last_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

// Where the data of an image lies.
base::Result<ByteView> fit_data(const Fit& fit, const std::string& path, const std::string& unit) {
  if (const auto inside = fit.tree.property(path, "data")) {
    return *inside;
  }
  const auto size = fit.tree.u32(path, "data-size");
  const auto offset = fit.tree.u32(path, "data-offset");
  const auto position = fit.tree.u32(path, "data-position");
  if (!size || (!offset && !position)) {
    return fit.error(Code::IMAGE_LIES, "image " + unit + " has no data");
  }
  const std::uint64_t start =
      position ? *position : (fit.tree.size_bytes() + 3) / 4 * 4 + std::uint64_t{*offset};
  const auto outside = base::slice(fit.file, start, *size);
  if (!outside) {
    return fit.error(Code::IMAGE_TRUNCATED, "image " + unit)
        .with_at(start + *size)
        .with_limit(fit.file.size());
  }
  return outside.value();
}

// Every hash of an image, of its data as it lies there.
base::Result<std::string> check_hashes(const Fit& fit, const FitImage& image) {
  std::string said;
  int hashes = 0;
  for (const std::string& node : fit.tree.children(image.path, kMostFitNodes)) {
    if (!last_of(node).starts_with("hash") || !fit.tools.hash) {
      continue;
    }
    if (++hashes > kMostFitHashes) {
      return fit.error(Code::IMAGE_LIES, "image " + image.unit + " has too many hashes");
    }
    const std::string algorithm = fit.tree.text(node, "algo");
    const auto value = fit.tree.property(node, "value");
    const auto computed = fit.tools.hash(algorithm, image.data);
    if (!computed || !value) {
      fit.opened.contained.warnings.push_back(
          std::string(fit.name) + ": image " + image.unit + ": its hash \"" + algorithm + "\" " +
          (value ? "is of no kind that is known" : "has no value") +
          ", and is not compared; make the FIT with sha256");
      continue;
    }
    if (!std::ranges::equal(*value, *computed)) {
      return fit.error(Code::IMAGE_SUM, "image " + image.unit + ", " + algorithm);
    }
    said += (said.empty() ? "" : ", ") + algorithm + " is right";
  }
  return said;
}

// `most`: bytes; more is refused before it is looked at.
base::Result<FitImage> find_image(const Fit& fit, const std::string& unit, const char* kind,
                                  std::uint64_t most = kSaneBytes) {
  FitImage image{.data = {}, .path = "/images/" + unit, .unit = unit, .says = ""};
  if (unit.find('/') != std::string::npos || !fit.tree.has_node(image.path)) {
    return fit.error(Code::IMAGE_LIES, std::string("there is no image \"") + unit + "\", which a " +
                                           "configuration names as its " + kind);
  }
  for (const std::string& node : fit.tree.children(image.path, kMostFitNodes)) {
    if (last_of(node) == "cipher") {
      return fit.error(Code::IMAGE_ENCRYPTED, "image " + unit);
    }
  }
  HR_TRY(data, fit_data(fit, image.path, unit));
  image.data = data;
  if (data.size() > most) {
    return fit.error(Code::IMAGE_LIES, "image " + unit + " is larger than any " + kind)
        .with_limit(most);
  }
  HR_TRY(said, check_hashes(fit, image));
  image.says = packed_text(data);
  if (!said.empty()) {
    image.says.append(image.says.empty() ? "" : ", ").append(said);
  }
  return image;
}

void add_part(const Fit& fit, const char* kind, const FitImage& image, bool is_used = true) {
  fit.opened.contained.parts.push_back({kind, image.unit, image.data.size(), image.says, is_used});
}

base::Result<Packing> packing_said(const Fit& fit, const FitImage& image) {
  const std::string text = fit.tree.text(image.path, "compression");
  const auto packing = packing_named(text.empty() ? "none" : text);
  if (!packing) {
    return fit.error(Code::IMAGE_PACKING, "image " + image.unit + ": \"" + text + "\"");
  }
  return *packing;
}

base::Result<void> take_fit_kernel(const Fit& fit, const std::string& config) {
  const std::string unit = fit.tree.text(config, "kernel");
  if (unit.empty()) {
    return fit.error(Code::IMAGE_NO_KERNEL, "FIT, configuration " + last_of(config));
  }
  HR_TRY(image, find_image(fit, unit, "kernel"));
  const std::string arch = fit.tree.text(image.path, "arch");
  if (!arch.empty() && arch != "arm" && arch != "arm64") {
    return fit.error(Code::IMAGE_WRONG_ARCH, "image " + unit + " is for " + arch);
  }
  const std::string system = fit.tree.text(image.path, "os");
  if (!system.empty() && system != "linux") {
    return fit.error(Code::IMAGE_NO_KERNEL, "image " + unit + " is of " + system);
  }
  HR_TRY(packing, packing_said(fit, image));
  fit.opened.packing = packing;
  fit.opened.kernel = image.data;
  add_part(fit, "kernel", image);
  return base::success();
}

// A tree is packed where its image says so: nobody but U-Boot unpacks it.
base::Result<ByteView> unpacked_tree(const Fit& fit, const FitImage& image) {
  HR_TRY(packing, packing_said(fit, image));
  if (packing == Packing::kNone) {
    return image.data;
  }
  std::vector<std::byte> bytes;
  const std::uint64_t most = std::min<std::uint64_t>(
      bytes_left(kMostFitTreeBytes, fit.opened.contained.made), kMostFitTree);
  const Unpacked unpacked = fit.tools.unpack(packing, image.data, [&](ByteView some) {
    bytes.insert(bytes.end(), some.begin(), some.end());
    return bytes.size() <= most;
  });
  if (!unpacked.packed_bytes) {
    return fit.error(Code::IMAGE_COMPRESSED, "image " + image.unit + ": " + packing_name(packing) +
                                                 ": " + unpacked.why_not);
  }
  fit.opened.contained.made.push_back(std::move(bytes));
  return ByteView(fit.opened.contained.made.back());
}

// The first tree is the base, the others are overlays for it.
base::Result<void> take_fit_trees(const Fit& fit, const std::string& config) {
  Contained& contained = fit.opened.contained;
  const std::vector<std::string> units = fit.tree.texts(config, "fdt");
  const std::set<std::string> once(units.begin(), units.end());
  if (units.size() > kMostFitTrees || once.size() < units.size()) {
    return fit.error(Code::IMAGE_LIES, "configuration " + last_of(config) +
                                           " names too many device trees, or one of them twice");
  }
  for (const std::string& unit : units) {
    HR_TRY(image, find_image(fit, unit, "device tree", kMostFitTree));
    HR_TRY(bytes, unpacked_tree(fit, image));
    const bool is_base = !contained.tree;
    if (is_base) {
      contained.tree = bytes;
    } else {
      contained.overlays.push_back(bytes);
    }
    add_part(fit, is_base ? "device tree" : "overlay", image);
  }
  return base::success();
}

base::Result<void> take_fit_rest(const Fit& fit, const std::string& config) {
  if (const std::string unit = fit.tree.text(config, "ramdisk"); !unit.empty()) {
    HR_TRY(image, find_image(fit, unit, "ramdisk"));
    fit.opened.contained.initrd = image.data;
    add_part(fit, "initrd", image);
  }
  for (const std::string& unit : fit.tree.texts(config, "loadables")) {
    const std::string type = fit.tree.text("/images/" + unit, "type");
    fit.opened.contained.parts.push_back({type.empty() ? "loadable" : type, unit, 0, "", false});
    fit.opened.contained.notes.push_back(std::string(fit.name) + ": loadable \"" + unit +
                                         "\" is left out: it is for a bootloader to place");
  }
  return base::success();
}

// The path of the one that is asked for, the default, or the only one.
base::Result<std::string> find_config(const Fit& fit) {
  const std::vector<std::string> paths = fit.tree.children("/configurations", kMostFitNodes);
  std::vector<std::string> names;
  std::ranges::transform(paths, std::back_inserter(names), last_of);
  std::string wanted = fit.tools.fit_config;
  if (wanted.empty()) {
    wanted = fit.tree.text("/configurations", "default");
  }
  if (wanted.empty() && names.size() == 1) {
    wanted = names.front();
  }
  if (std::ranges::find(names, wanted) == names.end()) {
    return fit.error(Code::FIT_CONFIG,
                     names.empty() ? "it has none"
                                   : (wanted.empty() ? "no default" : "not \"" + wanted + "\"") +
                                         ("; there are " + joined(names)));
  }
  return "/configurations/" + wanted;
}

// A tree's errors are of stage tree, and of other files.
Error fit_error(const Error& error, std::string_view name) {
  const bool is_cut = error.code() == Code::TREE_TRUNCATED;
  Error mine(is_cut ? Code::IMAGE_TRUNCATED : Code::IMAGE_LIES, Stage::kImage,
             is_cut ? std::string(name)
                    : std::string(name) + ": " + std::string(base::row_of(error.code()).sentence));
  return is_cut ? mine.with_at(error.at()).with_limit(error.limit()) : mine;
}

}  // namespace

base::Result<Opened> open_fit(ByteView file, std::string_view name, const KernelTools& tools) {
  Opened opened;
  // In another container it may lie at any byte.
  if (reinterpret_cast<std::uintptr_t>(file.data()) % 8 != 0) {
    opened.contained.made.emplace_back(file.begin(), file.end());
    file = opened.contained.made.back();
  }
  const auto tree = fdt::Blob::check(file, name);
  if (!tree) {
    return fit_error(tree.error(), name);
  }
  if (!tree.value().has_node("/images")) {
    return container_error(Code::IMAGE_UNKNOWN, name, "looks like a device tree");
  }
  const Fit fit{tree.value(), file, name, tools, opened};
  HR_TRY(config, find_config(fit));
  opened.format = "FIT, configuration " + last_of(config);
  HR_TRYV(take_fit_kernel(fit, config));
  HR_TRYV(take_fit_trees(fit, config));
  HR_TRYV(take_fit_rest(fit, config));
  return opened;
}

}  // namespace hyprelay::handoff
