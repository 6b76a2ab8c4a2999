// SPDX-License-Identifier: BSD-2-Clause
// Why nobody may load, and what kexec_file_load's errors mean. The process and its kernel are
// files as Linux writes them; the numbers of capabilities stand here as in capabilities(7).
#include "handoff/linux/refusal.hpp"

#include "base/error_text.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

using base::Code;

class Permission : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) / ("hyprelay-refusal-" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    root_.path = directory_.string();
    root_.machine = "aarch64";
    // Of root on Debian 12, as /proc shows it.
    write("proc/self/status", status("000001ffffffffff", "0"));
    write("proc/self/uid_map", "         0          0 4294967295\n");
    write("proc/sys/kernel/kexec_load_disabled", "0\n");
    write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
  }
  void TearDown() override { fs::remove_all(directory_); }
  void write(const std::string& path, std::string_view text) const {
    fs::create_directories((directory_ / path).parent_path());
    std::ofstream(directory_ / path, std::ios::binary) << text;
  }
  static std::string status(const std::string& capabilities, const std::string& seccomp) {
    return "Name:\thyprelay\nCapInh:\t0000000000000000\nCapEff:\t" + capabilities +
           "\nNoNewPrivs:\t0\nSeccomp:\t" + seccomp + "\nSeccomp_filters:\t0\n";
  }
  RefusalFacts facts(bool for_panic = false) const {
    return gather_refusal_facts(root_, Arch::kArm64, for_panic);
  }
  std::string known(Call call = Call::kSegments, bool for_panic = false) const {
    const auto error = known_refusal(call, facts(for_panic));
    return error ? std::string(base::row_of(error->code()).name) + ": " +
                       std::string(error->subject())
                 : "";
  }

  Root root_;
  fs::path directory_;
};

TEST_F(Permission, of_root_is_refused_by_nothing) {
  EXPECT_EQ(known(), "");
  EXPECT_EQ(known(Call::kFiles), "");
  EXPECT_EQ(known(Call::kSegments, true), "");
}

TEST_F(Permission, is_lacking_in_words_of_its_own_each) {
  // All of root's but bit 22.
  write("proc/self/status", status("000001ffffbfffff", "0"));
  EXPECT_EQ(known(), "NO_PERMISSION: this process lacks CAP_SYS_BOOT");
  write("proc/self/status", status("0000000000400000", "0"));
  EXPECT_EQ(known(), "");
  write("proc/self/uid_map", "         0     100000      65536\n");
  EXPECT_EQ(known(), "NO_PERMISSION: CAP_SYS_BOOT of a user namespace does not count");
  write("proc/self/uid_map", "         0          0 4294967295\n");
  write("proc/sys/kernel/kexec_load_disabled", "1\n");
  EXPECT_EQ(known(), "LOAD_DISABLED: kernel.kexec_load_disabled is 1");
  EXPECT_EQ(known(Call::kFiles), "LOAD_DISABLED: kernel.kexec_load_disabled is 1");
}

// Linux counts loads for a panic and others apart; -1 is no limit.
TEST_F(Permission, may_be_used_up) {
  write("proc/sys/kernel/kexec_load_limit_panic", "0\n");
  write("proc/sys/kernel/kexec_load_limit_reboot", "-1\n");
  EXPECT_EQ(known(), "");
  EXPECT_EQ(facts().loads_left, std::nullopt);
  EXPECT_EQ(known(Call::kSegments, true), "LOAD_DISABLED: kernel.kexec_load_limit_panic is 0");
  write("proc/sys/kernel/kexec_load_limit_reboot", "2\n");
  EXPECT_EQ(facts().loads_left, 2u);
  EXPECT_EQ(known(), "");
}

TEST_F(Permission, ends_at_a_lockdown_for_what_has_no_signature) {
  write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
  EXPECT_EQ(known(), "LOCKED_DOWN: lockdown is \"integrity\", by lockdown= or by hand");
  EXPECT_EQ(known(Call::kFiles), "");
  write("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
  write("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
        std::string_view("\x06\0\0\0\x01", 5));
  EXPECT_EQ(known(), "LOCKED_DOWN: lockdown is \"confidentiality\", by Secure Boot");
  write("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
        std::string_view("\x06\0\0\0\0", 5));
  EXPECT_NE(known().find("by hand"), std::string::npos);
}

// As 6.1 logs it; a program may write the same sentence, with a facility of its own.
TEST_F(Permission, ends_at_a_lockdown_that_only_the_log_tells) {
  fs::remove(directory_ / "sys/kernel/security/lockdown");
  root_.log = "/kmsg.txt";
  write("kmsg.txt", "12,1,1,-;Kernel is locked down from nowhere; see man kernel_lockdown.7\n");
  EXPECT_EQ(known(), "");
  write("kmsg.txt",
        "6,0,0,-;Booting Linux on physical CPU 0x0000000000 [0x411fd070]\n"
        "5,4,0,-;Kernel is locked down from command line; see man kernel_lockdown.7\n");
  EXPECT_EQ(known(), "LOCKED_DOWN: locked down from command line, by the kernel's log");
  EXPECT_EQ(known(Call::kFiles), "");
  EXPECT_EQ(refusal_of_load(EPERM, facts()).code(), Code::LOCKED_DOWN);
  EXPECT_EQ(refusal_of_file_load(EPERM, facts()).code(), Code::SIGNATURE_REFUSED);
  // Where the kernel says itself how it stands, the log is not asked.
  write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
  EXPECT_EQ(known(), "");
}

TEST_F(Permission, that_nobody_explains_names_what_is_left) {
  EXPECT_EQ(refusal_of_load(EPERM, facts()).subject(),
            "kexec_load, with CAP_SYS_BOOT; left: a security module");
  write("proc/self/status", status("000001ffffffffff", "2"));
  fs::remove(directory_ / "sys/kernel/security/lockdown");
  EXPECT_EQ(refusal_of_file_load(EPERM, facts()).subject(),
            "kexec_file_load, with CAP_SYS_BOOT; left: lockdown (mount securityfs to see it), this "
            "process's seccomp filter");
}

TEST_F(Permission, of_a_kernel_that_appraises) {
  EXPECT_EQ(refusal_of_load(EACCES, facts()).code(), Code::LOCKED_DOWN);
  EXPECT_EQ(refusal_of_file_load(EACCES, facts()).code(), Code::SIGNATURE_REFUSED);
}

TEST_F(Permission, of_a_file_under_a_lockdown_is_a_matter_of_its_signature) {
  write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
  EXPECT_EQ(refusal_of_file_load(EPERM, facts()).code(), Code::SIGNATURE_REFUSED);
  write("proc/self/status", status("0000000000000000", "0"));
  EXPECT_EQ(refusal_of_file_load(EPERM, facts()).code(), Code::NO_PERMISSION);
}

TEST(FileRefusal, each_error_of_a_signature_has_its_words) {
  std::set<std::string> subjects;
  for (const int error : {EKEYREJECTED, ENOKEY, EBADMSG, ENODATA, ENOPKG, ELIBBAD, EACCES}) {
    const base::Error refusal = refusal_of_file_load(error, {});
    EXPECT_EQ(refusal.code(), Code::SIGNATURE_REFUSED) << error;
    subjects.insert(std::string(refusal.subject()));
  }
  EXPECT_EQ(subjects.size(), 7u);
  EXPECT_EQ(subjects.count(""), 0u);
}

TEST(FileRefusal, each_other_error_has_its_code) {
  EXPECT_EQ(refusal_of_file_load(ENOSYS, {}).code(), Code::NO_KEXEC_FILE);
  EXPECT_EQ(refusal_of_file_load(ENOEXEC, {}).code(), Code::FILE_REFUSED);
  EXPECT_EQ(refusal_of_file_load(EINVAL, {}).code(), Code::FILE_REFUSED);
  EXPECT_EQ(refusal_of_file_load(EINVAL, {}).subject(),
            "kexec_file_load: EINVAL (Invalid argument)");
  EXPECT_EQ(refusal_of_file_load(EADDRNOTAVAIL, {}).code(), Code::PLAN_NO_ROOM);
  EXPECT_EQ(refusal_of_file_load(ENOMEM, {}).code(), Code::LOAD_NO_MEMORY);
  EXPECT_EQ(refusal_of_file_load(EBUSY, {}).code(), Code::LOAD_BUSY);
  EXPECT_EQ(refusal_of_file_load(EFBIG, {}).code(), Code::LOAD_REFUSED);
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
