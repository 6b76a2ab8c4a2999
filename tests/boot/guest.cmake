# SPDX-License-Identifier: BSD-2-Clause
# Below real hypervisors: Debian's kernel hands over to itself as a guest of KVM, and is refused as Xen's dom0
# (docs/howto-kexec.md, "As dom0 and as guest").
add_executable(guest_test guest_test.cpp guest_ways.cpp expect.cpp)
target_link_libraries(guest_test PRIVATE hr_rehearse hr_fdt)

# hr_guest_test(name ARGS ...)
function(hr_guest_test name)
  add_test(NAME boot.guest.${name}
    COMMAND guest_test --cache "${HYPRELAY_CACHE}" --folder "${CMAKE_CURRENT_BINARY_DIR}/guest.${name}" ${ARGN})
  set_tests_properties(boot.guest.${name} PROPERTIES LABELS boot TIMEOUT 300 PROCESSORS 1 COST 50)
endfunction()

set(programs)
foreach(program arm64/below_kvm arm64/below_kvm_be arm/below_kvm arm/below_kvm_be arm/below_kvm_t32 arm/below_kvm_t32be)
  string(REPLACE "/" "/tests/below/kvm/" program "${program}")
  list(APPEND programs --program "${HYPRELAY_IMAGES}/${program}.bin")
endforeach()
hr_guest_test(arm64.kvm
  --way kvm --monitor "${PROJECT_BINARY_DIR}/tools/arm64/tests/boot/guest/kvm_boot"
  ${programs}
  --expect "*.booted.mode=EL1" --expect 0.load.output.warnings=[]
  --expect "0.load.output.no_climb=no way up through smccc, smccc-undef is known to be safe"
  --says "in EL1, 4 segments verified" --says "kvm_boot: guest 0 has powered off")
hr_rows(boot.guest.arm64.kvm)
# (Loaded all the same, by --resident xen-4.10, the next kernel has a BUG in its xen_guest_init.)
hr_guest_test(arm64.xen_dom0
  --way xen --load-exit 15 --expect 0.booted.mode=EL1
  --says "Xen keeps shared_info, vcpu_info, runstate, event channels and grant frames of this kernel"
  --says "[E709]")
# The same Xen, and a kernel that it has told nothing of itself.
hr_guest_test(arm64.xen_dom0less
  --way domu --expect "*.booted.mode=EL1"
  --expect "0.load.output.no_climb=no way up through xen-4.10, hyper-v, gunyah, hafnium, smccc, smccc-undef, qemu-psci is known to be safe")
