// SPDX-License-Identifier: BSD-2-Clause
// Bad input: every mistake has its own message and the exit code that the man page promises.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

class Input : public Program {
 protected:
  static void put32(std::string& bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[at + i] = static_cast<char>(value >> (8 * i));
    }
  }
  static void put32_be(std::string& bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[at + i] = static_cast<char>(value >> (8 * (3 - i)));
    }
  }
  Outcome load(const std::string& kernel_file, const std::vector<std::string>& more = {}) const {
    return hyprelay(words("load", kernel_file, more));
  }
};

TEST_F(Input, missing_files_are_named) {
  expect_error(load(path("nokernel")), 3, "E003", path("nokernel") + ": the file does not exist");
  expect_error(load(zimage_, {"--initrd", path("noinitrd")}), 3, "E003", path("noinitrd"));
  expect_error(load(zimage_, {"--dtb", path("nodtb")}), 3, "E003", path("nodtb"));
  expect_error(hyprelay({"plan", zimage_, "--machine", path("nomachine")}), 3, "E003",
               path("nomachine"));
}

TEST_F(Input, empty_files_and_directories_are_named) {
  const std::string empty = write("empty", "");
  expect_error(load(empty), 3, "E006", "the file is empty");
  expect_error(load(zimage_, {"--initrd", empty}), 3, "E006", empty);
  expect_error(load(zimage_, {"--dtb", empty}), 3, "E006", empty);
  expect_error(load(directory_.string()), 3, "E004", "the file cannot be read");
}

// Sparse files, which would be 5 GiB in memory.
TEST_F(Input, what_is_larger_than_its_kind_is_refused_with_the_bound) {
  const auto sparse = [&](const char* name, std::string_view start) {
    std::string file = write(name, start);
    std::filesystem::resize_file(file, 5ull << 30);
    return file;
  };
  const auto refused = [](const Outcome& outcome, const std::string& subject) {
    expect_error(outcome, 3, "E00a", subject);
    EXPECT_NE(outcome.errors.find("limit 0x"), std::string::npos) << outcome.errors;
  };
  const std::string conf = sparse("conf", "capture_to=/a\n");
  refused(hyprelay({"config", "--config", conf}), conf + ": for a configuration");
  refused(hyprelay({"config", "--config", "/dev/zero"}), "/dev/zero: for a configuration");
  refused(hyprelay({"test", "--config", conf}), conf);
  refused(hyprelay({"capture", "--config", conf, "--check"}), conf);
  const std::string dtb = sparse("dtb", read(tree_of("armmp")));
  refused(load(zimage_, {"--dtb", dtb}), dtb + ": for a device tree");
  refused(hyprelay({"bundle", zimage_, "--dtb", dtb, "--output", path("out")}), dtb);
  const std::string machine = sparse("machine", "{}");
  refused(hyprelay({"plan", zimage_, "--machine", machine}), machine + ": for the facts");
  refused(hyprelay({"probe", "--machine", machine}), machine);
  const std::string large = sparse("kernel", read(zimage_));
  refused(load(large), large + ": for a kernel");
  refused(hyprelay({"crashkernel", "estimate", "--kernel", large}), large);
  // No kernel at all, which its first bytes show.
  const std::string noise = write("noise", "#!/bin/sh\n");
  std::filesystem::resize_file(noise, 1ull << 30);
  expect_error(load(noise), 4, "E100", noise);
}

// What others wrote (names of files and of trees, command lines) is shown, and obeyed by no
// terminal.
TEST_F(Input, no_control_character_of_others_reaches_the_terminal) {
  const std::string bad = "\x1b[2Jx\a\r\xc2\x9b";
  const std::string kernel_file = write("k" + bad, read(zimage_));
  nlohmann::json machine = nlohmann::json::parse(read(machine_));
  machine["command_line"] = "root=a " + bad;
  machine["reserved"].push_back({{"start", 0x50000000}, {"size_bytes", 4096}, {"name", bad}});
  const std::string named = write("m" + bad, machine.dump());
  const std::string source =
      write("t.dts", "/dts-v1/;\n/ { compatible = \"\\x1b[2Jx\", \"a\\rb\"; cpus { }; };\n");
  ASSERT_EQ(run("dtc", {"-q", "-O", "dtb", "-o", path("t.dtb"), source}).exit_code, 0);
  const std::string conf = write("c" + bad, "next_append='" + bad + "'\n" + bad + "=1\n");
  const std::vector<std::vector<std::string>> all = {
      words("load", kernel_file, {"--dry-run", "--command-line", bad + "\nfake: line"}),
      {"plan", kernel_file, "--machine", named},
      {"probe", "--machine", named},
      words("plan", bad),
      words("plan", zimage_, {"--dtb", path("t.dtb")}),
      words("plan", zimage_, {"--initrd", bad}),
      {"bundle", kernel_file, "--dtb", tree_of("armmp"), "--output", path("o" + bad)},
      {"config", "--config", conf},
      {"test", "--config", conf},
      {"explain", bad},
      {"capture", "--vmcore", kernel_file, "--to", path("d" + bad)},
      {bad}};
  for (const std::vector<std::string>& one : all) {
    const Outcome outcome = hyprelay(one);
    EXPECT_NE(outcome.exit_code, 1) << outcome.errors;
    const std::string text = outcome.output + outcome.errors;
    EXPECT_EQ(text.find_first_of("\x1b\a\r"), std::string::npos) << one[0] << "\n" << text;
    EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos) << one[0] << "\n" << text;
  }
}

// Whatever bytes come in, what goes out is one JSON object, and no exception ends the program.
TEST_F(Input, bytes_that_are_no_utf8_are_no_end_of_json) {
  const std::string bad = "\xff\xc3(\xed\xa0\x80";
  const std::string kernel_file = write("k" + bad, read(zimage_));
  const std::string conf =
      write("conf" + bad, "next_kernel='" + kernel_file + "'\npanic_append='" + bad + "'\n");
  const std::string machine = write("m" + bad, "{\"arch\": \"" + bad + "\"}");
  const std::vector<std::vector<std::string>> all = {
      words("load", kernel_file, {"--dry-run", "--command-line", bad}),
      words("plan", kernel_file, {"--command-line", bad, "--reuse-cmdline"}),
      words("plan", bad),
      {"plan", zimage_, "--machine", machine},
      {"bundle", kernel_file, "--dtb", tree_of("armmp"), "--output", path("o" + bad), "--append",
       bad},
      {"bundle", zimage_, "--dtb", bad},
      {"probe", "--machine", machine},
      {"explain", bad},
      {"config", "--config", conf},
      {"config", bad, "--config", conf},
      {"crashkernel", "estimate", kernel_file, "--initrd", bad},
      {"capture", "--vmcore", kernel_file, "--to", path("d" + bad)},
      {"capture", "--from-device", kernel_file, "--to", path("d" + bad)},
      {"test", "--config", conf},
      {"hyp-check", bad},
      {"status"},
      {bad}};
  for (std::vector<std::string> one : all) {
    one.emplace_back("--json");
    const Outcome outcome = hyprelay(one);
    EXPECT_LE(outcome.exit_code, 16) << one[0] << outcome.errors;
    EXPECT_NE(outcome.exit_code, 1) << one[0] << outcome.errors;
    EXPECT_TRUE(nlohmann::json::accept(outcome.output)) << one[0] << outcome.output;
  }
}

TEST_F(Input, a_file_of_another_kind_is_no_kernel) {
  expect_error(load(write("text", "#!/bin/sh\necho this is not a kernel, but a text file\n")), 4,
               "E100", "neither a zImage nor an arm64 Image");
  expect_error(load(HR_PROGRAM), 4, "E102", "an ELF file for machine ");
  expect_error(load(write("noise", std::string(1 << 16, '\xa5'))), 4, "E100", "neither");
  expect_error(load(write("short", "MZ")), 5, "E104", "limit 0x2");
  expect_error(load(tree_of("armmp")), 4, "E100", "neither");
}

TEST_F(Input, a_kernel_for_another_machine_is_refused) {
  expect_error(load(image_), 4, "E102", "a kernel for another architecture");
  machine_ = write_machine("arm64");
  expect_error(load(zimage_), 4, "E102", "a kernel for another architecture");
}

TEST_F(Input, a_compressed_image_is_unpacked_or_named) {
  ASSERT_EQ(run("gzip", {"-1", "-c", image_}, {}, write("Image.gz", "")).exit_code, 0);
  machine_ = write_machine("arm64");
  const Outcome packed = load(path("Image.gz"), {"--dry-run", "--json"});
  ASSERT_EQ(packed.exit_code, 0) << packed.errors;
  auto inside = nlohmann::json::parse(packed.output);
  EXPECT_EQ(inside["inflated_from"], "gzip");
  EXPECT_EQ(inside["layers"], nlohmann::json({"gzip"}));
  const Outcome plain = load(image_, {"--dry-run", "--json"});
  const auto outside = nlohmann::json::parse(plain.output);
  EXPECT_EQ(outside["inflated_from"], nullptr);
  EXPECT_EQ(outside["layers"], nlohmann::json::array());
  EXPECT_EQ(inside["segments"], outside["segments"]);
  const std::string cut = read(path("Image.gz")).substr(0, 1000);
  expect_error(load(write("cut.gz", cut)), 4, "E101",
               "cut.gz: gzip: it is damaged or cut off: compressed, and cannot be decompressed");
  // The running kernel would read the file itself.
  expect_error(hyprelay(words("load", path("Image.gz"), {"--file"}), {.kexec_file_load = 0}), 4,
               "E101", "looks like gzip");
}

TEST_F(Input, a_zimage_is_inflated_unless_it_shall_not) {
  const Outcome inflated = load(zimage_, {"--dry-run", "--json"});
  ASSERT_EQ(inflated.exit_code, 0) << inflated.errors;
  const auto bare = nlohmann::json::parse(inflated.output);
  EXPECT_EQ(bare["inflated_from"], "zImage (xz)");
  EXPECT_EQ(bare["entry"], bare["text"]);
  EXPECT_NE(bare["notes"].dump().find(": inflated from zImage (xz), "), std::string::npos);
  const Outcome kept = load(zimage_, {"--dry-run", "--json", "--keep-zimage"});
  const auto whole = nlohmann::json::parse(kept.output);
  EXPECT_EQ(whole["inflated_from"], nullptr);
  EXPECT_NE(whole["entry"], whole["text"]);
  EXPECT_EQ(whole["text"], bare["text"]);
  EXPECT_EQ(whole["notes"], nlohmann::json::array());
}

TEST_F(Input, a_truncated_zimage_is_named) {
  const std::string whole = read(zimage_);
  for (const std::size_t size : {whole.size() - 1, whole.size() / 2, std::size_t{4096}}) {
    expect_error(load(write("cut", std::string_view(whole).substr(0, size))), 5, "E104",
                 "the file ends before the image does");
  }
}

TEST_F(Input, a_lying_zimage_is_named) {
  // Offsets of the header [linux/Documentation/arm/booting.rst; linux/arch/arm/boot/compressed/
  // head.S]: 0x28 start, 0x2c end, 0x38 the table of sizes.
  const std::string whole = read(zimage_);
  std::string bytes = whole;
  put32(bytes, 0x28, 0x1000);
  put32(bytes, 0x2c, 0x0fff);
  expect_error(load(write("end-before-start", bytes)), 5, "E105", "contradicts itself");
  bytes = whole;
  put32(bytes, 0x38, 0x7ffffff0);
  expect_error(load(write("table-outside", bytes)), 5, "E105", "contradicts itself");
}

TEST_F(Input, a_truncated_or_lying_image_is_named) {
  machine_ = write_machine("arm64");
  const std::string whole = read(image_);
  // Debian's images end with a signature for UEFI of 1472 bytes, which no boot needs.
  for (const std::size_t size : {whole.size() - 4096, whole.size() / 2, std::size_t{63}}) {
    expect_error(load(write("cut", std::string_view(whole).substr(0, size))), 5, "E104",
                 "the file ends before the image does");
  }
  // [linux/Documentation/arm64/booting.rst section 4]: 0x10 image_size, which counts the bss too.
  std::string bytes = whole;
  put32(bytes, 0x10, 0x1000);
  expect_error(load(write("small", bytes)), 5, "E105", "contradicts itself");
  bytes = whole;
  put32(bytes, 0x14, 0x80000000);
  expect_error(load(write("huge", bytes)), 5, "E105", "contradicts itself");
  bytes = whole;
  put32(bytes, 0x10, 0);
  put32(bytes, 0x14, 0);
  expect_error(load(write("sizeless", bytes)), 5, "E106", "how much memory");
}

TEST_F(Input, a_bad_device_tree_is_named) {
  const std::string whole = read(tree_of("armmp"));
  const auto with = [&](const std::string& bytes) {
    return load(zimage_, {"--dtb", write("bad.dtb", bytes)});
  };
  expect_error(with("/dts-v1/;\n/ { compatible = \"this is the source\"; };\n"), 6, "E20a",
               "not a flattened device tree");
  expect_error(with(whole.substr(0, 1000)), 6, "E201", "bad.dtb");
  std::string bytes = whole;
  put32_be(bytes, 8, 0x7ffffff0);  // off_dt_struct
  expect_error(with(bytes), 6, "E202", "bad.dtb");
  bytes = whole;
  put32_be(bytes, 20, 99);  // version
  put32_be(bytes, 24, 99);  // last_comp_version
  expect_error(with(bytes), 6, "E203", "bad.dtb");
}

TEST_F(Input, an_initrd_larger_than_memory_is_refused_before_it_is_read) {
  const std::string huge = write("huge", "070701");
  std::filesystem::resize_file(huge, 64ull << 30);
  expect_error(load(zimage_, {"--initrd", huge}), 7, "E300", "initrd: needs 65536 MiB, ");
  machine_ = write_machine("arm64");
  expect_error(load(image_, {"--initrd", huge}), 7, "E300", "initrd: needs 65536 MiB, ");
}

TEST_F(Input, what_is_no_initrd_is_called_what_it_is) {
  const auto with = [&](const std::string& initrd, const char* looks_like) {
    expect_error(load(zimage_, {"--initrd", initrd}), 4, "E108", looks_like);
  };
  with(zimage_, "looks like a zImage");
  with(image_, "looks like an arm64 Image");
  with(write("zeroes", std::string(100000, '\0')), "looks like nothing but zeroes");
  with(write("text", "not an archive\n"), "looks like a text file");
}

TEST_F(Input, what_may_be_no_initrd_is_loaded_and_warned_of) {
  const std::string noise = write("noise", std::string(5000, '\x81'));
  const Outcome outcome = load(zimage_, {"--dry-run", "--initrd", noise});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("warning: " + noise + ": begins as no archive"), std::string::npos)
      << outcome.output;
}

// A name of one letter, and four bytes of content where eight are promised
// [linux/Documentation/driver-api/early-userspace/buffer-format.rst].
TEST_F(Input, an_initrd_that_is_cut_is_loaded_and_warned_of) {
  std::string archive = "070701" + std::string(104, '0') + "a" + std::string(1, '\0') + "data";
  archive.replace(14, 8, "000081a4");
  archive.replace(54, 8, "00000008");
  archive.replace(94, 8, "00000002");
  const std::string cut = write("cut", archive);
  const Outcome outcome = load(zimage_, {"--dry-run", "--initrd", cut});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("warning: " + cut +
                                ": Linux would not unpack all of it: it ends "
                                "within a file"),
            std::string::npos)
      << outcome.output;
}

// By mkimage, of "070701" and a newline; see tests/unit/handoff/uimage_sums_test.cpp.
TEST_F(Input, a_uimage_is_what_its_checksums_say) {
  std::string uimage(
      "\x27\x05\x19\x56\x11\x6c\x88\xed\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\0"
      "\xe2\x4e\x3e\x9b\x05\x16\x03\0test",
      36);
  uimage.resize(64);
  uimage += "070701\n";
  const Outcome good = load(zimage_, {"--dry-run", "--initrd", write("good", uimage)});
  EXPECT_EQ(good.exit_code, 0) << good.errors;
  EXPECT_EQ(good.output.find("behind the end"), std::string::npos) << good.output;
  const Outcome longer = load(zimage_, {"--dry-run", "--initrd", write("longer", uimage + "tail")});
  EXPECT_NE(longer.output.find("4 bytes behind the end of the uImage are left out"),
            std::string::npos)
      << longer.output;
  uimage.back() = ' ';
  expect_error(load(zimage_, {"--dry-run", "--initrd", write("bad", uimage)}), 5, "E109",
               path("bad") + ": the uImage's content");
  uimage[8] = '\1';
  expect_error(hyprelay(words("plan", zimage_, {"--initrd", write("bad", uimage)})), 5, "E109",
               path("bad") + ": the uImage's header");
}

TEST_F(Input, a_tree_of_another_machine_is_refused_and_an_overlay_is_named) {
  const auto tree = [&](const std::string& body) {
    const std::string source = write("tree.dts", "/dts-v1/; /plugin/;\n/ { " + body + " };\n");
    EXPECT_EQ(
        run("dtc", {"-q", "-I", "dts", "-O", "dtb", "-o", path("tree.dtb"), source}).exit_code, 0);
    return path("tree.dtb");
  };
  const std::string overlay = tree(
      "compatible = \"acme,board\"; fragment@0 { target-path = \"/\"; "
      "__overlay__ { leds { compatible = \"gpio-leds\"; }; }; };");
  expect_error(load(zimage_, {"--dtb", overlay}), 6, "E20c", "--overlay");
  expect_error(hyprelay({"bundle", zimage_, "--dtb", overlay, "--output", path("out")}), 6, "E20c",
               "--overlay");
  const std::string other = tree("compatible = \"acme,board\";");
  expect_error(load(zimage_, {"--dtb", other}), 6, "E20d",
               "acme,board here, linux,dummy-virt on the running machine");
}

TEST_F(Input, a_bad_machine_file_is_named) {
  expect_error(hyprelay({"plan", zimage_, "--machine", write("text", "hello")}), 11, "E401",
               path("text"));
  expect_error(hyprelay({"plan", zimage_, "--machine", write("list", "[]")}), 11, "E401",
               path("list"));
  nlohmann::json machine = nlohmann::json::parse(read(machine_));
  machine["ram"][0]["start"] = "somewhere";
  expect_error(hyprelay({"plan", zimage_, "--machine", write("ram", machine.dump())}), 11, "E401",
               "/ram/0/start");
  machine = nlohmann::json::parse(read(machine_));
  machine["device_tree"] = "";
  expect_error(hyprelay({"plan", zimage_, "--machine", write("tree", machine.dump())}), 11, "E403",
               "no device tree");
}

TEST_F(Input, errors_are_json_too) {
  const Outcome outcome = load(path("nokernel"), {"--json"});
  EXPECT_EQ(outcome.exit_code, 3);
  const auto json = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(json["error"]["code"], "FILE_MISSING");
  EXPECT_EQ(json["error"]["number"], 3);
  EXPECT_EQ(json["error"]["stage"], "file");
  EXPECT_EQ(json["error"]["subject"], path("nokernel"));
  EXPECT_EQ(json["error"]["exit_code"], 3);
  EXPECT_NE(outcome.errors.find("[E003]"), std::string::npos);
}

TEST_F(Input, a_wrong_command_line_is_explained) {
  expect_error(hyprelay({}), 2, "E002", "a command is missing");
  expect_error(hyprelay({"frobnicate"}), 2, "E002", "there is no command \"frobnicate\"");
  expect_error(hyprelay({"bundle"}), 2, "E002", "KERNEL is missing");
  expect_error(hyprelay({"load", "--machine", machine_}), 2, "E002", "KERNEL is missing");
  expect_error(hyprelay({"load", "k", "--bogus"}), 2, "E002", "--bogus");
  expect_error(hyprelay({"explain", "NO_SUCH_CODE"}), 2, "E002", "NO_SUCH_CODE");
}

}  // namespace
}  // namespace hyprelay::test
