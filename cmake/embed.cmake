# SPDX-License-Identifier: MIT
# reco_embed(TARGET FILES...): compiles the bytes of FILES into TARGET, which finds them by
# `#include "embedded.hpp"` under their names without folder. Edited files are embedded anew.

if(CMAKE_SCRIPT_MODE_FILE) # cmake -D output=X.cpp -P embed.cmake -- FILES...: writes the source
  set(entries "")
  set(reading OFF)
  math(EXPR last "${CMAKE_ARGC} - 1")
  foreach(i RANGE ${last})
    if(reading)
      file(READ ${CMAKE_ARGV${i}} bytes HEX)
      cmake_path(GET CMAKE_ARGV${i} FILENAME name)
      string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
      string(REPEAT "." 120 thirty_bytes)
      string(REGEX REPLACE "(${thirty_bytes})" "\\1\"\n    \"" bytes "${bytes}")
      # Every byte is \xNN: nothing in a text can end the literal, and its length says where it ends.
      file(SIZE ${CMAKE_ARGV${i}} size)
      string(APPEND entries "  {\"${name}\", {\n    \"${bytes}\", ${size}}},\n")
    elseif(CMAKE_ARGV${i} STREQUAL "--")
      set(reading ON)
    endif()
  endforeach()
  file(WRITE ${output} "// Written by embed.cmake.\n#include \"embedded.hpp\"\n\nnamespace embedded {\nnamespace {\n"
    "constexpr file all[] = {\n${entries}};\n}  // namespace\n\n"
    "std::span<const file> files() { return all; }\n}  // namespace embedded\n")
  return()
endif()

set(reco_embed_script ${CMAKE_CURRENT_LIST_FILE})

function(reco_embed target)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}.embedded)
  add_custom_command(OUTPUT ${folder}/embedded.cpp
    COMMAND ${CMAKE_COMMAND} -D output=${folder}/embedded.cpp -P ${reco_embed_script} -- ${ARGN}
    DEPENDS ${ARGN} ${reco_embed_script} VERBATIM)
  # 64 KiB is what compilers must take; g++ and clang take more and, with -Wpedantic, say so.
  set_source_files_properties(${folder}/embedded.cpp PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  file(CONFIGURE OUTPUT ${folder}/embedded.hpp CONTENT [[
#pragma once

#include <span>
#include <string_view>

namespace embedded {

struct file {
  std::string_view name;
  std::string_view text;
};

/// Every embedded file, in the order in which the build names them.
std::span<const file> files();

}  // namespace embedded
]])
  target_sources(${target} PRIVATE ${folder}/embedded.cpp)
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
