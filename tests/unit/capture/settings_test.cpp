// SPDX-License-Identifier: BSD-2-Clause
#include "capture/settings.hpp"

#include "base/config_lines.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace hyprelay::test {
namespace {

using capture::After;
using capture::Format;
using capture::parse_target;
using capture::TargetKind;
using capture::TargetName;

capture::Settings settings_of(std::string_view text, std::string_view file,
                              std::vector<base::Error>& complaints) {
  capture::Settings settings;
  base::take_config_lines(text, file, complaints,
                          [&settings](std::string_view key, std::string_view value) {
                            return capture::take_setting(settings, key, value);
                          });
  return settings;
}

TEST(Settings, every_key_is_read) {
  std::vector<base::Error> complaints;
  const auto settings = settings_of(
      "# a comment\n"
      "capture_to=ssh:dump@10.0.2.2:/srv/crash  # the office\n"
      "capture_fallback=\"device:/dev/vdb\"\n"
      "  capture_format='zstd'\n"
      "capture_level=17\n"
      "capture_after=reboot\n"
      "capture_on_failure=shell\n"
      "capture_force=yes\n"
      "capture_ssh_key=/etc/hyprelay/key\n"
      "capture_ssh_port=2222\n",
      "conf", complaints);
  EXPECT_TRUE(complaints.empty());
  EXPECT_EQ(settings.to, (TargetName{TargetKind::kSsh, "/srv/crash", "dump@10.0.2.2"}));
  EXPECT_EQ(settings.fallback, (TargetName{TargetKind::kDevice, "/dev/vdb", ""}));
  EXPECT_EQ(settings.format, Format::kZstd);
  EXPECT_EQ(settings.level, 17u);
  EXPECT_EQ(settings.finally(true), After::kReboot);
  EXPECT_EQ(settings.finally(false), After::kShell);
  EXPECT_TRUE(settings.force);
  EXPECT_EQ(settings.ssh_key, "/etc/hyprelay/key");
  EXPECT_EQ(settings.ssh_port, 2222u);
}

TEST(Settings, a_line_that_means_nothing_is_reported_and_the_others_hold) {
  for (const char* line :
       {"capture_to=", "capture_to=ssh:host", "capture_to=ssh:-oProxyCommand=x:/d",
        "capture_levle=31", "captur_to=/a", "Capture_to=/a", "\357\273\277capture_to=/a",
        "capture_level=32", "capture_level=many", "capture_after=halt", "capture_format=gzip",
        "capture_force=maybe", "capture_ssh_port=65536", "capture_ssh_port=0", "capture_after",
        "capture_ssh_key=", "capture_to=\"/open", "capture_to=/a /b"}) {
    std::vector<base::Error> complaints;
    const auto settings = settings_of(std::string("\n") + line + "\ncapture_fallback=/var/crash\n",
                                      "/etc/hyprelay.conf", complaints);
    ASSERT_EQ(complaints.size(), 1u) << line;
    EXPECT_EQ(complaints[0].code(), base::Code::CONFIG_LINE);
    EXPECT_EQ(complaints[0].subject(), std::string("/etc/hyprelay.conf:2: ") + line);
    EXPECT_EQ(settings.to, std::nullopt) << line;
    EXPECT_EQ(settings.fallback, (TargetName{TargetKind::kDirectory, "/var/crash", ""}));
  }
}

TEST(Settings, without_on_failure_both_end_the_same) {
  capture::Settings settings;
  settings.after = After::kPoweroff;
  EXPECT_EQ(settings.finally(false), After::kPoweroff);
}

TEST(Target, is_written_as_it_is_read) {
  for (const char* text : {"/var/crash", "device:/dev/vdb", "ssh:root@host:dir", "ssh:host:/d",
                           "ssh:root@[fe80::1]:/srv"}) {
    const auto target = parse_target(text);
    ASSERT_TRUE(target) << text;
    EXPECT_EQ(capture::target_text(*target), text);
  }
  for (const char* text :
       {"", "device:", "ssh:", "ssh::/d", "ssh:host:", "ssh:-v:/d", "ssh:u@:/d"}) {
    EXPECT_FALSE(parse_target(text)) << text;
    EXPECT_EQ(capture::target_advice(text), "") << text;
  }
}

// ssh itself takes an address as it is; the brackets are for the colon behind it.
TEST(Target, of_ipv6_is_given_to_ssh_without_its_brackets) {
  EXPECT_EQ(parse_target("ssh:dump@[::1]:/srv/crash"),
            (TargetName{TargetKind::kSsh, "/srv/crash", "dump@::1"}));
  EXPECT_EQ(parse_target("ssh:[fe80::1%eth0]:dir"),
            (TargetName{TargetKind::kSsh, "dir", "fe80::1%eth0"}));
  EXPECT_EQ(parse_target("ssh:root@host:/a[1]:b"),
            (TargetName{TargetKind::kSsh, "/a[1]:b", "root@host"}));
  for (const char* text : {"ssh:[::1]/srv", "ssh:[::1", "ssh:[host]:/srv", "ssh:u@[-oX=y]:/srv",
                           "ssh:[fe80::1%a@b]:/d", "ssh:[::1]:", "ssh:u@[]:/srv"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

TEST(Target, of_ipv6_without_brackets_is_refused_with_the_right_form) {
  for (const auto& [text, form] : std::vector<std::pair<std::string, std::string>>{
           {"ssh:dump@fe80::1:/srv/crash", "ssh:dump@[fe80::1]:/srv/crash"},
           {"ssh:2001:db8::5:crash", "ssh:[2001:db8::5]:crash"},
           {"ssh:dump@::1", "ssh:dump@[::1]:DIR"},
           {"ssh:dump@2001:db8:0:0:0:0:0:5/srv", "ssh:dump@[2001:db8:0:0:0:0:0:5]:/srv"},
           {"ssh:a[b@fe80::1:/srv", "ssh:a[b@[fe80::1]:/srv"},
           {"ssh:fe80::1%eth0:/srv", "ssh:[fe80::1%eth0]:/srv"}}) {
    EXPECT_FALSE(parse_target(text)) << text;
    EXPECT_EQ(capture::target_advice(text), "an IPv6 address needs brackets: " + form);
    EXPECT_TRUE(parse_target(form)) << form;
  }
  // What is behind the first colon is a folder, whatever it looks like.
  EXPECT_EQ(parse_target("ssh:a:b@fe80::1:/d"),
            (TargetName{TargetKind::kSsh, "b@fe80::1:/d", "a"}));
  // A name of two letters and a folder with a colon in it is no address.
  EXPECT_EQ(parse_target("ssh:fe80:a:b"), (TargetName{TargetKind::kSsh, "a:b", "fe80"}));
  EXPECT_EQ(capture::setting_advice("capture_fallback", "ssh:::1:/d"),
            "an IPv6 address needs brackets: ssh:[::1]:/d");
  EXPECT_EQ(capture::setting_advice("capture_format", "ssh:::1:/d"), "");
}

// The crash kernel's working folder is no folder of whoever wrote the line.
TEST(Settings, a_path_that_is_not_a_whole_one_is_refused_with_what_is) {
  for (const auto& [line, advice] : std::vector<std::pair<std::string, std::string>>{
           {"capture_to=crash/dumps", "not a whole path: /DIR, device:"},
           {"capture_fallback=device:vdb", "not a whole path: /DIR, device:/dev/NAME"},
           {"capture_to=./crash", "not a whole path"},
           {"capture_ssh_key=id_ed25519", "not a whole path"}}) {
    std::vector<base::Error> complaints;
    const auto settings = settings_of(line, "conf", complaints);
    ASSERT_EQ(complaints.size(), 1u) << line;
    const std::size_t equals = line.find('=');
    const std::string said =
        capture::setting_advice(line.substr(0, equals), line.substr(equals + 1));
    EXPECT_TRUE(said.starts_with(line)) << said;
    EXPECT_NE(said.find(advice), std::string::npos) << said;
    EXPECT_FALSE(settings.to || settings.fallback) << line;
    EXPECT_EQ(settings.ssh_key, "");
  }
  // On the other host it is relative to the home of the user there.
  std::vector<base::Error> complaints;
  EXPECT_TRUE(settings_of("capture_to=ssh:dump@host:crash", "conf", complaints).to);
}

}  // namespace
}  // namespace hyprelay::test
