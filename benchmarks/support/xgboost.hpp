// SPDX-License-Identifier: MIT
#pragma once
#if defined(RECO_HAVE_XGBOOST)

#include <xgboost/c_api.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "reco/ltr/ranking_data.hpp"

// XGBoost by its C interface.

namespace bench {

inline void xgboost_ok(int status) {
  if (status != 0) throw std::runtime_error(XGBGetLastError());
}

class xgboost_matrix {
 public:
  explicit xgboost_matrix(const reco::ranking_data& data) {
    const auto& x = data.matrix_of_features().dense();
    xgboost_ok(XGDMatrixCreateFromMat(x.data(), static_cast<bst_ulong>(x.rows()), static_cast<bst_ulong>(x.cols()),
                                      std::numeric_limits<float>::quiet_NaN(), &handle_));
    xgboost_ok(XGDMatrixSetFloatInfo(handle_, "label", data.labels().data(), data.labels().size()));
    std::vector<unsigned> sizes;
    for (std::int32_t q = 0; q < data.queries(); ++q) sizes.push_back(static_cast<unsigned>(data.size_of(q)));
    xgboost_ok(XGDMatrixSetUIntInfo(handle_, "group", sizes.data(), sizes.size()));
  }
  xgboost_matrix(const float* row, std::size_t features) {
    xgboost_ok(XGDMatrixCreateFromMat(row, 1, features, std::numeric_limits<float>::quiet_NaN(), &handle_));
  }
  xgboost_matrix(const xgboost_matrix&) = delete;
  xgboost_matrix& operator=(const xgboost_matrix&) = delete;
  ~xgboost_matrix() { XGDMatrixFree(handle_); }
  [[nodiscard]] DMatrixHandle handle() const { return handle_; }

 private:
  DMatrixHandle handle_ = nullptr;
};

class xgboost_trees {
 public:
  xgboost_trees(const xgboost_matrix& train, int trees, int leaves, int threads, int seed = 0) {
    DMatrixHandle handle = train.handle();
    xgboost_ok(XGBoosterCreate(&handle, 1, &booster_));
    const std::pair<const char*, std::string> options[] = {{"objective", "rank:ndcg"},
                                                           {"tree_method", "hist"},
                                                           {"grow_policy", "lossguide"},
                                                           {"max_depth", "0"},
                                                           {"max_leaves", std::to_string(leaves)},
                                                           {"max_bin", "255"},
                                                           {"eta", "0.1"},
                                                           {"nthread", std::to_string(threads)},
                                                           {"seed", std::to_string(seed)},
                                                           {"verbosity", "0"}};
    for (const auto& [name, value] : options) xgboost_ok(XGBoosterSetParam(booster_, name, value.c_str()));
    for (int t = 0; t < trees; ++t) xgboost_ok(XGBoosterUpdateOneIter(booster_, t, handle));
  }
  xgboost_trees(const xgboost_trees&) = delete;
  xgboost_trees& operator=(const xgboost_trees&) = delete;
  ~xgboost_trees() { XGBoosterFree(booster_); }

  void set_threads(int threads) { xgboost_ok(XGBoosterSetParam(booster_, "nthread", std::to_string(threads).c_str())); }
  [[nodiscard]] std::vector<double> predict(const xgboost_matrix& rows) const {
    bst_ulong size = 0;
    const float* scores = nullptr;
    xgboost_ok(XGBoosterPredict(booster_, rows.handle(), 0, 0, 0, &size, &scores));
    return {scores, scores + size};
  }

 private:
  BoosterHandle booster_ = nullptr;
};

}  // namespace bench
#endif
