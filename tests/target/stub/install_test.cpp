// SPDX-License-Identifier: BSD-2-Clause
// The installer: what it sets, and what it refuses.
#include "tests/target/stub/session.hpp"
#include "tests/target/stub/translation.hpp"

extern "C" int hr_embed_install(unsigned char* reserved);
extern "C" void hr_count_lines(hyprelay::target::Word result[2]);

namespace hyprelay::target {
namespace {

// Nothing may have changed where the installer refuses.
void check_refusal(int result, int wanted) {
  CHECK_EQ(static_cast<Word>(result), static_cast<Word>(wanted));
  CHECK_EQ(read_vectors(), reinterpret_cast<Word>(hr_target_hyp_vectors));
}

HR_TEST(install_misaligned, "the installer refuses a misaligned table") {
  const auto* table = hr_stub_vectors;
  check_refusal(hr_stub_install_at(table + 4), HR_STUB_MISALIGNED);
  check_refusal(hr_stub_install_at(table + kTableAlignment / 2), HR_STUB_MISALIGNED);
}

// Below a resident that was installed with HYP/EL2 in this state, a caller finds every op.
void check_answers() {
  CHECK_EQ(read_sctlr() & kSctlrCleared, Word{0});
  CHECK_EQ(read_vectors(), own_vectors());
}

HR_TEST(install_mmu_on, "installing with MMU and caches of HYP/EL2 on switches them off") {
  hyp_mmu_on();
  CHECK_EQ(read_sctlr() & kSctlrMmuAndCaches, kSctlrMmuAndCaches);
  CHECK_EQ(static_cast<Word>(hr_stub_install()), Word{HR_STUB_INSTALLED});
  check_answers();
  for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
    Frame in = make_frame(pattern, HR_OP_GET_VECTORS);
    hyp_mmu_on();
    const Outcome got = visit(hr_try_hvc_0, in, pattern);
    CHECK_EQ(got.out.word[0], own_vectors());
    check_preserved(in, got, pattern, 1);
    in = make_frame(pattern, HR_OP_SOFT_RESTART);
    in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp);
    hyp_mmu_on();
    const Outcome landed = visit_restart(hr_try_hvc_0, in, pattern);
    CHECK_EQ(landed.out.word[HR_FRAME_SPSR] & kSctlrCleared, Word{0});
  }
}

HR_TEST(install_cache_on, "installing with only the data cache of HYP/EL2 on switches it off") {
  write_sctlr(read_sctlr() | kSctlrDataCache);
  CHECK_EQ(static_cast<Word>(hr_stub_install()), Word{HR_STUB_INSTALLED});
  check_answers();
}

HR_TEST(install_cleans, "the installer's walk through the caches meets each set and way once") {
  Word count = 0;
  Word sum = 0;
  const Word levels = read_clidr();
  for (unsigned level = 0; level < (levels >> 24 & 7); ++level) {
    if ((levels >> 3 * level & 7) < 2) {
      continue;  // no cache of data there
    }
    write_csselr(level << 1);
    const Word geometry = read_ccsidr();  // of the CPUs here, none has the layout of FEAT_CCIDX
    const Word ways = (geometry >> 3 & 0x3ff) + 1;
    const Word sets = (geometry >> 13 & 0x7fff) + 1;
    unsigned way_bits = 0;
    while (Word{1} << way_bits < ways) {
      ++way_bits;
    }
    for (Word way = 0; way < ways; ++way) {
      for (Word set = 0; set < sets; ++set) {
        ++count;
        sum += set << ((geometry & 7) + 4) | level << 1;
        sum += way_bits == 0 ? 0 : way << (32 - way_bits);
      }
    }
  }
  Word met[2] = {};
  hr_count_lines(met);
  CHECK(count != 0);
  CHECK_EQ(met[0], count);
  CHECK_EQ(met[1], sum);
}

HR_TEST(install_alias, "the installer refuses to run at an address that is not its physical one") {
  // Called through the alias; returns to the identity map.
  const auto install_there =
      reinterpret_cast<int (*)(const void*)>(reinterpret_cast<Word>(hr_stub_install_at) + kAlias);
  hyp_mmu_on();
  const Word before = read_sctlr();
  const int from_alias = install_there(hr_stub_vectors);
  const int table_in_alias =
      hr_stub_install_at(reinterpret_cast<const void*>(own_vectors() + kAlias));
  CHECK_EQ(read_sctlr(), before);
  const Word vectors = read_vectors();
  // What was written meanwhile is in the caches: off they go as the installer does it.
  CHECK_EQ(static_cast<Word>(hr_stub_install()), Word{HR_STUB_INSTALLED});
  write_vectors(vectors);
  check_refusal(from_alias, HR_STUB_NOT_IDENTITY);
  check_refusal(table_in_alias, HR_STUB_NOT_IDENTITY);
}

HR_TEST(install_not_hyp, "the installer refuses below HYP/EL2, without an exception") {
  int result = -1;
  hr_target_run_at_pl1([](void* argument) { *static_cast<int*>(argument) = hr_stub_install(); },
                       &result, sp_hyp_pattern(0));
  check_refusal(result, HR_STUB_NOT_HYP);
}

HR_TEST(install_sets, "the installer leaves what a kernel below needs, whatever it found") {
  write_vpidr(0x12345678);
  write_vmpidr(0x12345678);
  write_cntvoff(0x123456789a);
  write_cnthctl(0);
#ifdef __arm__
  write_hcr(kHcrTrapWfi | kHcrTrapVm);
  write_hstr(0x1);
  write_hcptr(0x3ff);
  const Word counters = read_hdcr() & 0x1f;
  write_hdcr(counters | 0x60);
  write_cntv_ctl(1);
  write_pl1_sctlr((read_pl1_sctlr() | 0x180000) & ~Word{0x20});
#else
  write_hcr(kHcrRw | kHcrTrapWfi | kHcrTrapVm);
  write_hstr(0x1);
  write_cptr(0x33ff | 1u << 10 | 1u << 31);
  write_mdcr(0x60);
  write_vttbr(0x0042'0000'4000'0000);
  const bool has_gic = (read_pfr0() >> 24 & 0xf) != 0;
  if (has_gic) {
    write_ich_hcr(1);
  }
#endif
  CHECK_EQ(static_cast<Word>(hr_stub_install()), Word{HR_STUB_INSTALLED});

  CHECK_EQ(read_vectors(), own_vectors());
  CHECK_EQ(read_sctlr() & kSctlrCleared, Word{0});
  CHECK_EQ(read_hstr(), Word{0});
  CHECK_EQ(read_vpidr(), read_midr());
  CHECK_EQ(read_vmpidr(), read_mpidr());
  CHECK_EQ(read_cntvoff(), 0u);
  CHECK_EQ(read_cnthctl() & 3, Word{3});
#ifdef __arm__
  CHECK_EQ(read_hcr() & 0x7fffffff, Word{0});  // bit 31 is RES0; QEMU 10 has it as one
  // QEMU has the bits of coprocessors that the CPU lacks as ones.
  CHECK_EQ(read_hcptr() & 0xc00, Word{0});
  CHECK_EQ(read_hdcr(), counters);
  CHECK_EQ(read_cntv_ctl() & 1, Word{0});
  CHECK_EQ(read_pl1_sctlr() & 0x1801a0, Word{0x20});
#else
  CHECK_EQ(read_hcr() & ~(kHcrBase & ~kHcrRw), kHcrRw);
  CHECK_EQ(read_vttbr(), Word{0});
  CHECK_EQ(read_mdcr(), read_pmcr() >> 11 & 0x1f);
  CHECK_EQ(read_cptr() & (1u << 10 | 1u << 31), Word{0});
  if (has_gic) {
    CHECK_EQ(read_icc_sre() & 9, Word{9});
    CHECK_EQ(read_ich_hcr(), Word{0});
  }
  const bool has_sve = (read_pfr0() >> 32 & 0xf) != 0;
  CHECK_EQ(read_cptr() >> 8 & 1, Word{!has_sve});
  if (has_sve) {
    CHECK_EQ(read_zcr() & 0xf, Word{0xf});
  }
#endif
}

HR_TEST(install_from_c, "a C program installs a copy of the resident in memory of its own") {
  alignas(HR_STUB_ALIGNMENT) static constinit unsigned char reserved[kCopyBytes] = {};
  CHECK_EQ(static_cast<Word>(hr_embed_install(reserved)), Word{HR_STUB_INSTALLED});
  CHECK_EQ(read_vectors(), reinterpret_cast<Word>(reserved));
}

#ifndef __arm__
HR_TEST(install_leaves_e2h, "the installer leaves the E2H state of a VHE kernel") {
  const bool has_vhe = (read_mmfr1() >> 8 & 0xf) != 0;
  if (has_vhe) {
    write_hcr(kHcrRw | kHcrE2h | kHcrTge);
    CHECK_EQ(read_hcr() & (kHcrE2h | kHcrTge), kHcrE2h | kHcrTge);
  }
  CHECK_EQ(static_cast<Word>(hr_stub_install()), Word{HR_STUB_INSTALLED});
  CHECK_EQ(read_hcr() & (kHcrE2h | kHcrTge), Word{0});
  CHECK_EQ(read_cptr() & ~kCptrTz, kCptrRes1);
  CHECK_EQ(read_cnthctl() & 3, Word{3});
}
#endif

}  // namespace
}  // namespace hyprelay::target
