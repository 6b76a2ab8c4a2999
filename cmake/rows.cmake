# SPDX-License-Identifier: BSD-2-Clause
# hr_rows(test...): what these tests print of conventions ("# row: ...") is part of the table of
# docs/conventions.md, which the test conventions.table compares when all of them have passed.
function(hr_rows)
  set(rows "${HYPRELAY_IMAGES}/../rows")
  file(MAKE_DIRECTORY "${rows}")
  foreach(test IN LISTS ARGN)
    set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT "HR_ROWS=${rows}/${test}.rows")
    set_property(TEST ${test} APPEND PROPERTY FIXTURES_SETUP conventions)
  endforeach()
endfunction()
