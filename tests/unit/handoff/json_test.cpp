// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/json.hpp"

#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::Bytes;
using testing::range;

Machine full_machine() {
  Machine machine;
  machine.arch = Arch::kArm64;
  machine.kernel_release = "6.1.0-50-arm64";
  machine.command_line = "console=ttyAMA0 name=\"a b\"";
  machine.boot_mode = Mode::kEL2;
  machine.page_size_bytes = 65536;
  machine.cpus = 4;
  machine.ram = {range(0x40000000, 0x40000000), range(0x8800000000, 0x80000000)};
  machine.reserved = {{range(0x41cb0000, 0x684000), "reserved"}};
  machine.crash_regions = {range(0x60000000, 0x8000000)};
  machine.driver_ram = {range(0x100000000, 0x8000000)};
  machine.boot_alias = {range(0x90000000, 0x1000000)};
  machine.device_tree = testing::bytes_of("\xd0\x0d\xfe\xed....");
  machine.device_tree_source = "/sys/firmware/fdt";
  machine.acpi["APIC"] = testing::bytes_of("APIC....");
  machine.acpi["FACP"] = Bytes();
  machine.acpi["SPCR"] = std::nullopt;
  machine.hyp.log = {"CPU: All CPU(s) started at EL2"};
  machine.hyp.symbols = std::vector<std::string>{"__hyp_set_vectors"};
  machine.hyp.kvm_device = true;
  machine.hyp.kvm_descriptors = 0;
  machine.hyp.jailhouse = false;
  machine.hyp.vmbus = true;
  machine.hyp.hypervisor_type = "xen";
  machine.hyp.acpi_hypervisor = "XenVMMHV";
  machine.hyp.cpu_ids = {0x411fd070, 0xffffffff};
  machine.crash.cpu_notes = {range(0x7fd01000, 0x1a8), range(0x7fd11000, 0x1a8)};
  machine.crash.vmcoreinfo = range(0x42744000, 0x400);
  machine.crash.mappings = {{range(0x40000000, 0x40000000), 0xffff000000000000}};
  machine.busy_devices = {{"pci", "0000:00:02.0", "1af4:1000", true},
                          {"virtio-mmio", "virtio0", "1", std::nullopt}};
  return machine;
}

TEST(Json, a_machine_survives_the_way_there_and_back) {
  for (const Machine& machine : {full_machine(), testing::virt(Arch::kArm, 1 << 30)}) {
    const auto back = machine_from_json(to_json(machine).dump(2), "machine.json");
    ASSERT_TRUE(back.has_value()) << back.error().subject();
    EXPECT_EQ(back.value(), machine);
  }
}

TEST(Json, a_boot_alias_that_was_saved_as_memory_of_a_driver_is_one) {
  const auto machine = machine_from_json(
      R"json({"arch": "arm", "ram": [{"start": 34359738368, "size_bytes": 2147483648}],
          "driver_ram": [{"start": 2147483648, "size_bytes": 2147483648}],
          "reserved": [{"start": 2818572288, "size_bytes": 4096, "name": "(boot alias)"},
                       {"start": 35030827008, "size_bytes": 4096, "name": "Crash kernel"}],
          "crash_regions": [{"start": 2818572288, "size_bytes": 4096},
                            {"start": 35030827008, "size_bytes": 4096}]})json",
      "m");
  ASSERT_TRUE(machine.has_value()) << machine.error().subject();
  EXPECT_EQ(machine.value().boot_alias, std::vector{range(0x80000000, 0x80000000)});
  EXPECT_TRUE(machine.value().driver_ram.empty());
  EXPECT_EQ(machine.value().crash_regions, std::vector{range(0x828000000, 4096)});
  EXPECT_EQ(machine.value().reserved.size(), 1u);
}

TEST(Json, only_arch_and_ram_are_needed_and_unknown_fields_are_ignored) {
  const auto machine = machine_from_json(
      R"({"arch": "arm", "future": {"x": [1]}, "ram": [{"start": 1073741824, "size_bytes": 4096,
          "node": 0}]})",
      "m");
  ASSERT_TRUE(machine.has_value()) << machine.error().subject();
  Machine expected = testing::virt(Arch::kArm, 4096);
  EXPECT_EQ(machine.value(), expected);
}

TEST(Json, malformed_fields_are_named_by_their_path) {
  struct Row {
    std::string_view text;
    std::string_view subject;
  };
  const Row rows[] = {
      {R"({"arch": "arm", "ram": [)", "m: /: not JSON"},
      {R"([])", "m: /: not an object"},
      {R"([[[[[[[[[[[[[[[[[[[[)", "m: /: more levels than a machine has"},
      {R"({"a": "[[[[[[[[[[[[[[[[[[[\"[["})", "m: /arch: missing"},
      {R"({"schema": 2, "arch": "arm", "ram": []})", "m: /schema: not a number in range"},
      {R"({"schema": 0, "arch": "arm", "ram": []})", "m: /schema: unknown"},
      {R"({"ram": []})", "m: /arch: missing"},
      {R"({"arch": "arm", "ram": [], "acpi": []})", "m: /acpi: not an object"},
      {R"({"arch": "arm", "ram": [], "acpi": {"APIC": 7}})", "m: /acpi/APIC: not a string"},
      {R"({"arch": "arm", "ram": [], "acpi": {"APIC": "QVBJQ"}})", "m: /acpi/APIC: not base64"},
      {R"({"arch": "mips", "ram": []})", "m: /arch: neither arm nor arm64"},
      {R"({"arch": 32, "ram": []})", "m: /arch: not a string"},
      {R"({"arch": "arm"})", "m: /ram: missing"},
      {R"({"arch": "arm", "ram": {}})", "m: /ram: not a list"},
      {R"({"arch": "arm", "ram": [7]})", "m: /ram/0: not an object"},
      {R"({"arch": "arm", "ram": [{"start": 0}]})", "m: /ram/0/size_bytes: missing"},
      {R"({"arch": "arm", "ram": [{"start": 0, "size_bytes": 1}, {"start": -1,
           "size_bytes": 1}]})",
       "m: /ram/1/start: not a number in range"},
      {R"({"arch": "arm", "ram": [{"start": 18446744073709551615, "size_bytes": 2}]})",
       "m: /ram/0/size_bytes: beyond 64 bits"},
      {R"({"arch": "arm", "ram": [], "reserved": [{"start": 0, "size_bytes": 1, "name": 1}]})",
       "m: /reserved/0/name: not a string"},
      {R"({"arch": "arm", "ram": [], "boot_mode": "EL3"})", "m: /boot_mode: no mode"},
      {R"({"arch": "arm", "ram": [], "page_size_bytes": 5000})",
       "m: /page_size_bytes: not 4096, 16384 or 65536"},
      {R"({"arch": "arm", "ram": [], "page_size_bytes": 0})",
       "m: /page_size_bytes: not 4096, 16384 or 65536"},
      {R"({"arch": "arm", "ram": [], "cpus": "two"})", "m: /cpus: not a number in range"},
      {R"({"arch": "arm", "ram": [], "cpus": 0})", "m: /cpus: none"},
      {R"({"arch": "arm", "ram": [], "cpus": -1})", "m: /cpus: not a number in range"},
      {R"({"arch": "arm", "ram": [], "cpus": 1.5})", "m: /cpus: not a number in range"},
      {R"({"arch": "arm", "ram": [], "cpus": 18446744073709551616})",
       "m: /cpus: not a number in range"},
      {R"({"arch": "arm", "ram": [{"start": 4096, "size_bytes": 0}]})",
       "m: /ram/0/size_bytes: no bytes"},
      {R"({"arch": "arm", "ram": [{"start": 0, "size_bytes": 18446744073709551616}]})",
       "m: /ram/0/size_bytes: not a number in range"},
      {R"({"arch": "arm", "ram": [], "crash_regions": [{"start": 4096, "size_bytes": 0}]})",
       "m: /crash_regions/0/size_bytes: no bytes"},
      {R"({"arch": "arm", "ram": [], "crash": {"vmcoreinfo": {"start": 4096, "size_bytes": 0}}})",
       "m: /crash/vmcoreinfo/size_bytes: no bytes"},
      {R"({"arch": "arm", "ram": [], "command_line": "root=a\u0000 quiet"})",
       "m: /command_line: a NUL in it"},
      {R"({"arch": "arm", "ram": [], "reserved": [{"start": 0, "size_bytes": 1, "name": "\u0000"}]})",
       "m: /reserved/0/name: a NUL in it"},
      {R"({"arch": "arm", "ram": [], "device_tree": "A"})", "m: /device_tree: not base64"},
      {R"({"arch": "arm", "ram": [], "hyp": []})", "m: /hyp: not an object"},
      {R"({"arch": "arm", "ram": [], "hyp": {"log": ["", 1]}})", "m: /hyp/log/1: not a string"},
      {R"({"arch": "arm", "ram": [], "hyp": {"symbols": ""}})", "m: /hyp/symbols: not a list"},
      {R"({"arch": "arm", "ram": [], "hyp": {"jailhouse": 0}})",
       "m: /hyp/jailhouse: neither true nor false"},
      {R"({"arch": "arm", "ram": [], "hyp": {"kvm_descriptors": -1}})",
       "m: /hyp/kvm_descriptors: not a number in range"},
      {R"({"arch": "arm", "ram": [], "hyp": {"cpu_ids": [4294967296]}})",
       "m: /hyp/cpu_ids/0: not a number in range"},
  };
  for (const Row& row : rows) {
    const auto machine = machine_from_json(row.text, "m");
    ASSERT_FALSE(machine.has_value()) << row.text;
    EXPECT_EQ(machine.error().code(), Code::MACHINE_MALFORMED);
    EXPECT_EQ(machine.error().subject(), row.subject);
  }
}

TEST(Json, bytes_that_are_no_text_are_refused) {
  EXPECT_FALSE(machine_from_json("\xff\xfe{}", "m").has_value());
  EXPECT_FALSE(machine_from_json("", "m").has_value());
  EXPECT_FALSE(machine_from_json(std::string(100000, '['), "m").has_value());
}

TEST(Base64, matches_rfc_4648) {
  const std::pair<std::string_view, std::string_view> rows[] = {{"", ""},
                                                                {"f", "Zg=="},
                                                                {"fo", "Zm8="},
                                                                {"foo", "Zm9v"},
                                                                {"foob", "Zm9vYg=="},
                                                                {"fooba", "Zm9vYmE="},
                                                                {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : rows) {
    EXPECT_EQ(to_base64(testing::bytes_of(plain)), encoded);
    EXPECT_EQ(from_base64(encoded), testing::bytes_of(plain));
  }
  for (const std::string_view bad :
       {"Zg=", "Zg", "Z===", "Zh==", "Zm9=", "Z g=", "Zg==Zg==", "===="}) {
    EXPECT_FALSE(from_base64(bad).has_value()) << bad;
  }
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = static_cast<std::byte>(i);
  }
  EXPECT_EQ(from_base64(to_base64(all)), all);
}

}  // namespace
}  // namespace hyprelay::handoff
