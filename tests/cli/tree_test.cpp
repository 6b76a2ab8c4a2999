// SPDX-License-Identifier: BSD-2-Clause
// Device trees that are edited on the way: overlays, --delete and --set.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

class Trees : public Program {
 protected:
  std::string compiled(const std::string& name, const std::string& source) const {
    const std::string text = write(name + ".dts", "/dts-v1/; " + source);
    EXPECT_EQ(run("dtc", {"-q", "-@", "-I", "dts", "-O", "dtb", "-o", path(name), text}).exit_code,
              0);
    return path(name);
  }
  std::string overlay() const {
    return compiled("leds.dtbo", "/plugin/; &{/} { leds: leds { compatible = \"gpio-leds\"; }; };");
  }
  Outcome plan(const std::vector<std::string>& more) const {
    return hyprelay(words("plan", zimage_, more));
  }
};

TEST_F(Trees, a_plan_lists_the_edits_in_their_order) {
  const std::vector<std::string> edits = {
      "--set", "&leds:status=okay",        "--overlay", overlay(), "--delete", "/pl031",
      "--set", "/chosen:acme,flag=<1 0x2>"};
  const Outcome outcome = plan(edits);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  const std::string expected = "tree: overlay " + path("leds.dtbo") +
                               ": fragment@0 into /\n"
                               "tree: deleted /pl031@9010000\n"
                               "tree: set /leds:status = \"okay\" (new)\n"
                               "tree: set /chosen:acme,flag = <0x1 0x2> (new)\n";
  EXPECT_NE(outcome.output.find(expected), std::string::npos) << outcome.output;
  std::vector<std::string> with_json = edits;
  with_json.emplace_back("--json");
  const auto json = nlohmann::json::parse(plan(with_json).output);
  ASSERT_EQ(json["tree_edits"].size(), 4u);
  EXPECT_EQ(json["tree_edits"][1], "deleted /pl031@9010000");
  EXPECT_EQ(json["device_tree"], "/sys/firmware/fdt");
}

TEST_F(Trees, a_bundle_has_them) {
  const std::string out = path("out");
  const Outcome outcome =
      hyprelay({"bundle", zimage_, "--dtb", tree_of("armmp"), "--overlay", overlay(), "--set",
                "/memory:reg=<0 0x40000000 0 0x20000000>", "--output", out});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("tree: set /memory@40000000:reg"), std::string::npos)
      << outcome.output;
  // By another reader, and the plan is for the memory that was set.
  const auto property = [&](const std::string& node, const std::string& name) {
    return run("fdtget", {"-t", "x", out + "/tree.dtb", node, name}).output;
  };
  EXPECT_EQ(run("fdtget", {out + "/tree.dtb", "/leds", "compatible"}).output, "gpio-leds\n");
  EXPECT_EQ(property("/memory@40000000", "reg"), "0 40000000 0 20000000\n");
  const auto manifest = nlohmann::json::parse(read(out + "/manifest.json"));
  EXPECT_EQ(manifest["tree_edits"].size(), 2u);
  for (const auto& file : manifest["files"]) {
    EXPECT_LE(file["start"].get<std::uint64_t>() + file["memory_bytes"].get<std::uint64_t>(),
              0x60000000u);
  }
}

TEST_F(Trees, what_cannot_be_applied_is_named) {
  const std::string needs_label = compiled("uart.dtbo", "/plugin/; &uart0 { status = \"okay\"; };");
  expect_error(plan({"--overlay", needs_label}), 6, "E218",
               needs_label +
                   ": uart0, which /fragment@0:target names: the overlay refers to a "
                   "label, and the tree has no /__symbols__");
  const std::string base = compiled("base.dtb", "/ { soc { l: label { }; }; };");
  expect_error(plan({"--dtb", base, "--overlay", needs_label}), 6, "E219", "uart0");
  const std::string lost = compiled("lost.dtbo", "/plugin/; &{/soc/i2c} { };");
  expect_error(plan({"--overlay", lost}), 6, "E21a", "/soc/i2c of fragment@0");
  expect_error(plan({"--overlay", base}), 6, "E216", base);
  expect_error(plan({"--overlay", path("none")}), 3, "E003", path("none"));
  expect_error(plan({"--overlay", write("junk", "junk")}), 6, "E20a", path("junk"));
  expect_error(plan({"--set", "/soc:status=okay"}), 6, "E21b", "/soc");
  expect_error(plan({"--delete", "/chosen:none"}), 6, "E21c", "/chosen:none");
  expect_error(plan({"--set", "/chosen:bootargs=quiet"}), 2, "E21d", "--command-line");
  expect_error(plan({"--set", "/chosen:acme=1"}), 2, "E002", "write <1> for a cell");
  expect_error(plan({"--set", "/chosen"}), 2, "E002", "NODE:PROPERTY=VALUE");
  // The machine's own tree, once edited, is held to the machine.
  expect_error(plan({"--set", "/psci:method=hvc"}), 6, "E210", "/sys/firmware/fdt");
}

TEST_F(Trees, the_kernels_own_loader_takes_no_edits) {
  for (const char* option : {"--overlay", "--set", "--delete"}) {
    expect_error(hyprelay(words("load", zimage_, {"--file", option, "/chosen:a"})), 2, "E002",
                 "the kernel passes its own tree on");
  }
}

TEST_F(Trees, fdt_shows_what_dtc_takes_back) {
  const std::string base =
      compiled("base.dtb", "/ { s: soc { on; n = <1 2>; t = \"a\", \"b\"; }; };");
  const Outcome whole = hyprelay({"fdt", "show", base});
  ASSERT_EQ(whole.exit_code, 0) << whole.errors;
  const std::string again = write("again.dts", whole.output);
  EXPECT_EQ(run("dtc", {"-q", "-I", "dts", "-O", "dtb", "-o", path("again.dtb"), again}).exit_code,
            0);
  const auto sorted = [&](const std::string& file) {
    return run("dtc", {"-q", "-s", "-I", "dtb", "-O", "dts", file}).output;
  };
  EXPECT_EQ(sorted(path("again.dtb")), sorted(base));
  for (const char* node : {"/soc", "&s", "s"}) {
    const std::string text = hyprelay({"fdt", "show", base, node}).output;
    EXPECT_TRUE(text.starts_with("soc {\n\ton;\n\tn = <0x1 0x2>;\n\tt = \"a\", \"b\";\n")) << text;
  }
  expect_error(hyprelay({"fdt", "show", base, "/none"}), 6, "E21b", base + ": /none");
  expect_error(hyprelay({"fdt", "show", base, "/soc", "/soc"}), 2, "E002", "one NODE");
}

TEST_F(Trees, fdt_patches_merges_and_tells_the_difference) {
  const std::string base = compiled(
      "base.dtb", "/ { chosen { bootargs = \"a\"; }; u: uart { status = \"disabled\"; }; };");
  const std::string change = compiled("x.dtbo", "/plugin/; &u { status = \"okay\"; };");
  const Outcome patched = hyprelay({"fdt", "patch", base, "--overlay", change, "--set",
                                    "/chosen:bootargs=quiet", "--output", path("patched.dtb")});
  EXPECT_EQ(patched.exit_code, 0) << patched.errors;
  EXPECT_EQ(patched.output, "tree: overlay " + change +
                                ": fragment@0 into /uart\n"
                                "tree: set /chosen:bootargs = \"quiet\" (was \"a\")\n");
  EXPECT_EQ(run("fdtget", {path("patched.dtb"), "/uart", "status"}).output, "okay\n");
  EXPECT_EQ(
      hyprelay({"fdt", "merge", base, change, change, "--output", path("merged.dtb")}).exit_code,
      0);
  EXPECT_EQ(run("fdtoverlay", {"-i", base, "-o", path("theirs.dtb"), change}).exit_code, 0);
  const Outcome same = hyprelay({"fdt", "diff", path("merged.dtb"), path("theirs.dtb")});
  EXPECT_EQ(same.exit_code, 0) << same.output << same.errors;
  EXPECT_EQ(same.output, "");
  const Outcome other = hyprelay({"fdt", "diff", path("merged.dtb"), path("patched.dtb")});
  EXPECT_EQ(other.exit_code, 20) << other.errors;
  EXPECT_EQ(other.output, "- /chosen:bootargs = \"a\"\n+ /chosen:bootargs = \"quiet\"\n");
  expect_error(hyprelay({"fdt", "patch", change, "--set", "/:a=b", "--output", path("o")}), 6,
               "E20c", change);
  expect_error(hyprelay({"fdt", "patch", base, "--set", "/:a=b"}), 2, "E002", "--output");
  expect_error(hyprelay({"fdt", "merge", base, "--output", path("o")}), 2, "E002", "overlays");
  expect_error(hyprelay({"fdt", "diff", base}), 2, "E002", "two files");
  expect_error(hyprelay({"fdt", "show", base, "--set", "/:a=b"}), 2, "E002", "patch does");
}

// What firmware would have written into the tree.
TEST_F(Trees, a_given_tree_gets_what_the_running_one_has) {
  const std::string without = path("without.dtb");
  ASSERT_EQ(hyprelay({"fdt", "patch", tree_of("armmp"), "--delete", "/memory", "--delete",
                      "/chosen:stdout-path", "--output", without})
                .exit_code,
            0);
  const Outcome outcome = plan({"--dtb", without});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("note: " + without +
                                ": memory of the running machine: 1.0 GiB at "
                                "0x40000000\n"),
            std::string::npos)
      << outcome.output;
  EXPECT_NE(
      outcome.output.find("note: " + without + ": /chosen:stdout-path of the running machine: "),
      std::string::npos)
      << outcome.output;
}

}  // namespace
}  // namespace hyprelay::test
