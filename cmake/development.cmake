# SPDX-License-Identifier: MIT
# reco_development: how our own tests, examples and benchmarks are compiled. Users never see it.
# Warnings are errors with CMake's own -DCMAKE_COMPILE_WARNING_AS_ERROR=ON.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

add_library(reco_development INTERFACE)
target_link_libraries(reco_development INTERFACE reco::reco)
target_compile_options(reco_development INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion)
# Sources that are compiled together see each other's names.
if(CMAKE_UNITY_BUILD)
  target_compile_options(reco_development INTERFACE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>)
endif()
# g++ 12 sees overlapping copies in std::string's operator+ that are none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(reco_development INTERFACE -Wno-restrict)
endif()
if(RECO_NATIVE)
  target_compile_options(reco_development INTERFACE -march=native)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU) # g++ 12 warns inside its own header of AVX-512 intrinsics
    target_compile_options(reco_development INTERFACE -Wno-maybe-uninitialized -Wno-uninitialized)
  endif()
endif()
