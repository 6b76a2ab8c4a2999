# SPDX-License-Identifier: BSD-2-Clause
# Boots whose ways another one takes too: ./x test boot runs all, the ordinary ./x test leaves these out. What is
# left there has every way at least once on each architecture.
function(hr_by_name)
  foreach(name IN LISTS ARGN)
    set_property(TEST boot.${name} APPEND PROPERTY LABELS by_name)
  endforeach()
endfunction()

# A zImage at 3 GiB: armmp-lpae.3072M. Two or four CPUs: max.smp4.
hr_by_name(arm.armmp.3072M.smp2 arm64.a57.smp4)
# A flipped bit: in each segment by tests/target/relay, and once for each way here.
hr_by_name(arm.flipped.relay arm64.flipped.tree panic.flipped.kernel)
# Panics: of LPAE lpae.3072M and lpae.soft_lockup, of second CPUs those of panic_causes.cmake, of other suites'
# kernels arm64.a57.smp4; makedumpfile on arm64 in efi.acpi.el1.panic.
hr_by_name(panic.lpae.smp1 panic.lpae.smp4 panic.armmp.smp4 panic.armmp.cpu1 panic.arm64.cpu1 panic.arm64.a57.smp1)
# Pairs of EFI's values beyond what each value needs.
hr_by_name(efi.acpi.vhe.gic2 efi.acpi.el1.gic2 efi.tree.el1.12G)
# Debian's kernel behind a climb: each of the climbs ends in a witness, these ways in a kernel.
hr_by_name(
  climb.arm.kvm_3_9.as.arm-kvm-3.9.boots.armmp climb.arm.kvm_3_14.as.arm-kvm-3.14.boots.armmp-lpae
  climb.arm.stub_3_7.as.arm-kvm-4.8.boots.armmp-lpae climb.arm.stub_4_12.as.arm-stub-4.12.boots.armmp
  climb.arm.kvm_4_12.as.arm-kvm-4.12.boots.armmp climb.arm64.stub_4_7.as.arm64-stub-4.7.boots.arm64
  climb.arm64.stub_4_8.as.arm64-stub-4.8.boots.arm64 climb.arm64.stub_4_12.as.arm64-stub-5.12.boots.arm64
  climb.arm64.kvm_5_10.as.arm64-kvm-5.10.boots.arm64 climb.arm.stub_3_7.as.arm-stub-3.7.panics.armmp
  climb.arm64.stub_4_8.as.arm64-stub-4.8.panics.arm64 climb.arm.psci.not.arm-stub-5.7)
