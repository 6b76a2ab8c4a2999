// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/record.hpp"

#include "fdt/tree.hpp"
#include "os/files.hpp"

#include <bit>

namespace hyprelay::handoff::linux_host {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// The fields as the rows of abi/record.def name them, in host order. What a minor version before
// this one did not have is 0; one that is cut is an error.
base::Result<hr_record> read_fields(base::ByteView bytes) {
  hr_record fields{};
#define HR_RECORD_FIELD(type, name, offset, ...)              \
  if (offset < HR_RECORD_SIZE_1_0 || offset < bytes.size()) { \
    HR_TRY(value, base::read_be<type>(bytes, offset));        \
    fields.name = value;                                      \
  }
#include "abi/record.def"
#undef HR_RECORD_FIELD
  return fields;
}

// A kernel that asks ACPI what the machine is does not unpack its tree, so that there is no
// /proc/device-tree; the blob is there all the same, for root [linux/arch/arm64/kernel/setup.c
// setup_arch, linux/drivers/of/fdt.c of_fdt_raw_init].
base::Result<Record> record_in_blob(const Root& root) {
  const Error none(Code::NO_RECORD, Stage::kRelay);
  const std::string path = "/sys/firmware/fdt";
  if (os::is_there(root.path + "/proc/device-tree")) {
    return none;
  }
  const auto blob = os::read_fact(root.path + path);
  if (!blob) {
    return blob.error().code() == Code::FILE_MISSING ? none : blob.error();
  }
  HR_TRY(tree, fdt::Tree::from_bytes(blob.value(), path));
  const auto bytes = tree.property("/chosen", "hyprelay,record");
  return bytes ? decode_record(*bytes) : none;
}

}  // namespace

base::Result<Record> decode_record(base::ByteView bytes) {
  const auto read = read_fields(bytes);
  if (!read) {
    return Error(Code::MACHINE_MALFORMED, Stage::kRelay, "/chosen/hyprelay,record")
        .with_at(bytes.size())
        .with_limit(bytes.size() < HR_RECORD_SIZE_1_0 ? HR_RECORD_SIZE_1_0 : HR_RECORD_SIZE);
  }
  const hr_record& fields = read.value();
  if (fields.magic != HR_RECORD_MAGIC) {
    return Error(Code::NO_RECORD, Stage::kRelay, "/chosen/hyprelay,record is not filled in");
  }
  // A minor version only appends fields; a major one may mean anything.
  if (fields.version >> 16 != HR_RECORD_VERSION >> 16) {
    return Error(Code::MACHINE_MALFORMED, Stage::kRelay, "/chosen/hyprelay,record: version")
        .with_at(fields.version);
  }
  Record record;
  record.entered = mode_of(fields.entered_mode);
  record.left = mode_of(fields.left_mode);
  record.resident = fields.resident;
  record.climb = fields.climb;
  record.segments_verified = fields.segments_verified;
  record.bytes_verified = fields.bytes_verified;
  record.cached = (fields.verify_flags & HR_VERIFY_CACHED) != 0;
  record.crypto = (fields.verify_flags & HR_VERIFY_CRYPTO) != 0;
  record.inflated = (fields.verify_flags & HR_VERIFY_INFLATED) != 0;
  record.counter_hz = fields.counter_hz;
  record.counter_entered = fields.counter_entered;
  record.digest_algorithm = fields.digest_algorithm;
  record.counter_checked = fields.counter_checked;
  record.counter_mapped = fields.counter_mapped;
  record.counter_verified = fields.counter_verified;
  record.counter_inflated = fields.counter_inflated;
  record.counter_left = fields.counter_left;
  return record;
}

base::Result<Record> read_record(const Root& root) {
  const auto bytes = os::read_fact(root.path + "/proc/device-tree/chosen/hyprelay,record");
  if (bytes) {
    return decode_record(bytes.value());
  }
  return bytes.error().code() == Code::FILE_MISSING ? record_in_blob(root) : bytes.error();
}

}  // namespace hyprelay::handoff::linux_host
