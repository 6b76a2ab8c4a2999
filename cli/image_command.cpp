// SPDX-License-Identifier: BSD-2-Clause
#include "cli/image_command.hpp"

#include "base/error_text.hpp"
#include "base/json.hpp"
#include "base/number_text.hpp"
#include "cli/inputs.hpp"
#include "cli/print.hpp"
#include "handoff/bare_kernel.hpp"
#include "handoff/kernel_needs.hpp"
#include "handoff/unpack/decoders.hpp"

#include <optional>
#include <string>

namespace hyprelay::cli {
namespace {

using base::Error;
using handoff::Arch;
using handoff::ImageView;
using Json = nlohmann::ordered_json;

struct Looked {
  std::string file;
  handoff::KernelFile kernel;
  // Why it would be refused.
  std::optional<Error> refused;
  // Of a zImage.
  handoff::BareInflation bare;
};

Looked look_at(base::ByteView bytes, const std::string& name, const handoff::KernelTools& tools) {
  Looked looked{.file = name, .kernel = {}, .refused = {}, .bare = {}};
  const auto read = handoff::read_kernel_into(bytes, name, tools, looked.kernel);
  if (!read) {
    looked.refused = read.error();
  } else if (looked.kernel.image.bare) {
    looked.bare.read.view = looked.kernel.image;
  } else if (looked.kernel.image.arch == Arch::kArm && !looked.kernel.image.program) {
    looked.bare = handoff::inflate_zimage(looked.kernel.image, handoff::unpack_part);
    if (looked.bare.read.is_damaged) {
      looked.refused = Error(base::Code::IMAGE_COMPRESSED, base::Stage::kImage,
                             name + ": " + looked.bare.read.why_not);
    }
  }
  return looked;
}

const char* format_name(const ImageView& image) {
  return image.program                ? "program"
         : image.arch == Arch::kArm64 ? "Image"
         : image.bare                 ? "kernel without a decompressor"
                                      : "zImage";
}

// Its memory is what such a kernel takes at most: its header is too old to say.
bool is_bound(const ImageView& image) {
  return image.zimage.sizes_are_bounds || image.image.size_is_bound;
}

std::string layers_text(const Looked& looked) {
  std::string text;
  for (const std::string& layer : looked.kernel.layers) {
    text += layer + "; ";
  }
  if (!looked.refused || looked.bare.read.is_damaged) {
    return text + format_name(looked.kernel.image);
  }
  return text.empty() ? "no kernel" : text + "no kernel that is understood";
}

std::string wants_text(const ImageView& image) {
  if (image.program) {
    const std::uint64_t start = image.program->start;
    return base::hex(start) + " to " + base::hex(start + image.bytes.size()) + ", entered at " +
           base::hex(image.program->entry);
  }
  if (image.arch == Arch::kArm64) {
    return "text_offset " + base::hex(image.image.text_offset) + " from a 2 MiB boundary" +
           (image.image.anywhere ? ", anywhere in memory" : ", as low in memory as there is room");
  }
  const handoff::ZImage& z = image.zimage;
  return z.text_offset == z.text_offset_max
             ? base::hex(z.text_offset) + " from the start of memory"
             : "between " + base::hex(z.text_offset) + " and " + base::hex(z.text_offset_max) +
                   " from the start of memory";
}

// What it can do without is not among it.
std::string needs_text(const handoff::KernelNeeds& needs) {
  std::string text = "little endian";
  if (needs.page_size_bytes) {
    text += ", pages of " + std::to_string(*needs.page_size_bytes / 1024) + " KiB";
  }
  // A kernel without it runs on a CPU that has it, too.
  if (needs.lpae == true) {
    text += ", a CPU with LPAE";
  }
  if (needs.keeps_hyp && !*needs.keeps_hyp) {
    text += "; it makes no use of HYP (no CONFIG_ARM_VIRT_EXT)";
  }
  return text;
}

std::string modes_text(const handoff::KernelNeeds& needs) {
  std::string text;
  for (const std::string& mode : needs.modes) {
    text += (text.empty() ? "" : " or ") + mode;
  }
  return text;
}

std::string part_text(const handoff::ContainedPart& part) {
  std::string text = "  holds:        " + part.kind;
  text += part.name.empty() ? "" : " \"" + part.name + "\"";
  text += part.size_bytes == 0 ? "" : ", " + base::size_text(part.size_bytes);
  text += part.says.empty() ? "" : ", " + part.says;
  return text + (part.is_used ? "\n" : " (left out)\n");
}

std::string refusal_text(const Error& error) {
  const base::ErrorRow& row = base::row_of(error.code());
  return "refused: " + base::describe(error) + "\n  remedy: " + std::string(row.remedy) + "\n";
}

std::string kernel_text(const Looked& looked) {
  const ImageView& image = looked.kernel.image;
  const handoff::KernelNeeds needs = handoff::needs_of(image, looked.bare.read.view);
  std::string text = "  architecture: " + std::string(handoff::arch_name(image.arch)) + "\n";
  text += "  size:         " + base::size_text(image.bytes.size()) + ", in memory " +
          base::size_text(handoff::memory_bytes_of(image)) + (is_bound(image) ? " at most" : "") +
          "\n";
  text += "  wants:        " + wants_text(image) + "\n";
  text += "  entered at:   " + modes_text(needs) + "\n";
  text += "  needs:        " + needs_text(needs) + "\n";
  if (!image.appended_tree.empty()) {
    text += "  appended:     a device tree, " + base::size_text(image.appended_tree.size()) + "\n";
  }
  return text;
}

std::string text_of(const Looked& looked) {
  std::string text = looked.file + ": " + layers_text(looked) + "\n";
  if (!looked.kernel.image.bytes.empty()) {
    text += kernel_text(looked);
  }
  const handoff::Contained& held = looked.kernel.contained;
  for (const handoff::ContainedPart& part : held.parts) {
    text += part_text(part);
  }
  if (held.command_line) {
    text += "  command line: " + *held.command_line + "\n";
  }
  for (const auto* notes : {&looked.kernel.notes, &held.notes}) {
    for (const std::string& note : *notes) {
      text += "note: " + note + "\n";
    }
  }
  for (const std::string& warning : held.warnings) {
    text += "warning: " + warning + "\n";
  }
  return text + (looked.refused ? refusal_text(*looked.refused) : "");
}

Json kernel_json(const Looked& looked) {
  const ImageView& image = looked.kernel.image;
  const handoff::KernelNeeds needs = handoff::needs_of(image, looked.bare.read.view);
  const bool arm = image.arch == Arch::kArm;
  const auto or_null = [](const auto& value) { return value ? Json(*value) : Json(); };
  return {{"format", format_name(image)},
          {"arch", handoff::arch_name(image.arch)},
          {"size_bytes", image.bytes.size()},
          {"memory_bytes", handoff::memory_bytes_of(image)},
          {"memory_is_bound", is_bound(image)},
          {"text_offset", arm ? image.zimage.text_offset : image.image.text_offset},
          {"text_offset_max", arm ? image.zimage.text_offset_max : image.image.text_offset},
          {"anywhere", !arm && image.image.anywhere},
          {"start", image.program ? Json(image.program->start) : Json()},
          {"entry", image.program ? Json(image.program->entry) : Json()},
          {"modes", needs.modes},
          {"endianness", "little"},
          {"page_size_bytes", or_null(needs.page_size_bytes)},
          {"lpae", or_null(needs.lpae)},
          {"keeps_hyp", or_null(needs.keeps_hyp)},
          {"appended_tree_bytes", image.appended_tree.size()}};
}

std::string json_of(const Looked& looked) {
  const handoff::Contained& held = looked.kernel.contained;
  Json parts = Json::array();
  for (const handoff::ContainedPart& part : held.parts) {
    parts.push_back({{"kind", part.kind},
                     {"name", part.name},
                     {"size_bytes", part.size_bytes},
                     {"says", part.says},
                     {"used", part.is_used}});
  }
  std::vector<std::string> notes = looked.kernel.notes;
  notes.insert(notes.end(), held.notes.begin(), held.notes.end());
  const bool is_kernel = !looked.kernel.image.bytes.empty();
  const Json refused =
      looked.refused ? Json::parse(error_json(*looked.refused)).at("error") : Json();
  return json_line({{"file", looked.file},
                    {"layers", looked.kernel.layers},
                    {"kernel", is_kernel ? kernel_json(looked) : Json()},
                    {"parts", parts},
                    {"command_line", held.command_line ? Json(*held.command_line) : Json()},
                    {"notes", notes},
                    {"warnings", held.warnings},
                    {"refused", refused}});
}

}  // namespace

base::Result<int> run_image(const Arguments& arguments) {
  Request request;
  request.kernel = arguments.text("FILE").value_or("");
  request.fit_config = arguments.text("--fit-config").value_or("");
  request.vendor_boot = arguments.text("--vendor-boot");
  HR_TRY(file, os::InputFile::open(request.kernel, os::kKernelFile));
  HR_TRY(content, file.content());
  HR_TRY(vendor_boot, open_vendor_boot(request));
  const Looked looked =
      look_at(content.bytes(), request.kernel, kernel_tools(request, vendor_boot.bytes()));
  HR_TRYV(print(arguments.has("--json") ? json_of(looked) : text_of(looked)));
  return looked.refused ? static_cast<int>(base::row_of(looked.refused->code()).exit_code) : 0;
}

}  // namespace hyprelay::cli
