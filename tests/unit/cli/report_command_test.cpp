// SPDX-License-Identifier: BSD-2-Clause
// What hyprelay report tells of machines that this one is not, and what it does not tell.
#include "cli/report_command.hpp"

#include "fdt/tree.hpp"
#include "handoff/json.hpp"
#include "tests/unit/handoff/exposed.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

namespace hyprelay::cli {
namespace {

namespace fs = std::filesystem;

// A captured machine, with a configuration beside it.
class ReportOf : public testing::Test {
 protected:
  void use(const std::string& folder) {
    root_ = test::captured(HR_TEST_DATA, folder);
    directory_ = fs::path(testing::TempDir()) /
                 ("hyprelay-report-" + std::to_string(::getpid()) + "-" +
                  testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(directory_);
    fs::copy(root_.path, directory_, fs::copy_options::recursive);
    root_.path = directory_.string();
  }
  void TearDown() override { fs::remove_all(directory_); }

  void write(const std::string& path, std::string_view text) const {
    fs::create_directories((directory_ / path).parent_path());
    std::ofstream(directory_ / path, std::ios::binary) << text;
  }
  void append(const std::string& path, std::string_view text) const {
    std::ofstream(directory_ / path, std::ios::binary | std::ios::app) << text;
  }
  std::string report() const {
    return handoff::report_text(gather_report(root_, (directory_ / "hyprelay.conf").string()));
  }

  handoff::linux_host::Root root_;
  fs::path directory_;
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(ReportOf, has_everything_that_is_asked_for_in_one_text) {
  use("arm64");
  write("hyprelay.conf", "capture_after=reboot\n");
  const std::string text = report();
  for (const char* part :
       {"\n==== status ====\nkernel:   6.1.0-", "\n==== resident ====\nkernel:   6.1.0-",
        "\n==== state ====\n/sys/kernel/kexec_loaded: ", "\n==== command line ====\n",
        " : System RAM\n", "\n==== log ====\n", "capture_after=reboot\n",
        "\n==== machine ====\n{\n  \"schema\": 1,"}) {
    EXPECT_TRUE(has(text, part)) << part << "\n" << text.substr(0, 4000);
  }
  const auto machine = handoff::machine_from_json(handoff::machine_in_report(text), "report");
  ASSERT_TRUE(machine) << machine.error().subject();
  const auto gathered = handoff::linux_host::gather(root_).value();
  EXPECT_EQ(machine.value().ram, gathered.ram);
  EXPECT_EQ(machine.value().reserved, gathered.reserved);
  EXPECT_EQ(machine.value().command_line, gathered.command_line);
  const auto tree = fdt::Tree::from_bytes(machine.value().device_tree, "report");
  ASSERT_TRUE(tree);
  EXPECT_TRUE(tree.value().has_node("/chosen"));
}

// Of every kind, in every file that a report is made of.
TEST_F(ReportOf, holds_no_secret_in_any_form) {
  using namespace std::string_literals;
  use("arm64");
  const std::string seed = "\x91\x12\xe3\x44\xb5\x66\xa7\x08"s;
  const std::string mac = "\xb8\x27\xeb\x9a\xbc\xde"s;
  const std::string serial = "10000000feedc0de";
  const std::string password = "Correct-Horse-7";
  const std::string token = "tok.ZWlnaHRieXRlcw";
  const std::string key_file = "/root/.ssh/backup_ed25519";
  const std::string luks = "luks-5f6e7d8c-0001";
  const std::string private_key = "b3BlbnNzaC1rZXktdjEAAAAA";

  const std::string fdt_path = (directory_ / "sys/firmware/fdt").string();
  auto tree = fdt::Tree::from_bytes(os::read_fact(fdt_path).value(), "captured").value();
  ASSERT_TRUE(tree.set("/chosen", "kaslr-seed", base::bytes_of(seed)));
  ASSERT_TRUE(tree.set("/chosen", "rng-seed", base::bytes_of(seed + password)));
  ASSERT_TRUE(tree.set_string("/", "serial-number", serial));
  ASSERT_TRUE(tree.add_node("/ethernet"));
  ASSERT_TRUE(tree.set("/ethernet", "local-mac-address", base::bytes_of(mac)));
  ASSERT_TRUE(tree.set("/ethernet", "nvmem-copy", base::bytes_of("\1\2" + mac + "\3\4\5")));
  ASSERT_TRUE(tree.set_string("/chosen", "bootargs", "ro wifi.psk=" + password));
  write("sys/firmware/fdt", base::text_of(tree.packed()));

  write("proc/cmdline",
        "ro root=/dev/vda1 rd.luks.uuid=" + luks + " netroot=iscsi:me:" + password +
            "@10.0.0.1::3260 ifname=net0:B8:27:EB:9A:BC:DE systemd.setenv=CI_TOKEN=" + token +
            "\n");
  append("kmsg.txt", "6,900,1,-;kexec: eth0 b8:27:eb:9a:bc:de says " + token + "\n" +
                         "6,901,1,-;kexec: Serial Number: " + serial + " of " + serial + "\n" +
                         "6,902,1,-;kexec: password=" + password + " again " + password + "\n");
  write("hyprelay.conf", "capture_ssh_key=" + key_file + "\n#" + key_file +
                             "\nnext_append=\"x.token=" + token +
                             "\"\n-----BEGIN OPENSSH PRIVATE KEY-----\n" + private_key +
                             "\n-----END OPENSSH PRIVATE KEY-----\n");
  const std::string text = report();
  for (const std::string& secret :
       {seed, mac, serial, password, token, key_file, luks, private_key}) {
    EXPECT_EQ(test::exposed_as(text, secret), "") << secret;
  }
  // All of it was there, and nothing was left out with it.
  for (const char* part :
       {"/chosen: kaslr-seed: seed, 8 bytes\n", "/chosen: rng-seed: seed, 23 bytes\n",
        "/: serial-number: serial number, 16 bytes\n",
        "/ethernet: local-mac-address: MAC address, 6 bytes\n",
        "/ethernet: nvmem-copy: secret, 6 bytes\n", "command line: what unlocks a disk, 18 bytes\n",
        "root=/dev/vda1 rd.luks.uuid=<left-out-",
        "@10.0.0.1::3260 ifname=net0:<left-out-MAC-address-of-17-bytes>",
        "systemd.setenv=CI_TOKEN=<left-out-token-of-18-bytes>",
        "kexec: eth0 <left-out-MAC-address-of-17-bytes> says ",
        "capture_ssh_key=<left-out-secret-of-25-bytes>\n"}) {
    EXPECT_TRUE(has(text, part)) << part << "\n" << text.substr(0, 4000);
  }
  EXPECT_FALSE(has(text, "in which it could not be marked"));
  EXPECT_TRUE(handoff::machine_from_json(handoff::machine_in_report(text), "report"));
}

TEST_F(ReportOf, for_others_than_root_it_says_what_it_could_not_read) {
  use("arm64-efi-acpi");
  for (const char* path : {"sys/firmware/fdt", "sys/firmware/acpi/tables/APIC"}) {
    ASSERT_TRUE(fs::remove(directory_ / path));
    fs::create_directories(directory_ / path);
  }
  fs::remove(directory_ / "kmsg.txt");
  write("proc/iomem", "00000000-00000000 : System RAM\n  00000000-00000000 : reserved\n");
  const std::string text = report();
  for (const char* part :
       {"\n==== not read ====\nmemory of the machine: machine: /proc/iomem shows zeroes",
        "the kernel's log: ", "hyprelay.conf: ", "left out: ACPI's APIC",
        "\n==== machine ====\n"}) {
    EXPECT_TRUE(has(text, part)) << part << "\n" << text.substr(0, 4000);
  }
  EXPECT_TRUE(handoff::machine_from_json(handoff::machine_in_report(text), "report"));
}

TEST_F(ReportOf, a_machine_of_another_kind_is_reported_as_far_as_it_goes) {
  use("arm64");
  root_.machine = "x86_64";
  fs::remove_all(directory_ / "sys/kernel");
  const std::string text = report();
  EXPECT_TRUE(has(text, "\nthe machine: ")) << text;
  EXPECT_TRUE(has(text, "loaded:   nothing; this kernel has no kexec\n")) << text;
  EXPECT_FALSE(has(text, "==== machine ===="));
}

}  // namespace
}  // namespace hyprelay::cli
