// SPDX-License-Identifier: BSD-2-Clause
// Android's boot images, made by Debian's mkbootimg.
#include "tests/unit/handoff/workshop.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using Strings = std::vector<std::string>;

class Android : public testing::Workshop {
 protected:
  void SetUp() override {
    Workshop::SetUp();
    write("Image", testing::short_image());
    write_text("ramdisk", "070701 generic");
    write_text("second", "second");
    for (const std::string name : {"one", "two"}) {
      write_text(name + ".dts", "/dts-v1/; / { compatible = \"" + name + "\"; };");
      run("dtc -O dtb -o " + name + ".dtb " + name + ".dts 2>/dev/null");
    }
  }
  std::string program() const {
    return "/usr/bin/python3 " + std::string(HR_CACHE) + "/sysroot/arm64-trixie/usr/bin/mkbootimg ";
  }
  Bytes boot(const std::string& words) const {
    return made(program() + "--kernel Image " + words + " --output boot.img >/dev/null",
                "boot.img");
  }
  Bytes vendor(const std::string& words) const {
    return made(program() + words + " --vendor_boot vendor.img >/dev/null", "vendor.img");
  }
  static std::string text(const std::optional<base::ByteView>& bytes) {
    return bytes ? std::string(base::text_of(*bytes)) : "none";
  }
};

TEST_F(Android, versions_0_to_2_hold_all_of_it) {
  const std::string long_line = "first=" + std::string(700, 'x') + " last=1";
  for (const int version : {0, 1, 2}) {
    for (const char* page : {"2048", "4096", "16384"}) {
      const std::string words = "--header_version " + std::to_string(version) + " --pagesize " +
                                page + " --ramdisk ramdisk --second second --cmdline '" +
                                long_line + "'" + (version >= 1 ? " --recovery_dtbo second" : "") +
                                (version >= 2 ? " --dtb one.dtb" : "");
      const Bytes file = boot(words);
      const KernelFile read = opened(file);
      SCOPED_TRACE(words);
      EXPECT_EQ(read.layers, Strings{"Android boot image, version " + std::to_string(version)});
      EXPECT_TRUE(same(read.image.bytes, testing::short_image()));
      EXPECT_EQ(text(read.contained.initrd), "070701 generic");
      EXPECT_EQ(read.contained.command_line, long_line);
      EXPECT_EQ(read.contained.tree.has_value(), version == 2);
      if (version == 2) {
        EXPECT_TRUE(same(*read.contained.tree, content_at(path("one.dtb"))));
      }
      EXPECT_TRUE(read.contained.warnings.empty());
      EXPECT_EQ(read.contained.parts.at(0).says, "id is right");
    }
  }
}

TEST_F(Android, an_id_that_is_not_its_contents_is_warned_of) {
  Bytes file = boot("--header_version 0 --ramdisk ramdisk");
  file[2048 + 0x2000] ^= std::byte{1};
  const KernelFile read = opened(file);
  ASSERT_EQ(read.contained.warnings.size(), 1U);
  EXPECT_NE(read.contained.warnings[0].find("is not the SHA-1 of what it holds"),
            std::string::npos);
}

TEST_F(Android, of_several_trees_each_is_offered) {
  run("cat one.dtb two.dtb >both.dtb");
  const Bytes file = boot("--header_version 2 --dtb both.dtb");
  const KernelFile read = opened(file);
  ASSERT_EQ(read.contained.trees.size(), 2U);
  EXPECT_FALSE(read.contained.tree);
  EXPECT_TRUE(same(read.contained.trees[1], content_at(path("two.dtb"))));
}

TEST_F(Android, versions_3_and_4_alone_lack_the_vendors_part) {
  for (const int version : {3, 4}) {
    const KernelFile read = opened(
        boot("--header_version " + std::to_string(version) + " --ramdisk ramdisk --cmdline a=b"));
    EXPECT_EQ(text(read.contained.initrd), "070701 generic");
    EXPECT_EQ(read.contained.command_line, "a=b");
    ASSERT_EQ(read.contained.notes.size(), 1U);
    EXPECT_NE(read.contained.notes[0].find("--vendor-boot"), std::string::npos);
  }
}

TEST_F(Android, vendor_boot_of_version_3) {
  write_text("vendor", "070701 vendor, ");
  const Bytes extra =
      vendor("--header_version 3 --vendor_ramdisk vendor --dtb one.dtb --vendor_cmdline v=1");
  KernelTools tools = Workshop::tools();
  tools.vendor_boot = extra;
  const Bytes file = boot("--header_version 3 --ramdisk ramdisk --cmdline a=b");
  const KernelFile read = opened(file, tools);
  EXPECT_EQ(text(read.contained.initrd), "070701 vendor, 070701 generic");
  EXPECT_EQ(read.contained.command_line, "a=b v=1");
  EXPECT_TRUE(same(read.contained.tree.value(), content_at(path("one.dtb"))));
}

TEST_F(Android, vendor_boot_of_version_4_with_its_fragments_and_bootconfig) {
  write_text("platform", "070701 platform, ");
  write_text("recovery", "070701 recovery, ");
  write_text("dlkm", "070701 dlkm, ");
  write_text("config", "androidboot.hardware=board\n");
  const Bytes extra = vendor(
      "--header_version 4 --dtb one.dtb --vendor_bootconfig config "
      "--ramdisk_type PLATFORM --ramdisk_name '' --vendor_ramdisk_fragment platform "
      "--ramdisk_type RECOVERY --ramdisk_name recovery --vendor_ramdisk_fragment recovery "
      "--ramdisk_type DLKM --ramdisk_name modules --vendor_ramdisk_fragment dlkm");
  KernelTools tools = Workshop::tools();
  tools.vendor_boot = extra;
  const Bytes file = boot("--header_version 4 --ramdisk ramdisk");
  const KernelFile read = opened(file, tools);
  const std::string ramdisk = "070701 platform, 070701 dlkm, 070701 generic";
  ASSERT_EQ(ramdisk.size(), 44U);
  // 27 bytes and a zero; their number; their sum; the magic: as the kernel's documentation says.
  std::string config = "androidboot.hardware=board\n";
  config.push_back('\0');
  std::uint32_t sum = 0;
  for (const char c : config) {
    sum += static_cast<unsigned char>(c);
  }
  std::string trailer(8, '\0');
  trailer[0] = 28;
  trailer[4] = static_cast<char>(sum & 0xff);
  trailer[5] = static_cast<char>(sum >> 8);
  EXPECT_EQ(text(read.contained.initrd), ramdisk + config + trailer + "#BOOTCONFIG\n");
  EXPECT_EQ(read.contained.command_line, "bootconfig");
  EXPECT_EQ(read.contained.notes.size(), 1U);
}

TEST_F(Android, what_does_not_go_together_is_refused) {
  const Bytes extra = vendor("--header_version 3 --vendor_ramdisk ramdisk --dtb one.dtb");
  KernelTools tools = Workshop::tools();
  tools.vendor_boot = extra;
  expect_refused(boot("--header_version 2 --dtb one.dtb"), Code::IMAGE_VENDOR, "of version 2",
                 tools);
  expect_refused(testing::short_image(), Code::IMAGE_VENDOR, "no Android boot image", tools);
  const Bytes other = testing::short_image();
  tools.vendor_boot = other;
  expect_refused(boot("--header_version 3"), Code::IMAGE_VENDOR, "no vendor_boot of version",
                 tools);
  tools.vendor_boot = base::ByteView(extra).first(extra.size() / 2);
  expect_refused(boot("--header_version 3"), Code::IMAGE_TRUNCATED, "vendor_boot's", tools);
  // Its rows are of one ramdisk, all of it each.
  const std::string fragment = " --vendor_ramdisk_fragment ramdisk";
  Bytes rows = vendor("--header_version 4 --dtb one.dtb --ramdisk_type PLATFORM --ramdisk_name ''" +
                      fragment + " --ramdisk_type DLKM --ramdisk_name modules" + fragment);
  const std::string_view name = "modules";
  const auto row = std::search(rows.begin(), rows.end(), base::bytes_of(name).begin(),
                               base::bytes_of(name).end()) -
                   12;
  row[4] = std::byte{0};
  tools.vendor_boot = rows;
  EXPECT_TRUE(opened(boot("--header_version 4"), tools).contained.initrd);
  row[0] = row[0] << 1;
  expect_refused(boot("--header_version 4"), Code::IMAGE_VENDOR, "lie over one another", tools);
  run(": >Image");
  expect_refused(boot("--header_version 4 --ramdisk ramdisk"), Code::IMAGE_NO_KERNEL, "init_boot");
}

TEST_F(Android, a_thousand_damaged_ones_of_each) {
  write("Image", testing::short_image(0x600));
  for (const std::string version : {"0", "1", "2", "3"}) {
    EXPECT_GT(testing::refused_variants(boot("--header_version " + version + " --ramdisk ramdisk" +
                                             (version == "2" ? " --dtb one.dtb" : "")),
                                        Workshop::tools()),
              100)
        << version;
  }
  write_text("config", "a=b\n");
  Bytes extra = vendor(
      "--header_version 4 --dtb one.dtb --vendor_bootconfig config --ramdisk_type "
      "DLKM --ramdisk_name modules --vendor_ramdisk_fragment ramdisk");
  const Bytes file = boot("--header_version 4 --ramdisk ramdisk");
  KernelTools tools = Workshop::tools();
  tools.vendor_boot = extra;
  EXPECT_GT(testing::refused_variants(file, tools), 80);
  // And the vendor's.
  std::mt19937 random(2);
  for (int i = 0; i < testing::kManyVariants; ++i) {
    Bytes variant = extra;
    for (unsigned changes = 1 + random() % 4; changes != 0; --changes) {
      variant[random() % 2200] = static_cast<std::byte>(random());
    }
    variant.resize(i % 4 == 0 ? random() % variant.size() + 1 : variant.size());
    tools.vendor_boot = variant;
    const auto read = read_kernel(file, "file", tools);
    EXPECT_TRUE(read || read.error().stage() == base::Stage::kImage);
  }
}

}  // namespace
}  // namespace hyprelay::handoff
