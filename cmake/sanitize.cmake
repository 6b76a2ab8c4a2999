# SPDX-License-Identifier: BSD-2-Clause
# ASan and UBSan for the checked stage; any finding ends the test. Lines for the reports, assertions
# on, and -Og: the optimiser of -O1 spends half of a compilation on the branches of the checks
# (handoff/plan.cpp: 4.9 s at -O1, 2.4 s at -Og), and more than the tests gain while they run.
add_compile_options(-Og -g1 -UNDEBUG)
# ./x coverage: counters in place of the sanitizers, whose own branches would be counted.
if(HYPRELAY_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic -Wno-maybe-uninitialized)
  add_link_options(--coverage)
  return()
endif()
# ./x fuzz: by clang, with counters for libFuzzer, and faster code, as it runs for minutes. The warning list is
# GCC's, which compiles the same files.
if(HYPRELAY_LIBFUZZER)
  add_compile_options(-O1 -w -fsanitize=fuzzer-no-link)
endif()
add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
add_link_options(-fsanitize=address,undefined)
# GCC's flow analysis does not see through the sanitizers' instrumentation and reports optionals as
# perhaps uninitialized [GCC manual, -fsanitize=address]; the other stages keep the warning.
add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
