// SPDX-License-Identifier: BSD-2-Clause
// Flattened image trees, made by mkimage and dtc.
#include "tests/unit/handoff/workshop.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using Strings = std::vector<std::string>;

std::string image(const std::string& name, const std::string& file, const std::string& type,
                  const std::string& more = "compression = \"none\";",
                  const std::string& hash = "sha256") {
  return name + " { description = \"it\"; data = /incbin/(\"" + file + "\"); type = \"" + type +
         "\"; arch = \"arm64\"; os = \"linux\"; load = <0x40000000>; entry = <0x40000000>; " +
         more + (hash.empty() ? "" : " hash-1 { algo = \"" + hash + "\"; };") + " };\n";
}

std::string fit(const std::string& images, const std::string& configurations) {
  return "/dts-v1/; / { description = \"a FIT\"; #address-cells = <1>; images { " + images +
         " }; configurations { " + configurations + " }; };\n";
}

const std::string kTwo =
    "default = \"conf-1\"; conf-1 { kernel = \"k\"; ramdisk = \"r\"; fdt = \"t\"; }; "
    "conf-2 { kernel = \"k\"; fdt = \"u\", \"o\"; loadables = \"r\"; };";

class Fit : public testing::Workshop {
 protected:
  void SetUp() override {
    Workshop::SetUp();
    write("Image", testing::short_image());
    write_text("initrd", "070701 as it were");
    for (const std::string name : {"t", "u", "o"}) {
      write_text(name + ".dts", "/dts-v1/; / { name-of-it = \"" + name + "\"; };");
      run("dtc -O dtb -o " + name + ".dtb " + name + ".dts 2>/dev/null");
    }
  }
  Bytes mkimage(const std::string& source, const std::string& words = "") const {
    write_text("fit.its", source);
    return made("mkimage " + words + " -f fit.its out >/dev/null", "out");
  }
  static std::string images() {
    return image("k", "Image", "kernel") + image("r", "initrd", "ramdisk") +
           image("t", "t.dtb", "flat_dt") + image("u", "u.dtb", "flat_dt") +
           image("o", "o.dtb", "flat_dt");
  }
  void expect_first(const KernelFile& read) const {
    EXPECT_EQ(read.layers, Strings{"FIT, configuration conf-1"});
    EXPECT_TRUE(same(read.image.bytes, testing::short_image()));
    ASSERT_TRUE(read.contained.initrd);
    EXPECT_EQ(base::text_of(*read.contained.initrd), "070701 as it were");
    ASSERT_TRUE(read.contained.tree);
    EXPECT_TRUE(same(*read.contained.tree, content_at(path("t.dtb"))));
    EXPECT_TRUE(read.contained.overlays.empty());
    EXPECT_TRUE(read.contained.warnings.empty());
  }
};

TEST_F(Fit, the_default_configuration_with_its_data_inside_behind_or_somewhere) {
  for (const std::string words : {"", "-E", "-E -p 0x8000", "-E -B 0x1000"}) {
    const KernelFile read = opened(mkimage(fit(images(), kTwo), words));
    SCOPED_TRACE(words);
    expect_first(read);
    for (const ContainedPart& part : read.contained.parts) {
      EXPECT_EQ(part.says, "sha256 is right") << part.name;
    }
  }
}

TEST_F(Fit, another_configuration_by_its_name) {
  const Bytes file = mkimage(fit(images(), kTwo));
  KernelTools tools = Workshop::tools();
  tools.fit_config = "conf-2";
  const KernelFile read = opened(file, tools);
  EXPECT_EQ(read.layers, Strings{"FIT, configuration conf-2"});
  EXPECT_FALSE(read.contained.initrd);
  EXPECT_TRUE(same(read.contained.tree.value(), content_at(path("u.dtb"))));
  ASSERT_EQ(read.contained.overlays.size(), 1U);
  EXPECT_TRUE(same(read.contained.overlays[0], content_at(path("o.dtb"))));
  EXPECT_EQ(read.contained.notes.at(0),
            "file: loadable \"r\" is left out: it is for a bootloader to place");
  tools.fit_config = "conf-3";
  expect_refused(file, Code::FIT_CONFIG, "not \"conf-3\"; there are conf-1, conf-2", tools);
  const std::string none = kTwo.substr(kTwo.find("conf-1 {"));
  expect_refused(mkimage(fit(images(), none)), Code::FIT_CONFIG, "no default; there are conf-1");
}

TEST_F(Fit, every_hash_is_compared) {
  for (const std::string hash : {"crc32", "md5", "sha1", "sha256", "sha384", "sha512"}) {
    Bytes file = mkimage(fit(image("k", "Image", "kernel", "compression = \"none\";", hash),
                             "c { kernel = \"k\"; };"));
    EXPECT_EQ(opened(file).contained.parts.at(0).says, hash + " is right");
    const Bytes kernel = testing::short_image();
    const auto at = std::search(file.begin(), file.end(), kernel.begin(), kernel.end());
    ASSERT_NE(at, file.end());
    at[0x2222] ^= std::byte{0x10};
    expect_refused(file, Code::IMAGE_SUM, "image k, " + hash);
  }
}

// dtc writes what mkimage refuses to.
TEST_F(Fit, a_hash_of_no_known_kind_is_told_and_so_is_none) {
  write_text("fit.its", fit("k { data = /incbin/(\"Image\"); type = \"kernel\"; arch = \"arm64\"; "
                            "hash-1 { algo = \"rot13\"; value = <1>; }; };",
                            "c { kernel = \"k\"; };"));
  const KernelFile read = opened(made("dtc -O dtb -o out fit.its 2>/dev/null", "out"));
  ASSERT_EQ(read.contained.warnings.size(), 1U);
  EXPECT_NE(read.contained.warnings[0].find("\"rot13\" is of no kind that is known"),
            std::string::npos);
}

TEST_F(Fit, of_no_bytes_a_ramdisk_has_a_hash_too) {
  write("initrd", Bytes());
  for (const std::string words : {"", "-E"}) {
    const KernelFile read = opened(mkimage(fit(images(), kTwo), words));
    ASSERT_TRUE(read.contained.initrd) << words;
    EXPECT_TRUE(read.contained.initrd->empty());
  }
}

TEST_F(Fit, packed_kernels_and_trees_are_unpacked) {
  run("gzip -k Image && gzip -k t.dtb && zstd -q -k Image");
  const std::string gzip = "compression = \"gzip\";";
  const KernelFile read = opened(
      mkimage(fit(image("k", "Image.gz", "kernel", gzip) + image("t", "t.dtb.gz", "flat_dt", gzip),
                  "c { kernel = \"k\"; fdt = \"t\"; };"),
              "-E"));
  EXPECT_EQ(read.layers, (Strings{"FIT, configuration c", "gzip"}));
  EXPECT_TRUE(same(read.image.bytes, testing::short_image()));
  EXPECT_TRUE(same(read.contained.tree.value(), content_at(path("t.dtb"))));
  expect_refused(mkimage(fit(image("k", "Image.zst", "kernel", gzip), "c { kernel = \"k\"; };")),
                 Code::IMAGE_PACKING, "said to be gzip, is zstd");
  expect_refused(mkimage(fit(image("k", "Image", "kernel", "compression = \"rot13\";"),
                             "c { kernel = \"k\"; };")),
                 Code::IMAGE_PACKING, "image k: \"rot13\"");
}

// A small file does not become gigabytes, or hours.
TEST_F(Fit, what_would_make_much_of_little_is_refused) {
  const std::string kernel = image("k", "Image", "kernel");
  const auto with_trees = [&](const std::string& names) {
    return "c { kernel = \"k\"; fdt = " + names + "; };";
  };
  expect_refused(mkimage(fit(images(), with_trees("\"t\", \"o\", \"o\""))), Code::IMAGE_LIES,
                 "or one of them twice");
  std::string trees;
  std::string names;
  for (int i = 0; i < 33; ++i) {
    const std::string name = "t" + std::to_string(i);
    trees += image(name, "t.dtb", "flat_dt");
    names += (i == 0 ? "\"" : ", \"") + name + "\"";
  }
  expect_refused(mkimage(fit(kernel + trees, with_trees(names))), Code::IMAGE_LIES,
                 "names too many device trees");
  std::string hashes = "crc32";
  for (int i = 2; i < 10; ++i) {
    hashes += "\"; }; hash-" + std::to_string(i) + " { algo = \"crc32";
  }
  const std::string hashed = image("t", "t.dtb", "flat_dt", "compression = \"none\";", hashes);
  expect_refused(mkimage(fit(kernel + hashed, with_trees("\"t\""))), Code::IMAGE_LIES,
                 "image t has too many hashes");
  write("t.dtb", Bytes((16 << 20) + 1));
  expect_refused(mkimage(fit(kernel + image("t", "t.dtb", "flat_dt"), with_trees("\"t\"")), "-E"),
                 Code::IMAGE_LIES, "larger than any device tree");
  // Five of 16 MiB in some kilobytes each.
  write("t.dtb", Bytes(16 << 20));
  run("gzip t.dtb");
  trees.clear();
  for (const std::string name : {"a", "b", "d", "e", "f"}) {
    trees += image(name, "t.dtb.gz", "flat_dt", "compression = \"gzip\";");
  }
  expect_refused(mkimage(fit(kernel + trees, with_trees("\"a\", \"b\", \"d\", \"e\", \"f\""))),
                 Code::IMAGE_COMPRESSED, "image f");
}

// A tree of more than 64 MiB, which no tree of a board may be.
TEST_F(Fit, debians_kernel_with_an_initrd_of_seventy_mib) {
  write("initrd", Bytes(70 << 20, std::byte{'0'}));
  for (const auto& kernel : testing::debian_kernels("armhf")) {
    std::filesystem::copy_file(kernel, path("vmlinuz"),
                               std::filesystem::copy_options::overwrite_existing);
    const KernelFile read =
        opened(mkimage(fit(image("k", "vmlinuz", "kernel", "compression = \"none\";", "crc32") +
                               image("r", "initrd", "ramdisk", "compression = \"none\";", ""),
                           "c { kernel = \"k\"; ramdisk = \"r\"; };")));
    EXPECT_EQ(read.image.arch, Arch::kArm);
    EXPECT_TRUE(same(read.image.bytes, opened(content_at(kernel)).image.bytes));
    EXPECT_EQ(read.contained.initrd->size(), std::size_t{70} << 20);
    break;
  }
}

TEST_F(Fit, what_cannot_be_started_is_refused_with_the_image) {
  const std::string only = "c { kernel = \"k\"; };";
  std::string x86 = image("k", "Image", "kernel");
  x86.replace(x86.find("\"arm64\""), 7, "\"x86\"");
  expect_refused(mkimage(fit(x86, only)), Code::IMAGE_WRONG_ARCH, "image k is for x86");
  std::string bsd = image("k", "Image", "kernel");
  bsd.replace(bsd.find("\"linux\""), 7, "\"netbsd\"");
  expect_refused(mkimage(fit(bsd, only)), Code::IMAGE_NO_KERNEL, "image k is of netbsd");
  expect_refused(mkimage(fit(image("k", "t.dtb", "flat_dt"), "c { fdt = \"k\"; };")),
                 Code::IMAGE_NO_KERNEL, "FIT, configuration c");
  write_text("fit.its", fit(image("k", "Image", "kernel"), "c { kernel = \"no\"; };"));
  expect_refused(made("dtc -O dtb -o out fit.its 2>/dev/null", "out"), Code::IMAGE_LIES,
                 "there is no image \"no\"");
  expect_refused(content_at(path("t.dtb")), Code::IMAGE_UNKNOWN, "looks like a device tree");
}

TEST_F(Fit, what_mkimage_has_encrypted_is_refused) {
  write_text("aes.bin", "0123456789abcdef0123456789abcdef");
  write_text("iv.bin", "0123456789abcdef");
  write_text("empty.dts", "/dts-v1/; / { };");
  const std::string cipher =
      "compression = \"none\"; cipher { algo = \"aes256\"; key-name-hint = \"aes\"; iv-name-hint = "
      "\"iv\"; };";
  write_text("fit.its", fit(image("k", "Image", "kernel", cipher), "c { kernel = \"k\"; };"));
  run("dtc -O dtb -o keys.dtb empty.dts");
  expect_refused(made("mkimage -f fit.its -k . -K keys.dtb -r out >/dev/null", "out"),
                 Code::IMAGE_ENCRYPTED, "image k");
}

TEST_F(Fit, cut_it_is_refused) {
  const Bytes inside = mkimage(fit(images(), kTwo));
  const Bytes outside = mkimage(fit(images(), kTwo), "-E");
  for (const Bytes* file : {&inside, &outside}) {
    for (std::size_t size = 64; size < file->size() - 64; size += 997) {
      EXPECT_EQ(refusal(base::ByteView(*file).first(size)).code(), Code::IMAGE_TRUNCATED) << size;
    }
  }
}

TEST_F(Fit, at_an_odd_address_too) {
  Bytes file = mkimage(fit(images(), kTwo));
  file.insert(file.begin(), std::byte{0});
  expect_first(opened_there(base::ByteView(file).subspan(1)));
}

TEST_F(Fit, a_thousand_damaged_ones) {
  write("Image", testing::short_image(0x400));
  EXPECT_GT(testing::refused_variants(mkimage(fit(images(), kTwo)), tools()), 400);
  EXPECT_GT(testing::refused_variants(mkimage(fit(images(), kTwo), "-E"), tools()), 400);
}

}  // namespace
}  // namespace hyprelay::handoff
