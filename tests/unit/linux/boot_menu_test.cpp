// SPDX-License-Identifier: BSD-2-Clause
// Menus as their documents describe them, and as Debian's u-boot-update writes one.
#include "handoff/linux/boot_menu.hpp"

#include "os/files.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hyprelay::handoff::linux_host {
namespace {

using Names = std::vector<std::string>;

std::string data(const std::string& name) {
  return os::read_file(std::string(HR_TEST_DATA) + "/boot-menu/" + name).value_or("");
}

BootMenu extlinux(const std::string& config) {
  return read_extlinux_menu(config, [](const std::string&) { return std::nullopt; });
}

Names ids_of(const BootMenu& menu) {
  Names ids;
  for (const BootEntry& entry : menu.entries) {
    ids.push_back(entry.id);
  }
  return ids;
}

TEST(ExtlinuxMenu, what_u_boot_update_writes_is_read) {
  const BootMenu menu = extlinux(data("u-boot-menu.conf"));
  EXPECT_EQ(ids_of(menu), (Names{"l0", "l0r", "l1", "l1r"}));
  const BootEntry* const entry = menu.default_entry();
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->id, "l0");
  EXPECT_EQ(entry->title, "Debian GNU/Linux 12 (bookworm) 6.1.0-50-arm64");
  EXPECT_EQ(entry->kernel, "/boot/vmlinuz-6.1.0-50-arm64");
  EXPECT_EQ(entry->initrds, Names{"/boot/initrd.img-6.1.0-50-arm64"});
  EXPECT_EQ(entry->tree_folder, "/usr/lib/linux-image-6.1.0-50-arm64/");
  EXPECT_EQ(entry->overlays, Names{"/boot/dtbo/uart4.dtbo"});
  EXPECT_EQ(entry->command_line, "root=UUID=6a1e1f0c-0d3b-4e1b-9a53-6d0c0ffee001 ro quiet");
  EXPECT_EQ(entry->why_not, "");
  const BootEntry* const rescue = menu.find("l1r");
  ASSERT_NE(rescue, nullptr);
  EXPECT_TRUE(rescue->overlays.empty());
  EXPECT_TRUE(rescue->command_line.ends_with(" ro single"));
  const BootMenu own = extlinux(data("u-boot-menu-own-boot.conf"));
  EXPECT_EQ(own.entries.at(0).kernel, "/vmlinuz-6.1.0-50-arm64");
  EXPECT_EQ(own.entries.at(0).tree_folder, "");
}

TEST(ExtlinuxMenu, the_rest_of_what_u_boot_knows) {
  const BootMenu menu = extlinux(data("distro.conf"));
  EXPECT_EQ(ids_of(menu), (Names{"folder", "tree", "fit", "local"}));
  EXPECT_EQ(menu.default_entry()->id, "tree");
  const BootEntry& folder = menu.entries.at(0);
  EXPECT_EQ(folder.title, "Fedora-like (6.1)");
  EXPECT_EQ(folder.kernel, "../zImage-6.1");
  EXPECT_EQ(folder.tree_folder, "../dtb-6.1");
  EXPECT_EQ(folder.command_line, "ro root=UUID=8eac677f console=ttyAMA0 # no comment");
  EXPECT_EQ(menu.find("Fedora-like (6.1)"), &folder);
  const BootEntry& tree = menu.entries.at(1);
  EXPECT_EQ(tree.tree, "/board.dtb");
  EXPECT_EQ(tree.overlays, (Names{"/a.dtbo", "/b.dtbo"}));
  EXPECT_EQ(tree.command_line, "root=/dev/mmcblk0p3");
  const BootEntry& fit = menu.entries.at(2);
  EXPECT_EQ(fit.why_not, "");
  EXPECT_EQ(fit.kernel, "/image.fit");
  EXPECT_EQ(fit.fit_config, "conf-1");
  EXPECT_NE(menu.entries.at(3).why_not, "");
  EXPECT_EQ(menu.find("none"), nullptr);
}

TEST(ExtlinuxMenu, the_default_is_named_or_marked_or_the_first) {
  const std::string labels = "label a\nkernel /a\nlabel b\nmenu default\nkernel /b\n";
  EXPECT_EQ(extlinux(labels).default_entry()->id, "b");
  EXPECT_EQ(extlinux("default a\n" + labels).default_entry()->id, "a");
  EXPECT_EQ(extlinux(labels + "ontimeout a\n").default_entry()->id, "a");
  EXPECT_EQ(extlinux("default c\n" + labels).default_entry()->id, "a");
  EXPECT_EQ(extlinux("label a\nkernel /a\nlabel b\nkernel /b\n").default_entry()->id, "a");
  EXPECT_EQ(extlinux("").default_entry(), nullptr);
  EXPECT_EQ(extlinux("default a\nkernel /a\n").default_entry(), nullptr);
}

// By the kernel's text they are in the FIT, by any other they are files [pxe_utils.c label_boot].
TEST(ExtlinuxMenu, a_fit_holds_what_goes_by_its_name) {
  const BootMenu menu = extlinux(
      "label a\nkernel /i.fit#c\ninitrd /i.fit#c\nfdt /i.fit#c\nlabel b\ninitrd /r\nfdt /t\n"
      "kernel /i.fit#c\nlabel c\nfit /i.fit\n");
  EXPECT_TRUE(menu.entries.at(0).initrds.empty());
  EXPECT_EQ(menu.entries.at(0).tree, "");
  EXPECT_EQ(menu.entries.at(1).initrds, Names{"/r"});
  EXPECT_EQ(menu.entries.at(1).tree, "/t");
  EXPECT_EQ(menu.entries.at(2).kernel, "/i.fit");
  EXPECT_EQ(menu.entries.at(2).fit_config, "");
}

TEST(ExtlinuxMenu, files_are_included_and_not_for_ever) {
  const std::map<std::string, std::string> files = {
      {"more.conf", "label x\nkernel /x\nmenu include more2.conf\n"},
      {"more2.conf", "label y\nkernel /y\n"}};
  const auto included = [&files](const std::string& name) {
    const auto file = files.find(name);
    return file == files.end() ? std::nullopt : std::optional(file->second);
  };
  EXPECT_EQ(
      ids_of(read_extlinux_menu("include more.conf\ninclude none\nlabel z\nkernel z\n", included)),
      (Names{"x", "y", "z"}));
  int count = 0;
  const BootMenu menu = read_extlinux_menu("include self\n", [&count](const std::string&) {
    ++count;
    return std::optional<std::string>("include self\ninclude self\nlabel a\nkernel /a\n");
  });
  EXPECT_LE(count, 64);
  EXPECT_LE(menu.entries.size(), 64u);
}

// "==== NAME" divides files.
LoaderFiles loader_files() {
  LoaderFiles files;
  const std::string text = data("loader.txt");
  std::string_view rest = text;
  std::string* file = nullptr;
  while (!rest.empty()) {
    const std::string_view line = base::take_line(rest);
    if (line.starts_with("==== loader.conf")) {
      file = &files.configuration;
    } else if (line.starts_with("==== ")) {
      files.entries.push_back({std::string(line.substr(5)), ""});
      file = &files.entries.back().text;
    } else {
      file->append(line).append("\n");
    }
  }
  return files;
}

TEST(LoaderMenu, entries_are_read_and_in_their_order) {
  const BootMenu menu = read_loader_menu(loader_files(), "aa64");
  EXPECT_EQ(ids_of(menu), (Names{"debian-6.1.0-50-arm64", "debian-6.1.0-49-arm64", "firmware",
                                 "debian-6.1.0-51-arm64"}));
  const BootEntry& newer = menu.entries.at(0);
  EXPECT_EQ(menu.default_entry(), &newer);
  EXPECT_EQ(newer.kernel, "/0123456789abcdef/6.1.0-50-arm64/linux");
  EXPECT_EQ(newer.overlays, (Names{"/uart.dtbo", "/spi.dtbo"}));
  EXPECT_TRUE(newer.is("debian-6.1.0-50-arm64+3-1.conf"));
  EXPECT_TRUE(newer.is("debian-6.1.0-50-arm64.conf"));
  const BootEntry& older = menu.entries.at(1);
  EXPECT_EQ(older.command_line, "root=UUID=6a1e1f0c ro quiet");
  EXPECT_EQ(older.initrds, (Names{"/0123456789abcdef/6.1.0-49-arm64/microcode",
                                  "/0123456789abcdef/6.1.0-49-arm64/initrd"}));
  EXPECT_EQ(older.tree, "/0123456789abcdef/6.1.0-49-arm64/board.dtb");
  // Whether it is one that can be handed over to, its file says.
  EXPECT_EQ(menu.entries.at(2).kernel, "/EFI/shell.efi");
  EXPECT_TRUE(menu.entries.at(2).is_program);
  EXPECT_EQ(menu.entries.at(2).why_not, "");
  EXPECT_FALSE(newer.is_program);
  // The same on arm, where it is another's.
  EXPECT_EQ(read_loader_menu(loader_files(), "arm").find("debian-6.1.0-50-arm64"), nullptr);
}

TEST(LoaderMenu, what_comes_up_is_said_by_variables_then_by_the_file) {
  LoaderFiles files = loader_files();
  const auto chosen = [&files] { return read_loader_menu(files, "aa64").default_entry()->id; };
  files.configuration = "default debian-6.1.0-49-*\n";
  EXPECT_EQ(chosen(), "debian-6.1.0-49-arm64");
  files.configuration = "default DEBIAN-6.1.0-49-arm64.conf\n";
  EXPECT_EQ(chosen(), "debian-6.1.0-49-arm64");
  files.chosen = "debian-6.1.0-50-arm64.conf";
  EXPECT_EQ(chosen(), "debian-6.1.0-50-arm64");
  files.once = "firmware.conf";
  EXPECT_EQ(chosen(), "firmware");
  files.once = files.chosen = files.configuration = "";
  EXPECT_EQ(chosen(), "debian-6.1.0-50-arm64");
  files.configuration = "default gone.conf\n";
  EXPECT_EQ(chosen(), "debian-6.1.0-50-arm64");
}

// "@saved" is the entry that was booted last [loader.conf(5), default].
TEST(LoaderMenu, the_saved_one_comes_up_or_the_first_with_a_note) {
  LoaderFiles files = loader_files();
  files.configuration = "default @saved\n";
  files.last = "debian-6.1.0-49-arm64.conf";
  BootMenu menu = read_loader_menu(files, "aa64");
  EXPECT_EQ(menu.default_entry()->id, "debian-6.1.0-49-arm64");
  EXPECT_EQ(menu.fallback_note, "");
  // By bootctl set-default @saved; before the file.
  files.configuration = "default firmware\n";
  files.chosen = "@saved";
  EXPECT_EQ(read_loader_menu(files, "aa64").default_entry()->id, "debian-6.1.0-49-arm64");
  // A saved one that is gone is no default, and the file's is [config_select_default_entry].
  files.last = "gone.conf";
  menu = read_loader_menu(files, "aa64");
  EXPECT_EQ(menu.default_entry()->id, "firmware");
  EXPECT_EQ(menu.fallback_note, "");
  files.configuration = "";
  menu = read_loader_menu(files, "aa64");
  EXPECT_EQ(menu.default_entry()->id, "debian-6.1.0-50-arm64");
  EXPECT_EQ(menu.fallback_note,
            "default is @saved, the entry that was booted last, and LoaderEntryLastBooted names "
            "gone.conf, which is gone: systemd-boot takes the first then");
  files.last = "";
  files.chosen = "";
  files.configuration = "default @saved\n";
  menu = read_loader_menu(files, "aa64");
  EXPECT_EQ(menu.default_entry()->id, "debian-6.1.0-50-arm64");
  EXPECT_NE(menu.fallback_note.find("no EFI variable LoaderEntryLastBooted"), std::string::npos);
}

TEST(LoaderMenu, programs_profiles_and_what_is_fetched) {
  const auto entry = [](const std::string& lines) {
    return read_loader_menu({.entries = {{"e.conf", lines}}, .images = {}, .configuration = ""},
                            "aa64")
        .entries.at(0);
  };
  EXPECT_EQ(entry("uki /EFI/a.efi\n").kernel, "/EFI/a.efi");
  EXPECT_TRUE(entry("uki /EFI/a.efi\n").is_program);
  EXPECT_EQ(entry("uki /EFI/a.efi\nprofile 0\n").why_not, "");
  EXPECT_EQ(entry("uki /EFI/a.efi\nprofile 2\n").why_not,
            "profile 2 of a unified kernel image: the first alone is loaded");
  EXPECT_EQ(entry("uki-url http://h/a.efi\n").why_not,
            "a unified kernel image that is fetched at every boot: http://h/a.efi");
  const BootEntry fit = entry("linux /boot/image.fit#conf-2\n");
  EXPECT_EQ(fit.kernel, "/boot/image.fit");
  EXPECT_EQ(fit.fit_config, "conf-2");
}

TEST(LoaderMenu, unified_images_are_entries) {
  const BootMenu menu = read_loader_menu(
      {.entries = {}, .images = {"a+2.efi", "b.efi"}, .configuration = "default a.efi\n"}, "aa64");
  EXPECT_EQ(ids_of(menu), (Names{"b", "a"}));
  EXPECT_EQ(menu.default_entry()->kernel, "/EFI/Linux/a+2.efi");
  EXPECT_TRUE(menu.default_entry()->is_program);
  EXPECT_EQ(menu.default_entry()->why_not, "");
}

// The rules of UAPI.10, Version Format Specification, one after the other.
TEST(LoaderMenu, versions_are_compared_as_the_specification_says) {
  const Names rising = {"122.1~rc1-1", "122.1~rc2-1", "122.1",   "122.1-1",
                        "122.1-2",     "122.1^1",     "122.1.1", "123"};
  for (std::size_t i = 0; i < rising.size(); ++i) {
    for (std::size_t k = 0; k < rising.size(); ++k) {
      const int expected = i < k ? -1 : i > k ? 1 : 0;
      EXPECT_EQ(compare_versions(rising[i], rising[k]), expected) << rising[i] << " " << rising[k];
    }
  }
  EXPECT_EQ(compare_versions("1-", "1-^1"), -1);
  EXPECT_EQ(compare_versions("11", "9"), 1);
  EXPECT_EQ(compare_versions("007", "7"), 0);
  EXPECT_EQ(compare_versions("1_2", "12"), -1);
  EXPECT_EQ(compare_versions("6.1.0-9-arm64", "6.1.0-10-arm64"), -1);
  EXPECT_EQ(compare_versions("B", "a"), -1);
  EXPECT_EQ(compare_versions("1a", "11"), -1);
  EXPECT_EQ(compare_versions("99999999999999999999998", "99999999999999999999999"), -1);
}

TEST(GrubMenu, every_entry_is_there_and_the_default_is_grubs) {
  const std::string config = R"(
set default="1>0"
menuentry 'First' $menuentry_id_option 'simple' {
  linux /vmlinuz a
  initrd /early.img /initrd.img
}
submenu 'More' --id more {
  menuentry 'Old' {
    devicetree /board.dtb
    linux /vmlinuz.old b
  }
}
menuentry 'Firmware' {
  fwsetup
}
)";
  const BootMenu menu = read_grub_menu(config, "");
  EXPECT_EQ(ids_of(menu), (Names{"simple", "1>0"}));
  EXPECT_EQ(menu.default_entry()->title, "Old");
  EXPECT_EQ(menu.default_entry()->tree, "/board.dtb");
  EXPECT_EQ(menu.find("First"), &menu.entries.at(0));
  EXPECT_EQ(menu.find("0"), &menu.entries.at(0));
  EXPECT_EQ(menu.entries.at(0).initrds, (Names{"/early.img", "/initrd.img"}));
  EXPECT_EQ(read_grub_menu(config, "next_entry=simple\n").default_entry()->id, "simple");
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
