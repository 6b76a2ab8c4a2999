// SPDX-License-Identifier: BSD-2-Clause
// Both writers of initramfs archives, read back by libarchive.
#include "os/files.hpp"
#include "rehearse/initramfs.hpp"
#include "rehearse/protocol/cpio.hpp"
#include "rehearse/protocol/manifest.hpp"
#include "rehearse/protocol/words.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <nlohmann/json.hpp>

namespace hyprelay::rehearse {
namespace {

class Archive : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/hyprelay-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  std::string file(const std::string& name, const std::string& content) const {
    const os::FileDescriptor fd(open(path(name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
    EXPECT_TRUE(os::write_all(fd.get(), content));
    return path(name);
  }

  struct Entry {
    unsigned mode;
    std::string content;
    bool operator==(const Entry&) const = default;
  };

  static std::map<std::string, Entry> read_back(const std::string& name) {
    std::map<std::string, Entry> entries;
    archive* in = archive_read_new();
    archive_read_support_format_cpio(in);
    EXPECT_EQ(archive_read_open_filename(in, name.c_str(), 65536), ARCHIVE_OK);
    archive_entry* entry = nullptr;
    while (archive_read_next_header(in, &entry) == ARCHIVE_OK) {
      std::string content(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
      EXPECT_EQ(archive_read_data(in, content.data(), content.size()),
                static_cast<la_ssize_t>(content.size()));
      entries[archive_entry_pathname(entry)] = {archive_entry_mode(entry), content};
    }
    EXPECT_EQ(archive_format(in), ARCHIVE_FORMAT_CPIO_SVR4_NOCRC);
    archive_read_free(in);
    return entries;
  }

  std::string folder_;
};

TEST_F(Archive, guests_writer) {
  const std::string out = path("out.cpio");
  {
    const os::FileDescriptor fd(open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
    CpioWriter writer(fd.get());
    EXPECT_TRUE(writer.add_folder("d"));
    // Every length of the padding.
    for (int i = 0; i < 9; ++i) {
      EXPECT_TRUE(writer.add_file("d/f" + std::string(static_cast<std::size_t>(i), 'x'),
                                  std::string(static_cast<std::size_t>(i), 'y'), 0644));
    }
    EXPECT_TRUE(writer.add_file("d/program", "#!", 0755));
    EXPECT_TRUE(writer.finish());
  }
  const auto entries = read_back(out);
  EXPECT_EQ(entries.size(), 11u);
  EXPECT_EQ(entries.at("d").mode, 040755u);
  EXPECT_EQ(entries.at("d/fxxx"), (Entry{0100644u, "yyy"}));
  EXPECT_EQ(entries.at("d/program"), (Entry{0100755u, "#!"}));
  EXPECT_EQ(os::read_file(out)->size() % 512, 0u);
}

TEST_F(Archive, guests_writer_tells_a_full_disk) {
  const os::FileDescriptor full(open("/dev/full", O_WRONLY));
  ASSERT_TRUE(full.valid());
  CpioWriter writer(full.get());
  EXPECT_FALSE(writer.add_file("f", "content", 0644));
}

TEST_F(Archive, hosts_initramfs) {
  Options options;
  options.to = {file("a", "kernel a"), file("b", "kernel b")};
  options.initrd = file("user", "not even an archive");
  options.dtb = file("tree", "tree");
  options.hops = 3;
  options.load_args = {"--require-hyp"};
  options.before_panic = {"/load"};
  options.panic_run = "/spin";
  options.panic_twice = true;
  options.payload_mib = 1;
  const GuestPrograms programs = {file("i", "init program"), file("h", "hyprelay program")};
  const auto digest = write_initramfs({options, programs, "console=x", true}, path("out"));
  ASSERT_TRUE(digest);

  const auto entries = read_back(path("out"));
  const std::string folder = std::string(kFolder) + "/";
  EXPECT_EQ(entries.at(folder + "init"), (Entry{0100755u, "init program"}));
  EXPECT_EQ(entries.at(folder + "hyprelay"), (Entry{0100755u, "hyprelay program"}));
  EXPECT_EQ(entries.at(folder + "kernel-0").content, "kernel a");
  EXPECT_EQ(entries.at(folder + "kernel-1").content, "kernel b");
  EXPECT_EQ(entries.at(folder + "initrd").content, "not even an archive");
  EXPECT_EQ(entries.at(folder + "dtb").content, "tree");
  EXPECT_EQ(entries.at(folder + "payload").content.size(), 1u << 20);
  EXPECT_EQ(sha256_hex(entries.at(folder + "manifest").content), digest.value());
  const auto settings = nlohmann::json::parse(entries.at(folder + "settings.json").content);
  EXPECT_EQ(settings["hops"], 3);
  EXPECT_EQ(settings["sync"], true);
  EXPECT_EQ(settings["has_initrd"], true);
  EXPECT_EQ(settings["kernels"], (std::vector<std::string>{"kernel-0", "kernel-1"}));
  EXPECT_EQ(settings["load_args"], std::vector<std::string>{"--require-hyp"});
  EXPECT_EQ(settings["before_panic"], std::vector<std::string>{"/load"});
  EXPECT_EQ(settings["panic_run"], "/spin");
  EXPECT_EQ(settings["panic_twice"], true);
  // The user's initrd follows our archive, where the kernel finds it.
  const std::string whole = *os::read_file(path("out"));
  EXPECT_TRUE(whole.ends_with("not even an archive"));
  EXPECT_EQ((whole.size() - std::string("not even an archive").size()) % 512, 0u);
}

TEST_F(Archive, hosts_initramfs_without_an_input) {
  Options options;
  options.to = {path("missing")};
  const GuestPrograms programs = {file("i", "init"), file("h", "hyprelay")};
  const auto missing = write_initramfs({options, programs, "", false}, path("out"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), base::Code::FILE_MISSING);
  EXPECT_EQ(missing.error().subject(), path("missing"));
  options.to = {file("empty", "")};
  const auto empty = write_initramfs({options, programs, "", false}, path("out"));
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code(), base::Code::FILE_EMPTY);
  options.to = {"/dev/zero"};
  const auto endless = write_initramfs({options, programs, "", false}, path("out"));
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code(), base::Code::FILE_TOO_LARGE);
}

TEST_F(Archive, manifest_finds_every_damage) {
  const std::string good = manifest_line("a", "alpha") + manifest_line("b", "beta");
  file("a", "alpha");
  file("b", "beta");
  file("manifest", good);
  ManifestCheck check = check_manifest(folder_);
  EXPECT_TRUE(check.complaints.empty());
  EXPECT_EQ(check.files, 2u);
  EXPECT_EQ(check.bytes, 9u);
  EXPECT_EQ(check.manifest_digest, sha256_hex(good));

  file("b", "bet!");
  EXPECT_EQ(check_manifest(folder_).complaints, std::vector<std::string>{"b has another SHA-256"});
  file("b", "bet");
  EXPECT_EQ(check_manifest(folder_).complaints, std::vector<std::string>{"b has 3 bytes, not 4"});
  unlink(path("b").c_str());
  EXPECT_EQ(check_manifest(folder_).complaints, std::vector<std::string>{"b is missing"});
  file("manifest", "");
  EXPECT_EQ(check_manifest(folder_).complaints,
            std::vector<std::string>{"the manifest is empty or damaged"});
  unlink(path("manifest").c_str());
  EXPECT_EQ(check_manifest(folder_).complaints,
            std::vector<std::string>{"the manifest is missing"});
}

TEST(Payload, is_the_same_and_compresses_to_nothing) {
  const std::string payload = make_payload(100000);
  EXPECT_EQ(payload.size(), 100000u);
  EXPECT_EQ(payload, make_payload(200000).substr(0, 100000));
  std::map<char, int> histogram;
  for (const char c : payload) {
    histogram[c] += 1;
  }
  EXPECT_EQ(histogram.size(), 256u);
  for (const auto& [byte, count] : histogram) {
    EXPECT_NEAR(count, 100000 / 256.0, 100) << static_cast<int>(byte);
  }
}

}  // namespace
}  // namespace hyprelay::rehearse
