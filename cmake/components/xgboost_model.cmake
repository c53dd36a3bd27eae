# SPDX-License-Identifier: MIT
# reco::xgboost_model: reco/io/xgboost_model.hpp reads XGBoost's JSON models, with nlohmann_json.
if(NOT TARGET reco::xgboost_model)
  find_package(nlohmann_json QUIET)
  if(nlohmann_json_FOUND)
    add_library(reco::xgboost_model INTERFACE IMPORTED GLOBAL)
    target_link_libraries(reco::xgboost_model INTERFACE reco::reco nlohmann_json::nlohmann_json)
  endif()
endif()
