// SPDX-License-Identifier: BSD-2-Clause
// A kernel image that carries a bundle: tests/target/residents/below, its table, and the bundle's
// files. hyprelay loads it as any kernel.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace hyprelay::boot_test {

// `below`: below.bin; `bundle`: the folder that hyprelay bundle wrote, with this manifest. False: a
// file is missing or has another shape.
bool write_chain(bool arm, const std::string& below, const std::string& bundle,
                 const nlohmann::json& manifest, const std::string& path);

}  // namespace hyprelay::boot_test
