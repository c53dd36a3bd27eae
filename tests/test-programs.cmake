# SPDX-License-Identifier: MIT

set(RECO_TEST_TAG "" CACHE STRING "Build and run only the test cases with this tag, such as concurrent")

add_library(test_settings INTERFACE)
target_link_libraries(test_settings INTERFACE reco_development reco_catch2 ${reco_found_components})
target_include_directories(test_settings INTERFACE .)
target_compile_definitions(test_settings INTERFACE
  RECO_SOURCE_FOLDER="${PROJECT_SOURCE_DIR}"
  RECO_TEST_SCRATCH="${PROJECT_BINARY_DIR}/scratch")

# Catch2 and Eigen, read once for all test programs: a third of the time to compile them. Not for g++: what it reads from
# a precompiled header is no system header any more, and it warns of the standard library's own code.
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_library(test_precompiled OBJECT precompiled.cpp)
  target_link_libraries(test_precompiled PRIVATE test_settings)
  target_precompile_headers(test_precompiled PRIVATE precompiled.hpp)
endif()

# Makes the program test_NAME of the sources in FOLDER, linked with all optional parts that are here, and one CTest
# test for each test case. With RECO_TEST_TAG, of the sources that have the tag, if there are any.
function(reco_add_test_program name folder)
  file(GLOB sources RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS ${folder}/*.cpp)
  foreach(adapter IN LISTS reco_missing_adapters)
    list(REMOVE_ITEM sources unit/${adapter}.cpp golden/${adapter}.cpp)
  endforeach()
  set(spec)
  if(RECO_TEST_TAG)
    set(spec "[${RECO_TEST_TAG}]")
    set(all ${sources})
    set(sources)
    foreach(source IN LISTS all)
      file(STRINGS ${source} tagged REGEX "\\[${RECO_TEST_TAG}\\]" LIMIT_COUNT 1)
      if(tagged)
        list(APPEND sources ${source})
      endif()
    endforeach()
  endif()
  if(NOT sources)
    return()
  endif()

  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE test_settings)
  if(TARGET test_precompiled)
    target_precompile_headers(test_${name} REUSE_FROM test_precompiled)
  endif()
  # NoAssertions: a test case that checks nothing fails.
  catch_discover_tests(test_${name} TEST_SPEC "${spec}" TEST_PREFIX "${name}:" EXTRA_ARGS --warn NoAssertions
    PROPERTIES LABELS ${name} SKIP_REGULAR_EXPRESSION "skipped: needs ")
endfunction()
