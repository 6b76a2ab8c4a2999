# SPDX-License-Identifier: BSD-2-Clause
# What bare programs read: hyp-check its tree, the relay its baton, which a loader wrote.
set(hyp_check "${PROJECT_SOURCE_DIR}/hyp-check/core")
hr_fuzz_test(hyp_check_tree
             SOURCES hyp_check_tree_fuzz.cpp "${hyp_check}/console.cpp" "${hyp_check}/options.cpp" "${hyp_check}/psci.cpp" "${hyp_check}/tree.cpp"
             LIBRARIES hr_compat hr_fdt ITERATIONS 5000
             SEEDS "${CMAKE_CURRENT_BINARY_DIR}/board.dtb" "${CMAKE_CURRENT_BINARY_DIR}/spintable.dtb")
add_dependencies(fuzz_hyp_check_tree fuzz_fdt_seeds)

add_executable(fuzz_baton_seeds baton_seeds.cpp)
target_link_libraries(fuzz_baton_seeds PRIVATE hr_handoff)
hr_fuzz_seeds(baton NAMES baton_arm baton_arm64)
set(relay "${PROJECT_SOURCE_DIR}/relay/core")
hr_fuzz_test(baton SOURCES baton_fuzz.cpp "${relay}/baton.cpp" "${relay}/identity_map.cpp" LIBRARIES hr_digest SEEDS ${seeds})
add_dependencies(fuzz_baton fuzz_baton_seed_files)
add_executable(fuzz_lz4_seeds lz4_seeds.cpp)
target_link_libraries(fuzz_lz4_seeds PRIVATE hr_lz4)
hr_fuzz_seeds(lz4 NAMES lz4_short lz4_long)
hr_fuzz_test(lz4 SOURCES lz4_fuzz.cpp LIBRARIES hr_base hr_lz4 SEEDS ${seeds} ITERATIONS 4000)
add_dependencies(fuzz_lz4 fuzz_lz4_seed_files)
