# SPDX-License-Identifier: BSD-2-Clause
# Debian's cross compiler for arm: for the freestanding images and for the static Linux tools.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(HR_ARCH arm)
set(HR_DEBIAN_ARCH armhf)
set(HR_DEBIAN_TRIPLET arm-linux-gnueabihf)
set(CMAKE_C_COMPILER ${HR_DEBIAN_TRIPLET}-gcc)
set(CMAKE_CXX_COMPILER ${HR_DEBIAN_TRIPLET}-g++)
set(CMAKE_ASM_COMPILER ${HR_DEBIAN_TRIPLET}-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
