// SPDX-License-Identifier: BSD-2-Clause
// Trees as text, which dtc takes back, and trees beside each other.
#include "fdt/tree_diff.hpp"

#include "fdt/dts_print.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

namespace hyprelay::fdt {
namespace {

using test::model_of;
using Lines = std::vector<std::string>;

TEST(DtsPrint, is_what_dtc_takes_back) {
  std::vector<std::pair<std::string, test::Bytes>> blobs = {
      {"board", test::data_blob("board")},
      {"spintable", test::data_blob("spintable")},
      {"qemu", test::qemu_blob(test::Qemu::kArm64Gic3)}};
  for (const std::string& path : test::debian_trees(60)) {
    blobs.emplace_back(path, test::read_file(path));
  }
  for (const auto& [name, blob] : blobs) {
    const Tree tree = Tree::from_bytes(blob, name).value();
    // -f: trees of boards have what dtc complains of.
    EXPECT_EQ(model_of(test::compile_dts(dts_of(tree).value(), "-f")), model_of(blob)) << name;
  }
}

TEST(DtsPrint, of_one_node) {
  const Tree tree = test::tree_of(
      "/dts-v1/; /memreserve/ 0x1000 0x2000; / { a = <1>; n@1 { on; t = \"x\", \"y\"; b = [01 02 "
      "03]; m { }; }; };");
  EXPECT_EQ(dts_of(tree, "/n"),
            "n@1 {\n\ton;\n\tt = \"x\", \"y\";\n\tb = [01 02 03];\n\n\tm {\n\t};\n};\n");
  EXPECT_TRUE(dts_of(tree).value().starts_with("/dts-v1/;\n\n/memreserve/ 0x1000 0x2000;\n/ {\n"));
  EXPECT_EQ(dts_of(tree, "/none"), std::nullopt);
  EXPECT_EQ(dts_of(tree, "n"), std::nullopt);
}

Tree source(std::string_view body) {
  return test::tree_of(std::string("/dts-v1/; ").append(body));
}

TEST(TreeDiff, names_each_property) {
  const Tree a = source(
      "/memreserve/ 0x1000 0x2000; / { s = \"old\"; same = <1>; gone; n { x = <1>; deep { y = <2>; "
      "}; }; };");
  const Tree b =
      source("/memreserve/ 0x1000 0x3000; / { s = \"new\"; same = <1>; more; new { z; }; };");
  const Tree ordered =
      source("/memreserve/ 0x1000 0x3000; / { more; same = <1>; s = \"new\"; new { z; }; };");
  EXPECT_EQ(tree_differences(a, b),
            (Lines{"- /:gone", "+ /:more", "- /:s = \"old\"", "+ /:s = \"new\"",
                   "- /memreserve/:0x1000 0x2000", "+ /memreserve/:0x1000 0x3000", "- /n",
                   "- /n:x = <0x1>", "- /n/deep", "- /n/deep:y = <0x2>", "+ /new", "+ /new:z"}));
  EXPECT_TRUE(tree_differences(b, ordered).empty());
  EXPECT_TRUE(tree_differences(a, a).empty());
  EXPECT_EQ(tree_differences(a, source("/ { s = \"old\"; same = <1>; gone; n { x = <1>; deep { y = "
                                       "<2>; }; }; };")),
            (Lines{"- /memreserve/:0x1000 0x2000"}));
}

constexpr const char* kWired = R"(/ {
  g: gpio { phandle = <%1>; #gpio-cells = <2>; };
  h: other { phandle = <%2>; #gpio-cells = <1>; };
  led { reset-gpios = <%1 5 6>, <%2 7>, <0>; interrupt-parent = <%2>; vdd-supply = <%1>;
        pinctrl-0 = <%1 %2>; number = <%3>; }; };)";

Tree wired(const char* first, const char* second, const char* number) {
  std::string text = kWired;
  for (const auto& [what, by] : {std::pair("%1", first), {"%2", second}, {"%3", number}}) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what)) {
      text.replace(at, 2, by);
    }
  }
  return source(text);
}

TEST(TreeDiff, phandles_are_what_they_lead_to) {
  EXPECT_TRUE(tree_differences(wired("1", "2", "9"), wired("0x81", "0x40", "9")).empty());
  // A number that happens to be a phandle is a number.
  EXPECT_EQ(tree_differences(wired("1", "2", "1"), wired("3", "4", "3")),
            (Lines{"- /led:number = <0x1>", "+ /led:number = <0x3>"}));
  Tree other = wired("3", "4", "9");
  ASSERT_TRUE(other.set_u32("/led", "interrupt-parent", 3));
  EXPECT_EQ(
      tree_differences(wired("1", "2", "9"), other),
      (Lines{"- /led:interrupt-parent = <&{/other}>", "+ /led:interrupt-parent = <&{/gpio}>"}));
  // An argument is not taken for a phandle.
  const Tree a =
      source("/ { gpio { phandle = <5>; #gpio-cells = <1>; }; led { gpios = <5 5>; }; };");
  const Tree b =
      source("/ { gpio { phandle = <6>; #gpio-cells = <1>; }; led { gpios = <6 6>; }; };");
  EXPECT_EQ(tree_differences(a, b),
            (Lines{"- /led:gpios = <&{/gpio} 0x5>", "+ /led:gpios = <&{/gpio} 0x6>"}));
  // What does not keep to its form is shown as it is.
  const Tree c = source("/ { led { gpios = <5 5>; clocks = <1>; a-supply = \"x\"; }; };");
  EXPECT_EQ(
      tree_differences(c, source("/ { led { }; };")),
      (Lines{"- /led:a-supply = \"x\"", "- /led:clocks = <0x1>", "- /led:gpios = <0x5 0x5>"}));
}

TEST(TreeDiff, an_overlay_is_what_differs) {
  const Tree base =
      Tree::from_bytes(
          test::compile_dts("/dts-v1/; / { u: uart { status = \"disabled\"; }; };", "-@"), "base")
          .value();
  Tree merged = base;
  const auto change = Tree::from_bytes(
      test::compile_dts("/dts-v1/; /plugin/; &u { status = \"okay\"; bt { }; };", "-@"), "x");
  ASSERT_TRUE(merged.apply_overlay(change.value(), "x"));
  EXPECT_EQ(tree_differences(base, merged),
            (Lines{"- /uart:status = \"disabled\"", "+ /uart:status = \"okay\"", "+ /uart/bt"}));
}

}  // namespace
}  // namespace hyprelay::fdt
