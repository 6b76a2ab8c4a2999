// SPDX-License-Identifier: BSD-2-Clause
// Modules that a rehearsal's guest needs, where the user's initrd has them.
#pragma once

#include <string>

namespace hyprelay::rehearse::guest {

// Loads a module, "drivers/virtio/virtio", from the folder of that release below
// root + "/lib/modules", packed or not. What the kernel has against it, as errno says it; 0 also
// for one that is loaded already. ENOENT: there is no file of that name, and it may be built in.
int load_module(const std::string& root, const std::string& release, const std::string& name);

// The folder that load_module() looks in, for a message.
std::string module_folder(const std::string& root, const std::string& release);

}  // namespace hyprelay::rehearse::guest
