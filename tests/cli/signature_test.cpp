// SPDX-License-Identifier: BSD-2-Clause
// load --require-signature with keys and signatures of Debian's minisign: what is signed is loaded,
// and whatever else is given is refused before the kernel is asked.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

using Json = nlohmann::json;

class Signature : public Program {
 protected:
  void SetUp() override {
    Program::SetUp();
    std::filesystem::copy_file(zimage_, path("zImage"));
    write("initrd", "070701" + std::string(994, 'i'));
    std::filesystem::copy_file(tree_of("armmp"), path("board.dtb"));
    shell(
        "minisign -G -W -p k.pub -s k.sec >/dev/null && minisign -G -W -p l.pub -s l.sec "
        ">/dev/null");
  }
  void shell(const std::string& command) const {
    const Outcome outcome = run("sh", {"-c", "cd '" + directory_.string() + "' && " + command});
    ASSERT_EQ(outcome.exit_code, 0) << command << outcome.output << outcome.errors;
  }
  std::vector<std::string> with(const std::vector<std::string>& first,
                                const std::vector<std::string>& more) const {
    std::vector<std::string> all = first;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::vector<std::string> files() const {
    return {path("zImage"),    "--initrd",       path("initrd"),   "--dtb",
            path("board.dtb"), "--command-line", "root=/dev/a  ro"};
  }
  // Written by the program, signed by minisign.
  void sign(const std::vector<std::string>& words, const std::string& key = "k.sec") const {
    const Outcome outcome = hyprelay(with({"warrant"}, words));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
    write("zImage.warrant", outcome.output);
    shell("minisign -Sm zImage.warrant -s " + key + " -t 'for the board' >/dev/null");
  }
  Outcome load(const std::vector<std::string>& words, const std::vector<std::string>& more = {},
               const std::string& key = "k.pub") const {
    return hyprelay(with(with({"load", "--dry-run", "--json", "--machine", machine_}, words),
                         with({"--require-signature", path(key)}, more)));
  }
  void expect_refused(const Outcome& outcome, const char* code, std::string_view part,
                      int exit_code = 17) const {
    Outcome said = outcome;
    // Of --json it is the error as an object.
    said.output.clear();
    expect_error(said, exit_code, code, part);
  }
};

TEST_F(Signature, what_was_signed_is_loaded_and_verified_by_sha256) {
  sign(files());
  const std::string text = read(path("zImage.warrant"));
  EXPECT_TRUE(text.starts_with("hyprelay warrant 1\nkernel sha256 ")) << text;
  EXPECT_TRUE(text.ends_with("\ncommand-line root=/dev/a  ro\n")) << text;
  // As sha256sum computes it.
  shell(
      "for f in zImage initrd board.dtb; do grep -q \"sha256 $(sha256sum <$f | cut -c1-64)\" "
      "zImage.warrant || exit 1; done");
  const Outcome outcome = load(files());
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const Json json = Json::parse(outcome.output);
  EXPECT_EQ(json["digest"], "sha256");
  EXPECT_EQ(json["kernel"], path("zImage"));
  EXPECT_EQ(json["initrd"], path("initrd"));
  const std::string key = read(path("k.pub"));
  const std::string name = json["signed_by"];
  EXPECT_NE(key.find("key " + name + "\n"), std::string::npos);
  const std::string first = json["notes"][0];
  EXPECT_EQ(first, "signed by key " + name + ": for the board");
  // Without it nothing is said of it, and the digest is the fast one.
  const Outcome plain =
      hyprelay(with({"load", "--dry-run", "--json", "--machine", machine_}, files()));
  EXPECT_TRUE(Json::parse(plain.output)["signed_by"].is_null());
  EXPECT_EQ(Json::parse(plain.output)["digest"], "fast");
}

TEST_F(Signature, missing_malformed_or_of_another_key) {
  expect_refused(load(files()), "E640", "zImage.warrant");
  sign(files());
  std::filesystem::rename(path("zImage.warrant.minisig"), path("away"));
  expect_refused(load(files()), "E640", "zImage.warrant.minisig");
  write("zImage.warrant.minisig", "a signature\n");
  expect_refused(load(files()), "E641", "zImage.warrant.minisig");
  sign(files(), "l.sec");
  expect_refused(load(files()), "E643", "by key ");
  sign(files());
  write("zImage.warrant", read(path("zImage.warrant")) + "\n");
  expect_refused(load(files()), "E644", "zImage.warrant.minisig");
  expect_refused(load(files(), {}, "k.sec"), "E642", "k.sec");
  expect_refused(load(files(), {}, "gone.pub"), "E003", "gone.pub", 3);
  shell("mkfifo pipe");
  expect_refused(load(files(), {}, "pipe"), "E004", "pipe", 3);
  expect_refused(load(files(), {"--warrant", path("pipe")}), "E004", "pipe", 3);
  // A script whose variable is not set requires no less.
  expect_refused(
      hyprelay(with({"load", "--dry-run", "--json", "--machine", machine_, "--require-signature="},
                    files())),
      "E642", "is empty");
  write("later", "hyprelay warrant 1\nkernel sha256 " + std::string(64, '0') +
                     " 1\nuntil 2030\ncommand-line a\n");
  shell("minisign -Sm later -s k.sec >/dev/null");
  expect_refused(load(files(), {"--warrant", path("later")}), "E645", "until 2030");
}

TEST_F(Signature, each_file_and_the_line_are_held_to_it) {
  sign(files());
  for (const char* name : {"zImage", "initrd", "board.dtb"}) {
    const std::string good = read(path(name));
    // The last byte: nothing that the plan would trip over.
    write(name, good.substr(0, good.size() - 1) + static_cast<char>(good.back() ^ 1));
    expect_refused(load(files()), "E646", std::string("/") + name + ": a file is not the one");
    // Whoever can write there puts no gigabytes into memory.
    std::filesystem::resize_file(path(name), std::uintmax_t{1} << 33);
    expect_refused(load(files()), "E646", std::to_string(good.size()) + " bytes that were signed");
    std::filesystem::remove(path(name));
    shell(std::string("mkfifo ") + name);
    expect_refused(load(files()), "E004", path(name), 3);
    std::filesystem::remove(path(name));
    write(name, good);
  }
  std::vector<std::string> words = files();
  words.back() = "root=/dev/a ro";
  expect_refused(load(words), "E648", "from \"ro\", signed is \" ro\"");
  words = files();
  words.erase(words.begin() + 5, words.end());
  expect_refused(load(words), "E648", "the running kernel's is taken");
  words = files();
  words.erase(words.begin() + 1, words.begin() + 3);
  expect_refused(load(words), "E647", "initrd is signed, and none is given");
  sign(words);
  expect_refused(load(files()), "E647", "is given, and not signed");
  ASSERT_EQ(load(words).exit_code, 0);
}

TEST_F(Signature, what_cannot_hold_with_it_is_refused) {
  sign(files());
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--set", "/:model=x"},
                                               {"--delete", "/:model"},
                                               {"--digest", "fast"}}) {
    expect_refused(load(files(), more), "E002", more[0], 2);
  }
  EXPECT_EQ(load(files(), {"--digest", "sha256"}).exit_code, 0);
  expect_refused(hyprelay({"load", "--file", path("zImage"), "--machine", machine_, "--dry-run",
                           "--require-signature", path("k.pub")}),
                 "E002", "--file", 2);
}

// Of the running machine's tree and line a note says that nobody has signed them.
TEST_F(Signature, behind_the_running_kernels_line) {
  const std::vector<std::string> words = {path("zImage"), "--reuse-cmdline", "--command-line",
                                          "quiet"};
  sign(words);
  EXPECT_TRUE(read(path("zImage.warrant")).ends_with("\ncommand-line-behind quiet\n"));
  const Outcome outcome = load(words);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("which nobody has signed"), std::string::npos) << outcome.output;
  expect_refused(load({path("zImage"), "--command-line", "quiet"}), "E648", "one is given");
}

// What is printed is what was given, or nothing.
TEST_F(Signature, a_warrant_has_no_lines_that_nobody_gave) {
  const auto warrant = [&](const std::string& line, const std::vector<std::string>& more = {}) {
    return hyprelay(with({"warrant", path("zImage"), "--command-line", line}, more));
  };
  for (const std::string& line :
       {std::string("a\ninitrd sha256 ") + std::string(64, '0') + " 1", std::string("a\x1b[31m")}) {
    expect_refused(warrant(line), "E002", "a control character", 2);
    expect_refused(warrant("a", {"--fit-config", line}), "E002", "a control character", 2);
  }
  expect_refused(warrant(std::string(70000, 'a')), "E002", "70", 2);
  const Outcome odd = warrant("a\tb \xc3\xa4 \\x1b \xff");
  EXPECT_EQ(odd.exit_code, 0) << odd.errors;
  EXPECT_TRUE(odd.output.ends_with("\ncommand-line a\tb \xc3\xa4 \\x1b \xff\n")) << odd.output;
}

TEST_F(Signature, of_what_it_does_not_hold_for) {
  std::vector<std::string> words = {path("zImage"), "--command-line", "quiet"};
  sign(words);
  // The machine's tree, whoever that is.
  const Outcome outcome = load(words);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("which nobody has signed"), std::string::npos) << outcome.output;
  words.insert(words.end(), {"--dtb", path("board.dtb")});
  sign(words);
  EXPECT_EQ(load(words).output.find("which nobody has signed"), std::string::npos);
  // Another machine's facts are for a dry run.
  expect_refused(
      run(HR_PROGRAM,
          with({"load", "--machine", machine_, "--require-signature", path("k.pub")}, words),
          {.kexec_load = 0, .kexec_file_load = 0}),
      "E002", "--machine cannot hold", 2);
}

// What a container holds is signed with it.
TEST_F(Signature, an_entry_of_the_bootloaders_with_overlays) {
  const std::string root = path("root");
  std::filesystem::create_directories(root + "/boot/extlinux");
  for (const char* name : {"zImage", "initrd", "board.dtb"}) {
    std::filesystem::copy_file(path(name), root + "/boot/" + name);
  }
  write("o.dts",
        "/dts-v1/; /plugin/; / { fragment@0 { target-path = \"/\"; __overlay__ { by = \"it\"; }; "
        "}; };");
  shell("dtc -q -@ -O dtb -o root/boot/o.dtbo o.dts");
  write("root/boot/extlinux/extlinux.conf",
        "label a\nkernel /boot/zImage\ninitrd /boot/initrd\nfdt /boot/board.dtb\nfdtoverlays "
        "/boot/o.dtbo\nappend root=/dev/e\n");
  const std::vector<std::string> words = {"--entry", "a", "--root", root};
  sign(words);
  EXPECT_NE(read(path("zImage.warrant")).find("\noverlay sha256 "), std::string::npos);
  const std::vector<std::string> warrant = {"--warrant", path("zImage.warrant")};
  const Outcome outcome = load(words, warrant);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(Json::parse(outcome.output)["command_line"], "root=/dev/e");
  shell("printf x >>root/boot/o.dtbo");
  expect_refused(load(words, warrant), "E646", "/boot/o.dtbo: a file is not the one");
}

TEST_F(Signature, the_configuration_requires_it_of_every_load) {
  sign(files());
  const auto load_by = [&](const std::string& line) {
    return hyprelay(with(
        {"load", "--dry-run", "--machine", machine_, "--config", write("conf", line)}, files()));
  };
  const std::string line = "require_signature=" + path("k.pub") + "\n";
  EXPECT_EQ(load_by(line).exit_code, 0);
  write("initrd", "070701" + std::string(994, 'x'));
  EXPECT_EQ(load_by("").exit_code, 0);
  expect_refused(load_by(line), "E646", "initrd");
  // A line that cannot be followed requires what nobody can have.
  expect_refused(load_by("require_signature=k.pub\n"), "E642", "not a whole path");
  expect_refused(load_by("require_signature=\n"), "E642", "not a whole path");
  EXPECT_NE(load_by("require_signature=/a$b\n").exit_code, 0);
  const std::string key = path("k.pub") + "\n";
  // Whoever has written one of these requires it, and does not have it understood.
  for (const std::string& meant :
       {"require_signature =" + key, "require-signature=" + key, "Require_Signature=" + key,
        "require_sig=" + key, "export require_signature=" + key,
        "# a comment\rrequire_signature=" + key, "require_signature: " + key,
        "requre_signature=" + key, line + line, std::string("r\0e\0q\0u\0i\0r\0e\0", 14)}) {
    expect_refused(load_by(meant), "E009", "require_signature=", 3);
  }
  EXPECT_EQ(load_by("#require_signature=" + key + "# " + line).exit_code, 0);
  // The other lines that mean nothing are told, and are no reason.
  const Outcome told = load_by("capture_to=\n");
  EXPECT_EQ(told.exit_code, 0);
  EXPECT_NE(told.errors.find("[E009]"), std::string::npos) << told.errors;
  // The warrant's path is a key too.
  write("initrd", "070701" + std::string(994, 'i'));
  std::filesystem::rename(path("zImage.warrant"), path("w"));
  std::filesystem::rename(path("zImage.warrant.minisig"), path("w.minisig"));
  const std::string conf =
      write("conf", line + "next_kernel=" + path("zImage") + "\nnext_initrd=" + path("initrd") +
                        "\nnext_command_line='root=/dev/a  ro'\nnext_warrant=" + path("w") + "\n");
  const Outcome outcome = hyprelay(
      {"load", "--dry-run", "--machine", machine_, "--config", conf, "--dtb", path("board.dtb")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
}

// Nothing is read again after it was checked: by the system calls of the program itself.
TEST_F(Signature, every_file_is_opened_once) {
  sign(files());
  std::vector<std::string> words = {"-f",
                                    "-o",
                                    path("trace"),
                                    "-e",
                                    "trace=open,openat",
                                    "-E",
                                    "ASAN_OPTIONS=detect_leaks=0",
                                    HR_PROGRAM};
  const std::vector<std::string> loads = {"load", "--dry-run", "--machine", machine_};
  words = with(with(words, loads), with(files(), {"--require-signature", path("k.pub")}));
  const Outcome outcome = run("strace", words);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  const std::string trace = read(path("trace"));
  for (const char* name : {"zImage", "initrd", "board.dtb", "zImage.warrant"}) {
    const std::string opened = "\"" + path(name) + "\"";
    const std::size_t first = trace.find(opened);
    EXPECT_NE(first, std::string::npos) << name;
    EXPECT_EQ(trace.find(opened, first + 1), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace hyprelay::test
