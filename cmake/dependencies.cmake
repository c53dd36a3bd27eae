# SPDX-License-Identifier: MIT
# Finds what reco needs. Versions are checked here and not by find_package: `find_package(Eigen3 3.4)`
# refuses Eigen 5, `find_package(Catch2 3)` refuses the 2.13 of Debian 12.

include(FetchContent)

# Eigen3::Eigen, 3.4 or newer.
macro(reco_find_eigen)
  if(NOT TARGET Eigen3::Eigen)
    find_package(Eigen3 QUIET NO_MODULE)
    if(Eigen3_FOUND AND Eigen3_VERSION VERSION_LESS 3.4)
      message(FATAL_ERROR "reco: Eigen 3.4 or newer is needed, found ${Eigen3_VERSION} in ${Eigen3_DIR}")
    elseif(NOT Eigen3_FOUND AND NOT RECO_FETCH_DEPENDENCIES)
      message(FATAL_ERROR "reco: Eigen 3.4 or newer is needed: install it (Debian, Ubuntu: libeigen3-dev), "
        "name its folder with -DEigen3_DIR=..., or let it be downloaded with -DRECO_FETCH_DEPENDENCIES=ON")
    elseif(NOT Eigen3_FOUND)
      # Headers are all that is wanted: SOURCE_SUBDIR names a folder without CMakeLists.txt, so that Eigen's
      # own build (tests, BLAS, documentation) stays out.
      FetchContent_Declare(eigen GIT_REPOSITORY https://gitlab.com/libeigen/eigen.git GIT_TAG 3.4.0 GIT_SHALLOW ON
        SOURCE_SUBDIR Eigen)
      FetchContent_MakeAvailable(eigen)
      add_library(Eigen3::Eigen INTERFACE IMPORTED GLOBAL)
      target_include_directories(Eigen3::Eigen SYSTEM INTERFACE ${eigen_SOURCE_DIR})
    endif()
  endif()
endmacro()

# reco_catch2: Catch2 with a main, 2.13 or 3.x; and the command catch_discover_tests.
macro(reco_find_catch2)
  find_package(Catch2 QUIET)
  if(Catch2_FOUND AND Catch2_VERSION VERSION_LESS 2.13)
    message(FATAL_ERROR "reco: the tests need Catch2 2.13 or newer, found ${Catch2_VERSION} in ${Catch2_DIR}")
  elseif(NOT Catch2_FOUND AND NOT RECO_FETCH_DEPENDENCIES)
    message(FATAL_ERROR "reco: the tests need Catch2: install it (Debian, Ubuntu: catch2), let it be downloaded with "
      "-DRECO_FETCH_DEPENDENCIES=ON, or leave the tests out with -DRECO_BUILD_TESTS=OFF")
  elseif(NOT Catch2_FOUND)
    FetchContent_Declare(Catch2 GIT_REPOSITORY https://github.com/catchorg/Catch2.git GIT_TAG v3.7.1 GIT_SHALLOW ON SYSTEM)
    FetchContent_MakeAvailable(Catch2)
    list(APPEND CMAKE_MODULE_PATH ${catch2_SOURCE_DIR}/extras)
  endif()
  if(TARGET Catch2::Catch2WithMain) # 3.x, and 2.13 as Debian and Ubuntu build it
    add_library(reco_catch2 INTERFACE)
    target_link_libraries(reco_catch2 INTERFACE Catch2::Catch2WithMain)
  else() # 2.13 as its own source installs it: a header and no library
    file(CONFIGURE OUTPUT catch2_main.cpp CONTENT "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n")
    add_library(reco_catch2 STATIC ${CMAKE_CURRENT_BINARY_DIR}/catch2_main.cpp)
    target_link_libraries(reco_catch2 PUBLIC Catch2::Catch2)
  endif()
  include(Catch)
endmacro()
