// SPDX-License-Identifier: BSD-2-Clause
// Unified kernel images, made by systemd's ukify around its stub for arm64, and by objcopy.
#include "tests/unit/handoff/packed.hpp"
#include "tests/unit/handoff/workshop.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using Strings = std::vector<std::string>;

class Uki : public testing::Workshop {
 protected:
  void SetUp() override {
    Workshop::SetUp();
    write_text("initrd", "070701 as it were");
    write_text("tree.dts", "/dts-v1/; / { compatible = \"it\", \"that\"; };");
    run("dtc -O dtb -o tree.dtb tree.dts 2>/dev/null");
  }
  static std::string root() { return std::string(HR_CACHE) + "/sysroot/arm64-trixie/usr"; }
  static std::string stub() { return root() + "/lib/systemd/boot/efi/linuxaa64.efi.stub"; }
  Bytes ukify(const std::string& words) const {
    return made("/usr/bin/python3 " + root() + "/bin/ukify build --efi-arch=aa64 --stub=" + stub() +
                    " --output=out.efi " + words + " >/dev/null 2>said || { cat said; false; }",
                "out.efi");
  }
};

TEST_F(Uki, debians_kernels_with_all_that_goes_along) {
  for (const char* suite : {"arm64", "arm64-trixie"}) {
    for (const auto& kernel : testing::debian_kernels(suite)) {
      const Bytes file = ukify("--linux=" + kernel.string() +
                               " --initrd=initrd --devicetree=tree.dtb --uname=6.1.0-50-arm64 "
                               "--cmdline='root=/dev/vda quiet' --os-release=ID=debian");
      const KernelFile read = opened(file);
      EXPECT_EQ(read.layers.at(0), "UKI");
      const Bytes own = content_at(kernel);
      EXPECT_TRUE(same(read.image.bytes, opened(own).image.bytes)) << kernel;
      ASSERT_TRUE(read.contained.initrd && read.contained.tree);
      EXPECT_EQ(base::text_of(*read.contained.initrd), "070701 as it were");
      EXPECT_TRUE(same(*read.contained.tree, content_at(path("tree.dtb"))));
      EXPECT_EQ(read.contained.command_line, "root=/dev/vda quiet");
    }
  }
}

TEST_F(Uki, a_zboot_program_inside) {
  const Bytes image = testing::short_image(0x60000);
  write("Image", image);
  run("gzip -9 -n -k Image");
  // [linux/drivers/firmware/efi/libstub/zboot-header.S] in front of the payload.
  Bytes zboot(0x1000);
  testing::put_text(zboot, 0, std::string_view("MZ\0\0zimg", 8));
  const Bytes payload = content_at(path("Image.gz"));
  testing::put32(zboot, 8, zboot.size());
  testing::put32(zboot, 12, payload.size());
  testing::put_text(zboot, 24, "gzip");
  zboot.insert(zboot.end(), payload.begin(), payload.end());
  const std::string file = write("vmlinuz", zboot);
  run("cp " + stub() +
      " out.efi && aarch64-linux-gnu-objcopy --add-section .linux=vmlinuz "
      "--change-section-vma .linux=0x2000000 out.efi");
  const KernelFile read = opened(content_at(path("out.efi")));
  EXPECT_EQ(read.layers, (Strings{"UKI", "EFI zboot (gzip)"}));
  EXPECT_TRUE(same(read.image.bytes, image));
  EXPECT_FALSE(read.contained.initrd || read.contained.tree || read.contained.command_line);
}

TEST_F(Uki, what_is_none_is_said_to_be_a_program) {
  expect_refused(content_at(stub()), Code::IMAGE_UNKNOWN, "an EFI or Windows program");
  run("cp " + stub() +
      " out.efi && aarch64-linux-gnu-objcopy --add-section .linux=initrd "
      "--change-section-vma .linux=0x2000000 out.efi");
  Bytes x86 = content_at(path("out.efi"));
  expect_refused(x86, Code::IMAGE_UNKNOWN, "file, the kernel in it: looks like a cpio archive");
  const std::uint32_t pe = static_cast<std::uint32_t>(std::to_integer<unsigned>(x86[0x3c]));
  testing::put(x86, pe + 4, 0x8664, 2);
  expect_refused(x86, Code::IMAGE_WRONG_ARCH, "a UKI for PE machine 34404");
}

TEST_F(Uki, cut_or_damaged_a_thousand_times) {
  write("Image", testing::short_image(0x600));
  run("cp " + stub() +
      " out.efi && aarch64-linux-gnu-objcopy --add-section .linux=Image "
      "--change-section-vma .linux=0x2000000 --add-section .cmdline=initrd "
      "--change-section-vma .cmdline=0x3000000 out.efi");
  const Bytes file = content_at(path("out.efi"));
  EXPECT_EQ(opened(file).contained.command_line, "070701 as it were");
  EXPECT_GT(testing::refused_variants(file, tools()), 200);
}

}  // namespace
}  // namespace hyprelay::handoff
