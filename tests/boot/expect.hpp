// SPDX-License-Identifier: BSD-2-Clause
// What the judges of this folder share: paths into JSON, and where Debian's kernels are.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hyprelay::boot_test {

// "armmp-lpae": the newest vmlinuz-*-armmp-lpae below the cache; "bullseye/armmp": that of another
// Debian suite. Empty when there is none.
std::string kernel_path(const std::string& cache, const std::string& name);
// One sentence with what ./x has noted when it could not be fetched.
std::string why_no_kernel(const std::string& cache, const std::string& name);

// "PATH=JSON", "PATH>N" or "PATH<N": a PATH is keys and indices joined by dots; "*" stands for
// every element of a list, of which there must be one at least. Prints what it finds instead.
bool holds(const nlohmann::json& report, const std::string& expectation);

// What a console says behind the relay's last "starting next kernel". Empty when no relay said it.
std::string_view behind_last_handoff(std::string_view console);

// Prints one line, "ok" or "WRONG", and returns `good`.
bool check(const char* what, const std::string& detail, bool good);

}  // namespace hyprelay::boot_test
