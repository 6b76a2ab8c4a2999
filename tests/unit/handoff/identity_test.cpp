// SPDX-License-Identifier: BSD-2-Clause
// What a machine's firmware writes into a tree, for a tree that it has not seen.
#include "handoff/source_tree.hpp"
#include "tests/unit/handoff/tree_boards.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using fdt::Tree;
using test::Bytes;
using test::model_of;
using testing::kBoard;
using testing::machine_with;
using testing::replaced;

constexpr const char* kPorts = R"(
  eth@1000 { %1 };
  eth@2000 { %2 };
  bt@3000 { %3 };
)";

// The board with these lines in its ports, and `more` at its end.
Tree board(std::string_view one, std::string_view two, std::string_view bluetooth,
           const std::string& more) {
  std::string ports = replaced(kPorts, "%1", one);
  ports = replaced(replaced(ports, "%2", two), "%3", bluetooth);
  return test::tree_of(replaced(kBoard, "psci {", ports + more + " psci {"));
}

Tree running() {
  Tree tree = board("mac-address = [02 00 00 00 00 01]; local-mac-address = [02 00 00 00 00 01];",
                    "local-mac-address = [02 00 00 00 00 02];",
                    "local-bd-address = [02 00 00 00 00 03];", "");
  EXPECT_TRUE(tree.set_string("/", "serial-number", "0123abcd"));
  EXPECT_TRUE(tree.set_string("/aliases", "ethernet0", "/eth@1000"));
  EXPECT_TRUE(tree.set_string("/aliases", "ethernet1", "/eth@2000"));
  return tree;
}

SourceTree chosen(const Tree& given, bool is_trusted = false, TreeEdits edits = {}) {
  return choose_source_tree({.given = SourceTree{given, "board.dtb"},
                             .edits = std::move(edits),
                             .is_trusted = is_trusted},
                            machine_with(running(), Arch::kArm64))
      .value();
}

const Bytes kFirst = {std::byte{2}, {}, {}, {}, {}, std::byte{1}};
const Bytes kSecond = {std::byte{2}, {}, {}, {}, {}, std::byte{2}};
const Bytes kThird = {std::byte{2}, {}, {}, {}, {}, std::byte{3}};

TEST(Identity, is_that_of_the_running_machine_and_listed) {
  const Tree given = board("local-mac-address = [00 00 00 00 00 00];", "", "", "");
  auto expected = model_of(given.bytes());
  expected.nodes.at("/")["serial-number"] = test::text("0123abcd");
  expected.nodes.at("/eth@1000")["mac-address"] = kFirst;
  expected.nodes.at("/eth@1000")["local-mac-address"] = kFirst;
  expected.nodes.at("/eth@2000")["local-mac-address"] = kSecond;
  expected.nodes.at("/bt@3000")["local-bd-address"] = kThird;
  const SourceTree source = chosen(given);
  EXPECT_EQ(model_of(source.tree.bytes()), expected);
  EXPECT_EQ(source.notes,
            (std::vector<std::string>{
                "board.dtb: /serial-number of the running machine: 0123abcd",
                "board.dtb: /eth@1000:mac-address of the running machine: 02:00:00:00:00:01",
                "board.dtb: /eth@1000:local-mac-address of the running machine: 02:00:00:00:00:01",
                "board.dtb: /eth@2000:local-mac-address of the running machine: 02:00:00:00:00:02",
                "board.dtb: /bt@3000:local-bd-address of the running machine: 02:00:00:00:00:03"}));
  EXPECT_TRUE(source.warnings.empty());
}

TEST(Identity, goes_by_the_alias_of_a_port) {
  Tree given = board("", "", "", "port@9 { };");
  ASSERT_TRUE(given.set_string("/aliases", "ethernet0", "/port@9"));
  ASSERT_TRUE(given.set_string("/aliases", "ethernet1", "/eth@1000"));
  const auto nodes = model_of(chosen(given).tree.bytes()).nodes;
  EXPECT_EQ(nodes.at("/port@9").at("local-mac-address"), kFirst);
  EXPECT_EQ(nodes.at("/eth@1000").at("local-mac-address"), kSecond);
  EXPECT_TRUE(nodes.at("/eth@2000").empty());
}

TEST(Identity, of_the_users_own_stays) {
  Tree given =
      board("local-mac-address = [02 aa 00 00 00 01];", "mac-address = [02 aa 00 00 00 02];",
            "local-bd-address = [02 aa 00 00 00 03];", "");
  ASSERT_TRUE(given.set_string("/", "serial-number", "mine"));
  const SourceTree source = chosen(given);
  EXPECT_EQ(source.tree.packed(), given.packed());
  EXPECT_TRUE(source.notes.empty());
}

TEST(Identity, is_not_given_to_a_tree_that_is_trusted_or_to_a_port_that_is_not_there) {
  const Tree given = test::tree_of(kBoard);
  EXPECT_EQ(chosen(given, true).tree.packed(), given.packed());
  EXPECT_EQ(chosen(given).notes.size(), 1u) << "the serial number";
}

// Who deletes it does not find it there again.
TEST(Identity, edits_have_the_last_word) {
  TreeEdits edits;
  edits.deletions.push_back(parse_deletion("/:serial-number").value());
  edits.settings.push_back(
      parse_setting("/eth@2000:local-mac-address=[02 bb 00 00 00 02]").value());
  const SourceTree source = chosen(board("", "", "", ""), false, std::move(edits));
  const auto nodes = model_of(source.tree.bytes()).nodes;
  EXPECT_FALSE(nodes.at("/").contains("serial-number"));
  EXPECT_EQ(nodes.at("/eth@2000").at("local-mac-address")[1], std::byte{0xbb});
}

TEST(Identity, the_console_comes_along_where_it_is_there) {
  const std::string mute = replaced(kBoard, "stdout-path = \"serial0:115200n8\";", "");
  const SourceTree source = chosen(test::tree_of(mute));
  EXPECT_EQ(source.tree.string_property("/chosen", "stdout-path").value(), "serial0:115200n8");
  EXPECT_TRUE(source.warnings.empty());
  const SourceTree none = chosen(test::tree_of(replaced(mute, "serial0 =", "serial7 =")));
  EXPECT_FALSE(none.tree.property("/chosen", "stdout-path"));
  EXPECT_EQ(none.warnings.size(), 1u);
  const SourceTree off = chosen(
      test::tree_of(replaced(mute, "\"arm,pl011\";", "\"arm,pl011\"; status = \"disabled\";")));
  EXPECT_FALSE(off.tree.property("/chosen", "stdout-path"));
}

TEST(Identity, memory_is_listed_too) {
  Tree given = test::tree_of(kBoard);
  ASSERT_TRUE(given.remove_node("/memory"));
  const SourceTree source = chosen(given);
  ASSERT_EQ(source.notes.size(), 2u);
  EXPECT_EQ(source.notes[1], "board.dtb: memory of the running machine: 1.0 GiB at 0x40000000");
}

}  // namespace
}  // namespace hyprelay::handoff
