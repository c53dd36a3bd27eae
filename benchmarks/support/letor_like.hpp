// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/ltr/ranking_data.hpp"

// Queries of the shape of MSLR-WEB10K: 40 to 160 documents each, 136 features of four kinds, grades 0..4. Made on the
// spot; where the environment variable RECO_LTR_DIR names a folder with train.txt and test.txt (`label qid:Q
// index:value ...`, indices from 1, zeros left out, 136 features), those are read instead.

namespace bench {

struct ranking_sets {
  reco::ranking_data train = {};
  reco::ranking_data test = {};
};

inline reco::ranking_data make_queries(std::int32_t queries, std::int32_t features, std::uint64_t seed) {
  reco::random_engine weights_of(0), random(seed);
  std::vector<double> weights;
  for (int f = 0; f < 136; ++f) weights.push_back(0.15 * reco::normal(weights_of));
  std::vector<std::int32_t> sizes;
  std::int32_t documents = 0;
  for (std::int32_t q = 0; q < queries; ++q) {
    sizes.push_back(40 + static_cast<std::int32_t>(reco::uniform_index(random, 121)));
    documents += sizes.back();
  }
  reco::matrix<float> x(documents, features);
  std::vector<double> scores;
  Eigen::Index row = 0;
  for (const auto size : sizes) {
    std::vector<double> level;
    for (int f = 0; f < 20; ++f) level.push_back(reco::normal(random));
    const auto first = scores.size();
    double mean = 0;
    for (std::int32_t d = 0; d < size; ++d, ++row) {
      std::vector<double> z;  // what the label depends on
      for (std::int32_t f = 0; f < std::max(features, 136); ++f) {
        const auto kind = f % 136;
        double v = reco::normal(random);
        if (kind < 20) v += level[static_cast<std::size_t>(kind)];
        else if (kind >= 40 && kind < 80) v = std::round(std::exp(v * 0.7) * 3);  // counts
        else if (kind >= 80 && kind < 110) v = std::round(v * 8) / 8;             // coarse
        else if (kind >= 110 && reco::bernoulli(random, 0.7)) v = 0;              // sparse
        if (f < features) x(row, f) = static_cast<float>(v);
        z.push_back(kind >= 40 && kind < 80 ? std::log1p(v) : v);
      }
      double s = 1.5 * reco::normal(random);
      for (std::size_t f = 0; f < 100; ++f) s += weights[f] * z[f];
      s += 0.8 * std::max(z[0], 0.0) * z[5] + 0.7 * std::sin(2 * z[7]) * z[60] + 0.6 * (z[90] > 0.3 ? z[3] : 0);
      scores.push_back(s);
      mean += s / size;
    }
    for (auto s = first; s < scores.size(); ++s) scores[s] -= mean;
  }
  double square = 0;
  for (const double s : scores) square += s * s / static_cast<double>(scores.size());
  std::vector<float> labels;
  for (const double s : scores) {
    const double steps[] = {0.05, 0.9, 1.7, 2.3};
    labels.push_back(static_cast<float>(std::upper_bound(steps, steps + 4, s / std::sqrt(square)) - steps));
  }
  return {reco::ranking_features(std::move(x)), std::move(labels), sizes};
}

inline reco::ranking_data read_queries(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<float> labels, values;
  std::vector<std::int32_t> sizes;
  std::string line, last;
  while (std::getline(in, line)) {
    char* at = nullptr;
    labels.push_back(std::strtof(line.c_str(), &at));
    const auto qid = line.substr(line.find("qid:"), line.find(' ', line.find("qid:")) - line.find("qid:"));
    if (qid != last) sizes.push_back(0);
    last = qid;
    ++sizes.back();
    values.resize(values.size() + 136);
    float* const row = values.data() + values.size() - 136;
    for (at = line.data() + line.find("qid:") + qid.size(); *at == ' ';) {
      const auto index = std::strtol(at, &at, 10);
      row[index - 1] = std::strtof(at + 1, &at);
    }
  }
  reco::matrix<float> x =
      Eigen::Map<const reco::matrix<float>>(values.data(), static_cast<Eigen::Index>(labels.size()), 136);
  return {reco::ranking_features(std::move(x)), std::move(labels), sizes};
}

/// 2,000 and 500 queries, once a program.
inline const ranking_sets& letor_like() {
  static const auto sets = [] {
    if (const char* folder = std::getenv("RECO_LTR_DIR"))
      return ranking_sets{read_queries(std::string(folder) + "/train.txt"),
                          read_queries(std::string(folder) + "/test.txt")};
    return ranking_sets{make_queries(2000, 136, 1), make_queries(500, 136, 2)};
  }();
  return sets;
}

}  // namespace bench
