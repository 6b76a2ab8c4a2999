// SPDX-License-Identifier: BSD-2-Clause
// hyprelay image, and what load makes of a kernel's company: containers around Debian's kernels, by
// the programs that make them.
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

using Json = nlohmann::json;

class Image : public Program {
 protected:
  void SetUp() override {
    Program::SetUp();
    initrd_ = write("initrd", "0707010" + std::string(9993, '0'));
  }
  void shell(const std::string& command) const {
    const Outcome outcome = run("sh", {"-c", "cd '" + directory_.string() + "' && " + command});
    EXPECT_EQ(outcome.exit_code, 0) << command << outcome.errors;
  }
  // A FIT of a kernel, the initrd and a tree.
  std::string fit(const std::string& kernel_file, const std::string& arch,
                  const std::string& tree) const {
    write(
        "fit.its",
        "/dts-v1/; / { description = \"it\"; #address-cells = <1>; images {\n"
        "k { description = \"k\"; data = /incbin/(\"" +
            kernel_file + "\"); type = \"kernel\"; arch = \"" + arch +
            "\"; os = \"linux\"; compression = \"none\"; load = <0>; entry = <0>; hash-1 { algo = "
            "\"sha256\"; }; };\n"
            "r { description = \"r\"; data = /incbin/(\"initrd\"); type = \"ramdisk\"; arch = \"" +
            arch +
            "\"; os = \"linux\"; compression = \"none\"; hash-1 { algo = \"sha1\"; }; };\n"
            "t { description = \"t\"; data = /incbin/(\"" +
            tree + "\"); type = \"flat_dt\"; arch = \"" + arch +
            "\"; compression = \"none\"; }; };\n"
            "configurations { default = \"c\"; c { kernel = \"k\"; ramdisk = \"r\"; fdt = \"t\"; "
            "}; }; };\n");
    shell("mkimage -E -f fit.its fit.itb >/dev/null");
    return path("fit.itb");
  }
  Json told(const std::vector<std::string>& more, int exit_code = 0) const {
    std::vector<std::string> all = {"image"};
    all.insert(all.end(), more.begin(), more.end());
    all.emplace_back("--json");
    const Outcome outcome = hyprelay(all);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.output << outcome.errors;
    return Json::parse(outcome.output);
  }
  Json plan(const std::string& file, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = words("plan", file, more);
    all.emplace_back("--json");
    const Outcome outcome = hyprelay(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return outcome.exit_code == 0 ? Json::parse(outcome.output) : Json();
  }
  static bool says(const Json& sentences, std::string_view part) {
    return std::ranges::any_of(sentences, [&](const Json& one) {
      return one.get<std::string>().find(part) != std::string::npos;
    });
  }
  static std::uint64_t bytes_of(const Json& plan, std::string_view kind) {
    for (const Json& segment : plan["segments"]) {
      if (segment["kind"] == kind) {
        return segment["content_bytes"];
      }
    }
    return 0;
  }
  std::string initrd_;
};

TEST_F(Image, debians_kernels_are_told_as_they_are) {
  const Json arm = told({zimage_});
  EXPECT_EQ(arm["layers"], Json::array());
  EXPECT_EQ(arm["kernel"]["format"], "zImage");
  EXPECT_EQ(arm["kernel"]["lpae"], false);
  EXPECT_EQ(arm["kernel"]["keeps_hyp"], true);
  EXPECT_EQ(arm["kernel"]["modes"], Json({"HYP", "SVC"}));
  EXPECT_EQ(arm["refused"], nullptr);
  EXPECT_EQ(told({kernel("armhf", "-armmp-lpae")})["kernel"]["lpae"], true);
  const auto needs = [&](const std::string& file) {
    const std::string said = hyprelay({"image", file}).output;
    const std::size_t at = said.find("  needs: ");
    return at == std::string::npos ? said : said.substr(at, said.find('\n', at) - at);
  };
  EXPECT_EQ(needs(zimage_), "  needs:        little endian, pages of 4 KiB");
  EXPECT_EQ(needs(kernel("armhf", "-armmp-lpae")),
            "  needs:        little endian, pages of 4 KiB, a CPU with LPAE");
  const Json arm64 = told({image_});
  EXPECT_EQ(arm64["kernel"]["format"], "Image");
  EXPECT_EQ(arm64["kernel"]["page_size_bytes"], 4096);
  EXPECT_EQ(arm64["kernel"]["anywhere"], true);
  const Outcome text = hyprelay({"image", image_});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_NE(text.output.find("  architecture: arm64\n"), std::string::npos) << text.output;
  EXPECT_NE(text.output.find("pages of 4 KiB"), std::string::npos) << text.output;
}

TEST_F(Image, a_fit_brings_initrd_and_tree_and_options_take_their_place) {
  const std::string file = fit(zimage_, "arm", tree_of("armmp"));
  const Json json = told({file});
  EXPECT_EQ(json["layers"], Json({"FIT, configuration c"}));
  ASSERT_EQ(json["parts"].size(), 3u);
  EXPECT_EQ(json["parts"][0]["says"], "sha256 is right");
  const Json planned = plan(file);
  EXPECT_EQ(bytes_of(planned, "initrd"), 10000u);
  EXPECT_EQ(planned["device_tree"], "the device tree in " + file);
  EXPECT_TRUE(says(planned["notes"], "--dtb /sys/firmware/fdt")) << planned["notes"];
  const std::string other = write("other", "070701" + std::string(500, '0'));
  const Json given = plan(file, {"--initrd", other, "--dtb", tree_of("armmp")});
  EXPECT_EQ(bytes_of(given, "initrd"), 506u);
  EXPECT_EQ(given["device_tree"], tree_of("armmp"));
  EXPECT_TRUE(says(given["notes"], "the initrd in it is left out")) << given["notes"];
  // Sealed, too.
  const Outcome loaded = hyprelay(words("load", file), {.kexec_load = 0});
  EXPECT_EQ(loaded.exit_code, 0) << loaded.errors;
}

// Its initrd is unpacked to be measured, as one of a file is.
TEST_F(Image, a_crash_kernels_initrd_is_measured_where_it_is) {
  shell(
      "mkdir tree && head -c 3000000 /dev/zero >tree/zeroes && cd tree && "
      "find . | cpio -o -H newc 2>/dev/null | gzip >../initrd");
  const std::string file = fit(zimage_, "arm", tree_of("armmp"));
  const auto estimate = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = {"crashkernel", "estimate", "--machine", machine_, "--json"};
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = hyprelay(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return Json::parse(outcome.output);
  };
  const Json contained = estimate({"--kernel", file});
  EXPECT_EQ(contained["initrd_not_measured"], "");
  EXPECT_GT(contained["unpacked_initrd_bytes"], 3000000);
  EXPECT_EQ(contained, estimate({"--kernel", zimage_, "--initrd", path("initrd")}));
}

TEST_F(Image, a_container_has_a_command_line_unless_one_is_given) {
  const std::string program = std::string(HR_CACHE) + "/sysroot/arm64-trixie/usr/bin/mkbootimg";
  shell("/usr/bin/python3 " + program + " --header_version 0 --kernel " + zimage_ +
        " --ramdisk initrd --cmdline 'console=ttyAMA0 of=android' --output boot.img");
  const std::string file = path("boot.img");
  const std::string running = plan(zimage_)["command_line"];
  EXPECT_EQ(plan(file)["command_line"], "console=ttyAMA0 of=android");
  EXPECT_EQ(plan(file, {"--append", "mine"})["command_line"], "mine");
  EXPECT_EQ(plan(file, {"--reuse-cmdline"})["command_line"],
            running + " console=ttyAMA0 of=android");
  EXPECT_EQ(told({file})["command_line"], "console=ttyAMA0 of=android");
}

// What image says, plan says, with the same exit code.
TEST_F(Image, what_is_refused_is_refused_everywhere_alike) {
  shell("mkimage -A arm -O linux -T kernel -C none -d '" + zimage_ +
        "' good >/dev/null && "
        "mkimage -A arm -O linux -T ramdisk -C none -d initrd ramdisk >/dev/null && "
        "mkimage -A x86 -O linux -T kernel -C none -d '" +
        zimage_ +
        "' x86 >/dev/null && "
        "{ head -c 100000 good; printf X; tail -c +100002 good; } >damaged && "
        "head -c 100000 good >cut && dtc -O dtb -o plain.dtb - <<'E' 2>/dev/null\n/dts-v1/; / { "
        "};\nE\n");
  const std::string no_config = fit(zimage_, "arm", tree_of("armmp"));
  struct Case {
    std::string file;
    const char* code;
    int exit_code;
    std::vector<std::string> more;
  };
  for (const Case& one :
       {Case{path("ramdisk"), "IMAGE_NO_KERNEL", 4, {}},
        Case{path("x86"), "IMAGE_WRONG_ARCH", 4, {}}, Case{path("damaged"), "IMAGE_SUM", 5, {}},
        Case{path("cut"), "IMAGE_TRUNCATED", 5, {}},
        Case{path("plain.dtb"), "IMAGE_UNKNOWN", 4, {}},
        Case{no_config, "FIT_CONFIG", 4, {"--fit-config", "none"}},
        Case{path("good"), "IMAGE_VENDOR", 4, {"--vendor-boot", initrd_}}}) {
    std::vector<std::string> more = one.more;
    more.insert(more.begin(), one.file);
    const Json json = told(more, one.exit_code);
    EXPECT_EQ(json["refused"]["code"], one.code) << one.file;
    EXPECT_FALSE(json["refused"]["remedy"].get<std::string>().empty());
    const Outcome planned = hyprelay(words("plan", one.file, one.more));
    EXPECT_EQ(planned.exit_code, one.exit_code) << planned.errors;
    const Outcome text = hyprelay({"image", one.file});
    EXPECT_TRUE(text.exit_code == 0 || text.output.find("\n  remedy: ") != std::string::npos);
  }
}

}  // namespace
}  // namespace hyprelay::test
