# SPDX-License-Identifier: BSD-2-Clause
# Debian's cross compiler, and what the board needs to know of the architecture.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-linux-gnueabihf-gcc)
set(CMAKE_ASM_COMPILER arm-linux-gnueabihf-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
# -DTHUMB=ON for T32. find_package(hyprelay) looks at these flags to see which build of the stub fits.
set(state -marm)
if(THUMB)
  set(state -mthumb)
endif()
set(CMAKE_C_FLAGS_INIT "${state} -march=armv7ve -mfloat-abi=soft")
set(CMAKE_ASM_FLAGS_INIT "-march=armv7ve -mfloat-abi=soft")
set(BOARD_ARCH arm)
set(BOARD_FLAGS -mno-unaligned-access)
set(BOARD_LINK_ADDRESS 0x40010000)
