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
    // What a zImage inflates to is nothing to look at here, and takes its time.
    std::vector<std::string> all = {"plan",      "--entry", entry,    "--root",       root(),
                                    "--machine", machine_,  "--json", "--keep-zimage"};
    all.insert(all.end(), more.begin(), more.end());
    return hyprelay(all);
  }
  void make_extlinux() const {
    make("/boot/extlinux/extlinux.conf",
         "default l0\nlabel l0\nlinux /boot/vmlinuz-6.1\ninitrd ../initrd.img-6.1\n"
         "append root=/dev/a ro\nlabel l1\nkernel /boot/gone\n"
         "label local\nlocalboot 1\nlabel over\nkernel /boot/vmlinuz-6.1\nfdt /boot/board.dtb\n"
         "fdtoverlays /boot/a.dtbo /gone.dtbo\n");
    make("/boot/board.dtb", read(tree_of("armmp")));
    make("/boot/a.dtbo", "no overlay");
  }
  void shell(const std::string& command) const {
    const Outcome outcome = run("sh", {"-c", "cd '" + directory_.string() + "' && " + command});
    ASSERT_EQ(outcome.exit_code, 0) << command << outcome.output << outcome.errors;
  }
  Json planned(const std::string& entry, const std::vector<std::string>& more = {}) const {
    const Outcome outcome = plan(entry, more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return outcome.exit_code == 0 ? Json::parse(outcome.output) : Json();
  }
  // A FIT with two configurations that differ by their initrds.
  void make_fit() const {
    write("one", archive('1', 512));
    write("two", archive('2', 2048));
    const auto part = [](const std::string& name, const std::string& file, const char* type) {
      return name + " { description = \"it\"; data = /incbin/(\"" + file + "\"); type = \"" + type +
             "\"; arch = \"arm\"; os = \"linux\"; compression = \"none\"; load = <0>; entry = <0>; "
             "hash-1 { algo = \"sha256\"; }; };\n";
    };
    write("fit.its", "/dts-v1/; / { description = \"it\"; #address-cells = <1>; images {\n" +
                         part("k", zimage_, "kernel") + part("a", "one", "ramdisk") +
                         part("b", "two", "ramdisk") + part("t", tree_of("armmp"), "flat_dt") +
                         "}; configurations { default = \"c1\";\n"
                         "c1 { kernel = \"k\"; ramdisk = \"a\"; fdt = \"t\"; };\n"
                         "c2 { kernel = \"k\"; ramdisk = \"b\"; fdt = \"t\"; }; }; };\n");
    shell("mkimage -E -f fit.its root/boot/image.fit >/dev/null");
  }
  // A UKI with arm64's kernel, by the real ukify.
  void make_uki(const std::string& name, const std::string& words) const {
    const std::string root_of_uki = std::string(HR_CACHE) + "/sysroot/arm64-trixie/usr";
    fs::create_directories(fs::path(root() + name).parent_path());
    write("in.uki", archive('u', 1024));
    shell("/usr/bin/python3 " + root_of_uki + "/bin/ukify build --efi-arch=aa64 --stub=" +
          root_of_uki + "/lib/systemd/boot/efi/linuxaa64.efi.stub --linux=" + image_ +
          " --initrd=in.uki --output=" + root() + name + " " + words + " >said 2>&1");
  }
  static std::uint64_t bytes_of(const Json& plan, std::string_view kind) {
    for (const Json& segment : plan["segments"]) {
      if (segment["kind"] == kind) {
        return segment["content_bytes"];
      }
    }
    return 0;
  }
  static bool says(const Json& sentences, std::string_view part) {
    return std::ranges::any_of(sentences, [&](const Json& one) {
      return one.get<std::string>().find(part) != std::string::npos;
    });
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
  refused("local", 4, "E00e", "local: what the bootloader's own localcmd would boot");
  refused("over", 3, "E003", "/gone.dtbo of entry \"over\"");
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
  // A menu of some kilobytes makes no gigabytes.
  std::string many = "linux /vmlinuz-6.1\n";
  for (int i = 0; i < 33; ++i) {
    many += "initrd /initrd.img-6.1\n";
  }
  make("/boot/loader/entries/many.conf", many);
  Outcome refused = plan("many");
  refused.output.clear();
  expect_error(refused, 4, "E00e", "33 initrds, of which 32 at most are joined");
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

constexpr const char* kFirst =
    "/dts-v1/; /plugin/; / { fragment@0 { target-path = \"/\"; __overlay__ { by = \"first\"; "
    "first; }; }; };";
constexpr const char* kSecond =
    "/dts-v1/; /plugin/; / { fragment@0 { target-path = \"/\"; __overlay__ { by = \"second\"; }; "
    "}; };";

// The entry's, in its order, and behind them those of the command line.
TEST_F(BootEntry, overlays_of_an_entry_are_applied_to_its_tree) {
  make("/boot/board.dtb", read(tree_of("armmp")));
  write("first.dts", kFirst);
  write("second.dts", kSecond);
  shell(
      "dtc -q -@ -O dtb -o root/boot/first.dtbo first.dts && "
      "dtc -q -@ -O dtb -o second.dtbo second.dts && cp second.dtbo root/boot");
  make("/boot/extlinux/extlinux.conf",
       "label a\nkernel /boot/vmlinuz-6.1\nfdt /boot/board.dtb\n"
       "fdtoverlays /boot/first.dtbo /boot/second.dtbo\nappend root=/dev/a\n"
       "label b\nkernel /boot/vmlinuz-6.1\nfdtoverlays /boot/first.dtbo\n");
  const Json both = planned("a");
  ASSERT_EQ(both["tree_edits"].size(), 2u);
  EXPECT_TRUE(says(both["tree_edits"], root() + "/boot/first.dtbo"));
  const std::string first = both["tree_edits"][0];
  EXPECT_NE(first.find("first.dtbo"), std::string::npos) << first;
  const Json three = planned("a", {"--overlay", path("second.dtbo")});
  ASSERT_EQ(three["tree_edits"].size(), 3u);
  const std::string last = three["tree_edits"][2];
  EXPECT_NE(last.find(path("second.dtbo")), std::string::npos) << last;
  // Another's tree gets none of them, and nor does the running machine's.
  const Outcome other = plan("a", {"--dtb", tree_of("armmp")});
  EXPECT_NE(other.errors.find("the entry's overlays are for its own tree"), std::string::npos);
  EXPECT_TRUE(Json::parse(other.output)["tree_edits"].empty());
  const Outcome none = plan("b");
  EXPECT_NE(none.errors.find("the entry's overlays are for a tree of the entry's"),
            std::string::npos);
  EXPECT_TRUE(Json::parse(none.output)["tree_edits"].empty());
  EXPECT_EQ(listed()[0]["entries"][0]["overlay_files"][0]["path"], root() + "/boot/first.dtbo");
  EXPECT_TRUE(listed()[0]["entries"][1]["overlay_files"].empty());
}

TEST_F(BootEntry, a_fit_is_taken_by_the_entrys_configuration) {
  make_fit();
  make("/boot/extlinux/extlinux.conf",
       "label one\nfit /boot/image.fit\nappend root=/dev/a\n"
       "label two\nkernel /boot/image.fit#c2\ninitrd /boot/image.fit#c2\nappend root=/dev/b\n"
       "label own\nkernel /boot/image.fit#c2\ninitrd /boot/initrd.img-6.1\nappend root=/dev/c\n"
       "label no\nkernel /boot/image.fit#c9\n");
  EXPECT_EQ(bytes_of(planned("one"), "initrd"), 512u);
  const Json two = planned("two");
  EXPECT_EQ(bytes_of(two, "initrd"), 2048u);
  EXPECT_EQ(two["command_line"], "root=/dev/b");
  EXPECT_EQ(two["device_tree"], "the device tree in " + root() + "/boot/image.fit");
  const Json own = planned("own");
  EXPECT_EQ(own["initrd"], root() + "/boot/initrd.img-6.1");
  EXPECT_TRUE(says(own["notes"], "the initrd in it is left out, the entry's takes its place"));
  EXPECT_EQ(bytes_of(planned("two", {"--fit-config", "c1"}), "initrd"), 512u);
  Outcome outcome = plan("no");
  outcome.output.clear();
  expect_error(outcome, 4, "E10c", "not \"c9\"; there are c1, c2");
  EXPECT_NE(list().output.find("/boot/image.fit, configuration c2"), std::string::npos);
}

TEST_F(BootEntry, unified_kernel_images_are_loaded) {
  machine_ = write_machine("arm64");
  make_uki("/boot/EFI/Linux/debian.efi", "--cmdline='root=/dev/u quiet'");
  make_uki("/boot/EFI/Linux/mute.efi", "");
  make("/boot/EFI/shell.efi", "MZ and a program");
  make("/boot/EFI/stub.efi", read(image_));
  make("/boot/EFI/Linux/debian.efi.extra.d/a.cred", "secret");
  make("/boot/loader/entries/typed.conf",
       "title T\nuki /EFI/Linux/debian.efi\noptions root=/dev/t\n");
  make("/boot/loader/entries/shell.conf", "title S\nefi /EFI/shell.efi\n");
  make("/boot/loader/entries/kernel.conf", "title K\nefi /EFI/stub.efi\noptions root=/dev/k\n");
  make("/boot/loader/entries/second.conf", "title P\nuki /EFI/Linux/debian.efi\nprofile 1\n");
  const Json own = planned("debian");
  EXPECT_EQ(own["kernel"], root() + "/boot/EFI/Linux/debian.efi");
  EXPECT_EQ(own["command_line"], "root=/dev/u quiet");
  EXPECT_EQ(bytes_of(own, "initrd"), 1024u);
  EXPECT_NE(plan("debian").errors.find("debian.efi.extra.d is left out"), std::string::npos);
  // Without a line of its own it gets none, and not the running kernel's.
  EXPECT_EQ(planned("mute")["command_line"], "");
  const Json typed = planned("typed");
  EXPECT_EQ(typed["command_line"], "root=/dev/t");
  EXPECT_TRUE(says(typed["notes"], "the command line in it is left out, the entry's"));
  EXPECT_EQ(planned("kernel")["command_line"], "root=/dev/k");
  EXPECT_EQ(planned("debian", {"--command-line", "b"})["command_line"], "b");
  const auto refused = [&](const std::string& name, const std::string& part) {
    Outcome outcome = plan(name);
    outcome.output.clear();
    expect_error(outcome, 4, "E00e", part);
  };
  refused("shell", "shell: an EFI program, which firmware alone can start: /EFI/shell.efi");
  refused("second", "profile 1 of a unified kernel image");
  EXPECT_NE(list().output.find("not loaded: an EFI program"), std::string::npos);
}

// The variable is UTF-16 behind its attributes [systemd.io, The Boot Loader Interface].
TEST_F(BootEntry, the_saved_entry_is_the_default) {
  for (const char* name : {"a", "b"}) {
    make("/boot/loader/entries/" + std::string(name) + ".conf",
         "title " + std::string(name) + "\nlinux /vmlinuz-6.1\noptions is=" + name + "\n");
  }
  make("/boot/loader/loader.conf", "default @saved\n");
  const Outcome first = plan("default");
  EXPECT_EQ(Json::parse(first.output)["command_line"], "is=b");
  EXPECT_NE(first.errors.find("default is @saved"), std::string::npos) << first.errors;
  make("/sys/firmware/efi/efivars/LoaderEntryLastBooted-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
       std::string_view("\7\0\0\0a\0.\0c\0o\0n\0f\0\0\0", 18));
  const Outcome saved = plan("default");
  EXPECT_EQ(Json::parse(saved.output)["command_line"], "is=a");
  EXPECT_EQ(saved.errors.find("@saved"), std::string::npos) << saved.errors;
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
