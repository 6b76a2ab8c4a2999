// SPDX-License-Identifier: BSD-2-Clause
// The whole way of a kernel that was inflated before, and where its zImage is taken instead.
#include "handoff/bare_kernel.hpp"
#include "tests/unit/handoff/scene.hpp"

namespace hyprelay::handoff {
namespace {

using testing::Bytes;
using testing::content_of;
using testing::kMega;
using testing::range;
using testing::Scene;

// What a zImage with the numbers of Debian's armmp would inflate to.
struct BareScene : Scene {
  explicit BareScene(const char* version = "6.1.0") : Scene("armmp") {
    bare_bytes.resize(kBareLead + testing::kArmmp.inflated);
    testing::put_text(bare_bytes, 0x100000,
                      std::string("Linux version ") + version + "-armmp (a@b) (gcc) ");
    testing::put_text(bare_bytes, kBareLead, "first instruction");
  }
  PrepareInput with_bare() const {
    PrepareInput all = input();
    auto read = read_bare_kernel(all.kernel.zimage, bare_bytes);
    EXPECT_TRUE(read.view) << read.why_not;
    read.view->inflated_from = "zImage (xz)";
    all.bare = std::move(read.view);
    return all;
  }
  Bytes bare_bytes;
};

bool has_note(const Planned& planned, std::string_view part) {
  return std::ranges::any_of(
      planned.notes, [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

TEST(PrepareBare, is_sealed_with_its_lead_and_digested_whole) {
  const BareScene scene;
  const auto planned = prepare(scene.with_bare());
  ASSERT_TRUE(planned) << base::describe(planned.error());
  EXPECT_TRUE(planned.value().found.kernel.bare);
  EXPECT_TRUE(has_note(planned.value(), "vmlinuz: inflated from zImage (xz), 20582580 bytes"));
  const auto sealed = seal(planned.value(), scene.initrd, scene.seeds);
  ASSERT_TRUE(sealed) << base::describe(sealed.error());
  const base::ByteView content = content_of(sealed.value(), SegmentKind::kKERNEL);
  ASSERT_GE(content.size(), scene.bare_bytes.size());
  EXPECT_TRUE(std::ranges::equal(content.first(scene.bare_bytes.size()), scene.bare_bytes));
}

// Literals alone: an LZ4 block of anything.
Bytes block_of(const Bytes& content) {
  Bytes block = {std::byte{0xf0}};
  std::size_t left = content.size() - 15;
  for (; left >= 255; left -= 255) {
    block.push_back(std::byte{255});
  }
  block.push_back(static_cast<std::byte>(left));
  block.insert(block.end(), content.begin(), content.end());
  return block;
}

TEST(PrepareBare, travels_packed_and_the_relay_is_told_of_both) {
  BareScene scene;
  const Bytes block = block_of(scene.bare_bytes);
  PrepareInput input = scene.with_bare();
  input.machine.boot_mode = Mode::kHYP;
  input.packed = block;
  auto planned = prepare(input);
  ASSERT_TRUE(planned) << base::describe(planned.error());
  ASSERT_TRUE(planned.value().plan.packed);
  const auto sealed = seal(planned.value(), scene.initrd, scene.seeds);
  ASSERT_TRUE(sealed) << base::describe(sealed.error());
  const base::ByteView content = content_of(sealed.value(), SegmentKind::kKERNEL);
  ASSERT_GE(content.size(), block.size());
  EXPECT_TRUE(std::ranges::equal(content.first(block.size()), block));
  for (const SealedSegment& segment : sealed.value().segments()) {
    EXPECT_EQ(segment.kind == SegmentKind::kKERNEL,
              segment.memory == planned.value().plan.packed->memory);
  }
  // Another kernel's block, as long.
  Bytes other = block;
  other.back() ^= std::byte{1};
  input.packed = other;
  planned = prepare(input);
  ASSERT_TRUE(planned);
  EXPECT_EQ(seal(planned.value(), scene.initrd, scene.seeds).error().subject(), "packed kernel");
}

// Other bytes than those that were planned with.
TEST(PrepareBare, is_not_sealed_when_it_has_changed_meanwhile) {
  BareScene scene;
  const auto planned = prepare(scene.with_bare());
  ASSERT_TRUE(planned);
  scene.bare_bytes[5] = std::byte{1};
  EXPECT_EQ(seal(planned.value(), scene.initrd, scene.seeds).error().code(),
            base::Code::SEAL_MISMATCH);
}

// A zImage needs room beside what it inflates to; the kernel alone does not.
TEST(PrepareBare, for_a_panic_it_goes_into_the_region_and_the_advice_is_its_own) {
  BareScene scene;
  scene.reserve(range(0x50000000, 128 * kMega));
  const auto planned = prepare(scene.with_bare());
  ASSERT_TRUE(planned) << base::describe(planned.error());
  EXPECT_TRUE(planned.value().found.kernel.bare);
  EXPECT_EQ(planned.value().plan.memory_start, base::PhysAddr(0x50000000));
  const auto bare = estimate_crash_size(scene.with_bare());
  const auto zimage = estimate_crash_size(scene.input());
  ASSERT_TRUE(bare && zimage);
  EXPECT_LE(bare.value().smallest_bytes + testing::kArmmp.size_bytes,
            zimage.value().smallest_bytes + 2 * kMega);
  EXPECT_EQ(planned.value().recommended_bytes, bare.value().recommended_bytes);
  EXPECT_EQ(planned.value().needed_bytes - planned.value().needed_bytes % kMega,
            bare.value().needed_bytes - bare.value().needed_bytes % kMega);
  // With --keep-zimage.
  EXPECT_EQ(scene.planned().recommended_bytes, zimage.value().recommended_bytes);
  EXPECT_GT(scene.planned().needed_bytes, planned.value().needed_bytes);
  // Either way what is said to be enough is.
  for (const bool keeps : {false, true}) {
    BareScene small;
    const auto enough = (keeps ? zimage : bare).value().smallest_bytes;
    small.reserve(range(0x50000000, enough));
    EXPECT_TRUE(prepare(keeps ? small.input() : small.with_bare())) << keeps;
    BareScene smaller;
    smaller.reserve(range(0x50000000, enough - 2 * kMega));
    const auto refused = prepare(keeps ? smaller.input() : smaller.with_bare());
    ASSERT_FALSE(refused) << keeps;
    EXPECT_EQ(refused.error().code(), base::Code::CRASH_REGION_SMALL);
    EXPECT_LE(refused.error().limit(), enough);
    EXPECT_GT(refused.error().limit(), enough - 2 * kMega) << "what that one needs, not the other";
  }
}

// Before 5.11 memory begins at 16 MiB: of a region that begins elsewhere too little is left.
TEST(PrepareBare, where_there_is_no_place_for_it_the_zimage_is_taken_and_why_is_said) {
  for (const bool old : {true, false}) {
    BareScene scene(old ? "5.10.0" : "5.11.0");
    scene.reserve(range(0x50200000, 36 * kMega));
    const auto planned = prepare(scene.with_bare());
    ASSERT_TRUE(planned) << base::describe(planned.error());
    EXPECT_EQ(!planned.value().found.kernel.bare, old);
    EXPECT_EQ(has_note(planned.value(), "handed over as a zImage, which inflates itself: "), old);
  }
}

// What the relay climbs through lies in the old kernel, where the next one would be loaded.
TEST(PrepareBare, over_a_resident_that_the_relay_needs_the_zimage_inflates_itself) {
  BareScene scene;
  scene.wishes.resident = compat::Dialect::kARM_KVM_3_14;
  scene.wishes.resident_vectors = {0x40212000, 0xc0212000};
  auto planned = prepare(scene.with_bare());
  ASSERT_TRUE(planned) << base::describe(planned.error());
  EXPECT_FALSE(planned.value().found.kernel.bare);
  EXPECT_EQ(planned.value().plan.memory_start, base::PhysAddr(0x40000000));
  EXPECT_TRUE(has_note(planned.value(), "would lose the memory below 0x40200000"));
  // Elsewhere it is in nobody's way.
  scene.wishes.resident_vectors = {0x60212000, 0xc0212000};
  planned = prepare(scene.with_bare());
  ASSERT_TRUE(planned);
  EXPECT_TRUE(planned.value().found.kernel.bare);
}

}  // namespace
}  // namespace hyprelay::handoff
