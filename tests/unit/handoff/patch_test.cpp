// SPDX-License-Identifier: BSD-2-Clause
// The patch, judged by an oracle that parses the blob by itself: what it sets, what it drops, and
// that nothing else changes.
#include "handoff/patch.hpp"

#include "abi/hr_abi.h"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hyprelay::handoff {
namespace {

using base::PhysAddr;
using base::PhysRange;
using fdt::Tree;
using test::be32;
using test::be64;
using test::BlobModel;
using test::Bytes;
using test::model_of;

PatchRequest request_with_initrd() {
  PatchRequest request;
  request.command_line = "console=ttyAMA0 root=/dev/vda";
  request.initrd = PhysRange::from_size(PhysAddr(0x44000000), 0x123457);
  request.seeds.emplace();
  request.seeds->kaslr.fill(std::byte{0x11});
  request.seeds->rng.fill(std::byte{0x22});
  return request;
}

BlobModel patched_model(const Tree& source, const PatchRequest& request) {
  const auto patched = patch(source, request);
  EXPECT_TRUE(patched.has_value());
  return patched ? model_of(patched.value().bytes()) : BlobModel();
}

// What the board's /chosen loses, and with it these reservations.
constexpr const char* kDropped[] = {"linux,elfcorehdr",        "linux,usable-memory-range",
                                    "linux,booted-from-kexec", "linux,ima-kexec-buffer",
                                    "linux,kho-fdt",           "linux,kho-scratch"};

TEST(Patch, a_crash_kernel_is_told_its_memory_in_the_roots_cells) {
  const Tree source = test::data_tree("board");
  PatchRequest request = request_with_initrd();
  BlobModel expected = patched_model(source, request);
  const auto region = PhysRange::from_size(PhysAddr(0x860000000), 0x8000000).value();
  const auto low = PhysRange::from_size(PhysAddr(0x50000000), 0x4000000).value();
  request.crash = {PhysRange::from_size(PhysAddr(0x867f00000), 0x180).value(), {region, low}};
  auto& chosen = expected.nodes.at("/chosen");
  const auto append = [](Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  };
  chosen["linux,elfcorehdr"] = append(be64(0x867f00000), be64(0x180));
  chosen["linux,usable-memory-range"] =
      append(append(be64(0x860000000), be64(0x8000000)), append(be64(0x50000000), be64(0x4000000)));
  EXPECT_EQ(patched_model(source, request), expected);
  EXPECT_LE(patch(source, request).value().bytes().size(), patched_size_bound(source, request));
}

TEST(Patch, a_root_with_narrow_cells_is_told_to_whom_it_is_too_narrow) {
  Tree source = Tree::empty();
  ASSERT_TRUE(source.set_u32("/", "#address-cells", 1));
  ASSERT_TRUE(source.set_u32("/", "#size-cells", 1));
  PatchRequest request;
  request.crash = {PhysRange::from_size(PhysAddr(0x67f00000), 0x180).value(),
                   {PhysRange::from_size(PhysAddr(0x60000000), 0x8000000).value()}};
  const BlobModel model = patched_model(source, request);
  EXPECT_EQ(model.nodes.at("/chosen").at("linux,elfcorehdr").size(), 8u);
  request.crash->usable[0] = PhysRange::from_size(PhysAddr(0x860000000), 0x8000000).value();
  const auto refusal = patch(source, request);
  ASSERT_FALSE(refusal.has_value());
  EXPECT_EQ(refusal.error().code(), base::Code::TREE_BAD_PROPERTY);
  EXPECT_EQ(refusal.error().subject(), "/#address-cells");
}

TEST(Patch, the_board_as_a_whole) {
  const Tree source = test::data_tree("board");
  const PatchRequest request = request_with_initrd();
  BlobModel expected = model_of(source.bytes());
  auto& chosen = expected.nodes.at("/chosen");
  for (const char* name : kDropped) {
    ASSERT_EQ(chosen.erase(name), 1u) << name;
  }
  chosen["bootargs"] = test::text(request.command_line);
  chosen["linux,initrd-start"] = be64(0x44000000);
  chosen["linux,initrd-end"] = be64(0x44123457);
  chosen["kaslr-seed"] = Bytes(8, std::byte{0x11});
  chosen["rng-seed"] = Bytes(64, std::byte{0x22});
  chosen["hyprelay,record"] = Bytes(HR_RECORD_SIZE);
  expected.reservations = {{0x4a000000, 0x10000}};
  EXPECT_EQ(patched_model(source, request), expected);
}

TEST(Patch, without_an_initrd_the_old_one_is_gone) {
  PatchRequest request = request_with_initrd();
  request.initrd.reset();
  const BlobModel model = patched_model(test::data_tree("board"), request);
  EXPECT_FALSE(model.nodes.at("/chosen").contains("linux,initrd-start"));
  EXPECT_FALSE(model.nodes.at("/chosen").contains("linux,initrd-end"));
  EXPECT_EQ(model.reservations.size(), 1u);
}

TEST(Patch, makes_chosen) {
  const BlobModel model = patched_model(test::tree_of("/dts-v1/; / { };"), request_with_initrd());
  EXPECT_EQ(model.nodes.at("/chosen").at("bootargs"), test::text("console=ttyAMA0 root=/dev/vda"));
}

TEST(Patch, initrd_cells_follow_the_root) {
  const Tree narrow = test::data_tree("spintable");
  PatchRequest request = request_with_initrd();
  const auto chosen = patched_model(narrow, request).nodes.at("/chosen");
  EXPECT_EQ(chosen.at("linux,initrd-start"), be32(0x44000000));
  EXPECT_EQ(chosen.at("linux,initrd-end"), be32(0x44123457));
  // What one cell does not hold gets two whatever the root says.
  request.initrd = PhysRange::from_size(PhysAddr(0xfff00000), 0x100000);
  EXPECT_EQ(patched_model(narrow, request).nodes.at("/chosen").at("linux,initrd-end"),
            be64(0x100000000));
}

TEST(Patch, seeds_are_fresh_whatever_was_there) {
  for (const char* old : {"", "kaslr-seed = <0 0>; rng-seed = <0>;",
                          "kaslr-seed = <1 2>; rng-seed = <1 2 3 4 5 6 7 8>;"}) {
    const Tree source = test::tree_of(std::string("/dts-v1/; / { chosen { ") + old + " }; };");
    const auto chosen = patched_model(source, request_with_initrd()).nodes.at("/chosen");
    EXPECT_EQ(chosen.at("kaslr-seed"), Bytes(8, std::byte{0x11}));
    EXPECT_EQ(chosen.at("rng-seed"), Bytes(64, std::byte{0x22}));
    // None is better than one that was seen.
    PatchRequest without = request_with_initrd();
    without.seeds.reset();
    const auto bare = patched_model(source, without).nodes.at("/chosen");
    EXPECT_EQ(bare.count("kaslr-seed") + bare.count("rng-seed"), 0u) << old;
    EXPECT_LE(patch(source, request_with_initrd()).value().bytes().size(),
              patched_size_bound(source, without))
        << "a plan is made before it is known whether there are any";
  }
}

// Readers take the first of several copies: what patch() drops or sets must leave none behind it.
TEST(Patch, no_copy_of_a_stale_property_survives) {
  const Bytes blob = test::compile_dts(
      "/dts-v1/; / { chosen { linux,usable-memory-range = <1 2>; kaslr-seed = <1 1>; bootargs = "
      "\"a\"; linux,usable-memory-range = <3 4>; kaslr-seed = <2 2>; bootargs = \"b\"; "
      "linux,elfcorehdr = <1 1>; linux,elfcorehdr = <2 2>; }; };",
      "-f");
  const auto patched = patch(Tree::from_bytes(blob, "copies").value(), request_with_initrd());
  ASSERT_TRUE(patched);
  std::vector<std::string> names =
      Tree::from_bytes(patched.value().bytes(), "patched").value().property_names("/chosen");
  std::ranges::sort(names);
  EXPECT_EQ(names,
            (std::vector<std::string>{"bootargs", "hyprelay,record", "kaslr-seed",
                                      "linux,initrd-end", "linux,initrd-start", "rng-seed"}));
}

TEST(Patch, record_is_where_it_says) {
  Tree source = test::qemu_tree(test::Qemu::kArm64Gic3);
  ASSERT_TRUE(source.set("/chosen", "hyprelay,record", Bytes(HR_RECORD_SIZE, std::byte{0xee})));
  const auto patched = patch(source, request_with_initrd());
  ASSERT_TRUE(patched);
  const std::uint64_t offset = patched.value().record_offset();
  EXPECT_EQ(offset % 4, 0u);
  Bytes blob(patched.value().bytes().begin(), patched.value().bytes().end());
  ASSERT_LE(offset + HR_RECORD_SIZE, blob.size());
  // Written through the offset, as the relay does, it is the property that changes and nothing
  // else.
  BlobModel expected = model_of(blob);
  EXPECT_EQ(expected.nodes.at("/chosen").at("hyprelay,record"), Bytes(HR_RECORD_SIZE));
  std::fill_n(blob.begin() + static_cast<std::ptrdiff_t>(offset), HR_RECORD_SIZE, std::byte{0x77});
  expected.nodes.at("/chosen").at("hyprelay,record") = Bytes(HR_RECORD_SIZE, std::byte{0x77});
  EXPECT_EQ(model_of(blob), expected);
}

TEST(Patch, keeps_the_rest_of_real_trees) {
  std::vector<Tree> trees = {test::qemu_tree(test::Qemu::kArm),
                             test::qemu_tree(test::Qemu::kArm64Gic2),
                             test::qemu_tree(test::Qemu::kArm64Gic3)};
  for (const std::string& path : test::debian_trees(40)) {
    trees.push_back(Tree::from_bytes(test::read_file(path), path).value());
  }
  for (const Tree& source : trees) {
    BlobModel before = model_of(source.bytes());
    BlobModel after = patched_model(source, request_with_initrd());
    for (BlobModel* model : {&before, &after}) {
      for (const char* name : {"bootargs", "linux,initrd-start", "linux,initrd-end", "kaslr-seed",
                               "rng-seed", "hyprelay,record"}) {
        model->nodes["/chosen"].erase(name);
      }
    }
    EXPECT_EQ(before, after);
  }
}

TEST(Patch, many_handoffs_do_not_grow_the_tree) {
  const PatchRequest request = request_with_initrd();
  Tree tree = test::qemu_tree(test::Qemu::kArm);
  std::vector<std::size_t> sizes;
  for (int hop = 0; hop < 10; ++hop) {
    const auto patched = patch(tree, request);
    ASSERT_TRUE(patched);
    Bytes blob(patched.value().bytes().begin(), patched.value().bytes().end());
    sizes.push_back(blob.size());
    // A kernel wipes the seed that it has used, leaving FDT_NOP words.
    tree = Tree::from_bytes(blob, "hop").value();
    const auto seed = *tree.property("/chosen", "rng-seed");
    const auto at = static_cast<std::size_t>(seed.data() - tree.bytes().data()) - 12;
    for (std::size_t i = 0; i < 12 + 64; i += 4) {
      test::put_be32(blob, at + i, 4);
    }
    tree = Tree::from_bytes(blob, "hop").value();
    ASSERT_FALSE(tree.property("/chosen", "rng-seed"));
  }
  EXPECT_EQ(sizes.front(), sizes.back());
}

// A tree whose reservations are these, below the lines of its /chosen.
Tree reserving(std::string_view entries, std::string_view chosen) {
  return test::tree_of(std::string("/dts-v1/; ")
                           .append(entries)
                           .append(" / { #address-cells = <1>; #size-cells = <1>; chosen { ")
                           .append(chosen)
                           .append(" }; };"));
}

TEST(Patch, old_initrd_reservations_by_every_rounding) {
  const char* chosen = "linux,initrd-start = <0x48000123>; linux,initrd-end = <0x48005432>;";
  for (const char* entry :
       {"0x48000123 0x530f", "0x48000000 0x6000", "0x48000123 0x5edd", "0x48000000 0x10000"}) {
    const std::string entries = std::string("/memreserve/ ") + entry + ";";
    EXPECT_TRUE(patched_model(reserving(entries, chosen), {}).reservations.empty()) << entry;
  }
}

TEST(Patch, reservations_of_others_stay) {
  const char* chosen = "linux,initrd-start = <0x48000000>; linux,initrd-end = <0x48005000>;";
  // More than the initrd, a part of it, its neighbour, a page before it.
  for (const char* entry :
       {"0x48000000 0x11000", "0x48001000 0x1000", "0x48005000 0x1000", "0x47fff000 0x6000"}) {
    const std::string entries = std::string("/memreserve/ ") + entry + ";";
    EXPECT_EQ(patched_model(reserving(entries, chosen), {}).reservations.size(), 1u) << entry;
  }
  // An initrd that is empty or reversed names nothing.
  EXPECT_EQ(patched_model(reserving("/memreserve/ 0x48000000 0x1000;",
                                    "linux,initrd-start = <0x48000000>; linux,initrd-end = "
                                    "<0x48000000>;"),
                          {})
                .reservations.size(),
            1u);
}

// U-Boot reserves the tree itself, as long as the tree says it is. `size` becomes totalsize.
Tree reserving_itself(std::uint64_t start, std::size_t size, const char* more = "") {
  Bytes blob = test::compile_dts(std::string("/dts-v1/; /memreserve/ ")
                                     .append(std::to_string(start))
                                     .append(" ")
                                     .append(std::to_string(size))
                                     .append("; / { ")
                                     .append(more)
                                     .append(" };"));
  EXPECT_LE(blob.size(), size);
  blob.resize(size);
  test::put_be32(blob, 4, static_cast<std::uint32_t>(size));
  return Tree::from_bytes(blob, "u-boot").value();
}

TEST(Patch, the_old_trees_own_reservation_goes) {
  EXPECT_TRUE(patched_model(reserving_itself(0x7df0e5a0, 0xba60), {}).reservations.empty());
  EXPECT_TRUE(patched_model(reserving_itself(0x47ef5000, 0x3000), {}).reservations.empty());
}

TEST(Patch, what_only_looks_like_the_old_tree_stays) {
  // Firmware reserves powers of two; a tree lies at a multiple of 8; parked CPUs live in theirs.
  EXPECT_EQ(patched_model(reserving_itself(0x47ef0000, 0x4000), {}).reservations.size(), 1u);
  EXPECT_EQ(patched_model(reserving_itself(0x47ef5004, 0x3000), {}).reservations.size(), 1u);
  EXPECT_EQ(
      patched_model(reserving_itself(0x47ef5000, 0x3000,
                                     "cpus { cpu@1 { cpu-release-addr = <0 0x47ef50f8>; }; };"),
                    {})
          .reservations.size(),
      1u);
}

TEST(Patch, a_spin_table_stays_even_where_the_initrd_was) {
  Tree source = test::data_tree("spintable");
  ASSERT_TRUE(source.set_u32("/chosen", "linux,initrd-start", 0x80000000));
  ASSERT_TRUE(source.set_u32("/chosen", "linux,initrd-end", 0x80001000));
  EXPECT_EQ(patched_model(source, {}).reservations.size(), 1u);
}

TEST(Patch, bound_is_one) {
  std::mt19937_64 random(7);
  std::vector<Tree> sources = {test::data_tree("board"), test::data_tree("spintable"),
                               test::qemu_tree(test::Qemu::kArm), Tree::empty()};
  for (int i = 0; i < 400; ++i) {
    Tree& source = sources[static_cast<std::size_t>(i) % sources.size()];
    PatchRequest request;
    request.command_line = std::string(random() % 3000, 'x');
    const std::uint64_t bound_before_placing = patched_size_bound(source, request);
    PatchRequest placed = request;
    if (random() % 4 != 0) {
      placed.initrd =
          PhysRange::from_size(PhysAddr(random() >> 1 >> random() % 40), random() % 4096);
    }
    const auto patched = patch(source, placed);
    ASSERT_TRUE(patched);
    EXPECT_LE(patched.value().bytes().size(), bound_before_placing);
    EXPECT_LE(patched.value().bytes().size(), patched_size_bound(source, placed));
    // Not absurdly more than needed either: a /chosen with everything in it, at worst.
    EXPECT_LE(bound_before_placing, source.packed().size() + request.command_line.size() + 512);
    ASSERT_TRUE(source.set("/chosen", "p" + std::to_string(random() % 50), Bytes(random() % 200)));
  }
}

TEST(Patch, errors_are_of_stage_patch) {
  const Tree source = test::data_tree("board");
  PatchRequest request;
  request.command_line.assign(std::size_t{65} << 20, 'x');
  const auto patched = patch(source, request);
  ASSERT_FALSE(patched);
  EXPECT_EQ(patched.error().stage(), base::Stage::kPatch);
  EXPECT_EQ(patched.error().code(), base::Code::TREE_TOO_LARGE);
  EXPECT_EQ(patched.error().subject(), "/chosen: bootargs");
}

}  // namespace
}  // namespace hyprelay::handoff
