// SPDX-License-Identifier: BSD-2-Clause
// The machines of tests/data/linux, as roots for gather().
#pragma once

#include "handoff/linux/gather.hpp"
#include "os/files.hpp"

#include <string>

namespace hyprelay::test {

// `folder` of tests/data/linux. uname is not among the captured files: the folder's name tells.
inline handoff::linux_host::Root captured(const std::string& data, const std::string& folder) {
  handoff::linux_host::Root root;
  root.path = data + "/linux/" + folder;
  root.machine = folder.starts_with("arm64") ? "aarch64" : "armv7l";
  const auto release = os::read_fact_text(root.path + "/proc/sys/kernel/osrelease");
  root.kernel_release = release ? release.value() : "";
  root.log = "/kmsg.txt";
  return root;
}

}  // namespace hyprelay::test
