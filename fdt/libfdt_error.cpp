// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/libfdt_error.hpp"

#include <libfdt.h>

#include <climits>
#include <string>

namespace hyprelay::fdt {
namespace {

using base::Code;
using base::Error;
using base::Stage;

Error tree_error(Code code, std::string_view name, std::string_view where = {}) {
  std::string subject(name);
  if (!where.empty()) {
    subject.append(": ").append(where);
  }
  return Error(code, Stage::kTree, subject);
}

// A block that the header places in the blob: [offset, offset + size).
struct Block {
  const char* offset_field;
  const char* size_field;
  std::uint64_t offset;
  std::uint64_t size_bytes;
  std::uint64_t align;
};

// libfdt answers FDT_ERR_TRUNCATED for every field that lies; this finds out which one it is.
base::Result<void> check_header_fields(const void* blob, std::string_view name) {
  const std::uint64_t total = fdt_totalsize(blob);
  const std::uint64_t struct_bytes = fdt_version(blob) >= 17 ? fdt_size_dt_struct(blob) : 0;
  const Block blocks[] = {
      {"off_mem_rsvmap", "off_mem_rsvmap", fdt_off_mem_rsvmap(blob), sizeof(fdt_reserve_entry), 8},
      {"off_dt_struct", "size_dt_struct", fdt_off_dt_struct(blob), struct_bytes, 4},
      {"off_dt_strings", "size_dt_strings", fdt_off_dt_strings(blob), fdt_size_dt_strings(blob),
       1}};
  for (const Block& block : blocks) {
    if (block.offset < fdt_header_size(blob) || block.offset > total ||
        block.offset % block.align != 0) {
      return tree_error(Code::TREE_LIES, name, block.offset_field)
          .with_at(block.offset)
          .with_limit(total);
    }
    if (block.size_bytes > total - block.offset) {
      return tree_error(Code::TREE_LIES, name, block.size_field)
          .with_at(block.size_bytes)
          .with_limit(total);
    }
  }
  return base::success();
}

// What one walk over the structure block shows, as far as it can be read: for each question a walk
// of its own is what takes the time of reading a tree.
struct Walked {
  // Every property ends behind its beginning. libfdt before 1.7 takes a length of 0xffffffff for
  // -1: it gives out a value of that size, and one of -12 it walks over for ever.
  bool has_true_lengths = true;
  bool has_nops = false;
  // The first node with more than kMostLevels above it. -1: there is none.
  int too_deep = -1;
};
Walked walk(const void* blob) {
  Walked walked;
  int levels = -1;
  for (int offset = 0, next = 0; next >= 0; offset = next) {
    const std::uint32_t tag = fdt_next_tag(blob, offset, &next);
    if (next < 0 || tag == FDT_END) {
      break;
    }
    if (tag == FDT_PROP) {
      const auto* const property = static_cast<const struct fdt_property*>(
          fdt_offset_ptr(blob, offset, sizeof(struct fdt_property)));
      if (property == nullptr || fdt32_to_cpu(property->len) > INT_MAX) {
        walked.has_true_lengths = false;
        break;
      }
    } else if (tag == FDT_BEGIN_NODE && ++levels > kMostLevels && walked.too_deep < 0) {
      walked.too_deep = offset;
    } else if (tag == FDT_END_NODE) {
      --levels;
    }
    walked.has_nops = walked.has_nops || tag == FDT_NOP;
  }
  return walked;
}

// Walks the structure block as far as it can be read: the path of the node, and the property, at
// which it stops.
std::string last_readable_place(const void* blob) {
  std::string path;
  std::string property;
  for (int offset = 0, next = 0; next >= 0; offset = next) {
    const std::uint32_t tag = fdt_next_tag(blob, offset, &next);
    if (next < 0 || tag == FDT_END) {
      break;
    }
    if (tag == FDT_BEGIN_NODE) {
      const char* node_name = fdt_get_name(blob, offset, nullptr);
      if (node_name == nullptr) {
        break;
      }
      path += path.empty() && *node_name == '\0' ? "" : "/" + std::string(node_name);
      property.clear();
    } else if (tag == FDT_END_NODE) {
      path.resize(path.find_last_of('/') == std::string::npos ? 0 : path.find_last_of('/'));
      property.clear();
    } else if (tag == FDT_PROP) {
      const char* property_name = nullptr;
      if (fdt_getprop_by_offset(blob, offset, &property_name, nullptr) == nullptr) {
        property = "a property without a name";
        break;
      }
      property = property_name;
    }
  }
  return (path.empty() ? "/" : path) + (property.empty() ? "" : ": " + property);
}

bool has_long_name(const void* blob) {
  const auto* const strings = static_cast<const char*>(blob) + fdt_off_dt_strings(blob);
  std::size_t length = 0;
  for (std::uint32_t i = 0; i < fdt_size_dt_strings(blob); ++i) {
    length = strings[i] == '\0' ? 0 : length + 1;
    if (length > kLongestName) {
      return true;
    }
  }
  return false;
}

// Header and bytes agree on what is there; what they hold is not looked at.
base::Result<void> check_size(base::ByteView bytes, std::string_view name, std::size_t most_bytes) {
  if (bytes.empty()) {
    return tree_error(Code::FILE_EMPTY, name);
  }
  const void* blob = bytes.data();
  const std::uint32_t magic = bytes.size() < 4 ? 0 : fdt_magic(blob);
  // A tree that was being written front to back carries the inverted magic until it is finished.
  if (magic == ~FDT_MAGIC) {
    return tree_error(Code::TREE_BAD, name);
  }
  if (magic != FDT_MAGIC) {
    return tree_error(Code::TREE_NO_MAGIC, name);
  }
  // The version, which says how long the header is, ends at 0x18.
  if (bytes.size() < FDT_V1_SIZE || bytes.size() < fdt_header_size(blob)) {
    return tree_error(Code::TREE_TRUNCATED, name).with_at(FDT_V17_SIZE).with_limit(bytes.size());
  }
  // Earlier than 16 the structure block names nodes by full paths: libfdt reads but cannot edit it.
  if (fdt_version(blob) < 16 || fdt_last_comp_version(blob) > FDT_LAST_SUPPORTED_VERSION ||
      fdt_version(blob) < fdt_last_comp_version(blob)) {
    return tree_error(Code::TREE_VERSION, name)
        .with_at(fdt_version(blob))
        .with_limit(FDT_LAST_SUPPORTED_VERSION);
  }
  if (fdt_totalsize(blob) > bytes.size()) {
    return tree_error(Code::TREE_TRUNCATED, name)
        .with_at(fdt_totalsize(blob))
        .with_limit(bytes.size());
  }
  if (fdt_totalsize(blob) > most_bytes) {
    return tree_error(Code::TREE_TOO_LARGE, name)
        .with_at(fdt_totalsize(blob))
        .with_limit(most_bytes);
  }
  if (fdt_totalsize(blob) < fdt_header_size(blob)) {
    return tree_error(Code::TREE_LIES, name, "totalsize").with_at(fdt_totalsize(blob));
  }
  return base::success();
}

}  // namespace

Error error_of(int libfdt_code, std::string_view subject) {
  // Several codes share a row: those that it does not say by itself are named. In front, because a
  // subject is cut at its end.
  std::string named = fdt_strerror(libfdt_code);
  if (-libfdt_code > FDT_ERR_MAX) {
    named += " " + std::to_string(-libfdt_code);
  }
  named.append(" at ").append(subject);
  switch (-libfdt_code) {
    case FDT_ERR_NOTFOUND:
      return Error(Code::TREE_NO_NODE, Stage::kTree, subject);
    case FDT_ERR_BADPATH:
      return Error(Code::TREE_NO_NODE, Stage::kTree, named);
    case FDT_ERR_TRUNCATED:
      return Error(Code::TREE_LIES, Stage::kTree, subject);
    case FDT_ERR_BADMAGIC:
      return Error(Code::TREE_NO_MAGIC, Stage::kTree, subject);
    case FDT_ERR_BADVERSION:
      return Error(Code::TREE_VERSION, Stage::kTree, subject);
    case FDT_ERR_BADSTRUCTURE:
      return Error(Code::TREE_BAD_STRUCTURE, Stage::kTree, subject);
    case FDT_ERR_BADOFFSET:
      return Error(Code::TREE_BAD_STRUCTURE, Stage::kTree, named);
    case FDT_ERR_BADSTATE:
      return Error(Code::TREE_BAD, Stage::kTree, subject);
    case FDT_ERR_BADVALUE:
      return Error(Code::TREE_BAD_PROPERTY, Stage::kTree, subject);
    case FDT_ERR_BADNCELLS:
    case FDT_ERR_BADPHANDLE:
      return Error(Code::TREE_BAD_PROPERTY, Stage::kTree, named);
    default:
      return Error(Code::TREE_INTERNAL, Stage::kTree, named);
  }
}

base::Result<bool> check_blob(base::ByteView bytes, std::string_view name, std::size_t most_bytes) {
  HR_TRYV(check_size(bytes, name, most_bytes));
  const void* blob = bytes.data();
  HR_TRYV(check_header_fields(blob, name));
  if (const int code = fdt_check_header(blob); code != 0) {
    return error_of(code, std::string(name) + ": header");
  }
  const Walked walked = walk(blob);
  if (!walked.has_true_lengths) {
    return tree_error(Code::TREE_BAD_STRUCTURE, name, "a property ends before it begins");
  }
  if (const int code = fdt_num_mem_rsv(blob); code < 0) {
    return tree_error(Code::TREE_LIES, name, "the memory reservation block has no end")
        .with_at(fdt_off_mem_rsvmap(blob))
        .with_limit(fdt_totalsize(blob));
  }
  if (has_long_name(blob)) {
    return tree_error(Code::TREE_BAD_STRUCTURE, name, "a property's name is too long")
        .with_limit(kLongestName);
  }
  // fdt_check_full also accepts a structure block that is nothing but FDT_END, and FDT_NOP before
  // the root, where no path can be found.
  int next = 0;
  const bool has_root = fdt_next_tag(blob, 0, &next) == FDT_BEGIN_NODE && next > 0;
  if (!has_root || fdt_check_full(blob, bytes.size()) != 0) {
    return tree_error(Code::TREE_BAD_STRUCTURE, name, last_readable_place(blob));
  }
  if (walked.too_deep >= 0) {
    return tree_error(Code::TREE_BAD_STRUCTURE, name,
                      std::string(fdt_get_name(blob, walked.too_deep, nullptr)) + " lies too deep")
        .with_limit(kMostLevels);
  }
  return walked.has_nops;
}

}  // namespace hyprelay::fdt
