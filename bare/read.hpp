// SPDX-License-Identifier: BSD-2-Clause
// System registers read from C++ by the names of registers.h.
#pragma once

#include <cstdint>

// The text of what a macro stands for.
#define HR_TEXT_OF(...) #__VA_ARGS__
#define HR_TEXT(...) HR_TEXT_OF(__VA_ARGS__)

#ifdef __arm__
#include "bare/arm/read.hpp"
#else
#include "bare/arm64/read.hpp"
#endif
