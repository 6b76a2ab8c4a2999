// SPDX-License-Identifier: BSD-2-Clause
// hyprelay bundle: what is written is what the manifest says, and bad words are named.
#include "abi/hr_abi.h"
#include "base/sha256.hpp"
#include "fdt/tree.hpp"
#include "tests/cli/fixture.hpp"

#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <fstream>

namespace hyprelay::test {
namespace {

using nlohmann::json;

std::string hex_digest(const std::string& bytes) {
  std::string text;
  for (const std::byte b : base::sha256(base::bytes_of(bytes))) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[std::to_integer<unsigned>(b) >> 4];
    text += kDigits[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

class Bundle : public Program {
 protected:
  std::vector<std::string> bundle(const std::vector<std::string>& more) const {
    std::vector<std::string> all = {"bundle",   zimage_,     "--dtb", tree_of("armmp"),
                                    "--output", path("out"), "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

TEST_F(Bundle, files_are_what_the_manifest_says) {
  const std::string initrd = write("initrd", std::string(12345, '\1'));
  const Outcome outcome =
      hyprelay(bundle({"--initrd", initrd, "--append", "quiet", "--resident", "arm-kvm-3.14",
                       "--resident-vectors", "0x40212000,0xc0212000", "--require-hyp"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const json manifest = json::parse(read(path("out") + "/manifest.json"));
  EXPECT_EQ(manifest, json::parse(outcome.output));
  EXPECT_EQ(manifest["arch"], "arm");
  EXPECT_EQ(manifest["resident"], "arm-kvm-3.14");
  EXPECT_EQ(manifest["resident_vectors"], 0x40212000);
  EXPECT_EQ(manifest["resident_virtual"], 0xc0212000);
  ASSERT_EQ(manifest["files"].size(), 4u);
  for (const json& file : manifest["files"]) {
    const std::string bytes = read(path("out") + "/" + file["name"].get<std::string>());
    EXPECT_EQ(bytes.size(), file["size_bytes"].get<std::size_t>());
    EXPECT_EQ(hex_digest(bytes), file["sha256"]) << file["name"];
    EXPECT_LE(file["size_bytes"], file["memory_bytes"]);
  }
  EXPECT_EQ(manifest["files"].back()["kind"], "relay");
  EXPECT_EQ(manifest["files"].back()["start"], manifest["entry"]);
  EXPECT_NE(read(path("out") + "/u-boot.txt").find("\ngo 0x"), std::string::npos);
  EXPECT_NE(read(path("out") + "/qemu.txt").find("/relay.bin,addr=0x"), std::string::npos);

  // What the relay will read.
  const std::string relay = read(path("out") + "/relay.bin");
  std::uint32_t baton_at = 0;
  std::memcpy(&baton_at, relay.data() + HR_RELAY_HEADER_BATON, sizeof(baton_at));
  ASSERT_LE(baton_at + sizeof(hr_baton), relay.size());
  hr_baton baton;
  std::memcpy(&baton, relay.data() + baton_at, sizeof(baton));
  EXPECT_EQ(baton.resident, static_cast<std::uint32_t>(HR_DIALECT_ARM_KVM_3_14));
  EXPECT_EQ(baton.resident_vectors, 0x40212000u);
  EXPECT_EQ(baton.resident_virtual, 0xc0212000u);
  EXPECT_EQ(baton.flags, static_cast<std::uint32_t>(HR_BATON_REQUIRE_HYP));
  EXPECT_EQ(baton.relay, manifest["entry"].get<std::uint64_t>());
}

// It is booted more than once: a seed in it would be the same each time, and for all to read.
// Where QEMU would take a comma for the end of the name, and a reader of a file a newline.
TEST_F(Bundle, a_folder_has_a_name_that_its_files_can_say) {
  const auto in = [&](const std::string& folder) {
    return hyprelay({"bundle", zimage_, "--dtb", tree_of("armmp"), "--output", path(folder)});
  };
  ASSERT_EQ(in("a,b").exit_code, 0);
  EXPECT_NE(read(path("a,b/qemu.txt")).find("loader,file=" + path("a,,b/relay.bin") + ",addr=0x"),
            std::string::npos);
  expect_error(in("a\nb"), 2, "E002", "control character");
  EXPECT_FALSE(std::filesystem::exists(path("a\nb")));
}

TEST_F(Bundle, holds_no_seed) {
  const Outcome outcome = hyprelay(bundle({}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const json manifest = json::parse(outcome.output);
  for (const json& file : manifest["files"]) {
    if (file["kind"] == "device tree") {
      const std::string bytes = read(path("out") + "/" + file["name"].get<std::string>());
      const auto tree = fdt::Tree::from_bytes(base::bytes_of(bytes), "bundle");
      ASSERT_TRUE(tree);
      EXPECT_TRUE(tree.value().property("/chosen", "bootargs"));
      EXPECT_FALSE(tree.value().property("/chosen", "kaslr-seed"));
      EXPECT_FALSE(tree.value().property("/chosen", "rng-seed"));
    }
  }
  EXPECT_NE(outcome.output.find("no seeds: "), std::string::npos) << outcome.output;
  // The same inputs give the same files.
  const std::string again = hyprelay(bundle({})).output;
  EXPECT_EQ(again, outcome.output);
}

TEST_F(Bundle, what_may_be_secret_is_for_its_owner) {
  namespace fs = std::filesystem;
  const std::string initrd = path("secret.cpio");
  std::ofstream(initrd) << "070701, with a key in it";
  fs::permissions(initrd, fs::perms(0640));
  // Whatever an older bundle left behind.
  fs::create_directories(path("out"));
  for (const char* name : {"initrd.bin", "relay.bin"}) {
    std::ofstream(path("out") + "/" + name) << "old";
    fs::permissions(path("out") + "/" + name, fs::perms(0666));
  }
  const mode_t before = ::umask(0);
  const Outcome outcome = hyprelay(bundle({"--initrd", initrd}));
  ::umask(before);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const auto mode = [&](const char* name) {
    return static_cast<unsigned>(fs::status(path("out") + "/" + name).permissions());
  };
  EXPECT_EQ(mode("initrd.bin"), 0640u);
  EXPECT_EQ(mode("relay.bin"), 0600u);
  EXPECT_EQ(mode("manifest.json"), 0600u);
  EXPECT_EQ(mode("kernel.bin"), 0666u);
  EXPECT_EQ(mode("u-boot.txt"), 0666u);
}

// Whoever may write to the folder could have root write elsewhere.
TEST_F(Bundle, no_link_in_the_folder_is_followed) {
  namespace fs = std::filesystem;
  const std::string initrd = write("initrd", "070701");
  const std::string victim = write("victim", "untouched");
  fs::create_directories(path("out"));
  const auto names = {"kernel.bin", "initrd.bin", "tree.dtb",     "relay.bin",
                      "u-boot.txt", "qemu.txt",   "manifest.json"};
  for (const char* name : names) {
    fs::create_symlink(victim, path("out") + "/" + name);
  }
  const Outcome outcome = hyprelay(bundle({"--initrd", initrd}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(read(victim), "untouched");
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(path("out"))) {
    EXPECT_TRUE(fs::is_regular_file(entry.symlink_status())) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, names.size());
}

TEST_F(Bundle, nothing_is_put_where_somebody_else_is) {
  const Outcome first = hyprelay(bundle({}));
  ASSERT_EQ(first.exit_code, 0) << first.errors;
  const std::uint64_t relay = json::parse(first.output)["entry"];
  const Outcome second =
      hyprelay(bundle({"--reserve", std::to_string(relay) + ",0x1000", "--reserve", "0x0,0x1000"}));
  ASSERT_EQ(second.exit_code, 0) << second.errors;
  EXPECT_NE(json::parse(second.output)["entry"], relay);
}

TEST_F(Bundle, bad_words_are_named) {
  const auto says = [&](const std::vector<std::string>& more, std::string_view part) {
    std::vector<std::string> words = bundle(more);
    std::erase(words, "--json");
    expect_error(hyprelay(words), 2, "E002", part);
  };
  says({"--resident", "arm-stub-9.9"}, "there is no dialect \"arm-stub-9.9\"");
  says({"--resident-vectors", "here"}, "--resident-vectors takes addresses");
  says({"--resident-vectors", "0x40000000,"}, "--resident-vectors takes addresses");
  says({"--reserve", "0x40000000"}, "--reserve takes addresses");
  says({"--reserve", "0x40000000,0"}, "is no range of memory");
}

TEST_F(Bundle, a_tree_is_needed) {
  expect_error(hyprelay({"bundle", zimage_, "--output", path("out")}), 2, "E002",
               "--dtb is missing");
}

TEST_F(Bundle, a_folder_that_cannot_be_written_is_named) {
  const Outcome outcome = hyprelay(
      {"bundle", zimage_, "--dtb", tree_of("armmp"), "--output", write("file", "x") + "/below"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.errors.find("/below/kernel.bin"), std::string::npos) << outcome.errors;
}

}  // namespace
}  // namespace hyprelay::test
