// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/secrets.hpp"

#include "fdt/tree.hpp"
#include "handoff/json.hpp"
#include "handoff/secret_words.hpp"
#include "tests/unit/handoff/exposed.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

namespace hyprelay::handoff {
namespace {

std::string command_line(std::string_view line) {
  return Secrets().command_line(line, "here");
}
std::string text(std::string_view line) {
  return Secrets().text(line, "here");
}

// The test's own proof that it would notice.
TEST(Exposed, finds_every_form) {
  const std::string secret = "\xb8\x27\xeb\x12\x34\x56";
  const std::string backwards(secret.rbegin(), secret.rend());
  EXPECT_EQ(test::exposed_as("x" + secret, secret), "text");
  EXPECT_EQ(test::exposed_as(backwards, secret), "text of the reversed bytes");
  for (const char* hex :
       {"B8:27:EB:12:34:56", "b827eb123456", "<0xb827 0xeb12 0x3456>", "0b827eb123456"}) {
    EXPECT_EQ(test::exposed_as(hex, secret), "hexadecimal") << hex;
  }
  EXPECT_EQ(test::exposed_as("5634:12eb27b8", secret), "hexadecimal of the reversed bytes");
  for (const std::string before : {"", "a", "ab", "abc"}) {
    const std::string bytes = before + secret + "tail";
    const std::string encoded = to_base64(base::bytes_of(bytes));
    EXPECT_EQ(test::exposed_as("\"" + encoded + "\"", secret), "base64") << encoded;
  }
  EXPECT_EQ(test::exposed_as("b8:27:eb:12:34:57", secret), "");
}

TEST(Secrets, a_word_is_known_by_its_name) {
  struct Row {
    const char* line;
    const char* shown;
  };
  for (const Row& row : std::to_array<Row>({
           {"a rd.luks.key=/k.bin:LABEL=x b", "a rd.luks.key=<left-out-key-of-14-bytes> b"},
           {"rd.luks.uuid=luks-1234", "rd.luks.uuid=<left-out-what-unlocks-a-disk-of-9-bytes>"},
           {"rd.iscsi.password=geheim1", "rd.iscsi.password=<left-out-password-of-7-bytes>"},
           {"inst.rootpw=S23x b", "inst.rootpw=<left-out-password-of-4-bytes> b"},
           {"netcfg/wireless_wep=S37", "netcfg/wireless_wep=<left-out-key-of-3-bytes>"},
           {"a.pwd=bc otp=12",
            "a.pwd=<left-out-password-of-2-bytes> otp=<left-out-password-of-2-bytes>"},
           {"root=/dev/a rootwait snd.wpan=1", "root=/dev/a rootwait snd.wpan=1"},
           {"API-Token=abc", "API-Token=<left-out-token-of-3-bytes>"},
           {"x.secret=\"a b\" y", "x.secret=\"<left-out-secret-of-3-bytes>\" y"},
           {"\"x.secret=a b\" y", "\"x.secret=<left-out-secret-of-3-bytes>\" y"},
           {"systemd.set_credential=root:hunter2",
            "systemd.set_credential=<left-out-credential-of-12-bytes>"},
           {"systemd.setenv=WIFI_PASS=hunter2",
            "systemd.setenv=WIFI_PASS=<left-out-password-of-7-bytes>"},
           {"rootflags=ro,user=me,password=pw12,vers=3",
            "rootflags=ro,user=<left-out-user-of-2-bytes>,password=<left-out-password-of-4-bytes>,"
            "vers=3"},
           {"smsc95xx.macaddr=B8:27:EB:12:34:56",
            "smsc95xx.macaddr=<left-out-MAC-address-of-17-bytes>"},
           {"androidboot.serialno=0123abc",
            "androidboot.serialno=<left-out-serial-number-of-7-bytes>"},
           {"ip=dhcp:b8:27:eb:12:34:56", "ip=dhcp:<left-out-MAC-address-of-17-bytes>"},
       })) {
    EXPECT_EQ(command_line(row.line), row.shown);
  }
}

TEST(Secrets, users_of_addresses_go) {
  EXPECT_EQ(command_line("netroot=iscsi:me:geheim@10.0.0.1::3260::iqn"),
            "netroot=iscsi:<left-out-user-and-password-of-9-bytes>@10.0.0.1::3260::iqn");
  EXPECT_EQ(command_line("nfsroot=nfs://me:geheim@host/path,ro"),
            "nfsroot=nfs://<left-out-user-and-password-of-9-bytes>@host/path,ro");
  EXPECT_EQ(command_line("inst.ks=http://me@host/ks"),
            "inst.ks=http://<left-out-user-of-2-bytes>@host/ks");
}

// What a plan or a reader needs.
TEST(Secrets, all_else_stays) {
  for (const char* line :
       {"root=UUID=0a1b2c3d-1111-2222-3333-444455556666 ro rootwait",
        "console=ttyS0,115200n8 earlycon=pl011,0x9000000",
        "iommu.passthrough=1 arm-smmu.disable_bypass=0",
        "crashkernel=512M@0x60000000 mem=1G@0x40000000 mtdparts=spi0.0:64k@0x0(uboot),-(rest)",
        "vconsole.keymap=de  video=HDMI-A-1:1920x1080@60",
        "  two  blanks \"a quoted word\" -- init words",
        "ip=10.0.0.2::10.0.0.1:255.255.255.0:host:eth0:off", "resume=LABEL=swap quiet", ""}) {
    EXPECT_EQ(command_line(line), line);
  }
  for (const char* line :
       {"Serial: 8250/16550 driver, 4 ports, IRQ sharing enabled",
        "ttyS0 at MMIO 0x9000000 (irq = 13)", "Serial: AMBA PL011 UART driver",
        "at 12:34:56 0000:00:01.0", "psci: PSCIv1.1 detected",
        "40000000-7fffffff : System RAM\n  9000000.serial 9000000.serial", "serial0:115200n8"}) {
    EXPECT_EQ(text(line), line);
  }
}

TEST(Secrets, a_text_is_searched_for_forms) {
  EXPECT_EQ(text("eth0: b8:27:eb:12:34:56."), "eth0: <left-out-MAC-address-of-17-bytes>.");
  EXPECT_EQ(text("00:11:22:33:44:55:66:77 a port"), "<left-out-MAC-address-of-23-bytes> a port");
  EXPECT_EQ(text("(B8-27-EB-12-34-56)"), "(<left-out-MAC-address-of-17-bytes>)");
  EXPECT_EQ(text("usb 1-1: SerialNumber: 4C53-0001"),
            "usb 1-1: SerialNumber: <left-out-serial-number-of-9-bytes>");
  EXPECT_EQ(text("Serial\t\t: 00000000a1b2c3d4"),
            "Serial\t\t: <left-out-serial-number-of-16-bytes>");
  EXPECT_EQ(
      text("x\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\ny"),
      "x\n<left-out-private-key-of-74-bytes>\ny");
}

TEST(Secrets, a_configuration_has_keys_and_command_lines) {
  EXPECT_EQ(Secrets().configuration("# a comment\ncapture_ssh_key=/root/id\n"
                                    "capture_to=ssh:me@host:/d\nnext_append=\"x.token=abc quiet\"\n"
                                    "#next_append=x.token=old\n",
                                    "conf"),
            "# a comment\ncapture_ssh_key=<left-out-key-of-8-bytes>\n"
            "capture_to=ssh:<left-out-user-of-2-bytes>@host:/d\n"
            "next_append=\"x.token=<left-out-token-of-3-bytes> quiet\"\n"
            "#next_append=x.token=<left-out-token-of-3-bytes>\n");
}

TEST(Secrets, what_was_found_once_is_found_everywhere) {
  Secrets secrets;
  secrets.command_line("a.password=Correct-Horse", "command line");
  EXPECT_EQ(secrets.text("it said correct-horse twice: Correct-Horse", "log"),
            "it said <left-out-secret-of-13-bytes> twice: <left-out-secret-of-13-bytes>");
  secrets.text("b8:27:eb:12:34:56", "log");
  EXPECT_EQ(secrets.text("enxB827EB123456", "log"), "enx<left-out-secret-of-6-bytes>");
  ASSERT_EQ(secrets.left_out().size(), 2u);
  EXPECT_EQ(secrets.left_out()[0], (LeftOutSecret{"command line", "password", 13}));
  EXPECT_EQ(secrets.left_out()[1], (LeftOutSecret{"log", "MAC address", 17}));
}

TEST(Secrets, whatever_form_it_has_it_is_seen) {
  Secrets secrets;
  secrets.command_line("a.password=Correct-Horse", "");
  const std::string secret = "Correct-Horse";
  const std::string backwards(secret.rbegin(), secret.rend());
  EXPECT_FALSE(secrets.is_any_in("correct horse"));
  for (const std::string before : {"", "1", "12", "123"}) {
    for (const std::string& bytes : {secret, backwards}) {
      const std::string whole = before + bytes + before;
      EXPECT_TRUE(secrets.is_any_in(whole));
      EXPECT_TRUE(secrets.is_any_in(to_base64(base::bytes_of(whole)))) << whole;
    }
  }
  EXPECT_TRUE(secrets.is_any_in("436F72726563742D486F727365"));
  EXPECT_TRUE(secrets.is_any_in("CORRECT-HORSE"));
  // One that is too short, or says nothing, would be found everywhere.
  secrets.command_line("b.password=12345 c.password=000000000", "");
  EXPECT_FALSE(secrets.is_any_in("12345 000000000"));
}

struct Planted {
  const char* node;
  const char* property;
  std::string value;
  // What of it is secret.
  std::string secret;
};

const std::vector<Planted>& planted() {
  using namespace std::string_literals;
  static const std::vector<Planted> rows = {
      {"/chosen", "kaslr-seed", "\x11\x92\xa3\x14\xb5\x16\xc7\x18"s,
       "\x11\x92\xa3\x14\xb5\x16\xc7\x18"s},
      {"/chosen", "rng-seed", "\x01\xf2seed-of-32-bytes-and-more-of-it"s,
       "\x01\xf2seed-of-32-bytes"s},
      {"/soc/ethernet@1", "local-mac-address", "\xb8\x27\xeb\x12\x34\x56"s,
       "\xb8\x27\xeb\x12\x34\x56"s},
      {"/soc/ethernet@1", "mac-address", "\xdc\xa6\x32\x9a\xbc\xde"s, "\xdc\xa6\x32\x9a\xbc\xde"s},
      {"/soc/ethernet@1", "local-bd-address", "\x56\x34\x12\xaa\x27\xb8"s,
       "\x56\x34\x12\xaa\x27\xb8"s},
      {"/", "serial-number", "10000000a1b2c3d4\0"s, "10000000a1b2c3d4"},
      {"/system", "linux,serial", "\0\0\0\0\xa1\xb2\xc3\xd4"s, "\xa1\xb2\xc3\xd4"s},
      {"/chosen", "rpi-duid", "00200a1b2c3d4e5f\0"s, "00200a1b2c3d4e5f"},
      {"/chosen", "bootargs", "ro wifi.psk=Horse-Battery root=/dev/sda1\0"s, "Horse-Battery"},
      {"/chosen", "nvidia,ether-mac", "00:04:4b:c5:66:77\0"s, "\x00\x04\x4b\xc5\x66\x77"s},
      {"/firmware/vpd", "note", "unit one\0mac 02:11:22:33:44:55\0"s, "\x02\x11\x22\x33\x44\x55"s},
      // Only the others tell that these are any.
      {"/firmware/vpd", "blob", "\x01\x02\xb8\x27\xeb\x12\x34\x56\x03"s,
       "\xb8\x27\xeb\x12\x34\x56"s},
      {"/firmware/vpd", "backwards", "\x01\x18\xc7\x16\xb5\x14\xa3\x92\x11"s,
       "\x11\x92\xa3\x14\xb5\x16\xc7\x18"s},
      {"/firmware/vpd", "again", "id=10000000A1B2C3D4\0"s, "10000000a1b2c3d4"},
  };
  return rows;
}

Machine machine_with_secrets() {
  Machine machine;
  machine.arch = Arch::kArm64;
  machine.command_line = "ro x.password=Battery-Staple";
  machine.hyp.log = {"Kernel command line: ro x.password=Battery-Staple"};
  machine.ram = {base::PhysRange::from_size(base::PhysAddr(0x40000000), 0x40000000).value()};
  machine.device_tree_source = "tree";
  fdt::Tree tree = fdt::Tree::empty();
  for (const char* node : {"/chosen", "/soc", "/soc/ethernet@1", "/system", "/firmware",
                           "/firmware/vpd", "/aliases", "/uart"}) {
    EXPECT_TRUE(tree.add_node(node));
  }
  EXPECT_TRUE(tree.set_string("/aliases", "serial0", "/uart"));
  EXPECT_TRUE(tree.set_string("/chosen", "stdout-path", "serial:115200n8"));
  EXPECT_TRUE(tree.set_string("/uart", "compatible", "arm,pl011"));
  for (const Planted& one : planted()) {
    EXPECT_TRUE(tree.set(one.node, one.property, base::bytes_of(one.value)));
  }
  machine.device_tree = tree.packed();
  return machine;
}

TEST(Secrets, a_machine_keeps_none_and_can_be_planned_with) {
  const Machine machine = machine_with_secrets();
  for (const Planted& one : planted()) {
    ASSERT_NE(test::exposed_as(to_json(machine).dump(), one.secret), "") << one.property;
  }
  Secrets secrets;
  static_cast<void>(secrets.machine(machine));
  const Machine blank = secrets.machine(machine);
  const std::string json = to_json(blank).dump();
  for (const Planted& one : planted()) {
    EXPECT_EQ(test::exposed_as(json, one.secret), "") << one.property;
  }
  EXPECT_EQ(test::exposed_as(json, "Battery-Staple"), "");
  EXPECT_FALSE(secrets.is_any_in(json));

  const auto tree = fdt::Tree::from_bytes(blank.device_tree, "blank");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree.value().string_property("/aliases", "serial0").value(), "/uart");
  EXPECT_EQ(tree.value().string_property("/chosen", "stdout-path").value(), "serial:115200n8");
  EXPECT_EQ(tree.value().string_property("/chosen", "bootargs").value(),
            "ro wifi.psk=<left-out-key-of-13-bytes> root=/dev/sda1");
  const auto seed = tree.value().property("/chosen", "kaslr-seed");
  ASSERT_TRUE(seed);
  EXPECT_EQ(base::text_of(*seed), std::string_view("\0\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(blank.ram, machine.ram);
}

TEST(Secrets, a_tree_that_nobody_can_read_is_left_out_whole) {
  Machine machine;
  machine.device_tree = {std::byte{1}, std::byte{2}};
  Secrets secrets;
  EXPECT_TRUE(secrets.machine(machine).device_tree.empty());
  EXPECT_EQ(secrets.left_out().size(), 1u);
}

}  // namespace
}  // namespace hyprelay::handoff
