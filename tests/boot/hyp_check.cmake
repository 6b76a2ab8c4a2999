# SPDX-License-Identifier: BSD-2-Clause
# hyp-check, booted in every way, against golden reports: HR_UPDATE_GOLDEN=1 ctest -R boot.hyp_check writes
# them anew, and git diff shows what has changed.
add_executable(hyp_check_test hyp_check_test.cpp expect.cpp tap.cpp)
target_link_libraries(hyp_check_test PRIVATE hr_rehearse)

set(golden "${PROJECT_SOURCE_DIR}/tests/data/hyp-check")
set(sysroot "${HYPRELAY_CACHE}/sysroot")
set(end "hyp-check.end=off")

# hr_hyp_check_test(name way ARGS...), name begins with the architecture; the report is <name>.tap.
# ELF: the ELF instead of the image. PROGRAM, GOLDEN: another file, and the report of that name.
function(hr_hyp_check_test name way)
  cmake_parse_arguments(PARSE_ARGV 2 arg "ELF" "PROGRAM;GOLDEN" "ARGS")
  string(REGEX MATCH "^[a-z0-9]+" arch "${name}")
  set(program "${HYPRELAY_IMAGES}/${arch}/hyp-check/hyp_check.bin")
  if(arg_ELF)
    set(program "${HYPRELAY_IMAGES}/${arch}/hyp-check/hyp_check_stripped.elf")
  endif()
  set(report "${name}")
  if(arg_PROGRAM)
    set(program "${arg_PROGRAM}")
    set(report "${arg_GOLDEN}")
  endif()
  add_test(NAME boot.hyp_check.${name}
    COMMAND hyp_check_test --way ${way} --arch ${arch} --program "${program}"
            --golden "${golden}/${report}.tap" --append "${end}" ${arg_ARGS})
  set_tests_properties(boot.hyp_check.${name} PROPERTIES LABELS boot TIMEOUT 300 PROCESSORS 1)
endfunction()

foreach(arch arm arm64)
  set(debian armhf)
  set(u_boot qemu_arm)
  set(kernel armmp)
  if(arch STREQUAL "arm64")
    set(debian arm64)
    set(u_boot qemu_arm64)
    set(kernel arm64)
  endif()
  # Nobody above; as an ELF; QEMU's PSCI on HVC above, found and named.
  hr_hyp_check_test(${arch}.top qemu)
  hr_hyp_check_test(${arch}.top.elf qemu ELF)
  hr_hyp_check_test(${arch}.psci qemu ARGS --machine virtualization=off)
  hr_hyp_check_test(${arch}.psci.named qemu
    ARGS --machine virtualization=off --append "${end} hyp-check.resident=qemu-psci")
  # Named a stub: the first answer tells, and no function id is sent to whoever it is, whatever the tree says.
  hr_hyp_check_test(${arch}.psci.wrong qemu
    ARGS --machine virtualization=off --append "${end} hyp-check.resident=${arch}-stub-4.12")
  # Words that mean nothing are named, and change nothing.
  hr_hyp_check_test(${arch}.bad_word qemu ARGS --append "${end} hyp-check.resident=nobody-i-know")
  # Boot stages of the field.
  hr_hyp_check_test(${arch}.u-boot u-boot ARGS --stage "${sysroot}/armhf/usr/lib/u-boot/${u_boot}/u-boot.bin")
  hr_hyp_check_test(${arch}.xen xen ARGS --stage "${sysroot}/${debian}/boot/xen-4.17-${debian}")
  hr_hyp_check_test(${arch}.debian linux
    ARGS --stage ${kernel} --hyprelay $<TARGET_FILE:hyprelay> --cache "${HYPRELAY_CACHE}"
         --transcript "${CMAKE_CURRENT_BINARY_DIR}/hyp_check.${arch}.transcript")
  # The same as a program with its place, by an ELF file whose entry is where the image's is: the report is the same.
  hr_hyp_check_test(${arch}.debian.elf linux
    PROGRAM "${CMAKE_CURRENT_BINARY_DIR}/containers.${arch}/program" GOLDEN ${arch}.debian
    ARGS --stage ${kernel} --hyprelay $<TARGET_FILE:hyprelay> --cache "${HYPRELAY_CACHE}"
         --transcript "${CMAKE_CURRENT_BINARY_DIR}/hyp_check.${arch}.elf.transcript" --says "image at 0x40200000")
  set_tests_properties(boot.hyp_check.${arch}.debian.elf PROPERTIES FIXTURES_REQUIRED containers_${arch})
endforeach()

# Boards of the field, as far as QEMU knows them, with the trees that Debian's kernels bring: other UARTs,
# other addresses. Not all of them have PSCI, so these end in a loop.
set(board --cache "${HYPRELAY_CACHE}" --append hyp-check.end=loop)
hr_hyp_check_test(arm.board.orangepi board ARGS ${board} --machine orangepi-pc --stage sun8i-h3-orangepi-pc.dtb)
hr_hyp_check_test(arm64.board.raspi3 board
  ARGS ${board} --machine raspi3b --stage broadcom/bcm2837-rpi-3-b.dtb --serial 1)
# In SVC below vectors of HYP that were never set, where every HVC is fatal: unknown, and nothing is asked;
# nor when it is said. Said wrongly, the first HVC begins the program anew, which notices.
hr_hyp_check_test(arm.board.raspi2.none board
  ARGS ${board} --machine raspi2b --stage bcm2836-rpi-2-b.dtb --append hyp-check.resident=none)
hr_hyp_check_test(arm.board.raspi2 board ARGS ${board} --machine raspi2b --stage bcm2836-rpi-2-b.dtb)
hr_hyp_check_test(arm.board.raspi2.empty board
  ARGS ${board} --machine raspi2b --stage bcm2836-rpi-2-b.dtb --append hyp-check.resident=empty)

# Below the residents of tests/target/residents, entered through the relay of a bundle, which stays down.
function(hr_hyp_check_below name resident word)
  cmake_parse_arguments(PARSE_ARGV 3 arg "" "CPU;LEFT_BY" "")
  string(REGEX MATCH "^[a-z0-9]+" arch "${name}")
  set(images "${HYPRELAY_IMAGES}/${arch}/tests/target/residents")
  set(cpu)
  if(arg_CPU)
    set(cpu --cpu "${arg_CPU}")
  endif()
  set(who --resident "${images}/resident_${resident}.elf")
  if(arg_LEFT_BY)
    set(who --left-by "${arg_LEFT_BY}" --below "${images}/below.bin")
  endif()
  add_test(NAME boot.hyp_check.${name}
    COMMAND climb_test --arch ${arch} ${who}
            --witness "${HYPRELAY_IMAGES}/${arch}/hyp-check/hyp_check.bin" --hyprelay $<TARGET_FILE:hyprelay>
            --cache "${HYPRELAY_CACHE}" --folder "${CMAKE_CURRENT_BINARY_DIR}/hyp_check.${name}"
            ${cpu} --tap "${golden}/${name}.tap" -- --append "${end} hyp-check.${word}")
  set_tests_properties(boot.hyp_check.${name} PROPERTIES LABELS boot TIMEOUT 300 PROCESSORS 1)
endfunction()

# Named by people: every call of the dialect, and every op that leaves the resident in place.
hr_hyp_check_below(arm.stub_3_7 stub_3_7 resident=arm-stub-3.7)
hr_hyp_check_below(arm.stub_3_7_thumb stub_3_7_thumb resident=arm-stub-3.7)
hr_hyp_check_below(arm.stub_3_7_be stub_3_7_be resident=arm-stub-3.7)
hr_hyp_check_below(arm.stub_4_12 stub_4_12 resident=arm-stub-4.12)
hr_hyp_check_below(arm.stub_5_7_thumb stub_5_7_thumb resident=arm-stub-5.7)
hr_hyp_check_below(arm.kvm_4_12 kvm_4_12 resident=arm-kvm-4.12)
hr_hyp_check_below(arm.common common resident=common)
hr_hyp_check_below(arm64.stub_3_8 stub_3_8 resident=arm64-stub-3.8)
hr_hyp_check_below(arm64.stub_4_7 stub_4_7 resident=arm64-stub-4.7)
hr_hyp_check_below(arm64.stub_4_8 stub_4_8 resident=arm64-stub-4.8)
hr_hyp_check_below(arm64.stub_4_12 stub_4_12 resident=arm64-stub-4.12)
hr_hyp_check_below(arm64.kvm_4_12 kvm_4_12 resident=arm64-kvm-4.12)
hr_hyp_check_below(arm64.common common resident=common)
# Found by the probe, from the release of the kernel before.
hr_hyp_check_below(arm.stub_5_7.found stub_5_7 kernel=6.1)
hr_hyp_check_below(arm.kvm_3_14.found kvm_3_14 kernel=4.4)
hr_hyp_check_below(arm.stub_3_7.found stub_3_7 kernel=4.9)
hr_hyp_check_below(arm64.kvm_5_10.found kvm_5_10 kernel=6.1)
hr_hyp_check_below(arm64.stub_4_12.found stub_4_12 kernel=6.1)
# Nothing is known: nothing is asked.
hr_hyp_check_below(arm.stub_3_7.unknown stub_3_7 end=off)
hr_hyp_check_below(arm64.stub_3_8.unknown stub_3_8 end=off)
# Named wrongly: the first answer tells, and nothing else is asked.
hr_hyp_check_below(arm.stub_4_12.wrong stub_4_12 resident=arm-stub-3.7)
hr_hyp_check_below(arm64.stub_4_12.wrong stub_4_12 resident=arm64-stub-4.8)
# A stub that loses a register: every call says which.
hr_hyp_check_below(arm.stub_4_12_sloppy stub_4_12_sloppy resident=arm-stub-4.12)
hr_hyp_check_below(arm64.stub_4_12_sloppy stub_4_12_sloppy resident=arm64-stub-4.12)
# Named wrongly, and the question that the named one takes for GET is SET here: the resident is lost, the
# program is not, and says so.
hr_hyp_check_below(arm64.stub_4_12.taken stub_4_12 resident=arm64-stub-3.8)
# Nobody: every HVC is undefined.
hr_hyp_check_below(arm.none none resident=none CPU max)
hr_hyp_check_below(arm64.none none resident=none)
# Below the stub that Debian's kernel has left in memory.
hr_hyp_check_below(arm.left_by_armmp armmp resident=arm-stub-5.7 LEFT_BY @armmp)
hr_hyp_check_below(arm64.left_by_arm64 arm64 resident=arm64-stub-5.12 LEFT_BY @arm64)
