// SPDX-License-Identifier: BSD-2-Clause
// Every way in which a file is not a device tree has an answer of its own.
#include "base/error_text.hpp"
#include "fdt/facts.hpp"
#include "fdt/tree.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hyprelay::fdt {
namespace {

using base::Code;
using base::Error;
using test::Bytes;

// Offsets of the header's fields [devicetree specification section 5.2].
constexpr std::size_t kTotalSize = 0x04;
constexpr std::size_t kOffStruct = 0x08;
constexpr std::size_t kOffStrings = 0x0c;
constexpr std::size_t kOffReservations = 0x10;
constexpr std::size_t kVersion = 0x14;
constexpr std::size_t kLastCompatible = 0x18;
constexpr std::size_t kSizeStrings = 0x20;
constexpr std::size_t kSizeStruct = 0x24;

std::uint32_t word(const Bytes& blob, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | std::to_integer<std::uint32_t>(blob[at + i]);
  }
  return value;
}

Error refusal(const Bytes& blob) {
  const auto tree = Tree::from_bytes(blob, "x.dtb");
  EXPECT_FALSE(tree.has_value());
  return tree.has_value() ? Error() : tree.error();
}

Error refusal_with(std::size_t at, std::uint32_t value) {
  Bytes blob = test::data_blob("board");
  test::put_be32(blob, at, value);
  return refusal(blob);
}

TEST(Damage, empty_file) {
  EXPECT_EQ(refusal({}).code(), Code::FILE_EMPTY);
  EXPECT_EQ(refusal({}).subject(), "x.dtb");
}

TEST(Damage, another_kind_of_file) {
  EXPECT_EQ(refusal(test::text("/dts-v1/; / { compatible = \"a\"; };")).code(),
            Code::TREE_NO_MAGIC);
  EXPECT_EQ(refusal(test::text("x")).code(), Code::TREE_NO_MAGIC);
  EXPECT_EQ(refusal_with(0, 0xedfe0dd0).code(), Code::TREE_NO_MAGIC);
}

TEST(Damage, an_unfinished_tree) {
  EXPECT_EQ(refusal_with(0, ~0xd00dfeedu).code(), Code::TREE_BAD);
}

TEST(Damage, every_truncation_is_called_so) {
  const Bytes blob = test::data_blob("board");
  for (std::size_t size = 4; size < blob.size(); ++size) {
    const Bytes cut(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(size));
    const Error error = refusal(cut);
    ASSERT_EQ(error.code(), Code::TREE_TRUNCATED) << size;
    ASSERT_EQ(error.limit(), size);
    ASSERT_GT(error.at(), size);
  }
}

TEST(Damage, truncation_of_a_real_tree_says_how_much_is_missing) {
  Bytes blob = test::qemu_blob(test::Qemu::kArm);
  const std::size_t whole = blob.size();
  blob.resize(whole / 2);
  const Error error = refusal(blob);
  EXPECT_EQ(error.code(), Code::TREE_TRUNCATED);
  EXPECT_EQ(error.at(), whole);
  EXPECT_EQ(error.limit(), whole / 2);
}

TEST(Damage, versions_that_cannot_be_edited) {
  for (const std::uint32_t version : {0u, 1u, 3u, 15u}) {
    Bytes blob = test::data_blob("board");
    test::put_be32(blob, kVersion, version);
    test::put_be32(blob, kLastCompatible, version);
    const Error error = refusal(blob);
    EXPECT_EQ(error.code(), Code::TREE_VERSION);
    EXPECT_EQ(error.at(), version);
  }
  EXPECT_EQ(refusal_with(kLastCompatible, 18).code(), Code::TREE_VERSION);
}

TEST(Damage, a_newer_compatible_version_is_read) {
  Bytes blob = test::data_blob("board");
  test::put_be32(blob, kVersion, 18);
  EXPECT_TRUE(Tree::from_bytes(blob, "x.dtb"));
}

TEST(Damage, a_header_that_lies_is_caught_in_the_field) {
  const Bytes good = test::data_blob("board");
  const auto total = static_cast<std::uint32_t>(good.size());
  const struct {
    std::size_t at;
    std::uint32_t value;
    const char* field;
  } lies[] = {
      {kTotalSize, 0x20, "totalsize"},
      {kOffStruct, total + 4, "off_dt_struct"},
      {kOffStruct, 0xfffffffc, "off_dt_struct"},
      {kOffStruct, word(good, kOffStruct) + 1, "off_dt_struct"},
      {kOffStruct, 0, "off_dt_struct"},
      {kSizeStruct, total, "size_dt_struct"},
      {kSizeStruct, 0xffffffff, "size_dt_struct"},
      {kOffStrings, total + 1, "off_dt_strings"},
      {kSizeStrings, total, "size_dt_strings"},
      {kOffReservations, total + 8, "off_mem_rsvmap"},
      {kOffReservations, total & ~7u, "off_mem_rsvmap"},
      {kOffReservations, 0x2c, "off_mem_rsvmap"},
  };
  for (const auto& lie : lies) {
    const Error error = refusal_with(lie.at, lie.value);
    EXPECT_EQ(error.code(), Code::TREE_LIES) << lie.field;
    EXPECT_EQ(error.subject(), std::string("x.dtb: ") + lie.field) << base::describe(error);
  }
}

TEST(Damage, reservations_without_an_end) {
  // The block ends where the blob does, and no entry in it is zero.
  Bytes blob = test::compile_dts("/dts-v1/; / { };");
  const std::size_t at = (blob.size() + 7) / 8 * 8;
  blob.resize(at + 32, std::byte{1});
  test::put_be32(blob, kOffReservations, static_cast<std::uint32_t>(at));
  test::put_be32(blob, kTotalSize, static_cast<std::uint32_t>(blob.size()));
  const Error error = refusal(blob);
  EXPECT_EQ(error.code(), Code::TREE_LIES);
  EXPECT_NE(error.subject().find("reservation"), std::string_view::npos);
}

// The offset in the blob of a property's FDT_PROP tag.
std::size_t property_tag(const Bytes& blob, std::string_view path, std::string_view name) {
  const Tree tree = Tree::from_bytes(blob, "x.dtb").value();
  const auto value = *tree.property(path, name);
  // from_bytes moved the blob but kept its layout: dtc's is the one that edits need.
  return static_cast<std::size_t>(value.data() - tree.bytes().data()) - 12;
}

TEST(Damage, an_unknown_tag_is_placed) {
  Bytes blob = test::data_blob("board");
  test::put_be32(blob, property_tag(blob, "/soc/serial@7e201000", "reg"), 7);
  const Error error = refusal(blob);
  EXPECT_EQ(error.code(), Code::TREE_BAD_STRUCTURE);
  EXPECT_EQ(error.subject(), "x.dtb: /soc/serial@7e201000: compatible");
}

TEST(Damage, a_property_that_ends_before_it_begins) {
  for (const std::uint32_t length : {0x80000000u, 0xfffffff4u, 0xfffffff8u, 0xfffffffcu, ~0u}) {
    Bytes blob = test::data_blob("board");
    test::put_be32(blob, property_tag(blob, "/psci", "method") + 4, length);
    EXPECT_EQ(refusal(blob).code(), Code::TREE_BAD_STRUCTURE) << length;
  }
}

TEST(Damage, a_property_longer_than_the_tree_is_placed) {
  Bytes blob = test::data_blob("board");
  test::put_be32(blob, property_tag(blob, "/psci", "method") + 4, 0x10000000);
  const Error error = refusal(blob);
  EXPECT_EQ(error.code(), Code::TREE_BAD_STRUCTURE);
  EXPECT_EQ(error.subject(), "x.dtb: /psci: compatible");
}

TEST(Damage, a_property_without_a_name) {
  Bytes blob = test::data_blob("board");
  test::put_be32(blob, property_tag(blob, "/psci", "method") + 8, 0x10000000);
  const Error error = refusal(blob);
  EXPECT_EQ(error.code(), Code::TREE_BAD_STRUCTURE);
  EXPECT_EQ(error.subject(), "x.dtb: /psci: a property without a name");
}

TEST(Damage, names_must_be_terminated) {
  const Bytes good = test::data_blob("board");
  EXPECT_EQ(refusal_with(kSizeStrings, word(good, kSizeStrings) - 1).code(),
            Code::TREE_BAD_STRUCTURE);
}

TEST(Damage, names_of_version16_must_be_in_their_block) {
  Bytes blob = test::compile_dts("/dts-v1/; / { a = <1>; b = <2>; };", "-V 16");
  test::put_be32(blob, kSizeStrings, 0);
  EXPECT_EQ(refusal(blob).code(), Code::TREE_BAD_STRUCTURE);
}

TEST(Damage, blocks_that_overlap) {
  // The strings begin with the header's end and claim everything: no copy can hold both blocks
  // whole.
  Bytes blob = test::data_blob("board");
  blob.resize(blob.size() + 8192);
  const auto total = static_cast<std::uint32_t>(blob.size());
  test::put_be32(blob, kTotalSize, total);
  test::put_be32(blob, kSizeStruct, total - word(blob, kOffStruct));
  test::put_be32(blob, kSizeStrings, total - word(blob, kOffStrings));
  const Error error = refusal(blob);
  EXPECT_EQ(error.code(), Code::TREE_LIES);
  EXPECT_EQ(error.subject(), "x.dtb: blocks overlap");
}

TEST(Damage, nodes_must_nest) {
  // FDT_END in place of an FDT_END_NODE: the last two words of the structure block.
  Bytes blob = test::data_blob("board");
  const std::size_t end = word(blob, kOffStruct) + word(blob, kSizeStruct);
  test::put_be32(blob, end - 8, 9);
  EXPECT_EQ(refusal(blob).code(), Code::TREE_BAD_STRUCTURE);
  // One FDT_END_NODE too many.
  blob = test::data_blob("board");
  test::put_be32(blob, end - 4, 2);
  EXPECT_EQ(refusal(blob).code(), Code::TREE_BAD_STRUCTURE);
}

// Linux ignores what lies deeper; and a reader that asks each node for those above it takes longer
// the deeper they nest.
TEST(Damage, no_tree_nests_without_end) {
  for (const int levels : {62, 63, 1000}) {
    std::string source = "/dts-v1/; / { ";
    for (int i = 0; i < levels; ++i) {
      source += "n { ";
    }
    for (int i = 0; i <= levels; ++i) {
      source += "}; ";
    }
    const auto tree = Tree::from_bytes(test::compile_dts(source), "deep");
    EXPECT_EQ(tree.has_value(), levels <= 62) << levels;
    EXPECT_TRUE(tree || tree.error().code() == Code::TREE_BAD_STRUCTURE);
  }
}

TEST(Damage, no_property_has_a_name_without_end) {
  for (const std::size_t length : {1023u, 1024u}) {
    Bytes blob = test::compile_dts("/dts-v1/; / { a = <1>; };");
    const std::uint32_t strings = base::read_be<std::uint32_t>(blob, 12).value();
    blob.resize(strings);
    blob.resize(strings + length, std::byte{'a'});
    blob.push_back(std::byte{0});
    test::put_be32(blob, 4, static_cast<std::uint32_t>(blob.size()));
    test::put_be32(blob, 32, static_cast<std::uint32_t>(length) + 1);
    const auto tree = Tree::from_bytes(blob, "long");
    EXPECT_EQ(tree.has_value(), length == 1023) << length;
    EXPECT_TRUE(tree || tree.error().code() == Code::TREE_BAD_STRUCTURE);
  }
}

TEST(Damage, a_tree_has_a_root) {
  Bytes blob = test::compile_dts("/dts-v1/; / { };");
  const std::size_t at = word(blob, kOffStruct);
  test::put_be32(blob, at, 9);
  EXPECT_EQ(refusal(blob).code(), Code::TREE_BAD_STRUCTURE);
  blob = test::compile_dts("/dts-v1/; / { a { }; };");
  test::put_be32(blob, at, 4);
  EXPECT_EQ(refusal(blob).code(), Code::TREE_BAD_STRUCTURE);
}

// Single damaged bytes of a real tree: whatever is still accepted can be read without a fault.
TEST(Damage, what_is_accepted_can_be_read) {
  const Bytes good = test::qemu_tree(test::Qemu::kArm64Gic3).packed();
  std::mt19937 random(1);
  int accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    Bytes blob = good;
    blob[random() % blob.size()] = static_cast<std::byte>(random());
    const auto tree = Tree::from_bytes(blob, "x.dtb");
    if (!tree) {
      EXPECT_EQ(tree.error().stage(), base::Stage::kTree);
      EXPECT_NE(tree.error().code(), Code::TREE_INTERNAL) << base::describe(tree.error());
      continue;
    }
    ++accepted;
    static_cast<void>(memory_ranges(tree.value()));
    static_cast<void>(console(tree.value()));
    static_cast<void>(gic(tree.value()));
    EXPECT_EQ(test::model_of(tree.value().packed()).nodes,
              test::model_of(tree.value().bytes()).nodes);
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace hyprelay::fdt
