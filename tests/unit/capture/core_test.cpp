// SPDX-License-Identifier: BSD-2-Clause
#include "capture/core.hpp"

#include "capture/old_memory.hpp"
#include "tests/unit/capture/support.hpp"
#include "tests/unit/capture/synthetic.hpp"

namespace hyprelay::test {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using capture::read_core;
using capture::ViewSource;

std::vector<std::byte> two_pieces(bool wide) {
  CoreBuilder builder(wide, wide ? capture::kMachineArm64 : capture::kMachineArm);
  builder.set_info("OSRELEASE=6.1.0-test\nCRASHTIME=1795174150\nNUMBER(x)=-129\nSIZE(page)=36\n");
  builder.add_memory(0x40000000, 0xc0000000, std::vector<std::byte>(4096, std::byte{1}));
  builder.add_memory(0x50000000, 0, std::vector<std::byte>(8192, std::byte{2}));
  return builder.build();
}

void put(std::vector<std::byte>& bytes, std::size_t at, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    bytes.at(at + i) = static_cast<std::byte>(value >> (8 * i));
  }
}

TEST(Core, both_classes_are_read) {
  for (const bool wide : {false, true}) {
    const auto bytes = two_pieces(wide);
    ViewSource source(bytes);
    const auto core = read_core(source);
    ASSERT_TRUE(core) << wide;
    EXPECT_EQ(core.value().wide, wide);
    ASSERT_EQ(core.value().loads.size(), 2u);
    EXPECT_EQ(core.value().loads[0].virtual_start, 0xc0000000u);
    EXPECT_EQ(core.value().loads[1].virtual_start, std::nullopt);
    EXPECT_EQ(core.value().memory_bytes(), 12288u);
    EXPECT_EQ(core.value().size_bytes, bytes.size());
    EXPECT_EQ(core.value().info.release(), "6.1.0-test");
    EXPECT_EQ(core.value().info.crash_time(), 1795174150u);
    EXPECT_EQ(core.value().info.number("x"), 0 - std::uint64_t{129});
    EXPECT_EQ(core.value().info.size("page"), 36u);
    EXPECT_EQ(core.value().info.size("nothing"), std::nullopt);
  }
}

// What is wrong with a core of three loads, the last of them this one.
std::optional<Error> overlap(std::uint64_t second_start, std::uint64_t second_virtual,
                             std::size_t second_bytes) {
  CoreBuilder builder(true, capture::kMachineArm64);
  builder.add_memory(0x50000000, 0, std::vector<std::byte>(8192, std::byte{2}));
  builder.add_memory(0x40000000, 0xc0000000, std::vector<std::byte>(8192, std::byte{1}));
  builder.add_memory(second_start, second_virtual, std::vector<std::byte>(second_bytes));
  const auto bytes = builder.build();
  ViewSource source(bytes);
  const auto core = read_core(source);
  return core ? std::nullopt : std::optional(core.error());
}

TEST(Core, no_load_lies_on_another) {
  for (const std::uint64_t start : {0x40001000, 0x3ffff000}) {
    const auto error = overlap(start, 0xffff0000, 8192);
    ASSERT_TRUE(error) << start;
    EXPECT_EQ(error->code(), Code::CAPTURE_LIES) << start;
    EXPECT_TRUE(error->has_at() && error->has_limit() && error->at() != error->limit()) << start;
  }
  // The same memory twice, which tells nothing new.
  EXPECT_TRUE(overlap(0x40000000, 0xc0000000, 8192));
  EXPECT_FALSE(overlap(0x40002000, 0, 4096));
}

// What Linux's own kexec_file_load adds on arm64.
TEST(Core, a_kernels_image_is_a_second_view) {
  EXPECT_FALSE(overlap(0x40001000, 0xffff0000, 4096));
  EXPECT_FALSE(overlap(0x40000000, 0xffff0000, 8192));
}

TEST(Core, two_views_do_not_lie_on_each_other) {
  CoreBuilder builder(true, capture::kMachineArm64);
  builder.add_memory(0x40000000, 0xc0000000, std::vector<std::byte>(16384));
  builder.add_memory(0x40001000, 0xffff0000, std::vector<std::byte>(8192));
  builder.add_memory(0x40002000, 0xffff0000, std::vector<std::byte>(8192));
  const auto bytes = builder.build();
  ViewSource source(bytes);
  EXPECT_EQ(read_core(source).error().code(), Code::CAPTURE_LIES);
}

TEST(Core, physical_memory_is_found_in_its_piece) {
  const auto bytes = two_pieces(true);
  ViewSource source(bytes);
  const auto core = read_core(source);
  ASSERT_TRUE(core);
  const std::uint64_t second = core.value().loads[1].file_offset;
  EXPECT_EQ(core.value().find_physical(PhysAddr(0x50000ff0), 32), second + 0xff0);
  EXPECT_EQ(core.value().find_physical(PhysAddr(0x50001ff0), 32), std::nullopt);
  EXPECT_EQ(core.value().find_physical(PhysAddr(0x4fffffff), 1), std::nullopt);
  EXPECT_EQ(core.value().find_physical(PhysAddr(~std::uint64_t{0}), 2), std::nullopt);
}

TEST(Core, real_ones_are_read) {
  struct Case {
    const char* name;
    bool wide;
    const char* release;
  };
  for (const Case& c :
       {Case{"armmp", false, "6.1.0-50-armmp"}, Case{"armmp-lpae", false, "6.1.0-50-armmp-lpae"},
        Case{"arm64-bare", true, "6.1.0-56-arm64"}}) {
    const auto bytes = captured_core(std::string(c.name) + ".core.zst");
    ViewSource source(bytes);
    const auto core = read_core(source);
    ASSERT_TRUE(core) << c.name;
    EXPECT_EQ(core.value().wide, c.wide) << c.name;
    EXPECT_EQ(core.value().info.release(), c.release);
    EXPECT_EQ(core.value().size_bytes, bytes.size());
  }
}

TEST(Core, what_is_no_core_is_named) {
  const auto bytes = two_pieces(false);
  const auto code_of = [](std::vector<std::byte> changed) {
    ViewSource source(changed);
    const auto core = read_core(source);
    return core ? Code::INTERNAL : core.error().code();
  };
  EXPECT_EQ(code_of({}), Code::CAPTURE_NOT_CORE);
  EXPECT_EQ(code_of(std::vector<std::byte>(4096)), Code::CAPTURE_NOT_CORE);
  auto changed = bytes;
  put(changed, 5, 2, 1);  // big endian
  EXPECT_EQ(code_of(changed), Code::CAPTURE_NOT_CORE);
  changed = bytes;
  put(changed, 16, 2, 2);  // ET_EXEC
  EXPECT_EQ(code_of(changed), Code::CAPTURE_NOT_CORE);
  changed = bytes;
  put(changed, 44, 0, 2);  // e_phnum
  EXPECT_EQ(code_of(changed), Code::CAPTURE_LIES);
  changed = bytes;
  put(changed, 42, 31, 2);  // e_phentsize
  EXPECT_EQ(code_of(changed), Code::CAPTURE_LIES);
  changed = bytes;
  put(changed, 28, 0xfffffff0, 4);  // e_phoff
  EXPECT_EQ(code_of(changed), Code::CAPTURE_TRUNCATED);
}

TEST(Core, lying_program_headers_are_named) {
  const auto bytes = two_pieces(true);
  constexpr std::size_t kLoad = 64 + 56;
  const auto code_of = [&](std::size_t at, std::uint64_t value) {
    auto changed = bytes;
    put(changed, at, value, 8);
    ViewSource source(changed);
    const auto core = read_core(source);
    return core ? Code::INTERNAL : core.error().code();
  };
  EXPECT_EQ(code_of(kLoad + 8, ~std::uint64_t{0}), Code::CAPTURE_LIES);   // p_offset wraps
  EXPECT_EQ(code_of(kLoad + 24, ~std::uint64_t{0}), Code::CAPTURE_LIES);  // p_paddr wraps
  EXPECT_EQ(code_of(kLoad + 32, ~std::uint64_t{0}), Code::CAPTURE_LIES);  // p_filesz
  EXPECT_EQ(code_of(kLoad + 40, 1), Code::CAPTURE_LIES);                  // p_memsz < p_filesz
}

// What the CPUs and VMCOREINFO say is lost then, and why; the memory is not.
TEST(Core, a_lying_note_is_named_and_the_memory_is_there) {
  for (const bool wide : {false, true}) {
    const std::size_t table = wide ? 64 : 52;
    const std::size_t note = table + 3 * std::size_t{wide ? 56U : 32U};
    const std::size_t size_at = table + (wide ? 32 : 16);
    const auto fault_of = [&](std::size_t at, std::uint64_t value, std::size_t width) {
      auto bytes = two_pieces(wide);
      put(bytes, at, value, width);
      ViewSource source(bytes);
      const auto core = read_core(source);
      EXPECT_TRUE(core);
      EXPECT_EQ(core.value().loads.size(), 2u);
      EXPECT_TRUE(core.value().notes_fault);
      return core.value().notes_fault.value_or(base::Error()).code();
    };
    EXPECT_EQ(fault_of(note + 4, 0x7fffffff, 4), Code::CAPTURE_LIES);
    EXPECT_EQ(fault_of(size_at, 0x7fffffff, 4), Code::CAPTURE_LIES);
    EXPECT_EQ(fault_of(size_at, 1 << 20, 4), Code::CAPTURE_TRUNCATED);
  }
}

TEST(Core, a_description_that_would_fill_the_memory_is_a_lie) {
  CoreBuilder builder(false, capture::kMachineArm);
  std::string info;
  for (unsigned i = 0; i < 40'000; ++i) {
    info += std::to_string(i) + "=\n";
  }
  builder.set_info(info);
  builder.add_memory(0x40000000, 0, std::vector<std::byte>(100));
  const auto bytes = builder.build();
  ViewSource source(bytes);
  const auto core = read_core(source);
  ASSERT_TRUE(core);
  EXPECT_TRUE(core.value().info.empty());
  ASSERT_TRUE(core.value().notes_fault);
  EXPECT_EQ(core.value().notes_fault->code(), Code::CAPTURE_LIES);
}

TEST(Core, cut_off_memory_leaves_headers_that_are_read) {
  const auto bytes = two_pieces(false);
  ViewSource source(base::ByteView(bytes).first(bytes.size() - 5000));
  const auto core = read_core(source);
  ASSERT_TRUE(core);
  EXPECT_EQ(core.value().size_bytes, bytes.size());
  const capture::OldMemory memory(core.value(), source);
  EXPECT_TRUE(memory.read(0xc0000000, 4096));
  expect_code(memory.read(0xc0000fff, 2), Code::CAPTURE_UNMAPPED);
}

}  // namespace
}  // namespace hyprelay::test
