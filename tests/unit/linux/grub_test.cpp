// SPDX-License-Identifier: BSD-2-Clause
// What GRUB boots by itself. The menu has the form that grub-mkconfig of Debian 12 gives one with
// two kernels [grub/util/grub.d/00_header.in, 10_linux.in], with the lines that count.
#include "handoff/linux/grub.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff::linux_host {
namespace {

using Files = std::vector<std::string>;

constexpr std::string_view kBegin = R"(
if [ -s $prefix/grubenv ]; then
  set have_grubenv=true
  load_env
fi
if [ "${next_entry}" ] ; then
   set default="${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
)";
constexpr std::string_view kMenu = R"(
fi
function load_video {
  if [ x$feature_all_video_module = xy ]; then
    insmod all_video
  fi
}
menuentry 'Debian GNU/Linux' --class debian --class os $menuentry_id_option 'gnulinux-simple-0b1' {
	load_video
	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
	search --no-floppy --fs-uuid --set=root 0b1
	echo	'Loading Linux 6.1.0-56-arm64 ...'
	linux	/boot/vmlinuz-6.1.0-56-arm64 root=UUID=0b1 ro  crashkernel=256M quiet $vt_handoff
	echo	'Loading initial ramdisk ...'
	initrd	/boot/initrd.img-6.1.0-56-arm64
}
submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-0b1' {
	menuentry 'Debian GNU/Linux, with Linux 6.1.0-56-arm64' --class os $menuentry_id_option 'gnulinux-6.1.0-56-arm64-advanced-0b1' {
		linux	/boot/vmlinuz-6.1.0-56-arm64 root=UUID=0b1 ro  crashkernel=256M quiet
		initrd	/boot/initrd.img-6.1.0-56-arm64
	}
	menuentry "Debian's, with Linux 6.1.0-50-arm64" --class os $menuentry_id_option 'gnulinux-6.1.0-50-arm64-advanced-0b1' {
		linux	/boot/vmlinuz-6.1.0-50-arm64 root=UUID=0b1 ro single dyndbg="file a +p"
		initrd	/boot/early.img /boot/initrd.img-6.1.0-50-arm64
	}
}
menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {
	fwsetup
}
)";

std::string config(const std::string& value) {
  return std::string(kBegin) + "   set default=\"" + value + "\"\n" + std::string(kMenu);
}
std::string kernel(const std::string& value, std::string_view block = {}) {
  const auto entry = default_grub_entry(config(value), block);
  return entry ? entry->kernel : "none";
}

constexpr const char* kNew = "/boot/vmlinuz-6.1.0-56-arm64";
constexpr const char* kOld = "/boot/vmlinuz-6.1.0-50-arm64";

TEST(Grub, boots_the_first_entry_with_its_words) {
  const auto entry = default_grub_entry(config("0"), "# GRUB Environment Block\n####");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->kernel, kNew);
  EXPECT_EQ(entry->title, "Debian GNU/Linux");
  EXPECT_EQ(entry->initrds, Files{"/boot/initrd.img-6.1.0-56-arm64"});
  EXPECT_EQ(entry->command_line, "root=UUID=0b1 ro crashkernel=256M quiet");
}

TEST(Grub, finds_entries_by_number_title_and_identity_through_submenus) {
  for (const char* value :
       {"1>1", "gnulinux-advanced-0b1>gnulinux-6.1.0-50-arm64-advanced-0b1",
        "Advanced options for Debian GNU/Linux>Debian's, with Linux 6.1.0-50-arm64"}) {
    EXPECT_EQ(kernel(value), kOld) << value;
  }
  const auto entry = default_grub_entry(config("1>1"), "");
  EXPECT_EQ(entry->initrds, (Files{"/boot/early.img", "/boot/initrd.img-6.1.0-50-arm64"}));
  EXPECT_EQ(entry->command_line, "root=UUID=0b1 ro single \"dyndbg=file a +p\"");
}

TEST(Grub, takes_the_first_where_the_default_is_nothing) {
  EXPECT_EQ(kernel("7"), kNew);
  EXPECT_EQ(kernel("1>9"), kNew);
  EXPECT_EQ(kernel("1"), "none") << "a submenu boots nothing";
  EXPECT_EQ(kernel("uefi-firmware"), "none");
}

// Each the command line that such a line of an entry gives the kernel.
TEST(Grub, reads_words_as_its_shell_does) {
  const auto line = [](const char* words) {
    const auto entry = default_grub_entry(
        std::string("menuentry x {\nlinux /k ") + words + "\ninitrd /i # the big one\n}\n", "");
    EXPECT_EQ(entry.value().kernel, "/k") << words;
    EXPECT_EQ(entry.value().initrds, Files{"/i"}) << words;
    return entry.value().command_line;
  };
  EXPECT_EQ(line("root=a # single"), "root=a");
  EXPECT_EQ(line("root=a#b"), "root=a#b");
  EXPECT_EQ(line("root=a \\\n  more=1"), "root=a more=1");
  EXPECT_EQ(line("root=a\\\nb"), "root=ab");
  EXPECT_EQ(line("dyndbg='file a +p' b"), "\"dyndbg=file a +p\" b");
  EXPECT_EQ(line("b=\\;c d=e\\ f '#g' \\$h"), "b=;c \"d=e f\" #g $h");
  EXPECT_EQ(line("a='b\"c\\' \"d\\e\\$\" '' f"), "a=b\\\"c\\\\ d\\\\e$ f");
  EXPECT_EQ(line("a $b ${c d} \"$e\" \"${f}\""), "a");
  EXPECT_EQ(line("a; linux=1"), "a");
  EXPECT_EQ(line("x=\"unterminated y"), "\"x=unterminated y\"");
}

TEST(Grub, takes_several_commands_of_one_line_and_the_last_of_a_kind) {
  const auto entry = default_grub_entry(
      "menuentry x { linux /a; initrd /b; linux /c d; initrd /e /f; initrd /g; }\n"
      "menuentry y {\nlinux /z\n}\n",
      "");
  EXPECT_EQ(entry.value().kernel, "/c");
  EXPECT_EQ(entry.value().command_line, "d");
  EXPECT_EQ(entry.value().initrds, Files{"/g"});
  EXPECT_EQ(default_grub_entry("set default=1\nmenuentry x {\nlinux /a\n}\n"
                               "menuentry y {\ninitrd /i\nlinux /z\n}\n",
                               "")
                .value()
                .initrds,
            Files());
}

TEST(Grub, asks_its_environment_block) {
  EXPECT_EQ(kernel("${saved_entry}", "# GRUB Environment Block\nsaved_entry=1>1\n####"), kOld);
  EXPECT_EQ(kernel("${saved_entry}", ""), kNew);
  EXPECT_EQ(kernel("0", "saved_entry=1>1\n"), kNew);
  EXPECT_EQ(kernel("0", "next_entry=1>1\n"), kOld);
  EXPECT_EQ(kernel("0", "next_entry=\n"), kNew);
}

// Were each level searched from the first item, these were 10^10 steps.
TEST(Grub, goes_as_deep_as_a_menu_does) {
  std::string menu;
  std::string wanted;
  constexpr int kDepth = 100000;
  for (int depth = 0; depth < kDepth; ++depth) {
    menu += "submenu x {\n";
    wanted += "0>";
  }
  const std::string line = "set default=" + wanted + "0\n";
  EXPECT_EQ(default_grub_entry(line + menu + "menuentry x {\nlinux /deep\n", "").value().kernel,
            "/deep");
}

TEST(Grub, reads_whatever_it_is_given) {
  for (const char* text : {"", "}", "}}}\n{", "menuentry {", "menuentry 'a {\nlinux",
                           "submenu x {\n", "menuentry x {\nlinux\n}\n", "set default=\"0"}) {
    EXPECT_FALSE(default_grub_entry(text, text)) << text;
  }
  EXPECT_EQ(default_grub_entry("menuentry x {\nlinux /k", "").value().kernel, "/k");
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
