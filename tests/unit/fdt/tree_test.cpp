// SPDX-License-Identifier: BSD-2-Clause
// Reading and editing, against an oracle that parses the blob by itself.
#include "fdt/tree.hpp"

#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hyprelay::fdt {
namespace {

using base::Code;
using base::PhysAddr;
using base::PhysRange;
using test::BlobModel;
using test::Bytes;
using test::model_of;

Bytes copy(base::ByteView view) {
  return {view.begin(), view.end()};
}

TEST(Tree, opening_and_packing_changes_nothing) {
  for (const Bytes& blob :
       {test::data_blob("board"), test::data_blob("spintable"), test::qemu_blob(test::Qemu::kArm),
        test::qemu_blob(test::Qemu::kArm64Gic3)}) {
    const auto tree = Tree::from_bytes(blob, "blob");
    ASSERT_TRUE(tree);
    EXPECT_EQ(model_of(tree.value().bytes()), model_of(blob));
    EXPECT_EQ(model_of(tree.value().packed()), model_of(blob));
    EXPECT_LE(tree.value().packed().size(), blob.size());
    EXPECT_EQ(tree.value().claimed_size_bytes(), blob.size());
  }
}

TEST(Tree, reads_version16) {
  const Bytes blob = test::compile_dts("/dts-v1/; / { a { b = <1>; }; };", "-V 16");
  const auto tree = Tree::from_bytes(blob, "blob");
  ASSERT_TRUE(tree);
  EXPECT_EQ(copy(*tree.value().property("/a", "b")), test::be32(1));
  EXPECT_EQ(model_of(tree.value().packed()), model_of(blob));
}

TEST(Tree, ignores_bytes_behind_the_tree) {
  Bytes blob = test::data_blob("board");
  blob.resize(blob.size() + 1000, std::byte{0xaa});
  const auto tree = Tree::from_bytes(blob, "blob");
  ASSERT_TRUE(tree);
  EXPECT_EQ(model_of(tree.value().packed()), model_of(test::data_blob("board")));
}

TEST(Tree, needs_no_alignment) {
  const Bytes blob = test::data_blob("board");
  Bytes shifted(1);
  shifted.insert(shifted.end(), blob.begin(), blob.end());
  EXPECT_TRUE(Tree::from_bytes(base::ByteView(shifted).subspan(1), "blob"));
}

TEST(Tree, lists_what_the_oracle_lists) {
  const Tree tree = test::qemu_tree(test::Qemu::kArm64Gic3);
  const BlobModel model = model_of(tree.bytes());
  std::size_t nodes = 0;
  std::vector<std::string> todo = {"/"};
  while (!todo.empty()) {
    const std::string path = todo.back();
    todo.pop_back();
    ++nodes;
    ASSERT_TRUE(model.nodes.contains(path)) << path;
    const auto& properties = model.nodes.at(path);
    const std::vector<std::string> names = tree.property_names(path);
    EXPECT_EQ(names.size(), properties.size()) << path;
    for (const std::string& name : names) {
      EXPECT_EQ(copy(*tree.property(path, name)), properties.at(name)) << path << ": " << name;
    }
    for (const std::string& child : tree.children(path)) {
      todo.push_back(child);
    }
  }
  EXPECT_EQ(nodes, model.nodes.size());
}

TEST(Tree, missing_is_no_error) {
  Tree tree = test::data_tree("board");
  EXPECT_FALSE(tree.has_node("/nobody"));
  EXPECT_FALSE(tree.has_node("soc"));
  EXPECT_FALSE(tree.has_node(""));
  EXPECT_FALSE(tree.property("/nobody", "reg"));
  EXPECT_FALSE(tree.property("/soc", "reg"));
  EXPECT_TRUE(tree.children("/nobody").empty());
  EXPECT_TRUE(tree.property_names("/nobody").empty());
  EXPECT_FALSE(tree.string_property("/nobody", "x").value());
  EXPECT_TRUE(tree.remove_property("/nobody", "x"));
  EXPECT_TRUE(tree.remove_property("/soc", "x"));
  EXPECT_TRUE(tree.remove_node("/nobody"));
  EXPECT_EQ(model_of(tree.bytes()), model_of(test::data_blob("board")));
}

TEST(Tree, text_must_be_terminated) {
  const Tree tree = test::tree_of("/dts-v1/; / { a = [61 62]; b = \"one\", \"two\"; c; };");
  EXPECT_EQ(tree.string_property("/", "b").value(), "one");
  for (const char* name : {"a", "c"}) {
    const auto refused = tree.string_property("/", name);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::TREE_BAD_PROPERTY);
    EXPECT_EQ(refused.error().subject(), std::string("/: ") + name);
  }
}

TEST(Tree, makes_the_node_but_not_its_parent) {
  Tree tree = Tree::empty();
  EXPECT_TRUE(tree.set_u32("/chosen", "a", 7));
  EXPECT_EQ(copy(*tree.property("/chosen", "a")), test::be32(7));
  const auto refused = tree.set_u32("/soc/uart", "a", 7);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::TREE_NO_NODE);
  EXPECT_EQ(refused.error().subject(), "/soc");
  EXPECT_EQ(tree.add_node("chosen").error().code(), Code::TREE_NO_NODE);
}

TEST(Tree, the_root_stays) {
  Tree tree = Tree::empty();
  EXPECT_FALSE(tree.remove_node("/"));
  EXPECT_TRUE(tree.has_node("/"));
}

TEST(Tree, grows_by_itself) {
  Tree tree = test::data_tree("board");
  const Bytes large(300'000, std::byte{0x5a});
  ASSERT_TRUE(tree.set("/chosen", "large", large));
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE(tree.set_u64("/soc", "property-" + std::to_string(i), i)) << i;
  }
  EXPECT_EQ(copy(*tree.property("/chosen", "large")), large);
  EXPECT_EQ(copy(*tree.property("/soc", "property-2999")), test::be64(2999));
  EXPECT_EQ(tree.string_property("/chosen", "u-boot,version").value(), "2023.01");
}

TEST(Tree, a_value_may_come_from_the_tree_itself) {
  Tree tree = test::data_tree("board");
  const Bytes reg = copy(*tree.property("/interrupt-controller@8000000", "reg"));
  for (int i = 0; i < 200; ++i) {
    const auto view = tree.property("/interrupt-controller@8000000", "reg");
    ASSERT_TRUE(tree.set("/chosen", "copy-" + std::to_string(i), *view));
    EXPECT_EQ(copy(*tree.property("/chosen", "copy-" + std::to_string(i))), reg);
  }
}

TEST(Tree, packing_drops_nops) {
  Bytes blob = test::data_blob("board");
  // The way a kernel wipes a seed: its property becomes FDT_NOP words.
  const Tree tree = Tree::from_bytes(blob, "board").value();
  const auto value = *tree.property("/chosen", "kaslr-seed");
  const auto needle = value.data() - tree.bytes().data() - 12;
  blob.assign(tree.bytes().begin(), tree.bytes().end());
  for (std::size_t i = 0; i < 20; i += 4) {
    test::put_be32(blob, static_cast<std::size_t>(needle) + i, 4);
  }
  BlobModel expected = model_of(blob);
  EXPECT_EQ(expected.nops, 5u);
  expected.nops = 0;
  EXPECT_FALSE(expected.nodes.at("/chosen").contains("kaslr-seed"));
  const Bytes packed = Tree::from_bytes(blob, "nops").value().packed();
  EXPECT_EQ(model_of(packed), expected);
  EXPECT_LT(packed.size(), tree.packed().size());
}

TEST(Tree, memory_reservations_keep_their_order) {
  Tree tree = test::data_tree("board");
  ASSERT_EQ(tree.memory_reservations().size(), 3u);
  const PhysRange second = tree.memory_reservations()[1];
  tree.remove_memory_reservations([&](const PhysRange& entry) { return entry == second; });
  ASSERT_TRUE(tree.add_memory_reservation(*PhysRange::from_size(PhysAddr(0x1000), 0x2000)));
  ASSERT_TRUE(tree.add_memory_reservation(PhysRange()));
  const auto entries = tree.memory_reservations();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].start(), PhysAddr(0x48000000));
  EXPECT_EQ(entries[1].start(), PhysAddr(0x4b000000));
  EXPECT_EQ(entries[2].size_bytes(), 0x2000u);
  tree.remove_memory_reservations([](const PhysRange&) { return true; });
  EXPECT_TRUE(tree.memory_reservations().empty());
  ASSERT_TRUE(tree.add_memory_reservation(second));
  EXPECT_EQ(Tree::from_bytes(tree.packed(), "packed").value().memory_reservations(),
            std::vector{second});
}

// dtc makes such a tree only when it is forced to; a bootloader that appends what is there makes it
// unasked.
Tree with_copies() {
  return Tree::from_bytes(
             test::compile_dts(
                 "/dts-v1/; / { chosen { seed = <1>; a = <1 2>; seed = <2 3>; b = <3>; "
                 "seed = <4>; }; };",
                 "-f"),
             "copies")
      .value();
}

TEST(Tree, every_copy_of_a_property_goes) {
  Tree tree = with_copies();
  ASSERT_EQ(tree.property_names("/chosen").size(), 5u);
  ASSERT_TRUE(tree.remove_property("/chosen", "seed"));
  EXPECT_EQ(tree.property_names("/chosen"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(Tree::from_bytes(tree.packed(), "packed").value().property_names("/chosen"),
            (std::vector<std::string>{"a", "b"}));
}

TEST(Tree, setting_a_property_leaves_one) {
  for (const std::size_t size_bytes : {0u, 4u, 5000u}) {
    Tree tree = with_copies();
    ASSERT_TRUE(tree.set("/chosen", "seed", Bytes(size_bytes)));
    EXPECT_EQ(tree.property_names("/chosen"), (std::vector<std::string>{"seed", "a", "b"}));
    EXPECT_EQ(tree.property("/chosen", "seed")->size(), size_bytes);
    EXPECT_EQ(model_of(tree.packed()), model_of(tree.bytes()));
  }
}

// A kernel has wiped something in front of a node with copies: whoever drops the words only when he
// drops a copy moves the node that he is about to edit.
TEST(Tree, a_property_with_copies_is_set_behind_wiped_words) {
  const Bytes source = test::compile_dts(
      "/dts-v1/; / { a { seed = <1>; }; chosen { b = <1>; c = <2>; b = <3>; }; };", "-f");
  const Tree whole = Tree::from_bytes(source, "whole").value();
  Bytes blob(whole.bytes().begin(), whole.bytes().end());
  const auto wiped =
      static_cast<std::size_t>(whole.property("/a", "seed")->data() - whole.bytes().data()) - 12;
  for (std::size_t i = 0; i < 16; i += 4) {
    test::put_be32(blob, wiped + i, 4);
  }
  Tree tree = Tree::from_bytes(blob, "wiped").value();
  ASSERT_TRUE(tree.set_u32("/chosen", "b", 7));
  ASSERT_TRUE(tree.set_u32("/chosen", "d", 8));
  EXPECT_EQ(tree.property_names("/chosen"), (std::vector<std::string>{"d", "b", "c"}));
  EXPECT_EQ(base::read_be<std::uint32_t>(*tree.property("/chosen", "b"), 0).value(), 7u);
  EXPECT_TRUE(tree.property_names("/a").empty());
  EXPECT_EQ(model_of(tree.bytes()).nops, 0u);
}

TEST(Tree, nodes_of_a_type_go_whatever_their_name) {
  Tree tree = test::tree_of(
      "/dts-v1/; / { a { device_type = \"memory\"; b { c; }; }; memory@0 { device_type = "
      "\"cpu\"; }; d { device_type = \"memory\"; }; };");
  tree.remove_nodes_of_type("memory");
  EXPECT_EQ(tree.children("/"), std::vector<std::string>{"/memory@0"});
  EXPECT_EQ(model_of(tree.packed()), model_of(tree.bytes()));
}

TEST(Tree, a_reservation_is_cut_at_the_top) {
  const Tree tree = test::tree_of("/dts-v1/; /memreserve/ 0xffffffffffff0000 0x20000; / { };");
  ASSERT_EQ(tree.memory_reservations().size(), 1u);
  EXPECT_EQ(tree.memory_reservations()[0].end(), PhysAddr(~0ull));
}

// Thousands of random edits on the tree and on the oracle's model side by side.
class RandomEdits {
 public:
  RandomEdits(unsigned seed, Tree& tree, BlobModel& model)
      : random_(seed), tree_(tree), model_(model) {}

  void one() {
    switch (below(10)) {
      case 0:
        return add_node();
      case 1:
        return below(4) == 0 ? remove_node() : add_node();
      case 2:
        return remove_property();
      case 3:
        return reservation();
      default:
        return set();
    }
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }
  const std::string& some_node() {
    return std::next(model_.nodes.begin(), static_cast<std::ptrdiff_t>(below(model_.nodes.size())))
        ->first;
  }
  std::string some_name() { return "name-" + std::to_string(below(30)); }

  void add_node() {
    const std::string parent = some_node();
    const std::string path =
        (parent == "/" ? "/" : parent + "/") + "node@" + std::to_string(below(6));
    EXPECT_TRUE(tree_.add_node(path));
    model_.nodes[path];
  }
  void remove_node() {
    const std::string path = some_node();
    if (path == "/") {
      return;
    }
    EXPECT_TRUE(tree_.remove_node(path));
    std::erase_if(model_.nodes, [&](const auto& node) {
      return node.first == path || node.first.starts_with(path + "/");
    });
  }
  void set() {
    const std::string path = some_node();
    const std::string name = some_name();
    Bytes value(below(8) == 0 ? below(5000) : below(20));
    std::generate(value.begin(), value.end(), [&] { return static_cast<std::byte>(random_()); });
    EXPECT_TRUE(tree_.set(path, name, value));
    model_.nodes[path][name] = value;
  }
  void remove_property() {
    const std::string path = some_node();
    const std::string name = some_name();
    EXPECT_TRUE(tree_.remove_property(path, name));
    model_.nodes[path].erase(name);
  }
  void reservation() {
    if (below(2) == 0 || model_.reservations.empty()) {
      const std::uint64_t start = random_() >> 1;
      const std::uint64_t size = below(1 << 20) + 1;
      EXPECT_TRUE(tree_.add_memory_reservation(*PhysRange::from_size(PhysAddr(start), size)));
      model_.reservations.emplace_back(start, size);
    } else {
      const std::size_t index = below(model_.reservations.size());
      std::size_t at = 0;
      tree_.remove_memory_reservations([&](const PhysRange&) { return at++ == index; });
      model_.reservations.erase(model_.reservations.begin() + static_cast<std::ptrdiff_t>(index));
    }
  }

  std::mt19937_64 random_;
  Tree& tree_;
  BlobModel& model_;
};

TEST(Tree, random_edits_agree_with_the_oracle) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Tree tree = seed % 2 == 0 ? Tree::empty() : test::data_tree("board");
    BlobModel model = model_of(tree.bytes());
    RandomEdits edits(seed, tree, model);
    for (int i = 0; i < 300; ++i) {
      edits.one();
      if (i % 10 == 0) {
        ASSERT_EQ(model_of(tree.bytes()), model) << "after edit " << i;
      }
    }
    const Bytes packed = tree.packed();
    ASSERT_EQ(model_of(packed), model);
    const auto again = Tree::from_bytes(packed, "packed");
    ASSERT_TRUE(again);
    EXPECT_EQ(again.value().packed(), packed);
  }
}

}  // namespace
}  // namespace hyprelay::fdt
