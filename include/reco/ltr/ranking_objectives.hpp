// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/random.hpp"
#include "reco/ltr/mean_ndcg.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/ltr/swap_weights.hpp"

namespace reco::inline RECO_ABI() {

/// What trees are fitted to.
enum class ranking_objective {
  lambdarank,     ///< pairs, each weighed by what swapping it would change the target metric
  rank_xendcg,    ///< cross entropy over a query's list (Bruch, "An alternative cross entropy loss for LTR", 2021)
  pairwise,       ///< pairs, all alike (RankNet)
  squared_error,  ///< the label itself
  logistic,       ///< the log odds of a label that is a probability: a click model
};

/// The metric that `lambdarank` weighs pairs by. For `map` and `mrr` every label above 0 is relevant.
enum class lambda_target { ndcg, map, mrr };

/// How much more is seen in the labels of documents at a position than they deserve, against position 0.
struct position_bias {
  std::vector<double> clicked = {};    ///< of the better document of a pair, by position; empty: 1
  std::vector<double> unclicked = {};  ///< of the worse one

  friend bool operator==(const position_bias&, const position_bias&) = default;
};

struct objective_options {
  ranking_objective objective = ranking_objective::lambdarank;
  lambda_target target = lambda_target::ndcg;
  label_gain gain = label_gain::exponential;
  int truncation = 30;     ///< pairs have at least one document among so many first
  bool normalize = true;   ///< weigh pairs less whose scores differ much, and queries with many pairs less
  double steepness = 1;    ///< sigma of 1 / (1 + exp(sigma (s_i - s_j)))
  std::uint64_t seed = 0;  ///< of `rank_xendcg`
};

/// First and second derivatives of the objective by the scores of documents, Burges, "From RankNet to LambdaRank to
/// LambdaMART" (2010):
///
///     lambda_ij = sigma |delta metric_ij| / (1 + exp(sigma (s_i - s_j)))         label_i > label_j
///     g_i = sum_j lambda_ji - lambda_ij
///     h_i = sum_j sigma^2 |delta metric_ij| rho_ij (1 - rho_ij)
///
/// Documents stand in the order of their scores, ties by index, when a swap is judged. With `normalize`, as in
/// LightGBM, a pair's weight is divided by 0.01 + |s_i - s_j|, and a query's sums are multiplied by log2(1 + L) / L, L
/// the sum of its lambdas. A query of one document, or of equal labels, has no pairs and no gradient.
///
/// With a `position_bias` a pair counts 1 / (clicked unclicked), of the positions at which its better and its worse
/// document were shown. With propensities as `clicked` that is Joachims et al., "Unbiased learning-to-rank with biased
/// feedback", 2017; both may be estimated from the clicks themselves (Hu et al., "Unbiased LambdaMART", 2019):
///
///     L_ij       = |change of the metric| log(1 + exp(sigma (s_j - s_i)))        i clicked, j not
///     clicked_p  = (sum over pairs with i at p of L_ij / unclicked_j   / that of position 0)^(1 / (1 +
///     regularization)) unclicked_p = (sum over pairs with j at p of L_ij / clicked_i    / that of position 0)^(1 / (1
///     + regularization))
///
/// Time O(truncation documents) for pairs, sixteen at a time.
class objective_gradients {
 public:
  /// The data must outlive this. Throws `invalid_argument` for labels the objective has no meaning for.
  objective_gradients(const ranking_data& data, objective_options options, position_bias bias = {});

  /// The bias that explains the labels under these scores, given the present one. Positions without a pair keep what
  /// they have; nothing falls below 0.01. Needs positions and an objective of pairs.
  [[nodiscard]] position_bias estimated_bias(std::span<const double> scores, double regularization,
                                             executor_ref executor = {}) const;
  /// Counts pairs by this bias from now on, which must have a value above 0 for each position.
  void set_bias(position_bias bias) { bias_ = std::move(bias); }

  /// One answer for all documents that is best to begin with; 0 for objectives that compare.
  [[nodiscard]] double first_score() const;
  /// `round` tells rounds of `rank_xendcg` apart, which draws numbers.
  void compute(std::span<const double> scores, int round, std::span<float> gradients, std::span<float> hessians,
               executor_ref executor = {}) const;

 private:
  struct workspace;
  /// Ranks a query; false where it has no pairs.
  bool rank_pairs(std::int32_t query, std::span<const double> scores, workspace& work) const;
  /// What swapping rank i with each later one does, into `work.weights`.
  void weigh_pairs(std::int32_t query, std::size_t i, std::size_t n, workspace& work) const;
  void pairs_of(std::int32_t query, std::span<const double> scores, std::span<float> gradients,
                std::span<float> hessians, workspace& work) const;
  void cross_entropy_of(std::int32_t query, std::span<const double> scores, int round, std::span<float> gradients,
                        std::span<float> hessians, workspace& work) const;
  [[nodiscard]] double gain_of(float label) const {
    return options_.gain == label_gain::linear ? double{label} : std::exp2(double{label}) - 1;
  }

  const ranking_data* data_;
  objective_options options_;
  position_bias bias_;
  std::vector<float> per_ideal_ = {};  // 1 / ideal DCG of each query, 0 where that is 0
  std::vector<float> discounts_ = {};  // by rank from 0
};

// ---------------------------------------------------------------------------------------------------

struct objective_gradients::workspace {
  static constexpr std::size_t lanes = 16;
  std::vector<std::pair<double, std::int32_t>> ranked = {};
  // By rank; `lanes` more places at the end, for kernels that do not look where a list ends.
  std::vector<float> scores = {}, gains = {}, weights = {}, pulls = {}, gradients = {}, hessians = {}, hits = {},
                     inverse = {};
  std::vector<double> rho = {}, terms = {};
  std::size_t first_hit = 0, second_hit = 0;  // the first ranks that are relevant

  void rank(std::span<const double> of) {
    ranked.clear();
    for (std::size_t d = 0; d < of.size(); ++d) ranked.emplace_back(of[d], static_cast<std::int32_t>(d));
    std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    for (auto* v : {&scores, &gains, &weights, &pulls, &gradients, &hessians, &hits, &inverse})
      v->assign(of.size() + lanes, 0);
  }
};

inline objective_gradients::objective_gradients(const ranking_data& data, objective_options options, position_bias bias)
    : data_(&data), options_(options), bias_(std::move(bias)) {
  const auto labels = data.labels();
  if (options_.objective == ranking_objective::logistic)
    for (std::size_t d = 0; d < labels.size(); ++d)
      if (labels[d] > 1)
        detail::fail_argument("lambda_mart: objective logistic needs labels in 0..1, document " + detail::to_text(d) +
                              " has " + detail::to_text(labels[d]));
  for (const auto* by_position : {&bias_.clicked, &bias_.unclicked}) {
    if (by_position->empty()) continue;
    for (std::size_t p = 0; p < by_position->size(); ++p)
      if (!((*by_position)[p] > 0) || !((*by_position)[p] <= 1))
        detail::fail_argument("lambda_mart: the propensity of position " + detail::to_text(p) +
                              " must be above 0 and at most 1, got " + detail::to_text((*by_position)[p]));
    if (data.positions().empty()) detail::fail_argument("lambda_mart: propensities need positions in the data");
    for (const auto p : data.positions())
      if (static_cast<std::size_t>(p) >= by_position->size())
        detail::fail_argument("lambda_mart: position " + detail::to_text(p) + " has no propensity; there are " +
                              detail::to_text(by_position->size()));
  }
  std::int32_t longest = 0;
  for (std::int32_t q = 0; q < data.queries(); ++q) longest = std::max(longest, data.size_of(q));
  discounts_.resize(static_cast<std::size_t>(longest));
  for (std::size_t r = 0; r < discounts_.size(); ++r)
    discounts_[r] = static_cast<float>(1 / std::log2(static_cast<double>(r) + 2));
  if (options_.objective != ranking_objective::lambdarank && options_.objective != ranking_objective::rank_xendcg)
    return;

  std::vector<double> gains;
  for (std::int32_t q = 0; q < data.queries(); ++q) {
    gains.clear();
    for (const float label :
         labels.subspan(static_cast<std::size_t>(data.begin_of(q)), static_cast<std::size_t>(data.size_of(q))))
      gains.push_back(gain_of(label));
    const auto top = std::min(gains.size(), static_cast<std::size_t>(options_.truncation));
    std::partial_sort(gains.begin(), gains.begin() + static_cast<std::ptrdiff_t>(top), gains.end(), std::greater<>());
    if (!(gains[0] < 1e30))
      detail::fail_argument("lambda_mart: query " + detail::to_text(q) +
                            " has a label whose gain 2^label - 1 is beyond 1e30; use gain linear");
    double ideal = 0;
    for (std::size_t r = 0; r < top; ++r) ideal += gains[r] / std::log2(static_cast<double>(r) + 2);
    per_ideal_.push_back(static_cast<float>(ideal > 0 ? 1 / ideal : 0));
  }
}

inline double objective_gradients::first_score() const {
  if (options_.objective != ranking_objective::squared_error && options_.objective != ranking_objective::logistic)
    return 0;
  const auto labels = data_->labels();
  const auto weights = data_->weights();
  double sum = 0, weight = 0;
  for (std::size_t d = 0; d < labels.size(); ++d) {
    const double w = weights.empty() ? 1 : double{weights[d]};
    sum += w * double{labels[d]};
    weight += w;
  }
  const double mean = weight > 0 ? sum / weight : 0;
  if (options_.objective == ranking_objective::squared_error) return mean;
  const double p = std::clamp(mean, 1e-9, 1 - 1e-9);
  return std::log(p / (1 - p));
}

inline bool objective_gradients::rank_pairs(std::int32_t query, std::span<const double> scores, workspace& work) const {
  const auto n = scores.size();
  const auto labels = data_->labels().subspan(static_cast<std::size_t>(data_->begin_of(query)), n);
  if (n < 2 || std::all_of(labels.begin(), labels.end(), [&](float label) { return label == labels[0]; })) return false;

  work.rank(scores);
  const bool by_ndcg = options_.objective == ranking_objective::lambdarank && options_.target == lambda_target::ndcg;
  const bool binary = options_.objective == ranking_objective::lambdarank && !by_ndcg;
  const double top = work.ranked[0].first;
  for (std::size_t r = 0; r < n; ++r) {
    const float label = labels[static_cast<std::size_t>(work.ranked[r].second)];
    work.scores[r] = static_cast<float>(work.ranked[r].first - top);
    work.pulls[r] = detail::pull_of(work.ranked[r].first, top, options_.steepness);
    work.gains[r] = by_ndcg ? static_cast<float>(gain_of(label)) : binary ? static_cast<float>(label > 0) : label;
    const float hit = work.gains[r] > 0 ? 1.0F : 0.0F;
    work.hits[r] = (r > 0 ? work.hits[r - 1] : 0) + hit;
    work.inverse[r] = (r > 0 ? work.inverse[r - 1] : 0) + hit / static_cast<float>(r + 1);
  }
  const auto next_hit = [&](std::size_t from) {
    while (from < n && !(work.gains[from] > 0)) ++from;
    return from;
  };
  work.first_hit = next_hit(0);
  work.second_hit = next_hit(work.first_hit + 1);
  return true;
}

inline void objective_gradients::weigh_pairs(std::int32_t query, std::size_t i, std::size_t n, workspace& work) const {
  const detail::swap_weights swaps{.gains = work.gains, .out = work.weights};
  if (options_.objective != ranking_objective::lambdarank) swaps.alike(i, n);
  else if (options_.target == lambda_target::ndcg)
    swaps.ndcg(i, n, discounts_, per_ideal_[static_cast<std::size_t>(query)]);
  else if (options_.target == lambda_target::map) swaps.average_precision(i, n, work.hits, work.inverse);
  else swaps.reciprocal_rank(i, n, work.first_hit, work.second_hit);
}

inline void objective_gradients::pairs_of(std::int32_t query, std::span<const double> scores,
                                          std::span<float> gradients, std::span<float> hessians,
                                          workspace& work) const {
  const auto n = scores.size();
  std::fill(gradients.begin(), gradients.end(), 0.0F);
  std::fill(hessians.begin(), hessians.end(), 0.0F);
  if (!rank_pairs(query, scores, work)) return;

  const auto begin = static_cast<std::size_t>(data_->begin_of(query));
  const auto per_bias = [&](const std::vector<double>& by_position, std::size_t r) {
    if (by_position.empty()) return 1.0F;
    const auto position = data_->positions()[begin + static_cast<std::size_t>(work.ranked[r].second)];
    return static_cast<float>(1 / by_position[static_cast<std::size_t>(position)]);
  };
  const bool biased = !bias_.clicked.empty() || !bias_.unclicked.empty();
  const bool normalize = options_.normalize && work.scores[0] != work.scores[n - 1];
  double sum = 0;
  for (std::size_t i = 0; i + 1 < n && i < static_cast<std::size_t>(options_.truncation); ++i) {
    weigh_pairs(query, i, n, work);
    for (std::size_t j = i + 1; biased && j < n; ++j) {
      const bool first = work.weights[j] > 0;
      work.weights[j] *= per_bias(bias_.clicked, first ? i : j) * per_bias(bias_.unclicked, first ? j : i);
    }
    sum += detail::add_pairs(i, n, work.scores.data(), work.pulls.data(), work.weights.data(),
                             static_cast<float>(options_.steepness), normalize, work.gradients.data(),
                             work.hessians.data());
  }
  const auto share = static_cast<float>(options_.normalize && sum > 0 ? std::log2(1 + sum) / sum : 1);
  for (std::size_t r = 0; r < n; ++r) {
    const auto d = static_cast<std::size_t>(work.ranked[r].second);
    gradients[d] = work.gradients[r] * share;
    hessians[d] = work.hessians[r] * share;
  }
}

inline position_bias objective_gradients::estimated_bias(std::span<const double> scores, double regularization,
                                                         executor_ref executor) const {
  const auto positions = data_->positions();
  RECO_ASSERT(!positions.empty());
  const auto count = static_cast<std::size_t>(*std::max_element(positions.begin(), positions.end())) + 1;
  const auto at = [](const std::vector<double>& by_position, std::size_t p) {
    return by_position.empty() ? 1.0 : by_position[p];
  };
  // The sums of both, of each chunk of queries, added in their order.
  constexpr std::int64_t chunk = 64;
  std::vector<position_bias> sums(static_cast<std::size_t>((data_->queries() + chunk - 1) / chunk));
  for_chunks(executor, data_->queries(), chunk, [&](std::int64_t from, std::int64_t to) {
    workspace work;
    auto& sum = sums[static_cast<std::size_t>(from / chunk)];
    sum = {std::vector<double>(count), std::vector<double>(count)};
    for (auto q = static_cast<std::int32_t>(from); q < static_cast<std::int32_t>(to); ++q) {
      const auto begin = static_cast<std::size_t>(data_->begin_of(q)), n = static_cast<std::size_t>(data_->size_of(q));
      if (!rank_pairs(q, scores.subspan(begin, n), work)) continue;
      const auto position = [&](std::size_t r) {
        return static_cast<std::size_t>(positions[begin + static_cast<std::size_t>(work.ranked[r].second)]);
      };
      for (std::size_t i = 0; i + 1 < n && i < static_cast<std::size_t>(options_.truncation); ++i) {
        weigh_pairs(q, i, n, work);
        for (std::size_t j = i + 1; j < n; ++j) {
          const double weight{work.weights[j]};
          if (weight == 0) continue;
          const auto high = weight > 0 ? i : j, low = i + j - high;
          const double apart = options_.steepness * (work.ranked[low].first - work.ranked[high].first);
          const double loss = std::abs(weight) * (std::max(apart, 0.0) + std::log1p(std::exp(-std::abs(apart))));
          sum.clicked[position(high)] += loss / at(bias_.unclicked, position(low));
          sum.unclicked[position(low)] += loss / at(bias_.clicked, position(high));
        }
      }
    }
  });
  const auto estimate = [&](std::vector<double> position_bias::*side, const std::vector<double>& before) {
    std::vector<double> out(count);
    for (const auto& sum : sums)
      for (std::size_t p = 0; p < count; ++p) out[p] += (sum.*side)[p];
    const double first = out[0];
    for (std::size_t p = 0; p < count; ++p)
      out[p] =
          first > 0 && out[p] > 0 ? std::max(0.01, std::pow(out[p] / first, 1 / (1 + regularization))) : at(before, p);
    return out;
  };
  return {estimate(&position_bias::clicked, bias_.clicked), estimate(&position_bias::unclicked, bias_.unclicked)};
}

/// Three terms of a series that solves for the step of each score while the others move too, as in LightGBM.
inline void objective_gradients::cross_entropy_of(std::int32_t query, std::span<const double> scores, int round,
                                                  std::span<float> gradients, std::span<float> hessians,
                                                  workspace& work) const {
  const auto n = scores.size();
  std::fill(gradients.begin(), gradients.end(), 0.0F);
  std::fill(hessians.begin(), hessians.end(), 0.0F);
  if (n < 2) return;
  const auto labels = data_->labels().subspan(static_cast<std::size_t>(data_->begin_of(query)), n);
  random_engine random(options_.seed,
                       static_cast<std::uint64_t>(query) + (static_cast<std::uint64_t>(round) + 1) * 0x100000000U);
  auto& rho = work.rho;
  auto& terms = work.terms;
  rho.resize(n);
  terms.resize(n);
  const double top = *std::max_element(scores.begin(), scores.end());
  double sum = 0, truth = 0;
  for (std::size_t d = 0; d < n; ++d) sum += rho[d] = std::exp(scores[d] - top);
  for (std::size_t d = 0; d < n; ++d) truth += terms[d] = gain_of(labels[d]) + 1 - uniform_real(random);
  const auto apart_from_1 = [](double r) { return std::max(1 - r, 1e-12); };
  double first = 0, second = 0;
  for (std::size_t d = 0; d < n; ++d) {
    rho[d] /= sum;
    const double term = rho[d] - terms[d] / truth;
    gradients[d] = static_cast<float>(term);
    first += terms[d] = term / apart_from_1(rho[d]);
  }
  for (std::size_t d = 0; d < n; ++d) {
    const double term = rho[d] * (first - terms[d]);
    gradients[d] += static_cast<float>(term);
    second += terms[d] = term / apart_from_1(rho[d]);
  }
  for (std::size_t d = 0; d < n; ++d) {
    gradients[d] += static_cast<float>(rho[d] * (second - terms[d]));
    hessians[d] = static_cast<float>(rho[d] * (1 - rho[d]));
  }
}

inline void objective_gradients::compute(std::span<const double> scores, int round, std::span<float> gradients,
                                         std::span<float> hessians, executor_ref executor) const {
  const auto weights = data_->weights();
  const auto objective = options_.objective;
  if (objective == ranking_objective::squared_error || objective == ranking_objective::logistic) {
    const auto labels = data_->labels();
    for_chunks(executor, data_->documents(), 16384, [&](std::int64_t from, std::int64_t to) {
      for (auto d = static_cast<std::size_t>(from); d < static_cast<std::size_t>(to); ++d) {
        const double w = weights.empty() ? 1 : double{weights[d]};
        const bool squared = objective == ranking_objective::squared_error;
        const double p = squared ? scores[d] : 1 / (1 + std::exp(-scores[d]));
        gradients[d] = static_cast<float>(w * (p - double{labels[d]}));
        hessians[d] = static_cast<float>(squared ? w : w * std::max(p * (1 - p), 1e-16));
      }
    });
    return;
  }
  for_chunks(executor, data_->queries(), 16, [&](std::int64_t from, std::int64_t to) {
    workspace work;
    for (auto q = static_cast<std::int32_t>(from); q < static_cast<std::int32_t>(to); ++q) {
      const auto begin = static_cast<std::size_t>(data_->begin_of(q)),
                 size = static_cast<std::size_t>(data_->size_of(q));
      const auto g = gradients.subspan(begin, size), h = hessians.subspan(begin, size);
      if (objective == ranking_objective::rank_xendcg)
        cross_entropy_of(q, scores.subspan(begin, size), round, g, h, work);
      else pairs_of(q, scores.subspan(begin, size), g, h, work);
      for (std::size_t d = 0; d < size && !weights.empty(); ++d) {
        g[d] *= weights[begin + d];
        h[d] *= weights[begin + d];
      }
    }
  });
}

}  // namespace reco
