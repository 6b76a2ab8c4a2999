// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/seal.hpp"

#include "base/error_text.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::Code;
using base::PhysAddr;
using testing::Bytes;
using testing::kMega;

static_assert(!std::is_copy_constructible_v<SealedHandoff>);
static_assert(std::is_nothrow_move_constructible_v<SealedHandoff>);

// Everything that seal takes, alive for as long as the test.
struct Scene {
  explicit Scene(Arch arch)
      : machine(testing::virt(arch, 1024 * kMega)),
        kernel_file(arch == Arch::kArm
                        ? testing::make_zimage({.size_bytes = 0x5123, .inflated = 0x20000})
                        : testing::make_image({.size_bytes = 0x5123, .image_size = 0x20000})),
        initrd(testing::bytes_of("not really a cpio archive")),
        relay_file(testing::make_relay(arch)),
        request(testing::request_for(machine, initrd.size())),
        kernel(read_image(kernel_file, "kernel").value()),
        relay(read_relay_image(relay_file).value()),
        plan(make_plan(machine, kernel, request).value()),
        tree(patch(fdt::Tree::empty(), {.command_line = "quiet", .initrd = {}, .seeds = {}})
                 .value()) {}

  base::Result<SealedHandoff> seal() const {
    return handoff::seal({.machine = machine,
                          .request = request,
                          .plan = plan,
                          .kernel = kernel.bytes,
                          .initrd = initrd,
                          .tree = tree,
                          .relay = relay,
                          .facts = facts,
                          .contents = contents});
  }
  base::Error refusal() const {
    const auto sealed = seal();
    EXPECT_FALSE(sealed.has_value());
    return sealed.has_value() ? base::Error() : sealed.error();
  }
  Placement& placement(SegmentKind kind) { return *const_cast<Placement*>(plan.find(kind)); }

  Machine machine;
  Bytes kernel_file;
  Bytes initrd;
  Bytes relay_file;
  PlanRequest request;
  ImageView kernel;
  RelayImage relay;
  Plan plan;
  PatchedTree tree;
  BatonFacts facts;
  Contents contents = Contents::kCopied;
};

hr_baton baton_in(const SealedHandoff& sealed, const RelayImage& relay) {
  hr_baton baton;
  const ByteView content = sealed.segments().back().content;
  EXPECT_EQ(sealed.segments().back().kind, SegmentKind::kRELAY);
  std::memcpy(&baton, content.data() + relay.baton_offset, sizeof(baton));
  return baton;
}

// Memory as the running kernel leaves it for the relay: contents in place, the rest zero.
Bytes memory_of(const SealedSegment& segment) {
  Bytes memory(segment.content.begin(), segment.content.end());
  memory.resize(segment.memory.size_bytes());
  return memory;
}

// Does what the relay does with the baton, on the memory that was sealed.
void expect_relay_accepts(const SealedHandoff& sealed, const hr_baton& baton) {
  ASSERT_EQ(baton.magic, 0x54425248u);
  ASSERT_EQ(baton.version, 0x10002u);
  ASSERT_EQ(baton.size, sizeof(baton));
  const auto own = std::as_bytes(std::span(&baton, 1)).first(0x470);
  EXPECT_EQ(std::memcmp(baton.checksum, base::sha256(own).data(), 32), 0);
  ASSERT_EQ(baton.segment_count, sealed.segments().size());
  for (std::uint32_t i = 0; i < baton.segment_count; ++i) {
    const SealedSegment& segment = sealed.segments()[i];
    EXPECT_EQ(baton.segments[i].kind, static_cast<std::uint32_t>(segment.kind));
    EXPECT_EQ(baton.segments[i].start, segment.memory.start().raw());
    EXPECT_EQ(baton.segments[i].reserved, 0u);
    const Bytes memory = memory_of(segment);
    ASSERT_LE(baton.segments[i].size, memory.size());
    const ByteView covered = ByteView(memory).first(baton.segments[i].size);
    Bytes digest(32);
    if (baton.digest_algorithm == 1) {
      std::ranges::copy(base::sha256(covered), digest.begin());
    } else {
      ASSERT_EQ(baton.digest_algorithm, 2u);
      std::ranges::copy(base::multilinear(covered), digest.begin());
    }
    EXPECT_EQ(std::memcmp(baton.segments[i].digest, digest.data(), 32), 0)
        << segment_name(segment.kind);
  }
}

class SealBoth : public ::testing::TestWithParam<Arch> {};
INSTANTIATE_TEST_SUITE_P(Arch, SealBoth, ::testing::Values(Arch::kArm, Arch::kArm64),
                         [](const auto& row) { return arch_name(row.param); });

TEST_P(SealBoth, the_relay_accepts_what_is_sealed) {
  const Scene scene(GetParam());
  const auto sealed = scene.seal();
  ASSERT_TRUE(sealed.has_value()) << base::describe(sealed.error());
  ASSERT_EQ(sealed.value().segments().size(), 4u);
  EXPECT_EQ(sealed.value().arch(), GetParam());
  const hr_baton baton = baton_in(sealed.value(), scene.relay);
  expect_relay_accepts(sealed.value(), baton);
  EXPECT_EQ(baton.relay, scene.plan.find(SegmentKind::kRELAY)->memory.start().raw());
  EXPECT_EQ(sealed.value().relay_entry().raw(), baton.relay);
  EXPECT_EQ(baton.entry, scene.plan.entry.raw());
  EXPECT_EQ(baton.tree, scene.plan.find(SegmentKind::kTREE)->memory.start().raw());
  EXPECT_EQ(baton.record, baton.tree + scene.tree.record_offset());
  EXPECT_EQ(baton.segments[0].size, scene.plan.find(SegmentKind::kKERNEL)->memory.size_bytes());
  EXPECT_EQ(baton.segments[3].size, 0x3000u) << "the relay's digest ends where the baton begins";
}

// The other algorithm than the one that nobody asks for.
TEST_P(SealBoth, the_relay_accepts_sha256) {
  Scene scene(GetParam());
  scene.facts.digest_algorithm = HR_DIGEST_SHA256;
  const auto sealed = scene.seal();
  ASSERT_TRUE(sealed.has_value()) << base::describe(sealed.error());
  const hr_baton baton = baton_in(sealed.value(), scene.relay);
  EXPECT_EQ(baton.digest_algorithm, 1u);
  expect_relay_accepts(sealed.value(), baton);
}

TEST_P(SealBoth, contents_are_copies_and_stay_when_the_seal_moves) {
  auto scene = std::make_unique<Scene>(GetParam());
  auto first = scene->seal();
  ASSERT_TRUE(first.has_value());
  const Bytes kernel(scene->kernel.bytes.begin(), scene->kernel.bytes.end());
  scene.reset();
  const SealedHandoff second = std::move(first).value();
  const ByteView content = second.segments().front().content.first(kernel.size());
  EXPECT_EQ(Bytes(content.begin(), content.end()), kernel);
}

// What is borrowed ends with its file: the kernel that loads it adds the zeroes. Relay and baton,
// with the digests in it, are the same byte by byte.
TEST_P(SealBoth, what_is_borrowed_is_where_it_was_and_has_the_same_digest) {
  Scene scene(GetParam());
  for (const std::uint32_t algorithm : {HR_DIGEST_SHA256, HR_DIGEST_FAST}) {
    scene.facts.digest_algorithm = algorithm;
    scene.contents = Contents::kCopied;
    const auto copied = scene.seal();
    scene.contents = Contents::kBorrowed;
    auto sealed = scene.seal();
    ASSERT_TRUE(copied.has_value() && sealed.has_value());
    const SealedHandoff borrowed = std::move(sealed).value();
    for (std::size_t i = 0; i < borrowed.segments().size(); ++i) {
      const SealedSegment& segment = borrowed.segments()[i];
      const SealedSegment& like = copied.value().segments()[i];
      EXPECT_EQ(segment.kind, like.kind);
      EXPECT_EQ(memory_of(segment), memory_of(like)) << segment_name(segment.kind);
      if (segment.kind == SegmentKind::kKERNEL) {
        EXPECT_EQ(segment.content.data(), scene.kernel.bytes.data());
        EXPECT_EQ(segment.content.size(), scene.kernel.bytes.size());
      }
      if (segment.kind == SegmentKind::kINITRD) {
        EXPECT_EQ(segment.content.data(), scene.initrd.data());
      }
    }
    expect_relay_accepts(borrowed, baton_in(borrowed, scene.relay));
  }
}

// A bootloader writes what a file holds and no more: what was behind it in memory stays there.
TEST_P(SealBoth, zeroes_to_the_end_of_the_pages_are_loaded_and_under_the_digest) {
  const Scene scene(GetParam());
  const auto sealed = scene.seal();
  ASSERT_TRUE(sealed.has_value());
  const hr_baton baton = baton_in(sealed.value(), scene.relay);
  for (std::size_t i = 0; i < sealed.value().segments().size(); ++i) {
    const SealedSegment& segment = sealed.value().segments()[i];
    if (segment.kind == SegmentKind::kRELAY) {
      continue;
    }
    ASSERT_EQ(segment.content.size(), segment.memory.size_bytes());
    EXPECT_EQ(baton.segments[i].size, segment.memory.size_bytes());
    const std::uint64_t content_bytes = segment.kind == SegmentKind::kTREE
                                            ? scene.tree.bytes().size()
                                            : scene.plan.find(segment.kind)->content_bytes;
    EXPECT_TRUE(std::ranges::all_of(segment.content.subspan(content_bytes),
                                    [](std::byte b) { return b == std::byte{0}; }));
  }
}

TEST_P(SealBoth, no_initrd_is_no_segment) {
  Scene scene(GetParam());
  scene.initrd.clear();
  scene.request.initrd_bytes = 0;
  scene.plan = make_plan(scene.machine, scene.kernel, scene.request).value();
  const auto sealed = scene.seal();
  ASSERT_TRUE(sealed.has_value()) << base::describe(sealed.error());
  EXPECT_EQ(sealed.value().segments().size(), 3u);
  expect_relay_accepts(sealed.value(), baton_in(sealed.value(), scene.relay));
}

TEST_P(SealBoth, a_relay_whose_file_ends_at_the_baton_is_extended) {
  Scene scene(GetParam());
  scene.relay_file = testing::make_relay(GetParam(), 0x3000, 0x3000);
  scene.relay = read_relay_image(scene.relay_file).value();
  const auto sealed = scene.seal();
  ASSERT_TRUE(sealed.has_value()) << base::describe(sealed.error());
  EXPECT_EQ(sealed.value().segments().back().content.size(), 0x3000u + HR_BATON_SIZE);
  expect_relay_accepts(sealed.value(), baton_in(sealed.value(), scene.relay));
}

TEST(Seal, refuses_what_was_not_planned) {
  const auto refused = [](auto&& spoil) {
    Scene scene(Arch::kArm);
    spoil(scene);
    return scene.refusal();
  };
  base::Error error = refused([](Scene& s) { s.initrd.push_back(std::byte{1}); });
  EXPECT_EQ(error.code(), Code::SEAL_MISMATCH);
  EXPECT_EQ(error.subject(), "initrd");
  error = refused([](Scene& s) { s.kernel.bytes = s.kernel.bytes.first(100); });
  EXPECT_EQ(error.subject(), "kernel");
  error = refused(
      [](Scene& s) { s.request.tree_bytes = s.placement(SegmentKind::kTREE).content_bytes = 16; });
  EXPECT_EQ(error.subject(), "device tree");
  error = refused([](Scene& s) {
    s.request.relay_bytes = s.placement(SegmentKind::kRELAY).content_bytes = 0x1000;
  });
  EXPECT_EQ(error.subject(), "relay");
  error = refused([](Scene& s) { s.relay.arch = Arch::kArm64; });
  EXPECT_EQ(error.subject(), "relay: architecture");
}

TEST(Seal, checks_the_plan_again) {
  Scene scene(Arch::kArm);
  scene.machine.reserved = {{testing::range(scene.plan.entry.raw(), 1), "late"}};
  EXPECT_EQ(scene.refusal().code(), Code::PLAN_OVERLAP);
  EXPECT_EQ(scene.refusal().subject(), "kernel and late");
}

TEST(Baton, is_the_struct_field_by_field) {
  BatonInput input{.relay = PhysAddr(0x1122334455667788),
                   .entry = PhysAddr(0x40008000),
                   .tree = PhysAddr(0x48000000),
                   .record = PhysAddr(0x48000123),
                   .segments = {},
                   .facts = {}};
  input.facts.console = {.kind = HR_CONSOLE_NS16550,
                         .base = PhysAddr(0x9000000),
                         .shift = 2,
                         .width_bytes = 4,
                         .path = "/soc/serial"};
  input.facts.gic.version = 3;
  input.facts.gic.redistributors = {testing::range(0x80a0000, 0xf60000),
                                    testing::range(0x90a0000, 0x20000)};
  input.facts.gic.redistributor_stride = 0x20000;
  input.facts.gic.its = {PhysAddr(0x8080000)};
  input.facts.psci = base::Conduit::kHvc;
  input.facts.resident = HR_DIALECT_COMMON;
  input.facts.require_hyp = true;
  input.facts.halt_on_failure = true;
  input.facts.verbose = true;
  input.facts.digest_algorithm = HR_DIGEST_SHA256;
  digest::Digest digest;
  digest.fill(std::byte{0xab});
  input.segments = {{SegmentKind::kTREE, PhysAddr(0x48000000), 0x1234, digest}};
  const auto result = write_baton(input);
  ASSERT_TRUE(result.has_value());
  const Bytes& bytes = result.value();
  ASSERT_EQ(bytes.size(), std::size_t{HR_BATON_SIZE});
  const auto at32 = [&](std::size_t at) { return base::read_le<std::uint32_t>(bytes, at).value(); };
  const auto at64 = [&](std::size_t at) { return base::read_le<std::uint64_t>(bytes, at).value(); };
  EXPECT_EQ(std::memcmp(bytes.data(), "HRBT", 4), 0);
  EXPECT_EQ(at32(0x04), 0x10002u);
  EXPECT_EQ(at32(0x08), 0x490u);
  EXPECT_EQ(at32(0x0c), 7u);
  EXPECT_EQ(at64(0x10), 0x1122334455667788u);
  EXPECT_EQ(at64(0x18), 0x40008000u);
  EXPECT_EQ(at64(0x20), 0x48000000u);
  EXPECT_EQ(at64(0x28), 0x48000123u);
  EXPECT_EQ(at32(0x30), 2u);
  EXPECT_EQ(at32(0x34), 1u);
  EXPECT_EQ(at32(0x38), 1u);
  EXPECT_EQ(at32(0x3c), 2u);
  EXPECT_EQ(at32(0x40), 2u);
  EXPECT_EQ(at32(0x44), 2u);
  EXPECT_EQ(at64(0x48), 0x9000000u);
  EXPECT_EQ(at32(0x50), 4u);
  EXPECT_EQ(at32(0x54), 3u);
  EXPECT_EQ(at64(0x58), 0x80a0000u);
  EXPECT_EQ(at64(0x60), 0x90a0000u);
  EXPECT_EQ(at64(0x68), 0u);
  EXPECT_EQ(at64(0xd8), 0xf60000u);
  EXPECT_EQ(at64(0x158), 0x8080000u);
  EXPECT_EQ(at64(0x160), 0u);
  EXPECT_EQ(at64(0x258), 0x20000u);
  EXPECT_EQ(at64(0x260), 0x48000000u);
  EXPECT_EQ(at64(0x268), 0x1234u);
  EXPECT_EQ(at32(0x270), 3u);
  EXPECT_EQ(bytes[0x278], std::byte{0xab});
  EXPECT_EQ(at64(0x298), 0u);
}

TEST(Baton, says_what_it_cannot_hold) {
  BatonInput input{};
  input.segments.resize(9);
  EXPECT_EQ(write_baton(input).error().code(), Code::SEAL_TOO_MANY);
  input.segments.resize(8);
  EXPECT_TRUE(write_baton(input).has_value());
  input.facts.gic.its.resize(33);
  EXPECT_EQ(write_baton(input).error().limit(), 32u);
  input.facts.gic.its.resize(32);
  input.facts.gic.redistributors.resize(17);
  EXPECT_EQ(write_baton(input).error().limit(), 16u);
}

TEST(RelayImage, names_the_field_that_is_wrong) {
  EXPECT_TRUE(read_relay_image(testing::make_relay(Arch::kArm64)).has_value());
  struct Row {
    std::size_t at;
    std::uint32_t value;
    std::string_view subject;
  };
  const Row rows[] = {
      {HR_RELAY_HEADER_MAGIC, 0, "relay image: magic"},
      {HR_RELAY_HEADER_VERSION, HR_BATON_VERSION - 1, "relay image: baton version"},
      {HR_RELAY_HEADER_VERSION, 0x20000, "relay image: baton version"},
      {HR_RELAY_HEADER_VERSION, HR_BATON_VERSION + 1, "relay image: baton version"},
      {HR_RELAY_HEADER_IMAGE_SIZE, 0x4001, "relay image: size"},
      {HR_RELAY_HEADER_BATON, 0x10, "relay image: baton offset"},
      {HR_RELAY_HEADER_BATON, 0x3004, "relay image: baton offset"},
      {HR_RELAY_HEADER_BATON, 0x4008, "relay image: baton offset"},
      {HR_RELAY_HEADER_MEMORY_SIZE, 0x3fff, "relay image: memory size"},
      {HR_RELAY_HEADER_ARCH, 16, "relay image: architecture"},
      {HR_RELAY_HEADER_LOG, 0x3000, "relay image: log offset"},
      {HR_RELAY_HEADER_LOG, 0x20000, "relay image: log offset"},
  };
  for (const Row& row : rows) {
    Bytes relay = testing::make_relay(Arch::kArm);
    testing::put32(relay, row.at, row.value);
    const auto result = read_relay_image(relay);
    ASSERT_FALSE(result.has_value()) << row.subject;
    EXPECT_EQ(result.error().subject(), row.subject);
  }
  EXPECT_EQ(read_relay_image({}).error().subject(), "relay image: header");
}

}  // namespace
}  // namespace hyprelay::handoff
