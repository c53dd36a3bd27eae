# SPDX-License-Identifier: MIT
# Two files of one program compiled with different flags lay out Eigen's matrices, and the library's own, differently.
# Linking them must fail; with the same flags it must not.
set(ENV{LC_ALL} C)
set(here ${scratch}/${name})
file(MAKE_DIRECTORY ${here})

function(compile source flags object)
  execute_process(COMMAND ${compiler} -march=x86-64 ${flags} -c ${folder}/${name}/${source}.cpp -o ${here}/${object}.o
    COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Links main.o with the object, sets `status` and `output`.
function(link object)
  execute_process(COMMAND ${compiler} ${here}/main.o ${here}/${object}.o -o ${here}/program
    RESULT_VARIABLE status ERROR_VARIABLE output)
  set(status ${status} PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

compile(main "" main)
compile(other "" same)
compile(other "-march=x86-64-v3" other_processor)
compile(other "-DNDEBUG" other_assertions)

foreach(object IN ITEMS other_processor other_assertions)
  link(${object})
  if(status EQUAL 0)
    message(FATAL_ERROR "main.o and ${object}.o were linked")
  elseif(NOT output MATCHES "undefined reference to .*first_number\\(reco::v[0-9]+_[0-9]+_")
    message(FATAL_ERROR "expected an undefined reference that shows the tag of ${object}.o, got:\n${output}")
  endif()
endforeach()
link(same)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "files compiled with the same flags were not linked:\n${output}")
endif()
execute_process(COMMAND ${here}/program COMMAND_ERROR_IS_FATAL ANY)
