// SPDX-License-Identifier: BSD-2-Clause
// Out of line: there is one HVC and one SMC then, whose exceptions vectors.S knows.
#define HR_OUT_OF_LINE
#include "hyp-check/core/survey.hpp"

#include "compat/hr_psci.h"
#include "compat/hr_trng.h"
#include "hyp-check/core/call.hpp"
#include "hyp-check/core/words.hpp"

#include <string_view>

namespace hyprelay::hyp_check {
namespace {

using bare::Hex;

static_assert(static_cast<std::uint32_t>(PsciVersion::k0_2) == HR_PSCI_0_2);
static_assert(static_cast<std::uint32_t>(PsciVersion::k1_0) == HR_PSCI_1_0);

enum class Group : std::uint8_t { kSMCCC, kPSCI, kTRNG, kSTANDARD_HYPERVISOR, kVENDOR_HYPERVISOR };

// Characters, not a pointer to them: nothing here is relocated.
struct Function {
  char name[24];
  std::uint32_t id;
  Group group;
  bool has_32;
  bool has_64;
};

constexpr bool kHas32OF_32 = true;
constexpr bool kHas32OF_64 = false;
constexpr bool kHas32OF_BOTH = true;
constexpr Function kFunctions[] = {
#define HR_FUNCTION(group, name, fid, widths, ...) \
  {#name, fid, Group::k##group, kHas32OF_##widths, HR_FID_IS64_OF_##widths != 0},
#include "abi/smccc.def"
#undef HR_FUNCTION
};

bare::Voice& print_version(bare::Voice& voice, std::uint32_t version) {
  return voice << std::uint64_t{version >> 16} << "." << std::uint64_t{version & 0xffff};
}

bare::Voice& print_words(bare::Voice& voice, const std::uint32_t words[4]) {
  for (unsigned i = 0; i < 4; ++i) {
    voice << " " << Hex{words[i]};
  }
  return voice;
}

// Names, several to a line, behind what they are.
class Names {
 public:
  Names(Report& report, std::string_view what) : report_(report), what_(what) {}
  bare::Voice& next() {
    constexpr unsigned kPerLine = 6;
    if (count_++ % kPerLine == 0) {
      close();
      line_ = &(report_.note() << what_ << ":");
    }
    return *line_ << " ";
  }
  void close() {
    if (line_ != nullptr) {
      report_.end();
    }
    line_ = nullptr;
  }

 private:
  Report& report_;
  std::string_view what_;
  bare::Voice* line_ = nullptr;
  unsigned count_ = 0;
};

// The functions of a group that FEATURES says are there; `features` asks for one id. A 64-bit id is
// asked for by a caller that has one.
template <class Features>
void report_functions(Report& report, Group group, std::string_view what, Features features) {
  constexpr bool kWide = sizeof(hr_word) == 8;
  Names names(report, what);
  for (const Function& function : kFunctions) {
    if (function.group != group) {
      continue;
    }
    const std::int32_t narrow = function.has_32 ? features(function.id) : -1;
    const std::int32_t wide =
        function.has_64 && kWide ? features(function.id | HR_FID_BIT64) : std::int32_t{-1};
    if (narrow < 0 && wide < 0) {
      continue;
    }
    bare::Voice& line = names.next() << before({function.name, sizeof function.name}, '\0');
    if (kWide && function.has_32 && function.has_64 && (narrow < 0) != (wide < 0)) {
      line << (narrow < 0 ? "(64)" : "(32)");
    }
    const std::int32_t flags = narrow < 0 ? wide : narrow;
    if (flags > 0) {
      line << "(flags " << Hex{static_cast<std::uint32_t>(flags)} << ")";
    }
  }
  names.close();
}

void print_status(bare::Voice& line, std::int32_t status) {
  if (status < 0) {
    line << "-" << static_cast<std::uint64_t>(-std::int64_t{status});
  } else {
    line << Hex{static_cast<std::uint32_t>(status)};
  }
}

void report_uid(Report& report, hr_word conduit, std::string_view owner, std::uint32_t count_id,
                std::uint32_t uid_id, std::uint32_t revision_id) {
  std::uint32_t words[4] = {};
  const hr_uid uid = hr_smccc_uid(conduit, uid_id, words);
  bare::Voice& line = report.note() << owner << " hypervisor: " << text_of(uid);
  if (uid != HR_UID_NONE) {
    print_words(line << ", UID", words);
    std::uint32_t revision[2] = {};
    if (hr_smccc_revision(conduit, revision_id, revision) == HR_SMCCC_SUCCESS) {
      line << ", revision " << std::uint64_t{revision[0]} << "." << std::uint64_t{revision[1]};
    }
    print_status(line << ", functions: ",
                 hr_smccc_status(hr_smccc_1_0(conduit, count_id, 0, 0, 0).r[0]));
  }
  report.end();
}

void report_architecture(Report& report, hr_word conduit, const hr_smccc_found& found) {
  report_functions(report, Group::kSMCCC, "ARCH_FEATURES", [conduit](std::uint32_t id) {
    return hr_smccc_status(hr_smccc_1_0(conduit, HR_FID(SMCCC_ARCH_FEATURES), id, 0, 0).r[0]);
  });
  for (unsigned i = 0; i < 3; ++i) {
    if (found.workaround[i] == HR_SMCCC_NOT_REQUIRED) {
      report.note() << "ARCH_FEATURES: this CPU does not need WORKAROUND_" << std::uint64_t{i + 1};
      report.end();
    }
  }
  if (found.soc_id >= 0) {
    bare::Voice& line = report.note() << "SOC_ID: version ";
    print_status(line, hr_smccc_soc_id(conduit, HR_SMCCC_SOC_VERSION));
    print_status(line << ", revision ", hr_smccc_soc_id(conduit, HR_SMCCC_SOC_REVISION));
    report.end();
  }
}

void report_trng(Report& report, hr_word conduit) {
  const std::int32_t version = hr_trng_version(conduit);
  bare::Voice& line = report.note() << "TRNG";
  if (version < 0) {
    line << ": none";
    report.end();
    return;
  }
  print_version(line << " ", static_cast<std::uint32_t>(version));
  std::uint32_t uuid[4] = {};
  if (hr_trng_get_uuid(conduit, uuid) == HR_TRNG_SUCCESS) {
    print_words(line << ", UUID", uuid);
  }
  report.end();
  report_functions(report, Group::kTRNG, "TRNG functions",
                   [conduit](std::uint32_t id) { return hr_trng_features(conduit, id); });
}

}  // namespace

void report_survey(Report& report, hr_word conduit, const PsciNode& tree) {
  if (tree.version == PsciVersion::k0_1) {
    print_psci_0_1(report.note(), tree);
    report.end();
    return;
  }
  const std::string_view by = conduit == HR_CONDUIT_HVC ? " by HVC" : " by SMC";
  if (conduit == HR_CONDUIT_NONE) {
    report.note() << "SMCCC: not asked for: "
                  << (tree.version == PsciVersion::kNone ? "no PSCI in the tree"
                                                         : "hvc #0 may be somebody else's");
    report.end();
    return;
  }
  hr_smccc_found found = {};
  if (hr_smccc_discover(conduit, static_cast<std::uint32_t>(tree.version), &found) == 0) {
    report.note() << "PSCI" << by << ": the tree names it, and nobody answers PSCI_VERSION";
    report.end();
    return;
  }
  print_version(report.note() << "PSCI ", found.psci) << by;
  report.end();
  if (found.psci >= HR_PSCI_1_0) {
    report_functions(report, Group::kPSCI, "PSCI functions",
                     [conduit](std::uint32_t id) { return hr_psci_features(conduit, id); });
  }
  print_version(report.note() << "SMCCC ", found.version)
      << (found.version < HR_SMCCC_1_1 ? ": nothing more can be asked" : "");
  report.end();
  if (found.version < HR_SMCCC_1_1) {
    return;
  }
  report_architecture(report, conduit, found);
  report_uid(report, conduit, "vendor", HR_FID(VENDOR_HYPERVISOR_CALL_COUNT),
             HR_FID(VENDOR_HYPERVISOR_UID), HR_FID(VENDOR_HYPERVISOR_REVISION));
  report_uid(report, conduit, "standard", HR_FID(STANDARD_HYPERVISOR_CALL_COUNT),
             HR_FID(STANDARD_HYPERVISOR_UID), HR_FID(STANDARD_HYPERVISOR_REVISION));
  report_trng(report, conduit);
}

}  // namespace hyprelay::hyp_check
