# SPDX-License-Identifier: BSD-2-Clause
# Debian's cross compiler for arm64: for the freestanding images and for the static Linux tools.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR arm64)
set(HR_ARCH arm64)
set(HR_DEBIAN_ARCH arm64)
set(HR_DEBIAN_TRIPLET aarch64-linux-gnu)
set(CMAKE_C_COMPILER ${HR_DEBIAN_TRIPLET}-gcc)
set(CMAKE_CXX_COMPILER ${HR_DEBIAN_TRIPLET}-g++)
set(CMAKE_ASM_COMPILER ${HR_DEBIAN_TRIPLET}-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
