// SPDX-License-Identifier: BSD-2-Clause
// hyprelay-kexec by what is written down of its callers: their command lines, and what must come of
// each in commands of hyprelay's.
#include "cli/kexec_front.hpp"

#include "cli/kexec_generate.hpp"
#include "cli/options.hpp"
#include "cli/parser.hpp"
#include "cli/request.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hyprelay::cli {
namespace {

using base::Code;

struct Case {
  const char* source;
  KexecWords words;
  std::vector<KexecWords> steps;
  bool shut_down = false;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"kexec(8), USAGE and EXAMPLE: load",
       {"-l", "/boot/vmlinux", "--append=root=/dev/hda1", "--initrd=/boot/initrd"},
       {{"load", "--initrd=/boot/initrd", "--command-line=root=/dev/hda1", "--", "/boot/vmlinux"}}},
      {"kexec(8), EXAMPLE: start", {"-e"}, {{"exec"}}},
      {"kexec(8), USAGE: without an option the machine is shut down",
       {"/boot/zImage"},
       {{"load", "--", "/boot/zImage"}},
       true},
      {"kexec(8), -f: as -l and -e in one",
       {"-f", "zImage", "--reuse-cmdline"},
       {{"load", "--reuse-cmdline", "--", "zImage"}, {"exec"}}},
      {"kexec(8), -u", {"-u"}, {{"unload"}}},
      {"kexec(8), -u: \"specify -p with -u\"", {"-p", "-u"}, {{"unload", "--panic"}}},
      {"the same, as it reads", {"-u", "-p"}, {{"unload", "--panic"}}},
      {"kexec(8), --mem-min and --mem-max",
       {"-l", "K", "--mem-min=0x48000000", "--mem-max=0x4fffffff"},
       {{"load", "--reserve=0,0x48000000", "--reserve=0x50000000,0xffffffffafffffff", "--", "K"}}},
      {"no bounds at all",
       {"-l", "K", "--mem-min=0", "--mem-max=0xffffffffffffffff"},
       {{"load", "--", "K"}}},
      {"linux/Documentation/admin-guide/kdump/kdump.rst: a zImage for a panic",
       {"--type", "zImage", "-p", "/boot/zImage", "--initrd=/boot/initrd", "--dtb=/boot/board.dtb",
        "--append=root=/dev/sda1 1 irqpoll nr_cpus=1"},
       {{"load", "--panic", "--initrd=/boot/initrd", "--dtb=/boot/board.dtb",
         "--command-line=root=/dev/sda1 1 irqpoll nr_cpus=1", "--", "/boot/zImage"}}},
      {"kdump-tools 1.8.1, kdump-config kdump_load",
       {"-p", "--command-line=root=/dev/vda reset_devices nr_cpus=1",
        "--initrd=/var/lib/kdump/initrd.img", "/var/lib/kdump/vmlinuz"},
       {{"load", "--panic", "--initrd=/var/lib/kdump/initrd.img",
         "--command-line=root=/dev/vda reset_devices nr_cpus=1", "--", "/var/lib/kdump/vmlinuz"}}},
      {"the same under Secure Boot, for a kernel as an ELF file, with its KDUMP_KEXEC_ARGS",
       {"-p", "-s", "--args-linux", "--elf64-core-headers", "--command-line=a", "/vmlinux"},
       {{"load", "--panic", "--file", "--command-line=a", "--", "/vmlinux"}}},
      {"kdump-tools 1.8.1, kdump-config kdump_unload", {"-s", "-p", "-u"}, {{"unload", "--panic"}}},
      {"kdump-utils, kdump-lib.sh: what the kernel takes",
       {"-a", "-d", "-p", "--command-line=a b", "--initrd=/i", "/k"},
       {{"load", "--panic", "--initrd=/i", "--command-line=a b", "--", "/k"}}},
      {"kexec-tools 2.0.25, /etc/init.d/kexec-load",
       {"-l", "/vmlinuz", "--initrd=/initrd.img", "--append=root=UUID=1-2 ro quiet"},
       {{"load", "--initrd=/initrd.img", "--command-line=root=UUID=1-2 ro quiet", "--",
         "/vmlinuz"}}},
      {"systemd 252, src/systemctl/systemctl-start-special.c load_kexec_kernel",
       {"--load", "/boot/linux", "--append", "root=/dev/vda ro", "--initrd", "/boot/initrd"},
       {{"load", "--initrd=/boot/initrd", "--command-line=root=/dev/vda ro", "--", "/boot/linux"}}},
      {"petitboot 1.15, discover/boot.c kexec_load",
       {"-l", "--debug", "--initrd=/tmp/i", "--dtb=/tmp/d", "--append=\"\"", "/tmp/k"},
       {{"load", "--initrd=/tmp/i", "--dtb=/tmp/d", "--command-line=\"\"", "--", "/tmp/k"}}},
      {"petitboot 1.15, when the first has failed",
       {"-s", "--initrd=/tmp/i", "--append=a", "/tmp/k"},
       {{"load", "--file", "--initrd=/tmp/i", "--command-line=a", "--", "/tmp/k"}},
       true},
      {"petitboot 1.15, discover/boot.c kexec_reboot, the last try", {"-e", "-f"}, {{"exec"}}},
      {"kexecboot 0.6, src/kexecboot.c start_kernel",
       {"-l", "--command-line=root=/dev/mmcblk0p2 rootfstype=ext4 rootwait", "--initrd=/mnt/i",
        "--dtb=/mnt/d", "/mnt/boot/zImage"},
       {{"load", "--initrd=/mnt/i", "--dtb=/mnt/d",
         "--command-line=root=/dev/mmcblk0p2 rootfstype=ext4 rootwait", "--", "/mnt/boot/zImage"}}},
      {"kexecboot 0.6, without a network", {"-e", "-x"}, {{"exec"}}},
      {"u-root, cmds/core/kexec: load",
       {"-l", "--initramfs=/i", "--cmdline=console=ttyAMA0", "-L", "/k"},
       {{"load", "--initrd=/i", "--command-line=console=ttyAMA0", "--", "/k"}}},
      {"u-root: load and start",
       {"-l", "-e", "--reuse-cmdline", "--initrd=/i", "/k"},
       {{"load", "--initrd=/i", "--reuse-cmdline", "--", "/k"}, {"exec"}}},
      {"nixpkgs, netboot/kexec-boot.sh: the kernel behind --",
       {"--load", "--initrd=i", "--command-line=a b", "--", "-k"},
       {{"load", "--initrd=i", "--command-line=a b", "--", "-k"}}},
      {"Asahi Linux: letters in one word",
       {"--mem-min=0x900000000", "-fix", "linux.image", "--dtb=/sys/firmware/fdt"},
       {{"load", "--dtb=/sys/firmware/fdt", "--reserve=0,0x900000000", "--", "linux.image"},
        {"exec"}}},
      {"getopt_long(3): abbreviated, and each option behind KERNEL",
       {"zImage", "--reuse-c", "--ramd", "i", "--lo"},
       {}},  // "--lo" is --load, --load-panic and more
      {"getopt_long(3): abbreviated",
       {"zImage", "--reuse-c", "--ramd", "i", "--load"},
       {{"load", "--initrd=i", "--reuse-cmdline", "--", "zImage"}}},
      {"the last counts",
       {"-l", "K", "--append=a", "--initrd=i", "--command-line=b", "--ramdisk=j", "-s", "-c"},
       {{"load", "--initrd=j", "--command-line=b", "--", "K"}}},
      {"the last counts, of what is to be done", {"-f", "-l", "K"}, {{"load", "--", "K"}}},
      {"dropped, then loaded", {"-u", "-l", "K"}, {{"unload"}, {"load", "--", "K"}}},
  };
  return all;
}

TEST(KexecFront, callers_get_what_they_ask_for) {
  for (const Case& one : cases()) {
    const auto order = kexec_order(one.words);
    ASSERT_EQ(order.has_value(), !one.steps.empty()) << one.source;
    if (!order) {
      continue;
    }
    std::vector<KexecWords> steps;
    for (const KexecStep& step : order.value().steps) {
      steps.push_back(step.words);
    }
    EXPECT_EQ(steps, one.steps) << one.source;
    EXPECT_EQ(order.value().shut_down, one.shut_down) << one.source;
  }
}

// Each command of hyprelay's that comes of it is one.
TEST(KexecFront, what_is_run_is_understood) {
  for (const Case& one : cases()) {
    const auto order = kexec_order(one.words);
    for (const KexecStep& step : order ? order.value().steps : std::vector<KexecStep>()) {
      for (const KexecWords& words : {step.words, step.when_refused}) {
        if (words.empty()) {
          continue;
        }
        const auto arguments = parse(words);
        ASSERT_TRUE(arguments) << one.source << ": " << arguments.error().subject();
        if (words.front() == "load") {
          EXPECT_TRUE(request_of(arguments.value())) << one.source;
        }
      }
    }
  }
}

TEST(KexecFront, bounds_keep_everything_else_free) {
  const auto order = kexec_order({"-l", "K", "--mem-min=0x48000000", "--mem-max=0x4fffffff"});
  const auto request = request_of(parse(order.value().steps.at(0).words).value()).value();
  ASSERT_EQ(request.reserved.size(), 2u);
  EXPECT_EQ(request.reserved[0].range.start().raw(), 0u);
  EXPECT_EQ(request.reserved[0].range.end().raw(), 0x48000000u);
  EXPECT_EQ(request.reserved[1].range.start().raw(), 0x50000000u);
  EXPECT_EQ(request.reserved[1].range.end().raw(), 0xffffffffffffffffu);
}

TEST(KexecFront, any_call_means_the_relay_first) {
  const auto order = kexec_order({"-a", "-l", "K"}).value();
  EXPECT_EQ(order.steps.at(0).words, (KexecWords{"load", "--", "K"}));
  EXPECT_EQ(order.steps.at(0).when_refused, (KexecWords{"load", "--file", "--", "K"}));
  EXPECT_TRUE(kexec_order({"-l", "K"}).value().steps.at(0).when_refused.empty());
}

TEST(KexecFront, a_given_tree_has_its_own_command_line) {
  EXPECT_EQ(kexec_order({"-l", "K", "--dtb=d"}).value().line_of_tree, "d");
  EXPECT_FALSE(kexec_order({"-l", "K", "--dtb=d", "--append=a"}).value().line_of_tree);
  EXPECT_FALSE(kexec_order({"-l", "K", "--dtb=d", "--reuse-cmdline"}).value().line_of_tree);
  EXPECT_FALSE(kexec_order({"-l", "K"}).value().line_of_tree);
}

TEST(KexecFront, what_is_asked_alone_is_done_alone) {
  using Alone = KexecOrder::Alone;
  const auto alone = [](const KexecWords& words) {
    const KexecOrder order = kexec_order(words).value();
    EXPECT_TRUE(order.steps.empty());
    EXPECT_FALSE(order.shut_down);
    return order.alone;
  };
  EXPECT_EQ(alone({"-h"}), Alone::kHelp);
  EXPECT_EQ(alone({"-?"}), Alone::kHelp);
  EXPECT_EQ(alone({"--help", "--no-such-thing"}), Alone::kHelp);
  EXPECT_EQ(alone({"-v"}), Alone::kVersion);
  EXPECT_EQ(alone({"--print-ckr-size"}), Alone::kRegionSize);
  EXPECT_EQ(alone({"-S"}), Alone::kStatus);
  EXPECT_EQ(alone({"-l", "K", "-S", "-e"}), Alone::kStatus);
  // "by default crash"; -l and -p choose.
  EXPECT_TRUE(kexec_order({"-S"}).value().of_panic);
  EXPECT_TRUE(kexec_order({"-S", "-p"}).value().of_panic);
  EXPECT_FALSE(kexec_order({"-S", "-l"}).value().of_panic);
  EXPECT_FALSE(kexec_order({"--status", "--load"}).value().of_panic);
}

std::string complaint_of(const KexecWords& words) {
  const auto order = kexec_order(words);
  if (order) {
    return "";
  }
  EXPECT_EQ(order.error().code(), Code::USAGE);
  return std::string(order.error().subject());
}

TEST(KexecFront, mistakes_are_named) {
  EXPECT_EQ(complaint_of({}), "KERNEL is missing");
  EXPECT_EQ(complaint_of({"-l"}), "KERNEL is missing");
  EXPECT_EQ(complaint_of({"-p", "--append=a"}), "KERNEL is missing");
  // u-root's -i is an initrd, kexec-tools' is not.
  EXPECT_EQ(complaint_of({"-l", "-i", "/i", "/k"}),
            "more than one KERNEL: /i, /k (an initrd is --initrd=FILE)");
  EXPECT_EQ(complaint_of({"-e", "/k"}), "/k: a KERNEL goes with -l, -p or -f alone");
  EXPECT_EQ(complaint_of({"-p", "/k", "-e"}),
            "a crash kernel is started by a panic: -p goes with neither -e nor -f");
  EXPECT_EQ(complaint_of({"--initrd"}), "--initrd needs a value");
  EXPECT_EQ(complaint_of({"-l", "K", "-t"}), "-t needs a value");
  EXPECT_EQ(complaint_of({"--load=x"}), "--load=x: that option takes no value");
  EXPECT_EQ(complaint_of({"-lZ", "K"}), "kexec has no option \"-Z\", or more than one");
  EXPECT_EQ(complaint_of({"K", "--frob"}), "kexec has no option \"--frob\", or more than one");
  EXPECT_EQ(complaint_of({"--frob=1", "K"}), "kexec has no option \"--frob=1\", or more than one");
  EXPECT_EQ(complaint_of({"-l", "K", "--mem-min=top"}),
            "--mem-min takes an address as 0x40000000, not \"top\"");
  EXPECT_EQ(complaint_of({"-l", "K", "--mem-min=2", "--mem-max=1"}),
            "--mem-min is above --mem-max");
}

// Ignored with a note, refused with a reason; and nobody is refused what he did not ask for.
TEST(KexecFront, every_row_does_what_it_says) {
  for (const KexecRow& row : kKexecRows) {
    for (const std::string_view name : split(row.names, ",")) {
      KexecWords words = {std::string(name)};
      if (!row.argument.empty()) {
        words.emplace_back("1");
      }
      words.emplace_back("K");
      const auto order = kexec_order(words);
      if (row.does == KexecOption::kRefused) {
        ASSERT_FALSE(order) << name;
        EXPECT_EQ(order.error().code(), Code::KEXEC_OPTION) << name;
        EXPECT_TRUE(order.error().subject().ends_with(row.what)) << name;
      } else if (order) {
        EXPECT_EQ(order.value().notes.size(), row.does == KexecOption::kIgnored ? 1u : 0u) << name;
      } else {
        // What goes without a kernel.
        EXPECT_TRUE(row.does == KexecOption::kExec || row.does == KexecOption::kUnload) << name;
      }
    }
  }
}

TEST(KexecRows, a_name_means_one_thing) {
  std::set<std::string_view> seen;
  for (const KexecRow& row : kKexecRows) {
    EXPECT_FALSE(row.what.empty() || row.what.ends_with('.')) << row.names;
    EXPECT_TRUE(row.names.starts_with("--")) << row.names;
    for (const std::string_view name : split(row.names, ",")) {
      EXPECT_TRUE(seen.insert(name).second) << name;
      EXPECT_TRUE(name.starts_with("--") || name.size() == 2) << name;
    }
  }
}

// All that kexec-tools 2.0.25 lists for arm and arm64 in its --help.
TEST(KexecRows, none_of_kexec_tools_is_missing) {
  for (const char* name : {"--help",
                           "--version",
                           "--force",
                           "--no-checks",
                           "--no-ifdown",
                           "--no-sync",
                           "--load",
                           "--load-panic",
                           "--unload",
                           "--exec",
                           "--exec-live-update",
                           "--type",
                           "--mem-min",
                           "--mem-max",
                           "--reuseinitrd",
                           "--print-ckr-size",
                           "--load-preserve-context",
                           "--load-jump-back-helper",
                           "--load-live-update",
                           "--entry",
                           "--kexec-file-syscall",
                           "--kexec-syscall",
                           "--kexec-syscall-auto",
                           "--debug",
                           "--status",
                           "--command-line",
                           "--append",
                           "--initrd",
                           "--ramdisk",
                           "--dtb",
                           "--atags",
                           "--image-size",
                           "--page-offset",
                           "--dt-no-old-root",
                           "--reuse-cmdline",
                           "--serial",
                           "-h",
                           "-?",
                           "-v",
                           "-d",
                           "-f",
                           "-i",
                           "-x",
                           "-y",
                           "-l",
                           "-u",
                           "-e",
                           "-t",
                           "-p",
                           "-s",
                           "-c",
                           "-a",
                           "-S"}) {
    EXPECT_TRUE(std::ranges::any_of(kKexecRows, [name](const KexecRow& row) {
      return has_word(row.names, ',', name);
    })) << name;
  }
}

TEST(KexecHelp, shows_every_option_in_eighty_columns) {
  const std::string help = kexec_help_text();
  const std::string page = kexec_man_page();
  for (const KexecRow& row : kKexecRows) {
    EXPECT_NE(help.find("  " + std::string(row.shown_name())), std::string::npos) << row.names;
    std::string name;
    for (const char c : row.shown_name()) {
      name += c == '-' ? "\\-" : std::string(1, c);
    }
    EXPECT_NE(page.find(".B " + name), std::string::npos) << row.names;
  }
  for (const std::string_view line : split(help, "\n")) {
    EXPECT_LE(line.size(), 80u) << line;
  }
}

}  // namespace
}  // namespace hyprelay::cli
