# SPDX-License-Identifier: BSD-2-Clause
# Tables of EDK2 and of iasl.
file(GLOB tables "${PROJECT_SOURCE_DIR}/tests/data/acpi/*.aml"
     "${PROJECT_SOURCE_DIR}/tests/data/linux/arm64-efi-acpi/sys/firmware/acpi/tables/*")
hr_fuzz_test(acpi SOURCES acpi_fuzz.cpp LIBRARIES hr_acpi SEEDS ${tables})
