# SPDX-License-Identifier: MIT
# Compiles NAME.cpp as it stands, which must pass, and with -DMISTAKE, which must fail with the expected message.
set(ENV{LC_ALL} C) # plain quotes in messages
set(file ${folder}/${name}.cpp)
file(STRINGS ${file} expected REGEX "^// expect: ")
string(REPLACE "// expect: " "" expected "${expected}")
if(expected STREQUAL "")
  message(FATAL_ERROR "${file} has no line '// expect: REGEX'")
endif()

execute_process(COMMAND ${compiler} -fsyntax-only ${file} RESULT_VARIABLE status ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "does not compile without the mistake:\n${output}")
endif()
execute_process(COMMAND ${compiler} -fsyntax-only -DMISTAKE ${file} RESULT_VARIABLE status ERROR_VARIABLE output)
if(status EQUAL 0)
  message(FATAL_ERROR "compiles in spite of the mistake")
elseif(NOT output MATCHES "${expected}")
  message(FATAL_ERROR "expected an error that matches '${expected}', got:\n${output}")
endif()
