// SPDX-License-Identifier: BSD-2-Clause
// The system registers that these tests set and read, by the names of the stub's tests.
#pragma once

#ifdef __arm__
#include "tests/target/relay/arm/arch.hpp"
#include "tests/target/stub/arm/arch.hpp"
#else
#include "tests/target/relay/arm64/arch.hpp"
#include "tests/target/stub/arm64/arch.hpp"
#endif
