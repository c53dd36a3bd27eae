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

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/random.hpp"
#include "reco/ltr/mean_ndcg.hpp"
#include "reco/ltr/ranking_data.hpp"

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
/// `propensities`, by position, are the chances that a user looked there: a pair counts 1 / propensity of the position
/// at which its better document was shown (Joachims et al., "Unbiased learning-to-rank with biased feedback", 2017).
///
/// Time O(truncation documents) for pairs, sixteen at a time.
class objective_gradients {
 public:
  /// The data must outlive this. Throws `invalid_argument` for labels the objective has no meaning for.
  objective_gradients(const ranking_data& data, objective_options options, std::vector<double> propensities = {});

  /// One answer for all documents that is best to begin with; 0 for objectives that compare.
  [[nodiscard]] double first_score() const;
  /// `round` tells rounds of `rank_xendcg` apart, which draws numbers.
  void compute(std::span<const double> scores, int round, std::span<float> gradients, std::span<float> hessians,
               executor_ref executor = {}) const;

 private:
  struct workspace;
  void pairs_of(std::int32_t query, std::span<const double> scores, std::span<float> gradients,
                std::span<float> hessians, workspace& work) const;
  void cross_entropy_of(std::int32_t query, std::span<const double> scores, int round, std::span<float> gradients,
                        std::span<float> hessians, workspace& work) const;
  [[nodiscard]] double gain_of(float label) const {
    return options_.gain == label_gain::linear ? double{label} : std::exp2(double{label}) - 1;
  }

  const ranking_data* data_;
  objective_options options_;
  std::vector<double> propensities_;
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

namespace detail {

/// What swapping ranks i and j > i does to a metric, for all j, signed: positive where i has the better label.
struct swap_weights {
  std::span<const float> gains;  // by rank
  std::span<float> out;

  void ndcg(std::size_t i, std::size_t n, std::span<const float> discounts, float per_ideal) const {
    for (std::size_t j = i + 1; j < n; ++j) out[j] = (gains[i] - gains[j]) * (discounts[i] - discounts[j]) * per_ideal;
  }
  void alike(std::size_t i, std::size_t n) const {
    for (std::size_t j = i + 1; j < n; ++j)
      out[j] = static_cast<float>(gains[i] > gains[j]) - static_cast<float>(gains[i] < gains[j]);
  }
  /// `hits`: relevant documents up to a rank, with it; `inverse`: 1 / rank added up over those. With r = rank and the
  /// better document first, AP loses hits_i / r_i - hits_j / r_j and 1 / r of every relevant one between; with the
  /// better one last it gains (hits_i + 1) / r_i - hits_j / r_j and those.
  void average_precision(std::size_t i, std::size_t n, std::span<const float> hits,
                         std::span<const float> inverse) const {
    const auto rank = [](std::size_t k) { return static_cast<float>(k + 1); };
    const float relevant = std::max(hits[n - 1], 1.0F);
    const bool first = gains[i] > 0;
    for (std::size_t j = i + 1; j < n; ++j) {
      const float between = inverse[j] - inverse[i] - (gains[j] > 0 ? 1 / rank(j) : 0.0F);
      const float change = (hits[i] + (first ? 0.0F : 1.0F)) / rank(i) - hits[j] / rank(j) + between;
      out[j] = (gains[j] > 0) == first ? 0.0F : (first ? change : -change) / relevant;
    }
  }
  /// The reciprocal rank changes only where the first relevant document moves, or one moves before it.
  void reciprocal_rank(std::size_t i, std::size_t n, std::size_t first, std::size_t second) const {
    const auto rank = [](std::size_t k) { return static_cast<float>(k + 1); };
    for (std::size_t j = i + 1; j < n; ++j) {
      const bool a = gains[i] > 0, b = gains[j] > 0;
      out[j] = 0;
      if (a && !b && i == first) out[j] = 1 / rank(i) - 1 / rank(std::min(second, j));
      if (!a && b && i < first) out[j] = 1 / rank(first) - 1 / rank(i);
    }
  }
};

/// What of the logistic depends on one document: exp(sigma s), s its score below the best. Further than e^-60 below all
/// are alike, so that no pair divides by 0.
inline float pull_of(double score, double best, double steepness) {
  return static_cast<float>(std::exp(std::max(steepness * (score - best), -60.0)));
}

/// Derivatives of the pairs of rank i with ranks i + 1..n - 1, added to both; the sum of all |lambda|, twice. With
/// e = exp(sigma s), rho of i the better of both is e_j / (e_i + e_j): no exponential is left to a pair. Places from n
/// to the next multiple of 16 must have weight 0.
inline double add_pairs(std::size_t i, std::size_t n, const float* scores, const float* pulls, const float* weights,
                        float steepness, bool normalize, float* gradients, float* hessians) {
  using lanes = Eigen::Array<float, 16, 1>;
  using view = Eigen::Map<lanes>;
  using const_view = Eigen::Map<const lanes>;
  lanes g = lanes::Zero(), h = lanes::Zero(), all = lanes::Zero();
  const float pull = pulls[i];
  for (std::size_t j = i + 1; j < n; j += 16) {
    const const_view w(weights + j), other(pulls + j);
    const lanes damping = normalize ? lanes(0.01F + (scores[i] - const_view(scores + j)).abs()) : lanes::Ones();
    const lanes inverse = 1 / (damping * (pull + other));
    const lanes lambda = steepness * w * inverse * (w < 0).select(lanes::Constant(pull), other);  // pushes i up
    const lanes second = steepness * steepness * w.abs() * (pull * inverse) * (other * inverse) * damping;
    g += lambda;
    h += second;
    all += lambda.abs();
    view(gradients + j) += lambda;
    view(hessians + j) += second;
  }
  gradients[i] -= g.sum();
  hessians[i] += h.sum();
  return 2 * static_cast<double>(all.sum());
}

}  // namespace detail

inline objective_gradients::objective_gradients(const ranking_data& data, objective_options options,
                                                std::vector<double> propensities)
    : data_(&data), options_(options), propensities_(std::move(propensities)) {
  const auto labels = data.labels();
  if (options_.objective == ranking_objective::logistic)
    for (std::size_t d = 0; d < labels.size(); ++d)
      if (labels[d] > 1)
        detail::fail_argument("lambda_mart: objective logistic needs labels in 0..1, document " + detail::to_text(d) +
                              " has " + detail::to_text(labels[d]));
  for (std::size_t p = 0; p < propensities_.size(); ++p)
    if (!(propensities_[p] > 0) || !(propensities_[p] <= 1))
      detail::fail_argument("lambda_mart: the propensity of position " + detail::to_text(p) +
                            " must be above 0 and at most 1, got " + detail::to_text(propensities_[p]));
  if (!propensities_.empty()) {
    if (data.positions().empty()) detail::fail_argument("lambda_mart: propensities need positions in the data");
    for (const auto p : data.positions())
      if (static_cast<std::size_t>(p) >= propensities_.size())
        detail::fail_argument("lambda_mart: position " + detail::to_text(p) + " has no propensity; there are " +
                              detail::to_text(propensities_.size()));
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

inline void objective_gradients::pairs_of(std::int32_t query, std::span<const double> scores,
                                          std::span<float> gradients, std::span<float> hessians,
                                          workspace& work) const {
  const auto n = scores.size();
  const auto begin = static_cast<std::size_t>(data_->begin_of(query));
  const auto labels = data_->labels().subspan(begin, n);
  std::fill(gradients.begin(), gradients.end(), 0.0F);
  std::fill(hessians.begin(), hessians.end(), 0.0F);
  if (n < 2 || std::all_of(labels.begin(), labels.end(), [&](float label) { return label == labels[0]; })) return;

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
  const std::size_t first = next_hit(0), second = next_hit(first + 1);
  const std::span positions = data_->positions();
  const auto weight_of = [&](std::size_t r) {  // 1 / propensity
    const auto position = positions[begin + static_cast<std::size_t>(work.ranked[r].second)];
    return static_cast<float>(1 / propensities_[static_cast<std::size_t>(position)]);
  };

  const bool normalize = options_.normalize && work.scores[0] != work.scores[n - 1];
  const detail::swap_weights swaps{.gains = work.gains, .out = work.weights};
  double sum = 0;
  for (std::size_t i = 0; i + 1 < n && i < static_cast<std::size_t>(options_.truncation); ++i) {
    if (by_ndcg) swaps.ndcg(i, n, discounts_, per_ideal_[static_cast<std::size_t>(query)]);
    else if (!binary) swaps.alike(i, n);
    else if (options_.target == lambda_target::map) swaps.average_precision(i, n, work.hits, work.inverse);
    else swaps.reciprocal_rank(i, n, first, second);
    if (!propensities_.empty())
      for (std::size_t j = i + 1; j < n; ++j) work.weights[j] *= weight_of(work.weights[j] > 0 ? i : j);
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
