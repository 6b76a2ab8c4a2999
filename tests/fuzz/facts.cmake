# SPDX-License-Identifier: BSD-2-Clause
# The running machine's files, of guests that were real.
set(guests "${PROJECT_SOURCE_DIR}/tests/data/linux")
hr_fuzz_test(facts SOURCES facts_fuzz.cpp LIBRARIES hr_handoff_linux ITERATIONS 1000
             SEEDS "${guests}/arm64/proc/iomem" "${guests}/arm64-el1/proc/iomem" "${guests}/arm64/kmsg.txt"
                   "${guests}/armmp-svc/kmsg.txt" "${guests}/arm64/proc/cpuinfo" "${guests}/arm64/sys/kernel/vmcoreinfo"
                   "${guests}/arm64-efi-acpi/sys/firmware/acpi/tables/FACP")
# GRUB's menu, a small grammar: ten thousand are a second.
hr_fuzz_test(grub SOURCES grub_fuzz.cpp LIBRARIES hr_handoff_linux SEEDS "${PROJECT_SOURCE_DIR}/tests/data/grub/menu.cfg")
hr_fuzz_test(boot_menu SOURCES boot_menu_fuzz.cpp LIBRARIES hr_handoff_linux
  SEEDS "${PROJECT_SOURCE_DIR}/tests/data/grub/menu.cfg" "${PROJECT_SOURCE_DIR}/tests/data/boot-menu/distro.conf"
        "${PROJECT_SOURCE_DIR}/tests/data/boot-menu/loader.txt" "${PROJECT_SOURCE_DIR}/tests/data/boot-menu/u-boot-menu.conf"
  ITERATIONS 5000)
target_compile_definitions(fuzz_facts PRIVATE HR_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
