// SPDX-License-Identifier: BSD-2-Clause
// Loading for a panic, on machines that reserved memory for it and machines that did not.
#include "tests/cli/fixture.hpp"

#include <cerrno>

namespace hyprelay::test {
namespace {

class Panic : public Program {};

TEST_F(Panic, the_plan_lies_in_the_region_and_the_command_line_fits) {
  for (const std::string folder : {"armmp-svc", "arm64-max"}) {
    constexpr std::uint64_t kRegion = 192 << 20;
    use(folder, kRegion);
    const Outcome outcome =
        hyprelay(words("plan", folder == "arm64-max" ? image_ : zimage_, {"--panic", "--json"}));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
    const auto json = nlohmann::json::parse(outcome.output);
    EXPECT_EQ(json["panic"], true);
    const std::string line = json["command_line"];
    EXPECT_EQ(line.find("crashkernel="), std::string::npos) << line;
    EXPECT_NE(line.find(folder == "arm64-max" ? " nr_cpus=4 reset_devices "
                                              : " maxcpus=1 reset_devices "),
              std::string::npos)
        << line;
    const std::uint64_t start = json["crash"]["region"]["start"];
    const std::uint64_t end = start + json["crash"]["region"]["size_bytes"].get<std::uint64_t>();
    EXPECT_EQ(json["crash"]["dump_bytes"], (1 << 30) - kRegion);
    bool header = false;
    for (const auto& segment : json["segments"]) {
      header = header || segment["kind"] == "elfcorehdr";
      EXPECT_GE(segment["start"].get<std::uint64_t>(), start);
      EXPECT_LE(segment["start"].get<std::uint64_t>() + segment["size_bytes"].get<std::uint64_t>(),
                end);
    }
    EXPECT_TRUE(header);
  }
}

TEST_F(Panic, a_load_goes_to_the_kernel_as_a_crash_image) {
  use("armmp-svc", 128 << 20);
  const Outcome outcome = hyprelay(words("load", zimage_, {"--panic"}), {.kexec_load = 0});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("it starts when this kernel panics"), std::string::npos)
      << outcome.output;
  expect_error(hyprelay(words("load", zimage_, {"--panic"}), {.kexec_load = EADDRNOTAVAIL}), 12,
               "E41a", "reserved for a crash kernel");
  expect_error(hyprelay({"unload", "--panic"}, {.kexec_load = ENOSYS}), 9, "E411", "unload");
}

TEST_F(Panic, without_a_region_the_parameter_is_named) {
  expect_error(hyprelay(words("load", zimage_, {"--panic"}), {.kexec_load = 0}), 7, "E305",
               "crashkernel=");
}

TEST_F(Panic, a_region_too_small_is_refused_with_the_size) {
  use("armmp-svc", 64 << 20);
  std::string initrd = write("initrd", std::string(40 << 20, '\1'));
  auto all = words("load", zimage_, {"--panic", "--initrd", initrd});
  // The kernel alone fits in, its zImage with it does not.
  EXPECT_EQ(hyprelay(all, {.kexec_load = 0}).exit_code, 0);
  all.emplace_back("--keep-zimage");
  expect_error(hyprelay(all, {.kexec_load = 0}), 7, "E306", "64 MiB at 0x68000000, ");
  initrd = write("initrd", std::string(44 << 20, '\1'));
  const Outcome outcome =
      hyprelay(words("load", zimage_, {"--panic", "--initrd", initrd}), {.kexec_load = 0});
  expect_error(outcome, 7, "E306", "64 MiB at 0x68000000, ");
  EXPECT_NE(outcome.errors.find("crashkernel="), std::string::npos) << outcome.errors;
}

TEST_F(Panic, a_region_that_is_tight_is_warned_of) {
  use("armmp-svc", 64 << 20);
  const Outcome outcome = hyprelay(words("plan", zimage_, {"--panic"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("warning: the crash kernel may run out of memory"),
            std::string::npos)
      << outcome.output;
}

TEST_F(Panic, words_for_a_large_machine_that_the_user_gives_are_kept_and_warned_of) {
  use("armmp-svc", 128 << 20);
  const Outcome outcome = hyprelay(
      words("load", zimage_, {"--panic", "--dry-run", "--append", "mem=32M hugepages=64"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("warning: the crash kernel is told mem=32M ("), std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find("panic_keep_words="), std::string::npos) << outcome.output;
}

TEST_F(Panic, a_region_outside_of_memory_is_named) {
  use("armmp-svc", 128 << 20);
  nlohmann::json machine = nlohmann::json::parse(read(machine_));
  machine["crash_regions"] = {{{"start", 0xf0000000}, {"size_bytes", 128 << 20}}};
  machine_ = write("outside.json", machine.dump());
  expect_error(hyprelay(words("plan", zimage_, {"--panic"})), 11, "E30a", "0xf0000000, 128.0 MiB");
}

// Debian's kernel can be one; the same without the property's name is one that cannot.
TEST_F(Panic, a_kernel_that_cannot_be_a_crash_kernel_is_warned_of) {
  use("arm64-max", 200 << 20);
  const std::string warning = "warning: this kernel was built without CONFIG_CRASH_DUMP";
  Outcome outcome = hyprelay(words("plan", image_, {"--panic"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output.find(warning), std::string::npos);
  std::string bytes = read(image_);
  constexpr std::string_view kProperty = "linux,elfcorehdr";
  for (std::size_t at = 0; (at = bytes.find(kProperty, at)) != std::string::npos;) {
    bytes[at] = 'x';
  }
  outcome = hyprelay(words("plan", write("image", bytes), {"--panic"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find(warning), std::string::npos) << outcome.output;
}

TEST_F(Panic, a_machine_that_nobody_asked_as_root_is_told_so) {
  machine_ = write_machine("arm64-max");
  expect_error(hyprelay(words("plan", image_, {"--panic"})), 11, "E307", "crash_notes");
}

// The call alone drops the crash kernel that was loaded before [linux/kernel/kexec.c
// do_kexec_load], so that whatever is wrong with the new one must be found first. Here the call
// would be answered with EADDRNOTAVAIL, which is E41a.
TEST_F(Panic, every_refusal_comes_before_the_kernel_is_asked) {
  const auto refused = [this](const std::string& kernel, const std::vector<std::string>& more,
                              int exit_code, const char* code, const std::string& text) {
    auto options = more;
    options.insert(options.begin(), "--panic");
    expect_error(hyprelay(words("load", kernel, options), {.kexec_load = EADDRNOTAVAIL}), exit_code,
                 code, text);
  };
  const std::string zimage = read(zimage_);
  refused(zimage_, {}, 7, "E305", "crashkernel=");
  use("armmp-svc", 64 << 20);
  refused(image_, {}, 4, "E102", image_);
  refused(path("none"), {}, 3, "E003", path("none"));
  refused(write("text", std::string(100'000, 't')), {}, 4, "E100", path("text"));
  refused(write("cut", zimage.substr(0, zimage.size() - 4096)), {}, 5, "E104", path("cut"));
  refused(zimage_, {"--initrd", path("none")}, 3, "E003", path("none"));
  refused(zimage_, {"--initrd", write("large", std::string(44 << 20, '\1'))}, 7, "E306",
          "64 MiB at");
  refused(zimage_, {"--dtb", write("dtb", std::string(100, 'x'))}, 6, "E20a",
          "not a flattened device tree");
  machine_ = write_machine("arm64-max");
  refused(image_, {}, 11, "E307", "crash_notes");
  // And with nothing wrong it is asked.
  use("armmp-svc", 128 << 20);
  refused(zimage_, {}, 12, "E41a", "reserved for a crash kernel");
}

// Of what is loaded: the kernel in a zImage, or the zImage.
TEST_F(Panic, the_estimate_is_enough) {
  const std::string initrd = write("initrd", std::string(20 << 20, '\1'));
  std::vector<std::uint64_t> smallest;
  for (const std::vector<std::string>& keep :
       {std::vector<std::string>(), std::vector<std::string>{"--keep-zimage"}}) {
    std::vector<std::string> asked = {"crashkernel", "estimate", "--kernel", zimage_,
                                      "--initrd",    initrd,     "--json"};
    asked.insert(asked.end(), keep.begin(), keep.end());
    const Outcome outcome = hyprelay(asked);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
    const auto json = nlohmann::json::parse(outcome.output);
    EXPECT_GT(json["recommended_bytes"], json["smallest_bytes"]);
    smallest.push_back(json["smallest_bytes"]);
    std::vector<std::string> options = {"--panic", "--initrd", initrd};
    options.insert(options.end(), keep.begin(), keep.end());
    use("armmp-svc", smallest.back());
    EXPECT_EQ(hyprelay(words("plan", zimage_, options)).exit_code, 0);
    use("armmp-svc", smallest.back() - (4 << 20));
    EXPECT_EQ(hyprelay(words("plan", zimage_, options)).exit_code, 7);
  }
  EXPECT_LT(smallest[0], smallest[1]);
  expect_error(hyprelay({"crashkernel", "estimate", "--kernel", initrd}), 4, "E100", initrd);
  expect_error(hyprelay({"crashkernel", "estimate", "--kernel", image_, "--machine", machine_}), 4,
               "E102", image_);
}

}  // namespace
}  // namespace hyprelay::test
