// SPDX-License-Identifier: BSD-2-Clause
// hyprelay hyp-check: what it writes is what loaders take.
#include "handoff/image.hpp"
#include "tests/cli/fixture.hpp"

namespace hyprelay::test {
namespace {

class HypCheck : public Program {};

TEST_F(HypCheck, writes_kernels_as_the_loaders_read_them) {
  for (const char* arch : {"arm", "arm64"}) {
    const Outcome outcome = hyprelay({"hyp-check", "--emit", path("image"), "--arch", arch});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    const std::string image = read(path("image"));
    const auto view = handoff::read_image(std::as_bytes(std::span(image)), "image");
    ASSERT_TRUE(view) << arch;
    EXPECT_EQ(handoff::arch_name(view.value().arch), std::string(arch));
    // It grows with what it reports, but a serial line is often all there is to load it by.
    EXPECT_LT(image.size(), 0x10000u) << arch;
  }
}

TEST_F(HypCheck, writes_an_elf) {
  const Outcome outcome =
      hyprelay({"hyp-check", "--emit", path("elf"), "--arch", "arm64", "--format", "elf"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_TRUE(read(path("elf"))
                  .starts_with("\x7f"
                               "ELF\x02"));
}

TEST_F(HypCheck, says_what_is_wrong) {
  expect_error(hyprelay({"hyp-check", "--arch", "arm"}), 2, "E002", "--emit is missing");
  expect_error(hyprelay({"hyp-check", "--emit", path("x"), "--arch", "mips"}), 2, "E002",
               "\"mips\" is none of: arm arm64");
  expect_error(hyprelay({"hyp-check", "--emit", path("no/folder"), "--arch", "arm"}), 3, "E005",
               "no/folder");
#ifndef __aarch64__
  expect_error(hyprelay({"hyp-check", "--emit", path("x")}), 2, "E002", "--arch is missing");
#endif
}

}  // namespace
}  // namespace hyprelay::test
