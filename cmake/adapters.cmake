# SPDX-License-Identifier: MIT
# Adapters: headers that need more than Eigen. Each is a target of its own, reco::NAME, which exists where
# its dependency is found; `cmake/components/NAME.cmake` looks for it, here and, as
# `find_package(reco COMPONENTS NAME)`, in an installed reco.
#
# Moves these headers from `headers` to `adapter_headers`: reco.hpp does not include them and they are not
# compiled alone. Our programs link `reco_found_components`; the tests of `reco_missing_adapters` are left out.

set(reco_components xz xgboost_model)
set(reco_adapter_of_xz io/xz)
set(reco_adapter_of_xgboost_model io/xgboost_model)

set(adapter_headers)
set(reco_found_components)
set(reco_missing_adapters)
foreach(component IN LISTS reco_components)
  include(cmake/components/${component}.cmake)
  set(adapter ${reco_adapter_of_${component}})
  if(TARGET reco::${component})
    list(APPEND reco_found_components reco::${component})
  else()
    list(APPEND reco_missing_adapters ${adapter})
  endif()
  set(header ${PROJECT_SOURCE_DIR}/include/reco/${adapter}.hpp)
  if(header IN_LIST headers)
    list(REMOVE_ITEM headers ${header})
    list(APPEND adapter_headers ${header})
  endif()
endforeach()
