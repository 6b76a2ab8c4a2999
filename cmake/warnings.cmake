# SPDX-License-Identifier: BSD-2-Clause
# The one warning list. Warnings are errors; a suppression carries its reason where it stands.
# -Wno-psabi: a note, on every armhf build, that GCC 7 changed how some arguments travel; everything
# here is built by one compiler.
set(HR_WARNINGS
    -Wall -Wextra -Werror -Wno-psabi -Wshadow -Wundef -Wvla -Wimplicit-fallthrough=5)
set(HR_CXX_WARNINGS -Wnon-virtual-dtor -Wold-style-cast -Wextra-semi)
add_compile_options(
  "$<$<COMPILE_LANGUAGE:C,CXX>:${HR_WARNINGS}>" "$<$<COMPILE_LANGUAGE:CXX>:${HR_CXX_WARNINGS}>")
