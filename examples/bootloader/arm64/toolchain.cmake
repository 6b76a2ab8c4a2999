# SPDX-License-Identifier: BSD-2-Clause
# Debian's cross compiler, and what the board needs to know of the architecture.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_ASM_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(BOARD_ARCH arm64)
set(BOARD_FLAGS -mgeneral-regs-only -mstrict-align)
set(BOARD_LINK_ADDRESS 0x40080000)
