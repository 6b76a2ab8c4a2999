// SPDX-License-Identifier: BSD-2-Clause
// Reports of hyp-check against golden ones (tests/data/hyp-check/*.tap).
#pragma once

#include <string>
#include <string_view>

namespace hyprelay::boot_test {

// The report in a console, from its first line to "# end", without what Xen says in between; or
// to "Bail out!". Empty when it is not whole, or when its results are not 1 to the end of its plan.
std::string report_in(const std::string& console);

// The report with what may differ from build to build and from QEMU to QEMU replaced, which is
// this and nothing else:
//   the tree's size (SIZE) and its address wherever it stands (TREE),
//   addresses inside of the program's image (IMAGE),
//   the address behind "vectors found at" unless it is 0 (VECTORS).
std::string normalised(const std::string& report);

// Compares with the file, where the address that tests/target/residents/below.cpp has printed is
// RESIDENT, and prints the first line that differs. HR_UPDATE_GOLDEN=1 in the
// environment writes the file anew.
bool is_golden(const std::string& console, const std::string& file);

}  // namespace hyprelay::boot_test
