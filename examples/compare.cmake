# SPDX-License-Identifier: MIT
# cmake -D program=... -D expected=FILE -P compare.cmake: fails, and shows the first lines that differ, unless what the
# program prints is FILE, byte for byte.
execute_process(COMMAND ${program} OUTPUT_VARIABLE got RESULT_VARIABLE status ERROR_VARIABLE messages)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${program} ended with ${status}:\n${got}${messages}")
endif()
file(READ ${expected} wanted)
if(got STREQUAL wanted)
  return()
endif()

set(actual ${program}.out)
file(WRITE ${actual} "${got}")
find_program(diff diff)
if(diff)
  execute_process(COMMAND ${diff} -u --label expected --label printed ${expected} ${actual} OUTPUT_VARIABLE difference)
endif()
message(FATAL_ERROR "${program} printed something else than ${expected}:\n${difference}"
  "What it printed is in ${actual}; if it is right, copy it there.")
