# SPDX-License-Identifier: MIT
# reco::xz: reco/io/xz.hpp reads files packed by xz, with liblzma.
if(NOT TARGET reco::xz)
  find_package(LibLZMA QUIET)
  if(LibLZMA_FOUND)
    add_library(reco::xz INTERFACE IMPORTED GLOBAL)
    target_link_libraries(reco::xz INTERFACE reco::reco LibLZMA::LibLZMA)
  endif()
endif()
