# SPDX-License-Identifier: BSD-2-Clause
# ASan and UBSan for the checked stage; any finding ends the test. Lines for the reports, assertions
# on, and -O1: what -O2 gains while the tests run it loses while they compile.
add_compile_options(-O1 -g1 -UNDEBUG)
add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
add_link_options(-fsanitize=address,undefined)
# GCC's flow analysis does not see through the sanitizers' instrumentation and reports optionals as
# perhaps uninitialized [GCC manual, -fsanitize=address]; the other stages keep the warning.
add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
