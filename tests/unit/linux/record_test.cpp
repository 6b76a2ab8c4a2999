// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/record.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

using base::Code;

void put(std::vector<std::byte>& bytes, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    bytes[at + i] = static_cast<std::byte>(value >> (8 * (size - 1 - i)));
  }
}

// Offsets as docs/abi.md has them, written out a second time on purpose.
std::vector<std::byte> record_bytes() {
  std::vector<std::byte> bytes(0x48);
  put(bytes, 0x00, 0x48525243, 4);
  put(bytes, 0x04, 0x00010000, 4);
  put(bytes, 0x08, 2, 4);
  put(bytes, 0x0c, 2, 4);
  put(bytes, 0x10, 1, 4);
  put(bytes, 0x14, 0, 4);
  put(bytes, 0x18, 4, 4);
  put(bytes, 0x1c, 1, 4);
  put(bytes, 0x20, 1, 4);
  put(bytes, 0x24, 62500000, 4);
  put(bytes, 0x28, 0x100000000, 8);
  put(bytes, 0x30, 0x100000000 + 1000, 8);
  put(bytes, 0x38, 0x100000000 + 1500, 8);
  put(bytes, 0x40, 21004939, 8);
  return bytes;
}

TEST(Record, is_decoded) {
  const Record record = decode_record(record_bytes()).value();
  EXPECT_EQ(record.entered, Mode::kHYP);
  EXPECT_EQ(record.left, Mode::kHYP);
  EXPECT_EQ(dialect_name(record.resident), "none");
  EXPECT_EQ(climb_name(record.climb), "not needed");
  EXPECT_EQ(record.segments_verified, 4u);
  EXPECT_EQ(record.bytes_verified, 21004939u);
  EXPECT_TRUE(record.cached);
  EXPECT_FALSE(record.crypto);
  EXPECT_EQ(record.counter_hz, 62500000u);
  EXPECT_EQ(record.verify_ticks(), 1000u);
  EXPECT_EQ(record.relay_ticks(), 1500u);
}

TEST(Record, one_that_the_relay_did_not_fill_is_none) {
  EXPECT_EQ(decode_record(std::vector<std::byte>(0x48)).error().code(), Code::NO_RECORD);
}

TEST(Record, a_short_one_is_malformed) {
  auto bytes = record_bytes();
  bytes.resize(0x47);
  EXPECT_EQ(decode_record(bytes).error().code(), Code::MACHINE_MALFORMED);
  EXPECT_EQ(decode_record({}).error().code(), Code::MACHINE_MALFORMED);
}

TEST(Record, a_later_minor_version_is_read_and_another_major_is_not) {
  auto bytes = record_bytes();
  put(bytes, 0x04, 0x00010007, 4);
  bytes.resize(0x60);
  EXPECT_EQ(decode_record(bytes).value().segments_verified, 4u);
  put(bytes, 0x04, 0x00020000, 4);
  EXPECT_EQ(decode_record(bytes).error().code(), Code::MACHINE_MALFORMED);
}

TEST(Record, version_1_1_tells_when_the_caches_were_on) {
  auto bytes = record_bytes();
  const Record old = decode_record(bytes).value();
  EXPECT_EQ(old.digest_algorithm, 1u);
  EXPECT_EQ(old.counter_checked, 0u);
  EXPECT_EQ(old.counter_mapped, 0u);
  bytes.resize(0x58);
  put(bytes, 0x04, 0x00010001, 4);
  put(bytes, 0x1c, 2, 4);
  put(bytes, 0x48, 0x100000000 + 100, 8);
  put(bytes, 0x50, 0x100000000 + 200, 8);
  const Record record = decode_record(bytes).value();
  EXPECT_EQ(record.digest_algorithm, 2u);
  EXPECT_EQ(record.counter_checked, 0x100000000u + 100);
  EXPECT_EQ(record.counter_mapped, 0x100000000u + 200);
  // Cut in the middle of a field.
  bytes.resize(0x54);
  EXPECT_EQ(decode_record(bytes).error().code(), Code::MACHINE_MALFORMED);
}

TEST(Record, unknown_rows_have_a_name) {
  auto bytes = record_bytes();
  put(bytes, 0x08, 77, 4);
  EXPECT_EQ(decode_record(bytes).value().entered, Mode::kUNKNOWN);
  EXPECT_EQ(dialect_name(0xffff), "unknown");
  EXPECT_EQ(climb_name(0xffff), "unknown");
}

TEST(Record, is_read_from_the_tree_of_the_running_kernel) {
  const fs::path directory =
      fs::path(testing::TempDir()) / ("hyprelay-record-" + std::to_string(::getpid()));
  Root root;
  root.path = directory.string();
  fs::create_directories(directory / "proc/device-tree/chosen");
  EXPECT_EQ(read_record(root).error().code(), Code::NO_RECORD);
  const auto bytes = record_bytes();
  std::ofstream(directory / "proc/device-tree/chosen/hyprelay,record", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  EXPECT_EQ(read_record(root).value(), decode_record(bytes).value());
  fs::remove_all(directory);
}

// The kernel of an ACPI machine shows its tree as a blob alone.
TEST(Record, is_read_from_the_blob_where_the_tree_is_not_unpacked) {
  const fs::path directory =
      fs::path(testing::TempDir()) / ("hyprelay-record-blob-" + std::to_string(::getpid()));
  Root root;
  root.path = directory.string();
  fs::create_directories(directory / "sys/firmware");
  EXPECT_EQ(read_record(root).error().code(), Code::NO_RECORD);
  const auto write = [&](base::ByteView bytes) {
    std::ofstream(directory / "sys/firmware/fdt", std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  };
  fdt::Tree tree = fdt::Tree::empty();
  ASSERT_TRUE(tree.add_node("/chosen"));
  write(tree.packed());
  EXPECT_EQ(read_record(root).error().code(), Code::NO_RECORD);
  const auto bytes = record_bytes();
  ASSERT_TRUE(tree.set("/chosen", "hyprelay,record", bytes));
  write(tree.packed());
  EXPECT_EQ(read_record(root).value(), decode_record(bytes).value());
  write(base::ByteView(bytes).first(8));
  EXPECT_EQ(read_record(root).error().code(), Code::TREE_NO_MAGIC);
  fs::remove_all(directory);
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
