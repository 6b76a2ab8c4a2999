// SPDX-License-Identifier: BSD-2-Clause
// The lines of hyp-check's survey, word for word, below a server of compat/hr_server.h that offers
// what the real ones in tests/boot do not. What it must not ask is counted.
#include "hyp-check/core/survey.hpp"

#include "compat/hr_client.h"
#include "compat/hr_server.h"
#include "stub/hr_stub.h"
#include "tests/target/harness/tap.hpp"

#include <string_view>

namespace hyprelay::target {
namespace {

constexpr unsigned kLinesMax = 32;
constexpr std::size_t kLineMax = 160;
constinit char lines[kLinesMax][kLineMax] = {};
constinit unsigned line_count = 0;
constinit bare::Voice voice;

}  // namespace
}  // namespace hyprelay::target

// Where the report goes, here: to memory.
namespace hyprelay::hyp_check {

bare::Voice& Output::line() {
  target::voice =
      bare::Voice(bare::Uart(), bare::Log(target::lines[target::line_count % target::kLinesMax]));
  return target::voice;
}

void Output::end_line() {
  ++target::line_count;
}

}  // namespace hyprelay::hyp_check

namespace hyprelay::target {
namespace {

#ifdef __arm__
constexpr std::size_t kTopBytes = 8;
#else
constexpr std::size_t kTopBytes = 16;
#endif

using hyp_check::PsciNode;
using hyp_check::PsciVersion;

constinit unsigned unexpected = 0;
constinit unsigned served = 0;

void soc_id(void*, hr_registers* registers) {
  registers->r[0] = registers->r[1] == 0 ? 0x04561234 : 7;
}

void trng_version(void*, hr_registers* registers) {
  registers->r[0] = 0x10002;
}

void trng_features(void*, hr_registers* registers) {
  const Word id = registers->r[1];
  registers->r[0] = id == 0x84000050 || id == 0x84000051 || id == 0xc4000053 ? 0 : ~hr_word{0};
}

void trng_uuid(void*, hr_registers* registers) {
  for (hr_word i = 0; i < 4; ++i) {
    registers->r[i] = 0x1111 * (i + 1);
  }
}

// Whatever does something: a survey never calls it.
void act(void*, hr_registers*) {
  ++unexpected;
}

constexpr hr_server_function kFunctions[] = {
    {0x80000002, 0, soc_id},        {0x80008000, 0, act},
    {0x80007fff, 0xfffffffe, act},  // this CPU does not need it
    {0x84000002, 0, act},           {0x84000003, 0, act},
    {0xc4000003, 0, act},           {0xc4000001, 2, act},
    {0x84000008, 0, act},           {0x84000050, 0, trng_version},
    {0x84000051, 0, trng_features}, {0x84000052, 0, trng_uuid},
    {0x84000053, 0, act},           {0xc4000053, 0, act},
    {0x86000000, 0, act},
};
constexpr unsigned kFunctionCount = sizeof kFunctions / sizeof kFunctions[0];
constinit hr_server_table table = {};

void serve(void* context, hr_registers* registers) {
  ++served;
  hr_server_answer(context, registers);
}
constinit hr_server server = {serve, &table, 0};
alignas(16) constinit unsigned char stack[2048] = {};

void survey_below(void* argument) {
  hyp_check::Report report;
  hyp_check::report_survey(report, HR_CONDUIT_HVC, *static_cast<const PsciNode*>(argument));
  hr_native_set_vectors(reinterpret_cast<Word>(hr_target_hyp_vectors));
}

void survey(PsciNode of_tree) {
  line_count = 0;
  served = 0;
  for (char(&line)[kLineMax] : lines) {
    line[0] = '\0';
  }
  CHECK_EQ(static_cast<Word>(hr_stub_install()), Word{HR_STUB_INSTALLED});
  CHECK(hr_server_install(&server, stack + sizeof stack) != 0);
  hr_target_run_at_pl1(survey_below, &of_tree,
                       reinterpret_cast<Word>(stack + sizeof stack) - kTopBytes);
  hr_target_reset_hyp();
}

void survey(PsciVersion of_tree) {
  survey(PsciNode{of_tree, compat::PsciMethod::kHvc, hr_psci_0_1{}});
}

void check_line(unsigned index, std::string_view wanted) {
  const char* text = lines[index];
  std::size_t i = 0;
  while (i < wanted.size() && text[i] == wanted[i]) {
    ++i;
  }
  const bool same = i == wanted.size() && text[i] == '\0';
  if (!same) {
    note_value("line", index);
    note(text);
  }
  CHECK(same);
}

HR_TEST(whole,
        "the survey of a server that has everything, line by line, and nothing was set off") {
  table = {nullptr,
           kFunctions,
           kFunctionCount,
           0x10001,
           {0xb66fb428, 0xe911c52e, 0x564bcaa9, 0x743a004d},
           {1, 2}};
  survey(PsciVersion::k1_0);
  unsigned line = 0;
  check_line(line++, "# PSCI 1.1 by HVC");
#ifdef __arm__
  check_line(line++, "# PSCI functions: VERSION CPU_OFF CPU_ON SYSTEM_OFF FEATURES");
#else
  check_line(
      line++,
      "# PSCI functions: VERSION CPU_SUSPEND(64)(flags 0x2) CPU_OFF CPU_ON SYSTEM_OFF FEATURES");
#endif
  check_line(line++, "# SMCCC 1.3");
  check_line(line++, "# ARCH_FEATURES: VERSION ARCH_FEATURES SOC_ID WORKAROUND_1");
  check_line(line++, "# ARCH_FEATURES: this CPU does not need WORKAROUND_2");
  check_line(line++, "# SOC_ID: version 0x4561234, revision 0x7");
  check_line(
      line++,
      "# vendor hypervisor: KVM, UID 0xb66fb428 0xe911c52e 0x564bcaa9 0x743a004d, revision 1.2, "
      "functions: 0x1");
  check_line(line++, "# standard hypervisor: nobody");
  check_line(line++, "# TRNG 1.2, UUID 0x1111 0x2222 0x3333 0x4444");
#ifdef __arm__
  check_line(line++, "# TRNG functions: VERSION FEATURES");
#else
  check_line(line++, "# TRNG functions: VERSION FEATURES RND(64)");
#endif
  CHECK_EQ(line_count, line);
  CHECK_EQ(unexpected, 0u);
}

HR_TEST(unknown_uid, "a UID that nobody here has is printed, and said to be unknown") {
  table = {nullptr, kFunctions, 0, 0x10000, {0x12345678, 2, 3, 4}, {0, 0}};
  survey(PsciVersion::k0_2);
  check_line(0, "# PSCI 1.0 by HVC");
  check_line(
      4,
      "# vendor hypervisor: not known here, UID 0x12345678 0x2 0x3 0x4, revision 0.0, functions: "
      "0x0");
  check_line(6, "# TRNG: none");
  CHECK_EQ(line_count, 7u);
}

HR_TEST(old, "below PSCI 1.0 nothing but its version is asked for, and below 0.2 nothing") {
  table = {nullptr, kFunctions, kFunctionCount, 0x2, {1, 2, 3, 4}, {0, 0}};
  survey(PsciVersion::k0_2);
  check_line(0, "# PSCI 0.2 by HVC");
  check_line(1, "# SMCCC 1.0: nothing more can be asked");
  CHECK_EQ(line_count, 2u);
  CHECK_EQ(served, 1u);
  survey(PsciNode{PsciVersion::k0_1, compat::PsciMethod::kHvc,
                  hr_psci_0_1{0x95c1ba5e, 0x95c1ba5f, 0x95c1ba60, 0}});
  check_line(0,
             "# PSCI 0.1 by HVC: cpu_suspend 0x95c1ba5e, cpu_off 0x95c1ba5f, cpu_on 0x95c1ba60, "
             "and nothing is asked");
  CHECK_EQ(line_count, 1u);
  CHECK_EQ(served, 0u);
}

HR_TEST(nobody, "a tree that names PSCI where nobody answers it") {
  table = {nullptr, nullptr, 0, 0, {0, 0, 0, 0}, {0, 0}};
  survey(PsciVersion::k1_0);
  check_line(0, "# PSCI by HVC: the tree names it, and nobody answers PSCI_VERSION");
  CHECK_EQ(line_count, 1u);
  CHECK_EQ(served, 1u);
}

}  // namespace
}  // namespace hyprelay::target
