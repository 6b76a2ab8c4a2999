// SPDX-License-Identifier: BSD-2-Clause
// Whole systems below a folder, as bootloaders find them: what is listed, and what a plan of it
// has.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class BootEntry : public Program {
 protected:
  void SetUp() override {
    Program::SetUp();
    make("/boot/vmlinuz-6.1", read(zimage_));
    make("/boot/initrd.img-6.1", archive('a', 512));
  }
  std::string root() const { return path("root"); }
  void make(const std::string& name, std::string_view content) const {
    fs::create_directories(fs::path(root() + name).parent_path());
    std::ofstream(root() + name, std::ios::binary) << content;
  }
  // What begins as a cpio archive does.
  static std::string archive(char letter, std::size_t size) {
    return "070701" + std::string(size - 6, letter);
  }
  Outcome list(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {"boot-entry", root()};
    all.insert(all.end(), more.begin(), more.end());
    return hyprelay(all);
  }
  Json listed() const { return Json::parse(list({"--json"}).output)["menus"]; }
  Outcome plan(const std::string& entry, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {"plan", "--entry",   entry,    "--root",
                                    root(), "--machine", machine_, "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return hyprelay(all);
  }
  void make_extlinux() const {
    make("/boot/extlinux/extlinux.conf",
         "default l0\nlabel l0\nlinux /boot/vmlinuz-6.1\ninitrd ../initrd.img-6.1\n"
         "append root=/dev/a ro\nlabel l1\nkernel /boot/gone\n"
         "label fit\nfit /boot/a.fit\nlabel over\nkernel /boot/vmlinuz-6.1\nfdtoverlays /a.dtbo\n");
  }
};

TEST_F(BootEntry, extlinux_is_listed_and_planned) {
  make_extlinux();
  const Json menu = listed().at(0);
  EXPECT_EQ(menu["kind"], "extlinux");
  EXPECT_EQ(menu["file"], root() + "/boot/extlinux/extlinux.conf");
  const Json& entry = menu["entries"][0];
  EXPECT_EQ(entry["id"], "l0");
  EXPECT_EQ(entry["default"], true);
  EXPECT_EQ(entry["kernel"]["path"], root() + "/boot/vmlinuz-6.1");
  EXPECT_EQ(entry["initrds"][0]["path"], root() + "/boot/extlinux/../initrd.img-6.1");
  EXPECT_EQ(menu["entries"][1]["default"], false);
  EXPECT_TRUE(menu["entries"][1]["kernel"]["path"].is_null());
  const std::string text = list().output;
  EXPECT_NE(text.find("* l0\n    kernel:       " + root() + "/boot/vmlinuz-6.1\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("/boot/gone (missing)"), std::string::npos);
  for (const char* name : {"l0", "default"}) {
    const Outcome outcome = plan(name);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
    const Json planned = Json::parse(outcome.output);
    EXPECT_EQ(planned["command_line"], "root=/dev/a ro");
    EXPECT_EQ(planned["kernel"], root() + "/boot/vmlinuz-6.1");
    EXPECT_EQ(planned["initrd"], root() + "/boot/extlinux/../initrd.img-6.1");
  }
}

TEST_F(BootEntry, options_count_before_the_entry) {
  make_extlinux();
  const Json planned = Json::parse(
      plan("l0", {"--command-line", "b", "--initrd", write("i", archive('b', 64))}).output);
  EXPECT_EQ(planned["command_line"], "b");
  EXPECT_EQ(planned["initrd"], path("i"));
}

TEST_F(BootEntry, what_cannot_be_loaded_is_refused_with_the_reason) {
  expect_error(list(), 3, "E00c", root());
  make_extlinux();
  const auto refused = [&](const std::string& name, int exit_code, const char* code,
                           const std::string& part) {
    Outcome outcome = plan(name);
    outcome.output.clear();
    expect_error(outcome, exit_code, code, part);
  };
  refused("l9", 3, "E00d", "l9, in " + root());
  refused("l1", 3, "E003", "/boot/gone of entry \"l1\"");
  refused("fit", 4, "E00e", "fit: a FIT image: /boot/a.fit");
  refused("over", 4, "E00e", "overlays are to be applied before");
  Outcome outcome = plan("l0", {"--reuse-cmdline"});
  outcome.output.clear();
  expect_error(outcome, 2, "E002", "--reuse-cmdline does not go with --entry");
  expect_error(hyprelay({"plan", zimage_, "--entry", "l0"}), 2, "E002", "KERNEL does not go");
  expect_error(hyprelay({"boot-entry", path("gone")}), 3, "E003", "gone");
}

// Of two archives the second begins at a multiple of four.
TEST_F(BootEntry, several_initrds_are_one) {
  make("/boot/early.img", archive('e', 101));
  make("/boot/loader/entries/debian.conf",
       "title Debian\nlinux /vmlinuz-6.1\ninitrd /early.img\ninitrd /initrd.img-6.1\n"
       "options root=/dev/b\n");
  const Json menu = listed().at(0);
  EXPECT_EQ(menu["kind"], "loader");
  EXPECT_EQ(menu["entries"][0]["initrds"].size(), 2u);
  const Outcome outcome = plan("debian");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const Json planned = Json::parse(outcome.output);
  for (const auto& segment : planned["segments"]) {
    if (segment["kind"] == "initrd") {
      EXPECT_EQ(segment["content_bytes"], 104 + 512);
    }
  }
  EXPECT_NE(outcome.output.find("\"initrd\""), std::string::npos);
}

TEST_F(BootEntry, grub_and_its_tree) {
  make("/boot/board.dtb", read(tree_of("armmp")));
  make("/boot/grub/grub.cfg",
       "menuentry 'Debian' --id simple {\nlinux /boot/vmlinuz-6.1 root=/dev/c\n"
       "initrd /boot/initrd.img-6.1\ndevicetree /boot/board.dtb\n}\n");
  make_extlinux();
  const Json menus = listed();
  EXPECT_EQ(menus.at(0)["kind"], "grub");
  EXPECT_EQ(menus.at(1)["kind"], "extlinux");
  EXPECT_EQ(menus[0]["entries"][0]["device_tree"]["path"], root() + "/boot/board.dtb");
  const Json planned = Json::parse(plan("default").output);
  EXPECT_EQ(planned["command_line"], "root=/dev/c");
  EXPECT_EQ(planned["device_tree"], root() + "/boot/board.dtb");
}

TEST_F(BootEntry, grub_takes_entries_of_loader) {
  make("/boot/grub2/grub.cfg", "set default=0\nblscfg\n");
  make("/boot/grub2/grubenv", "saved_entry=fedora-1\nkernelopts=root=/dev/d ro\n");
  for (const char* number : {"1", "2"}) {
    make(std::string("/boot/loader/entries/fedora-") + number + ".conf",
         std::string("title Fedora ") + number +
             "\nlinux /vmlinuz-6.1\ninitrd /initrd.img-6.1 $tuned_initrd\n"
             "options $kernelopts $tuned_params quiet\n");
  }
  const Json planned =
      Json::parse(plan("default", {"--initrd", write("i", archive('b', 64))}).output);
  EXPECT_EQ(planned["command_line"], "root=/dev/d ro  quiet");
  EXPECT_EQ(listed().at(0)["entries"][1]["default"], true);
}

// A folder of trees: the one with the machine's model and compatible.
TEST_F(BootEntry, the_tree_of_a_folder_is_the_machines) {
  const auto tree = [&](const std::string& name, const std::string& model) {
    const std::string source = write(
        "t.dts", "/dts-v1/;\n/ { model = \"" + model + "\"; compatible = \"v,b\", \"v,s\"; };\n");
    fs::create_directories(fs::path(root() + name).parent_path());
    ASSERT_EQ(run("dtc", {"-q", "-O", "dtb", "-o", root() + name, source}).exit_code, 0);
  };
  tree("/usr/lib/linux-image-6.1/v/other.dtb", "Other board");
  tree("/usr/lib/linux-image-6.1/v/board.dtb", "This board");
  make("/usr/lib/linux-image-6.1/v/noise.dtb", std::string("This board\0", 11));
  make("/proc/device-tree/model", std::string("This board\0", 11));
  make("/proc/device-tree/compatible", std::string("v,b\0v,s\0", 8));
  make("/boot/extlinux/extlinux.conf",
       "label a\nkernel /boot/vmlinuz-6.1\nfdtdir /usr/lib/linux-image-6.1/\n");
  EXPECT_EQ(listed().at(0)["entries"][0]["device_tree"]["path"],
            root() + "/usr/lib/linux-image-6.1/v/board.dtb");
  // Two of them, and nobody knows which.
  tree("/usr/lib/linux-image-6.1/v/board-2.dtb", "This board");
  const Json entry = listed().at(0)["entries"][0];
  EXPECT_TRUE(entry["device_tree"].is_null());
  EXPECT_EQ(entry["notes"].size(), 1u);
}

TEST_F(BootEntry, a_file_is_read_by_itself) {
  make_extlinux();
  const std::string file = root() + "/boot/extlinux/extlinux.conf";
  const Json menus = Json::parse(hyprelay({"boot-entry", file, "--json"}).output)["menus"];
  EXPECT_EQ(menus.at(0)["entries"][0]["kernel"]["path"], root() + "/boot/vmlinuz-6.1");
  make("/boot/loader/entries/x.conf", "title X\nlinux /vmlinuz-6.1\n");
  const std::string entry = root() + "/boot/loader/entries/x.conf";
  const Json one = Json::parse(hyprelay({"boot-entry", entry, "--json"}).output)["menus"];
  EXPECT_EQ(one.at(0)["entries"][0]["kernel"]["path"], root() + "/boot/vmlinuz-6.1");
  const Outcome outcome =
      hyprelay({"plan", "--entry", "l0", "--root", file, "--machine", machine_});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
}

}  // namespace
}  // namespace hyprelay::test
