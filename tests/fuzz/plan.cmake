# SPDX-License-Identifier: BSD-2-Clause
# Plans against a model. Any bytes are a machine, so that the driver draws them: a hundred thousand plans at least.
hr_fuzz_test(plan SOURCES plan_fuzz.cpp plan_model.cpp plan_worlds.cpp LIBRARIES hr_handoff ITERATIONS 165000)
