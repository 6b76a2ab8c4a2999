// SPDX-License-Identifier: BSD-2-Clause
// What is wanted otherwise in a tree: what it says, what it does, and what it cannot undo.
#include "handoff/tree_edits.hpp"

#include "handoff/source_tree.hpp"
#include "tests/unit/handoff/tree_boards.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace hyprelay::handoff {
namespace {

using base::Code;
using fdt::Tree;
using test::be32;
using test::BlobModel;
using test::Bytes;
using test::model_of;
using testing::kBoard;
using testing::machine_with;

using Texts = std::initializer_list<std::string_view>;

TreeEdits edits_of(Texts settings, Texts deletions = {}) {
  TreeEdits edits;
  for (const std::string_view text : settings) {
    edits.settings.push_back(parse_setting(text).value());
  }
  for (const std::string_view text : deletions) {
    edits.deletions.push_back(parse_deletion(text).value());
  }
  return edits;
}

Overlay overlay_of(std::string_view body) {
  return {Tree::from_bytes(
              test::compile_dts(std::string("/dts-v1/; /plugin/; ").append(body), "-@"), "x")
              .value(),
          "x.dtbo"};
}

std::vector<std::string> done_to(Tree& tree, const TreeEdits& edits) {
  const auto done = apply_edits(edits, tree);
  EXPECT_TRUE(done) << base::describe(done.error());
  return done ? done.value() : std::vector<std::string>();
}

base::Error refused(const TreeEdits& edits) {
  Tree tree = test::tree_of(kBoard);
  const auto done = apply_edits(edits, tree);
  EXPECT_FALSE(done);
  return done ? base::Error() : done.error();
}

TEST(TreeEdits, each_is_done_and_said) {
  Tree tree = test::tree_of(kBoard);
  BlobModel expected = model_of(tree.bytes());
  auto& serial = expected.nodes.at("/serial@9000000");
  serial["status"] = test::text("okay");
  serial["clock-frequency"] = be32(24000000);
  serial["compatible"] = test::text("acme,uart");
  serial["dma-coherent"] = {};
  expected.nodes.at("/cpus/cpu@1").erase("enable-method");
  expected.nodes.erase("/reserved-memory/log@4d000000");
  const auto done =
      done_to(tree, edits_of({"/serial@9000000:status=okay", "serial0:clock-frequency=<24000000>",
                              "/serial:compatible=\"acme,uart\"", "serial0:dma-coherent"},
                             {"/cpus/cpu@1:enable-method", "/reserved-memory/log@4d000000"}));
  EXPECT_EQ(model_of(tree.bytes()), expected);
  EXPECT_EQ(done, (std::vector<std::string>{
                      "deleted /cpus/cpu@1:enable-method (was \"psci\")",
                      "deleted /reserved-memory/log@4d000000",
                      "set /serial@9000000:status = \"okay\" (new)",
                      "set /serial@9000000:clock-frequency = <0x16e3600> (new)",
                      "set /serial@9000000:compatible = \"acme,uart\" (was \"arm,pl011\")",
                      "set /serial@9000000:dma-coherent (new)"}));
}

TEST(TreeEdits, overlays_come_first_and_bring_labels) {
  Tree tree = test::tree_of(kBoard);
  TreeEdits edits = edits_of({"&led/one:on=<1>", "/:leds=<&led &{/psci} 5>"}, {"&led/two"});
  edits.overlays.push_back(overlay_of("&{/} { led: leds { one { }; two { }; }; };"));
  edits.overlays.push_back(overlay_of("&{/leds} { three { }; };"));
  const auto done = done_to(tree, edits);
  ASSERT_EQ(done.size(), 5u);
  EXPECT_EQ(done[0], "overlay x.dtbo: fragment@0 into /");
  EXPECT_EQ(done[1], "overlay x.dtbo: fragment@0 into /leds");
  EXPECT_EQ(done[2], "deleted /leds/two");
  EXPECT_EQ(tree.children("/leds").size(), 2u);
  const BlobModel model = model_of(tree.bytes());
  EXPECT_EQ(model.nodes.at("/leds/one").at("on"), be32(1));
  Bytes expected = model.nodes.at("/leds").at("phandle");
  const Bytes psci = model.nodes.at("/psci").at("phandle");
  const Bytes five = be32(5);
  expected.insert(expected.end(), psci.begin(), psci.end());
  expected.insert(expected.end(), five.begin(), five.end());
  EXPECT_EQ(model.nodes.at("/").at("leds"), expected);
}

TEST(TreeEdits, what_is_not_there_is_named) {
  const struct {
    TreeEdits edits;
    Code code;
    const char* subject;
  } cases[] = {
      {edits_of({"/serial@1:status=okay"}), Code::EDIT_NO_NODE, "/serial@1"},
      {edits_of({"serial1:status=okay"}), Code::EDIT_NO_NODE, "serial1"},
      {edits_of({}, {"/leds"}), Code::EDIT_NO_NODE, "/leds"},
      {edits_of({}, {"serial0:status"}), Code::EDIT_NO_PROPERTY, "/serial@9000000:status"},
      {edits_of({"serial0:clocks=<&pll 1>"}), Code::EDIT_NO_NODE,
       "&pll for /serial@9000000:clocks"},
      {edits_of({}, {"/"}), Code::USAGE, "--delete /: the root stays"},
  };
  for (const auto& one : cases) {
    const base::Error error = refused(one.edits);
    EXPECT_EQ(error.code(), one.code) << one.subject;
    EXPECT_EQ(error.subject(), one.subject);
  }
}

// What the next kernel's tree is given anyway would be lost without a word.
TEST(TreeEdits, what_the_handoff_writes_is_refused) {
  for (const char* name :
       {"bootargs", "linux,initrd-start", "linux,initrd-end", "kaslr-seed", "rng-seed",
        "linux,elfcorehdr", "linux,usable-memory-range", "hyprelay,record"}) {
    const std::string place = std::string("/chosen:") + name;
    const base::Error set = refused(edits_of({place + "=x"}));
    EXPECT_EQ(set.code(), Code::EDIT_OURS) << name;
    EXPECT_EQ(set.subject(), place);
    EXPECT_EQ(refused(edits_of({}, {place})).code(), Code::EDIT_OURS) << name;
  }
  Tree tree = test::tree_of(kBoard);
  TreeEdits edits = edits_of({"/chosen:acme,flag=<1>", "/psci:bootargs=x"});
  edits.overlays.push_back(overlay_of("&{/chosen} { bootargs = \"quiet\"; };"));
  const auto done = done_to(tree, edits);
  ASSERT_EQ(done.size(), 4u);
  EXPECT_EQ(done[1],
            "overlay x.dtbo: /chosen:bootargs = \"quiet\" is written anew for the next kernel");
}

TEST(TreeEdits, a_wrong_word_is_a_wrong_command_line) {
  for (const char* text : {"", ":a=b", "/soc", "/soc=x", "/soc:=x", "/soc:a b=x", "/soc:a=1",
                           "/soc:a=<", "/soc:a/b=x"}) {
    const auto setting = parse_setting(text);
    ASSERT_FALSE(setting) << text;
    EXPECT_EQ(setting.error().code(), Code::USAGE) << text;
  }
  EXPECT_EQ(parse_setting("/soc:a=<one>").error().subject(),
            "--set /soc:a: \"one\" is no number of 32 bits, nor a reference");
  EXPECT_FALSE(parse_deletion(""));
  EXPECT_FALSE(parse_deletion("/soc:"));
  EXPECT_EQ(parse_setting("/chosen:stdout-path=serial0:115200n8").value().value.bytes,
            test::text("serial0:115200n8"));
}

base::Result<SourceTree> chosen(TreeEdits edits, std::optional<SourceTree> given = {}) {
  return choose_source_tree({.given = std::move(given), .edits = std::move(edits)},
                            machine_with(test::tree_of(kBoard), Arch::kArm64));
}

TEST(TreeEdits, are_done_to_the_running_machines_tree_and_to_a_given_one) {
  const SourceTree own = chosen(edits_of({"serial0:status=okay"})).value();
  EXPECT_EQ(own.name, "/sys/firmware/fdt");
  EXPECT_EQ(own.edits.size(), 1u);
  EXPECT_TRUE(own.warnings.empty() && own.notes.empty());
  EXPECT_TRUE(own.tree.property("/serial@9000000", "status"));
  const SourceTree given =
      chosen(edits_of({"serial0:status=okay"}), SourceTree{test::tree_of(kBoard), "board.dtb"})
          .value();
  EXPECT_EQ(given.tree.packed(), own.tree.packed());
  EXPECT_EQ(chosen(edits_of({"serial0:status=okay"}),
                   SourceTree{overlay_of("&{/} { a; };").tree, "x.dtbo"})
                .error()
                .code(),
            Code::TREE_OVERLAY);
}

// The machine's own tree, once edited, is held to the machine as any other.
TEST(TreeEdits, cannot_hide_what_the_machine_needs) {
  EXPECT_EQ(chosen(edits_of({"/psci:method=hvc"})).error().code(), Code::TREE_OTHER_CONDUIT);
  EXPECT_EQ(chosen(edits_of({}, {"/cpus"})).error().code(), Code::TREE_NO_CPUS);
  EXPECT_EQ(chosen(edits_of({"/memory:reg=<0 0x40000000 0 0x80000000>"})).error().code(),
            Code::TREE_STRANGE_MEMORY);
  const SourceTree no_psci = chosen(edits_of({}, {"/psci"})).value();
  EXPECT_EQ(no_psci.warnings.size(), 2u) << "lost PSCI, and the CPUs that start by it";
  const SourceTree kept = chosen(edits_of({}, {"/reserved-memory"})).value();
  EXPECT_EQ(kept.notes.size(), 2u);
  EXPECT_TRUE(testing::compared(kept.tree, test::tree_of(kBoard), Arch::kArm64).lost.empty());
  const SourceTree memory = chosen(edits_of({}, {"/memory"})).value();
  EXPECT_TRUE(memory.memory_added);
  const SourceTree less = chosen(edits_of({"/memory:reg=<0 0x40000000 0 0x20000000>"})).value();
  EXPECT_EQ(fdt::memory_ranges(less.tree).value().front().size_bytes(), 0x20000000u);
  EXPECT_EQ(chosen(edits_of({}, {"/chosen:stdout-path"})).value().warnings.size(), 1u);
}

}  // namespace
}  // namespace hyprelay::handoff
