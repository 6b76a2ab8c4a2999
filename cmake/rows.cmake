# SPDX-License-Identifier: BSD-2-Clause
# hr_rows(test...): what these tests print of conventions ("# row: ...") is part of the table of
# docs/conventions.md, which the test conventions.table compares when all of them have passed.
function(hr_rows)
  set(rows "${HYPRELAY_IMAGES}/../rows")
  foreach(test IN LISTS ARGN)
    set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT "HR_ROWS=${rows}/${test}.rows")
    set_property(TEST ${test} APPEND PROPERTY FIXTURES_SETUP conventions)
    # Before the first of a run: what a test that failed, or is no more, had left is no row of this run.
    set_property(TEST ${test} APPEND PROPERTY FIXTURES_REQUIRED rows_emptied)
  endforeach()
endfunction()
