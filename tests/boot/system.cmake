# SPDX-License-Identifier: BSD-2-Clause
# The package in a whole Debian: installed by dpkg, loaded by systemd, a panic, the dump on disk at the next
# boot, and systemctl kexec. arm by a tree, arm64 by EDK2, ACPI and GRUB. Minutes of one CPU each, most of them for
# mkinitramfs: begun first.
foreach(triple armhf:arm:arm-linux-gnueabihf arm64:arm64:aarch64-linux-gnu)
  string(REPLACE ":" ";" triple "${triple}")
  list(GET triple 0 debian_arch)
  list(GET triple 1 arch)
  list(GET triple 2 triplet)
  add_test(NAME boot.system.${debian_arch}
    COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/system_test.sh" "${PROJECT_SOURCE_DIR}" "${HYPRELAY_CACHE}"
            ${debian_arch} "${PROJECT_BINARY_DIR}/tools/${arch}/cli/hyprelay" $<TARGET_FILE:hyprelay>
            ${triplet}-strip "${CMAKE_CURRENT_BINARY_DIR}/system")
  set_tests_properties(boot.system.${debian_arch} PROPERTIES LABELS boot TIMEOUT 1800 COST 1000)
endforeach()
