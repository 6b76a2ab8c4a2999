// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/programs.hpp"

#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace hyprelay::rehearse {

base::Result<GuestPrograms> find_programs(handoff::Arch arch) {
  std::vector<std::string> roots;
  if (const char* set = std::getenv("HYPRELAY_LIBDIR"); set != nullptr && *set != '\0') {
    roots.emplace_back(set);
  } else {
    roots = {HR_REHEARSE_BUILD_DIR, HR_REHEARSE_INSTALL_DIR};
  }
  const std::string name = arch == handoff::Arch::kArm ? "/arm" : "/arm64";
  for (const std::string& root : roots) {
    const GuestPrograms programs = {root + name + "/rehearse/guest/rehearse_init",
                                    root + name + "/cli/hyprelay"};
    if (access(programs.init.c_str(), R_OK) == 0 && access(programs.hyprelay.c_str(), R_OK) == 0) {
      return programs;
    }
  }
  return base::Error(base::Code::FILE_MISSING, base::Stage::kRehearse,
                     roots.front() + name + "/cli/hyprelay and .../rehearse/guest/rehearse_init");
}

}  // namespace hyprelay::rehearse
