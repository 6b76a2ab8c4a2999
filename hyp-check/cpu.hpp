// SPDX-License-Identifier: BSD-2-Clause
// What a report says differently on each architecture, by the same names in both twins.
#pragma once

#ifdef __arm__
#include "hyp-check/arm/cpu.hpp"
#else
#include "hyp-check/arm64/cpu.hpp"
#endif
