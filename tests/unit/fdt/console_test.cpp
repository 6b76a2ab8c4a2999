// SPDX-License-Identifier: BSD-2-Clause
// The console: how it is named, which UARTs are known, and their addresses through the buses above.
#include "abi/hr_abi.h"
#include "fdt/facts.hpp"
#include "fdt/tree.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

namespace hyprelay::fdt {
namespace {

using base::Code;
using base::PhysAddr;

// The board's tree with another stdout-path.
base::Result<Console> board_console(std::string_view stdout_path) {
  Tree tree = test::data_tree("board");
  EXPECT_TRUE(tree.set_string("/chosen", "stdout-path", stdout_path));
  return console(tree);
}

TEST(ConsoleOf, qemu) {
  for (const auto machine : {test::Qemu::kArm, test::Qemu::kArm64Gic3}) {
    const Console uart = console(test::qemu_tree(machine)).value();
    EXPECT_EQ(uart, (Console{HR_CONSOLE_PL011, PhysAddr(0x9000000), 2, 4, "/pl011@9000000"}));
  }
}

TEST(ConsoleOf, an_alias_with_options_behind_a_bus) {
  EXPECT_EQ(board_console("serial0:115200n8").value(),
            (Console{HR_CONSOLE_PL011, PhysAddr(0xfe201000), 2, 4, "/soc/serial@7e201000"}));
  EXPECT_EQ(board_console("serial1").value(),
            (Console{HR_CONSOLE_NS16550, PhysAddr(0xfe215040), 2, 4, "/soc/serial@7e215040"}));
}

TEST(ConsoleOf, a_path_through_two_buses) {
  EXPECT_EQ(board_console("/soc/bridge@40000000/serial@1000:9600").value(),
            (Console{HR_CONSOLE_NS16550, PhysAddr(0x4ff801000), 2, 4,
                     "/soc/bridge@40000000/serial@1000"}));
}

TEST(ConsoleOf, the_older_property) {
  EXPECT_EQ(console(test::data_tree("spintable")).value(),
            (Console{HR_CONSOLE_NS16550, PhysAddr(0x1c28000), 2, 4, "/serial@1c28000"}));
}

TEST(ConsoleOf, none_that_the_relay_can_drive) {
  const struct {
    const char* stdout_path;
    const char* path;
  } cases[] = {
      {"/soc/bridge@40000000/serial@20000", "/soc/bridge@40000000/serial@20000"},  // outside ranges
      {"/soc/i2c@7e205000/serial@4d", "/soc/i2c@7e205000/serial@4d"},  // no memory at all
      {"/psci", "/psci"},                                              // no UART
      {"serial9:115200", "serial9"},                                   // no such alias
      {"/nobody", "/nobody"},
      {"", ""},
      {":115200", ""},
  };
  for (const auto& c : cases) {
    const auto uart = board_console(c.stdout_path);
    ASSERT_TRUE(uart) << c.stdout_path;
    EXPECT_EQ(uart.value().kind, static_cast<std::uint32_t>(HR_CONSOLE_NONE)) << c.stdout_path;
    EXPECT_EQ(uart.value().base, PhysAddr(0)) << c.stdout_path;
    EXPECT_EQ(uart.value().path, c.path);
  }
  EXPECT_EQ(console(Tree::empty()).value(), Console{});
}

// A UART alone under the root, with the given properties.
base::Result<Console> uart_with(std::string_view properties) {
  return console(test::tree_of(
      std::string("/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; chosen { stdout-path = "
                  "\"/uart@8000\"; }; uart@8000 { reg = <0x8000 0x100>; ")
          .append(properties)
          .append(" }; };")));
}

TEST(ConsoleOf, families) {
  const struct {
    const char* compatible;
    int kind;
    std::uint32_t shift;
    std::uint32_t width_bytes;
  } cases[] = {{"arm,sbsa-uart", HR_CONSOLE_PL011, 2, 4},
               {"ns16550a", HR_CONSOLE_NS16550, 0, 1},
               {"ns16550", HR_CONSOLE_NS16550, 0, 1},
               {"snps,dw-apb-uart", HR_CONSOLE_NS16550, 0, 1},
               {"ti,am3352-uart", HR_CONSOLE_NS16550, 2, 1},
               {"ti,omap4-uart", HR_CONSOLE_NS16550, 2, 1},
               {"brcm,bcm2835-aux-uart", HR_CONSOLE_NS16550, 2, 4},
               {"mediatek,mt6577-uart", HR_CONSOLE_NS16550, 2, 4},
               {"samsung,exynos4210-uart", HR_CONSOLE_NONE, 0, 1}};
  for (const auto& c : cases) {
    const Console uart =
        uart_with(std::string("compatible = \"vendor,own\", \"") + c.compatible + "\";").value();
    EXPECT_EQ(uart.kind, static_cast<std::uint32_t>(c.kind)) << c.compatible;
    EXPECT_EQ(uart.shift, c.shift) << c.compatible;
    EXPECT_EQ(uart.width_bytes, c.width_bytes) << c.compatible;
  }
}

TEST(ConsoleOf, properties_override) {
  const Console uart = uart_with(
                           "compatible = \"ti,omap4-uart\"; reg-shift = <1>; reg-io-width = <4>; "
                           "reg-offset = <0x40>;")
                           .value();
  EXPECT_EQ(uart, (Console{HR_CONSOLE_NS16550, PhysAddr(0x8040), 1, 4, "/uart@8000"}));
}

TEST(ConsoleOf, widths_that_the_relay_has_not) {
  EXPECT_EQ(uart_with("compatible = \"ns16550a\"; reg-io-width = <2>;").value().kind, 0u);
  EXPECT_EQ(uart_with("compatible = \"ns16550a\"; big-endian;").value().kind, 0u);
}

TEST(ConsoleOf, malformed_is_blamed_on_the_property) {
  const struct {
    const char* properties;
    const char* subject;
  } cases[] = {
      {"compatible = \"ns16550a\"; reg-shift = <9>;", "/uart@8000: reg-shift"},
      {"compatible = \"ns16550a\"; reg-shift = [00];", "/uart@8000: reg-shift"},
      {"compatible = \"ns16550a\"; reg-io-width = <3>;", "/uart@8000: reg-io-width"},
  };
  for (const auto& c : cases) {
    const auto uart = uart_with(c.properties);
    ASSERT_FALSE(uart.has_value()) << c.properties;
    EXPECT_EQ(uart.error().code(), Code::TREE_BAD_PROPERTY);
    EXPECT_EQ(uart.error().subject(), c.subject);
  }
}

TEST(ConsoleOf, malformed_elsewhere_is_blamed_there) {
  Tree tree = test::data_tree("board");
  ASSERT_TRUE(tree.set("/soc", "ranges", test::be32(1)));
  EXPECT_EQ(console(tree).error().subject(), "/soc: ranges");
  ASSERT_TRUE(tree.set_u32("/soc/serial@7e201000", "reg", 1));
  EXPECT_EQ(console(tree).error().subject(), "/soc/serial@7e201000: reg");
  ASSERT_TRUE(tree.remove_property("/soc/serial@7e201000", "reg"));
  EXPECT_EQ(console(tree).error().subject(), "/soc/serial@7e201000: reg");
  ASSERT_TRUE(tree.set("/chosen", "stdout-path", test::be32(0x2f616161)));
  EXPECT_EQ(console(tree).error().subject(), "/chosen: stdout-path");
}

}  // namespace
}  // namespace hyprelay::fdt
