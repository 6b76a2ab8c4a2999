// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/command_line.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hyprelay::handoff {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kAdded =
    " reset_devices cma=0 hugetlb_cma=0 kfence.sample_interval=0 cgroup_disable=memory";

std::string line_of(std::string_view running, const Words& keep = {}) {
  return crash_command_line(running, Arch::kArm64, false, keep).text;
}

TEST(CrashCommandLine, drops_what_is_the_running_kernels_alone) {
  EXPECT_EQ(crash_command_line("root=/dev/vda crashkernel=128M rw mem=1G", Arch::kArm64, true).text,
            std::string("root=/dev/vda rw nr_cpus=1") + kAdded);
  EXPECT_EQ(line_of("crashkernel=1G-:128M"), "");
  EXPECT_EQ(crash_command_line("", Arch::kArm, true).text, std::string("maxcpus=1") + kAdded);
  EXPECT_EQ(line_of("xmem=1 elfcorehdr=0x1000 a"), "xmem=1 a");
}

// As seen on a machine of 64 CPUs, whose crash kernel of 256 MiB was "deadlocked on memory".
TEST(CrashCommandLine, words_for_the_whole_machine_do_not_come_along_and_are_named) {
  const CrashLine line = crash_command_line(
      "console=ttyAMA0,115200 root=/dev/nvme0n1p2 crashkernel=256M default_hugepagesz=1G "
      "hugepagesz=1G "
      "hugepages=4 cma=512M hugetlb_cma=1G log_buf_len=64M quiet isolcpus=2-63 slub_debug=FZPU "
      "swiotlb=262144 numa_balancing=enable mem=8G memmap=1M$0x1 resume=/dev/sda2 irqaffinity=0 "
      "kfence.num_objects=4095 kvm-arm.mode=nvhe",
      Arch::kArm64, true);
  EXPECT_EQ(line.text,
            std::string("console=ttyAMA0,115200 root=/dev/nvme0n1p2 numa_balancing=enable "
                        "kvm-arm.mode=nvhe nr_cpus=1") +
                kAdded);
  EXPECT_EQ(line.left_out,
            (Words{"default_hugepagesz=1G", "hugepagesz=1G", "hugepages=4", "cma=512M",
                   "hugetlb_cma=1G", "log_buf_len=64M", "quiet", "isolcpus=2-63", "slub_debug=FZPU",
                   "swiotlb=262144", "mem=8G", "memmap=1M$0x1", "resume=/dev/sda2", "irqaffinity=0",
                   "kfence.num_objects=4095"}));
}

TEST(CrashCommandLine, a_word_is_known_however_linux_lets_it_be_written) {
  EXPECT_EQ(line_of("log-buf-len=1M \"hugepages=3\" slub-debug  quiet\t a"), "a");
  EXPECT_EQ(line_of("xquiet quietly hugepages_x=1 cmax=1"), "xquiet quietly hugepages_x=1 cmax=1");
}

TEST(CrashCommandLine, what_stands_in_quotes_or_is_for_init_is_left_alone) {
  EXPECT_EQ(line_of("dyndbg=\"file a.c +p; quiet cma=1\" b"),
            "dyndbg=\"file a.c +p; quiet cma=1\" b");
  EXPECT_EQ(crash_command_line("a quiet -- quiet mem=1", Arch::kArm, true).text,
            std::string("a maxcpus=1") + kAdded + " -- quiet mem=1");
}

TEST(CrashCommandLine, kept_words_stay_and_are_not_contradicted) {
  EXPECT_EQ(line_of("quiet hugepages=3 cma=8M", {"quiet", "cma"}), "quiet cma=8M");
  EXPECT_EQ(line_of("slub-debug=F", {"slub_debug"}), "slub-debug=F");
  EXPECT_EQ(line_of("mem=1G crashkernel=1M", {"mem", "crashkernel"}), "")
      << "they describe memory that it does not have";
  EXPECT_EQ(crash_command_line("cma=8M", Arch::kArm, true, {"cma", "hugetlb_cma"}).text,
            "cma=8M maxcpus=1 reset_devices kfence.sample_interval=0 cgroup_disable=memory");
}

TEST(CrashCommandLine, the_kernel_goes_on_serving_a_watchdog_that_nobody_opens) {
  EXPECT_EQ(line_of("watchdog.open_timeout=60 watchdog.handle-boot-enabled=0 i6300esb.heartbeat=9"),
            "i6300esb.heartbeat=9");
}

TEST(CommandLineWords, only_an_initrd_at_an_address_takes_the_place_of_ours) {
  EXPECT_EQ(initrd_words("a initrd=0x48000000,8M \"initrdmem=1G,4096\" b"),
            (Words{"initrd=0x48000000,8M", "\"initrdmem=1G,4096\""}));
  EXPECT_EQ(
      initrd_words("initrd=\\\\boot\\initrd.img initrd=/boot/initrd,x initrd initrd= initrd=1 "
                   "noinitrd xinitrd=1,2 -- initrd=1,2"),
      Words());
}

TEST(CrashCommandLine, each_big_word_is_named_once_as_it_is_compared) {
  std::set<std::string_view> names;
  for (const BigWord& row : big_words()) {
    EXPECT_EQ(name_of_word(row.name), row.name) << "would never be found";
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.why.empty()) << row.name;
    EXPECT_FALSE(row.source.empty()) << row.name;
    EXPECT_NE(row.name, "root") << "the capture initrd mounts it";
  }
}

TEST(CommandLineWords, those_added_are_not_in_a_quote_that_nothing_ends) {
  const std::string open = "root=a dyndbg=\"file drivers/usb/* +p";
  EXPECT_EQ(open_word(open), "dyndbg=\"file drivers/usb/* +p");
  EXPECT_EQ(open_word(open + "\""), "");
  EXPECT_EQ(open_word("a=\"\" b"), "");
  EXPECT_EQ(open_word(" "), "");
  const auto with = [](std::string line, const char* words) {
    add_words(line, words);
    return line;
  };
  EXPECT_EQ(with(open, "panic=10"), open + "\" panic=10");
  EXPECT_EQ(with(open, ""), open);
  EXPECT_EQ(with("a -- b", "x=\"c d"), "a x=\"c d\" -- b");
  EXPECT_EQ(with("", "x=\"c d"), "x=\"c d\"");
  EXPECT_EQ(with("a -- b=\"c", "d"), "a d -- b=\"c\"");
}

TEST(CommandLineWords, of_a_parameter_the_last_value_counts_that_the_kernel_sees) {
  EXPECT_EQ(value_in("panic=5 panic=10", "panic"), "10");
  EXPECT_EQ(value_in("panic=5 x=\"y panic=0\"", "panic"), "5");
  EXPECT_EQ(value_in("panic=\"5\"", "panic"), "5");
  EXPECT_EQ(value_in("panic xpanic=1 -- panic=1", "panic"), std::nullopt);
  EXPECT_EQ(value_in("panic=", "panic"), "");
  EXPECT_EQ(value_in("x=\"y panic=1", "panic"), std::nullopt);
}

TEST(InheritedLine, has_nothing_that_a_bootloader_said_of_itself) {
  // GRUB's, systemd-boot's, and an old U-Boot's.
  EXPECT_EQ(
      inherited_command_line("BOOT_IMAGE=/boot/vmlinuz-6.1.0-56-arm64 root=UUID=0b1 ro quiet"),
      "root=UUID=0b1 ro quiet");
  EXPECT_EQ(inherited_command_line("initrd=\\0b1\\6.1.0-56-arm64\\initrd.img root=UUID=0b1 rw"),
            "root=UUID=0b1 rw");
  EXPECT_EQ(inherited_command_line("root=a initrd=0x48000000,16M initrdmem=0x48000000,16M b"),
            "root=a b");
  EXPECT_EQ(inherited_command_line("root=a x=\"b  c\" -- initrd=d BOOT_IMAGE=e"),
            "root=a x=\"b  c\" -- initrd=d BOOT_IMAGE=e");
  EXPECT_EQ(inherited_command_line(""), "");
  EXPECT_EQ(inherited_command_line("noinitrd root=a"), "noinitrd root=a");
}

TEST(InheritedLine, of_a_crash_kernel_too) {
  EXPECT_EQ(crash_command_line("BOOT_IMAGE=/vmlinuz initrd=\\a root=b", Arch::kArm64, false).text,
            "root=b");
}

}  // namespace
}  // namespace hyprelay::handoff
