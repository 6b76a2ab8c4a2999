// SPDX-License-Identifier: BSD-2-Clause
// A dump on a raw partition, for which a file stands.
#include "capture/linux/device.hpp"

#include "capture/device_header.hpp"
#include "capture/linux/target.hpp"
#include "capture/names.hpp"
#include "tests/unit/capture/support.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

namespace hyprelay::test {
namespace {

using base::Code;
using capture::DeviceHeader;
namespace fs = std::filesystem;

TEST(DeviceHeader, comes_back_as_it_was) {
  DeviceHeader header;
  header.complete = true;
  header.dump_name = "20261120T112910Z-6.1.0-50-armmp";
  header.image_name = "vmcore.zst";
  header.log_bytes = 4097;
  header.image_bytes = std::uint64_t{5} << 32;
  header.log_digest.fill(std::byte{1});
  header.image_digest.fill(std::byte{2});
  const auto block = capture::encode(header);
  ASSERT_EQ(block.size(), capture::kDeviceBlock);
  const auto decoded = capture::decode(block);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded.value(), header);
  EXPECT_EQ(header.image_offset(), 3 * capture::kDeviceBlock);
}

TEST(DeviceHeader, any_damage_is_seen) {
  DeviceHeader header;
  header.dump_name = "dump";
  header.image_name = "vmcore";
  const auto block = capture::encode(header);
  for (std::size_t at = 0; at < block.size(); at += 37) {
    auto damaged = block;
    damaged[at] ^= std::byte{0x10};
    expect_code(capture::decode(damaged),
                at < 8 ? Code::CAPTURE_DEVICE_EMPTY : Code::CAPTURE_DAMAGED);
  }
  expect_code(capture::decode(base::ByteView(block).first(4095)), Code::CAPTURE_DEVICE_EMPTY);
}

TEST(DeviceHeader, names_that_lead_elsewhere_are_refused) {
  for (const char* name : {".", "..", "../../etc/passwd"}) {
    DeviceHeader header;
    header.dump_name = name;
    header.image_name = "vmcore";
    expect_code(capture::decode(capture::encode(header)), Code::CAPTURE_DAMAGED);
  }
}

// On a filesystem that does not tell upper case from lower, too.
TEST(DeviceHeader, an_image_is_not_called_as_what_lies_beside_it) {
  for (const char* name : {"", "SHA256SUMS", "dmesg.txt", "sha256sums", "DMESG.TXT.incomplete",
                           "vmcore/../dmesg.txt", "vmcore\xff", "passwd"}) {
    DeviceHeader header;
    header.dump_name = "dump";
    header.image_name = name;
    expect_code(capture::decode(capture::encode(header)), Code::CAPTURE_DAMAGED);
  }
}

TEST(DeviceHeader, a_dump_has_a_name_always) {
  for (const auto& [written, read] : std::vector<std::pair<std::string, std::string>>{
           {"", "dump"}, {"dump\xff\xfe", "dump__"}, {"a\n\x1b[2J", "a___2J"}}) {
    DeviceHeader header;
    header.dump_name = written;
    header.image_name = "vmcore";
    const auto decoded = capture::decode(capture::encode(header));
    ASSERT_TRUE(decoded) << written;
    EXPECT_EQ(decoded.value().dump_name, read);
  }
}

TEST(DeviceHeader, a_log_of_half_the_device_is_not_read_into_memory) {
  DeviceHeader header;
  header.dump_name = "dump";
  header.image_name = "vmcore";
  header.log_bytes = capture::kMostDeviceLogBytes + 1;
  expect_code(capture::decode(capture::encode(header)), Code::CAPTURE_DAMAGED);
}

TEST(DumpName, says_when_and_what) {
  constexpr std::uint64_t kNow = 86400;
  const auto name_of = [](const std::string& info) {
    return capture::dump_name(capture::VmcoreInfo(info), kNow);
  };
  EXPECT_EQ(name_of("OSRELEASE=6.1.0-50-armmp\nCRASHTIME=1795174150\n"),
            "20261120T112910Z-6.1.0-50-armmp");
  EXPECT_EQ(name_of(""), "19700102T000000Z");
  // No calendar has these: the time of the capture is near enough.
  for (const char* time : {"9999999999999999", "253402300800", "-1", "18446744073709551615", "x"}) {
    EXPECT_EQ(name_of(std::string("CRASHTIME=") + time), "19700102T000000Z") << time;
  }
  EXPECT_EQ(name_of("CRASHTIME=253402300799"), "99991231T235959Z");
  EXPECT_EQ(name_of("OSRELEASE=../../\xc3\xa4\n"), "19700102T000000Z-.._..___");
  EXPECT_EQ(capture::dump_name(capture::VmcoreInfo(""), ~std::uint64_t{0}), "dump");
  EXPECT_LE(name_of("OSRELEASE=" + std::string(1000, 'r') + "\n").size(), 63u);
}

class DeviceDump : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("hyprelay-device-" + std::to_string(::getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
    make(1 << 20);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void make(std::uint64_t size_bytes) {
    std::ofstream(device(), std::ios::binary | std::ios::trunc).flush();
    fs::resize_file(device(), size_bytes);
  }
  void poke(std::uint64_t at, char value) {
    std::fstream file(device(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(value);
  }
  std::string device() const { return (folder_ / "disk").string(); }
  std::string out() const { return (folder_ / "out").string(); }

  std::unique_ptr<capture::Target> open(bool force = false) {
    auto target = capture::open_device(device(), force, "dump");
    EXPECT_TRUE(target);
    return target ? std::move(target.value()) : nullptr;
  }
  // A dump of these bytes.
  void save(capture::Target& target, base::ByteView bytes) {
    ASSERT_TRUE(target.save_log("[    0.000000] log\n"));
    ASSERT_TRUE(target.begin("vmcore"));
    ASSERT_TRUE(target.write(bytes));
    ASSERT_TRUE(target.commit(base::sha256(bytes)));
  }
  static std::string content(const std::string& path) {
    const auto bytes = os::read_fact(path);
    EXPECT_TRUE(bytes) << path;
    return bytes ? std::string(base::text_of(bytes.value())) : std::string();
  }

  fs::path folder_;
  std::vector<std::byte> bytes_ = std::vector<std::byte>(100'000, std::byte{'x'});
};

TEST_F(DeviceDump, comes_out_as_it_went_in) {
  save(*open(), bytes_);
  const auto fetched = capture::fetch_dump(device(), out());
  ASSERT_TRUE(fetched);
  EXPECT_TRUE(fetched.value().complete);
  EXPECT_EQ(content(out() + "/dump/dmesg.txt"), "[    0.000000] log\n");
  EXPECT_EQ(content(out() + "/dump/vmcore"), std::string(100'000, 'x'));
  EXPECT_TRUE(fs::exists(out() + "/dump/SHA256SUMS"));
}

TEST_F(DeviceDump, is_not_overwritten_before_it_was_fetched) {
  save(*open(), bytes_);
  expect_code(capture::open_device(device(), false, "other"), Code::CAPTURE_DEVICE_USED);
  EXPECT_NE(open(true), nullptr);
  ASSERT_TRUE(capture::fetch_dump(device(), out()));
  EXPECT_NE(open(), nullptr);
}

TEST_F(DeviceDump, somebodys_data_is_not_overwritten) {
  for (const std::uint64_t at : {0u, 1080u, 65600u, (1u << 20) - 4096u}) {
    make(1 << 20);
    poke(at, 'F');
    expect_code(capture::open_device(device(), false, "dump"), Code::CAPTURE_DEVICE_USED);
  }
}

TEST_F(DeviceDump, a_full_device_keeps_what_was_saved) {
  make(64 << 10);
  auto target = open();
  ASSERT_TRUE(target->save_log("log\n"));
  ASSERT_TRUE(target->begin("vmcore"));
  expect_code(target->write(bytes_), Code::CAPTURE_FULL);
  target->abandon();
  const auto fetched = capture::fetch_dump(device(), out());
  ASSERT_TRUE(fetched);
  EXPECT_FALSE(fetched.value().complete);
  EXPECT_EQ(fetched.value().image_bytes, (64u << 10) - 2 * 4096);
  EXPECT_EQ(content(out() + "/dump/vmcore.incomplete"), std::string((64 << 10) - 2 * 4096, 'x'));
  EXPECT_EQ(content(out() + "/dump/dmesg.txt"), "log\n");
}

TEST_F(DeviceDump, damage_on_the_medium_is_found) {
  save(*open(), bytes_);
  poke(50'000, 'y');
  expect_code(capture::fetch_dump(device(), out()), Code::CAPTURE_DAMAGED);
  EXPECT_TRUE(fs::exists(out() + "/dump/vmcore.incomplete"));
  EXPECT_FALSE(fs::exists(out() + "/dump/vmcore"));
}

TEST_F(DeviceDump, a_damaged_log_does_not_cost_the_image) {
  save(*open(), bytes_);
  poke(4096, 'y');
  expect_code(capture::fetch_dump(device(), out()), Code::CAPTURE_DAMAGED);
  EXPECT_EQ(content(out() + "/dump/vmcore"), std::string(100'000, 'x'));
  EXPECT_FALSE(fs::exists(out() + "/dump/dmesg.txt"));
  expect_code(capture::open_device(device(), false, "other"), Code::CAPTURE_DEVICE_USED);
}

TEST_F(DeviceDump, a_log_that_does_not_fit_leaves_its_room_to_the_image) {
  auto target = open();
  expect_code(target->save_log(std::string(2 << 20, 'l')), Code::CAPTURE_FULL);
  ASSERT_TRUE(target->begin("vmcore"));
  ASSERT_TRUE(target->write(bytes_));
  ASSERT_TRUE(target->commit(base::sha256(bytes_)));
  ASSERT_TRUE(capture::fetch_dump(device(), out()));
  EXPECT_EQ(content(out() + "/dump/vmcore"), std::string(100'000, 'x'));
}

TEST_F(DeviceDump, on_an_image_of_the_device_that_is_cut_off_is_damage) {
  save(*open(), bytes_);
  fs::resize_file(device(), 60'000);
  expect_code(capture::fetch_dump(device(), out()), Code::CAPTURE_DAMAGED);
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(DeviceDump, is_checked_where_it_lies) {
  save(*open(), bytes_);
  auto disk = capture::Device::open(device(), false);
  ASSERT_TRUE(disk);
  const auto header = capture::check_dump(disk.value());
  ASSERT_TRUE(header);
  EXPECT_EQ(header.value().image_name, "vmcore");
  EXPECT_FALSE(header.value().fetched);
  capture::DeviceImage image(disk.value(), header.value());
  EXPECT_EQ(image.size_bytes(), bytes_.size());
  std::vector<std::byte> end(2);
  ASSERT_TRUE(image.read(bytes_.size() - 2, end));
  EXPECT_EQ(end, std::vector<std::byte>(2, std::byte{'x'}));
  expect_code(image.read(bytes_.size() - 1, end), Code::CAPTURE_TRUNCATED);

  poke(4096, 'y');
  expect_code(capture::check_dump(disk.value()), Code::CAPTURE_DAMAGED);
  poke(4096, '[');
  ASSERT_TRUE(capture::check_dump(disk.value()));
  poke(50'000, 'y');
  expect_code(capture::check_dump(disk.value()), Code::CAPTURE_DAMAGED);
}

TEST_F(DeviceDump, that_is_not_complete_is_no_good_dump) {
  auto target = open();
  ASSERT_TRUE(target->begin("vmcore"));
  ASSERT_TRUE(target->write(bytes_));
  target->abandon();
  auto disk = capture::Device::open(device(), false);
  ASSERT_TRUE(disk);
  expect_code(capture::check_dump(disk.value()), Code::CAPTURE_TRUNCATED);
}

TEST_F(DeviceDump, a_device_without_a_dump_says_so) {
  expect_code(capture::fetch_dump(device(), out()), Code::CAPTURE_DEVICE_EMPTY);
  expect_code(capture::fetch_dump(folder_.string() + "/none", out()), Code::FILE_MISSING);
  make(100);
  expect_code(capture::fetch_dump(device(), out()), Code::CAPTURE_DEVICE_EMPTY);
}

}  // namespace
}  // namespace hyprelay::test
