// SPDX-License-Identifier: BSD-2-Clause
// Overlays of dtc on trees of dtc, judged by an oracle that reads blobs by itself; and overlays
// that no compiler makes.
#include "base/error_text.hpp"
#include "fdt/tree.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hyprelay::fdt {
namespace {

using base::Code;
using test::be32;
using test::BlobModel;
using test::Bytes;
using test::model_of;

constexpr const char* kBase = R"(/dts-v1/;
/ {
  #address-cells = <1>; #size-cells = <1>;
  aliases { serial0 = &uart; };
  clk: clock@10 { reg = <0x10 4>; #clock-cells = <1>; };
  soc: soc {
    uart: serial@9000000 { reg = <0x9000000 0x1000>; status = "disabled"; clocks = <&clk 3>; };
    gpio: gpio@8000 { reg = <0x8000 0x100>; };
    leds { gpios = <&gpio 7>; };
  };
};
)";

Tree base_tree(std::string_view options = "-@") {
  return Tree::from_bytes(test::compile_dts(kBase, options), "base").value();
}

Bytes overlay_blob(std::string_view body, std::string_view options = "-@") {
  return test::compile_dts(std::string("/dts-v1/; /plugin/; ").append(body), options);
}

Tree overlay(std::string_view body) {
  return Tree::from_bytes(overlay_blob(body), "overlay").value();
}

base::Error refusal(Tree base, const Tree& change) {
  const BlobModel before = model_of(base.bytes());
  const auto applied = base.apply_overlay(change, "x.dtbo");
  EXPECT_FALSE(applied);
  EXPECT_EQ(model_of(base.bytes()), before) << "what failed has changed nothing";
  return applied ? base::Error() : applied.error();
}

Tree applied(Tree base, const Tree& change) {
  const auto done = base.apply_overlay(change, "x.dtbo");
  EXPECT_TRUE(done) << base::describe(done.error());
  return base;
}

Bytes joined(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(Overlay, by_path_into_a_tree_without_labels) {
  BlobModel expected = model_of(base_tree("").bytes());
  expected.nodes["/soc/serial@9000000"]["status"] = test::text("okay");
  expected.nodes["/soc/serial@9000000/bt"]["rate"] = be32(115200);
  Tree base = base_tree("");
  const auto done = base.apply_overlay(
      overlay("&{/soc/serial@9000000} { status = \"okay\"; bt { rate = <115200>; }; };"), "x");
  ASSERT_TRUE(done);
  EXPECT_EQ(model_of(base.bytes()), expected);
  ASSERT_EQ(done.value().size(), 1u);
  EXPECT_EQ(done.value()[0].fragment, "fragment@0");
  EXPECT_EQ(done.value()[0].path, "/soc/serial@9000000");
}

TEST(Overlay, by_labels_which_references_follow) {
  const Tree before = base_tree();
  const Tree after =
      applied(before, overlay("&uart { status = \"okay\"; clocks = <&clk 5>; gpio = <&gpio>; };"));
  const auto clock = *before.property("/clock@10", "phandle");
  const auto gpio = *before.property("/soc/gpio@8000", "phandle");
  BlobModel expected = model_of(before.bytes());
  auto& uart = expected.nodes.at("/soc/serial@9000000");
  uart["status"] = test::text("okay");
  uart["clocks"] = joined(Bytes(clock.begin(), clock.end()), be32(5));
  uart["gpio"] = Bytes(gpio.begin(), gpio.end());
  EXPECT_EQ(model_of(after.bytes()), expected);
}

TEST(Overlay, its_own_nodes_get_fresh_phandles) {
  const Tree before = base_tree();
  const Tree after = applied(before, overlay("&soc { osc: osc { }; user { clocks = <&osc>; }; };"));
  const Bytes fresh = model_of(after.bytes()).nodes.at("/soc/osc").at("phandle");
  EXPECT_EQ(model_of(after.bytes()).nodes.at("/soc/user").at("clocks"), fresh);
  for (const auto& [path, properties] : model_of(before.bytes()).nodes) {
    EXPECT_TRUE(!properties.contains("phandle") || properties.at("phandle") != fresh) << path;
  }
  EXPECT_EQ(after.resolve("&osc"), "/soc/osc") << "later overlays can name it";
  EXPECT_TRUE(applied(after, overlay("&osc { rate = <1>; };")).property("/soc/osc", "rate"));
}

// libfdt 1.6 would write the overlay's number over that of the base, and /soc/leds would refer to
// nothing. Most overlays for the Raspberry Pi have such labels.
TEST(Overlay, a_label_of_its_own_on_a_node_of_the_base_takes_nothing_away) {
  const Tree before = base_tree();
  const Tree after = applied(
      before,
      overlay("/ { fragment@0 { target = <&soc>; mine: __overlay__ { here = <&mine &inner "
              "&clk>; there = <&new>; inner: gpio@8000 { n = <1>; }; new: node { }; }; }; };"));
  const BlobModel old = model_of(before.bytes());
  BlobModel now = model_of(after.bytes());
  EXPECT_EQ(now.nodes.at("/soc/gpio@8000").at("phandle"),
            old.nodes.at("/soc/gpio@8000").at("phandle"));
  EXPECT_EQ(now.nodes.at("/soc").at("phandle"), old.nodes.at("/soc").at("phandle"));
  EXPECT_EQ(now.nodes.at("/soc").at("here"),
            joined(joined(old.nodes.at("/soc").at("phandle"),
                          old.nodes.at("/soc/gpio@8000").at("phandle")),
                   old.nodes.at("/clock@10").at("phandle")));
  EXPECT_EQ(now.nodes.at("/soc").at("there"), now.nodes.at("/soc/node").at("phandle"));
  EXPECT_EQ(now.nodes.at("/soc/leds"), old.nodes.at("/soc/leds"));
  EXPECT_EQ(after.resolve("&mine"), "/soc");
}

TEST(Overlay, fragments_follow_each_other) {
  const Tree after =
      applied(base_tree(), overlay("&{/soc} { new { }; }; / { fragment@9 { target-path = "
                                   "\"/soc/new\"; __overlay__ { deep { }; }; }; };"));
  EXPECT_TRUE(after.has_node("/soc/new/deep"));
}

TEST(Overlay, an_alias_is_a_target) {
  const Tree after =
      applied(base_tree(), overlay("/ { fragment@0 { target-path = \"serial0\"; __overlay__ { "
                                   "on; }; }; };"));
  EXPECT_TRUE(after.property("/soc/serial@9000000", "on"));
}

TEST(Overlay, what_is_missing_is_named) {
  const Tree by_label = overlay("&uart { status = \"okay\"; clocks = <&pll 1>; };");
  const base::Error none = refusal(base_tree(""), by_label);
  EXPECT_EQ(none.code(), Code::OVERLAY_NO_SYMBOLS);
  const base::Error label = refusal(base_tree(), by_label);
  EXPECT_EQ(label.code(), Code::OVERLAY_NO_LABEL);
  EXPECT_EQ(label.subject(), "x.dtbo: pll, which /fragment@0/__overlay__:clocks names");
  const base::Error target =
      refusal(base_tree(), overlay("&{/soc} { }; &{/soc/i2c@7000} { rtc { }; }; &{/nowhere} { };"));
  EXPECT_EQ(target.code(), Code::OVERLAY_NO_TARGET);
  EXPECT_EQ(target.subject(), "x.dtbo: /soc/i2c@7000 of fragment@1");
  const base::Error no_target =
      refusal(base_tree(), overlay("/ { fragment@0 { __overlay__ { a; }; }; };"));
  EXPECT_EQ(no_target.code(), Code::OVERLAY_BAD);
  EXPECT_EQ(no_target.subject(), "x.dtbo: fragment@0 has no target");
  const base::Error tree = refusal(base_tree(), base_tree());
  EXPECT_EQ(tree.code(), Code::OVERLAY_IS_TREE);
  EXPECT_EQ(tree.subject(), "x.dtbo");
}

TEST(Overlay, a_label_that_leads_nowhere_is_missing) {
  Tree base = base_tree();
  ASSERT_TRUE(base.set_string("/__symbols__", "uart", "/soc/serial@9999999"));
  EXPECT_EQ(refusal(base, overlay("&uart { on; };")).code(), Code::OVERLAY_NO_LABEL);
  ASSERT_TRUE(base.set("/__symbols__", "uart", std::vector<std::byte>(3, std::byte{'/'})));
  EXPECT_EQ(refusal(base, overlay("&uart { on; };")).code(), Code::OVERLAY_NO_LABEL);
}

TEST(Overlay, a_labelled_node_without_a_phandle_gets_one) {
  Tree base = base_tree();
  ASSERT_TRUE(base.remove_property("/soc/serial@9000000", "phandle"));
  const Tree after = applied(base, overlay("&uart { on; }; &soc { console = <&uart>; };"));
  EXPECT_TRUE(after.property("/soc/serial@9000000", "on"));
  const BlobModel model = model_of(after.bytes());
  EXPECT_EQ(model.nodes.at("/soc").at("console"),
            model.nodes.at("/soc/serial@9000000").at("phandle"));
}

TEST(Overlay, a_large_one_fits) {
  std::string body = "&{/soc} { ";
  for (int i = 0; i < 2000; ++i) {
    body += "n" + std::to_string(i) + ": node" + std::to_string(i) + " { a = \"0123456789\"; }; ";
  }
  const Tree after = applied(base_tree(), overlay(body + "};"));
  EXPECT_EQ(after.children("/soc").size(), 2003u);
  EXPECT_EQ(after.resolve("&n1999"), "/soc/node1999");
}

// Tables that point out of the overlay, or at tables: libfdt 1.6 follows them.
TEST(Overlay, tables_that_lie_are_refused) {
  const std::string fragment =
      "fragment@0 { target-path = \"/soc\"; phandle = <1>; __overlay__ { a = <1>; }; }; ";
  for (const char* table : {
           "__local_fixups__ { fragment@0 { __overlay__ { a = <1>; }; }; };",
           "__local_fixups__ { fragment@0 { __overlay__ { a = <0xfffffffc>; }; }; };",
           "__local_fixups__ { fragment@0 { __overlay__ { a = <0x7ffffff0>; }; }; };",
           "__local_fixups__ { fragment@0 { __overlay__ { a = [00 00]; }; }; };",
           "__local_fixups__ { fragment@0 { __overlay__ { b = <0>; }; }; };",
           "__local_fixups__ { fragment@0 { none { a = <0>; }; }; };",
           "__local_fixups__ { fragment@0 { phandle = <0>; }; };",
           "__local_fixups__ { x = <0>; __local_fixups__ { x = <0>; }; };",
           "__local_fixups__ { __fixups__ { uart = <0>; }; }; __fixups__ { uart = "
           "\"/fragment@0/__overlay__:a:0\"; };",
           "__fixups__ { uart = \"/fragment@0/__overlay__:a:1\"; };",
           "__fixups__ { uart = \"/fragment@0/__overlay__:a:4294967292\"; };",
           "__fixups__ { uart = \"/fragment@0/__overlay__:a:99999999999999999999\"; };",
           "__fixups__ { uart = \"/fragment@0/__overlay__:a:-4\"; };",
           "__fixups__ { uart = \"/fragment@0/__overlay__:a:\"; };",
           "__fixups__ { uart = \"/fragment@0/__overlay__:a\"; };",
           "__fixups__ { uart = \"/fragment@0/__overlay__:b:0\"; };",
           "__fixups__ { uart = \"/fragment@1/__overlay__:a:0\"; };",
           "__fixups__ { uart = \"fragment@0/__overlay__:a:0\"; };",
           "__fixups__ { uart = \"/__fixups__:uart:0\"; };",
           "__fixups__ { uart = \"/fragment@0/__overlay__:a:0\", \"\"; };",
           "__fixups__ { uart = [2f 61 3a 62 3a 30]; };",
           "__fixups__ { uart; };",
       }) {
    const Bytes blob = test::compile_dts(
        std::string("/dts-v1/; / { ").append(fragment).append(table) + " };", "-f");
    const Tree change = Tree::from_bytes(blob, "overlay").value();
    EXPECT_EQ(refusal(base_tree(), change).code(), Code::OVERLAY_BAD) << table;
  }
}

TEST(Overlay, of_the_raspberry_pi_on_debians_tree_of_it) {
  const std::vector<std::string> paths = test::debian_trees(1);
  const auto pi = std::ranges::find_if(paths, [](const std::string& path) {
    return path.find("armmp/bcm2711-rpi-4-b.dtb") != std::string::npos;
  });
  if (pi == paths.end()) {
    GTEST_SKIP() << "the cache holds no armhf kernel with trees";
  }
  const Tree base = Tree::from_bytes(test::read_file(*pi), *pi).value();
  const Tree after = applied(base, overlay(R"(
    / { compatible = "brcm,bcm2835";
        fragment@0 { target = <&i2c1>; i2cbus: __overlay__ { status = "okay";
          #address-cells = <1>; #size-cells = <0>;
          ds3231: ds3231@68 { compatible = "maxim,ds3231"; reg = <0x68>; }; }; };
        fragment@1 { target = <&i2c0>; frag1: __dormant__ { status = "okay"; }; };
        __overrides__ { addr = <&ds3231>, "reg:0"; }; };)"));
  BlobModel now = model_of(after.bytes());
  auto& bus = now.nodes.at(*after.resolve("&i2c1"));
  EXPECT_EQ(bus.at("status"), test::text("okay"));
  EXPECT_TRUE(now.nodes.contains(*after.resolve("&i2c1") + "/ds3231@68"));
  // And nothing else changed: every other node is as it was.
  now.nodes.erase(*after.resolve("&ds3231"));
  BlobModel before = model_of(base.bytes());
  for (BlobModel* model : {&now, &before}) {
    model->nodes.erase(*after.resolve("&i2c1"));
    model->nodes.erase("/__symbols__");
  }
  EXPECT_EQ(now.nodes, before.nodes);
}

// Of whatever is still a tree: refused, or applied with a tree for a result.
TEST(Overlay, damaged_in_a_thousand_ways) {
  const Tree base = base_tree();
  const Bytes good = overlay_blob(
      "/ { fragment@7 { target = <&soc>; mine: __overlay__ { here = <&mine &clk>; "
      "there = <&new &uart>; new: node { }; }; }; }; &{/soc/leds} { more = <&gpio 1>; };");
  std::mt19937 random(5);
  int applied_ones = 0;
  int refused = 0;
  for (int i = 0; i < 1500; ++i) {
    Bytes blob = good;
    for (unsigned flips = random() % 3 + 1; flips > 0; --flips) {
      const std::size_t at = random() % blob.size();
      // Whole words are what tables are made of.
      if (random() % 2 == 0) {
        test::put_be32(blob, std::min(at & ~std::size_t{3}, blob.size() - 4),
                       static_cast<std::uint32_t>(random()) >> random() % 32);
      } else {
        blob[at] = static_cast<std::byte>(random());
      }
    }
    const auto change = Tree::from_bytes(blob, "x.dtbo");
    if (!change) {
      continue;
    }
    Tree tree = base;
    const auto done = tree.apply_overlay(change.value(), "x.dtbo");
    ++(done ? applied_ones : refused);
    EXPECT_TRUE(Tree::from_bytes(tree.packed(), "after"));
    EXPECT_TRUE(done || done.error().code() != Code::TREE_INTERNAL) << base::describe(done.error());
  }
  EXPECT_GT(applied_ones, 100);
  EXPECT_GT(refused, 100);
}

TEST(Names, of_nodes) {
  const Tree tree = base_tree();
  EXPECT_EQ(tree.resolve("/soc/serial"), "/soc/serial@9000000");
  EXPECT_EQ(tree.resolve("/"), "/");
  EXPECT_EQ(tree.resolve("serial0"), "/soc/serial@9000000");
  EXPECT_EQ(tree.resolve("&uart"), "/soc/serial@9000000");
  EXPECT_EQ(tree.resolve("&soc/leds"), "/soc/leds");
  EXPECT_EQ(tree.resolve("soc/leds"), "/soc/leds");
  for (const char* none :
       {"", "&", "&serial0", "&/soc", "/none", "none", "&uart/none", "uart0", "none/soc"}) {
    EXPECT_EQ(tree.resolve(none), std::nullopt) << none;
  }
  EXPECT_EQ(base_tree("").resolve("&uart"), std::nullopt);
}

TEST(Names, phandles) {
  Tree tree = base_tree();
  const auto own = *tree.property("/soc", "phandle");
  EXPECT_EQ(be32(tree.phandle("/soc").value()), Bytes(own.begin(), own.end()));
  const std::uint32_t fresh = tree.phandle("/soc/leds").value();
  EXPECT_EQ(tree.phandle("/soc/leds").value(), fresh);
  for (const char* other : {"/soc", "/soc/gpio", "/clock", "/soc/serial"}) {
    EXPECT_NE(tree.phandle(other).value(), fresh);
  }
  EXPECT_EQ(tree.phandle("/none").error().code(), Code::TREE_NO_NODE);
}

}  // namespace
}  // namespace hyprelay::fdt
