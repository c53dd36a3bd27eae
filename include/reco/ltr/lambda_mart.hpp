// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/random.hpp"
#include "reco/base/training.hpp"
#include "reco/ltr/feature_bins.hpp"
#include "reco/ltr/histogram.hpp"
#include "reco/ltr/mean_ndcg.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/ltr/ranking_objectives.hpp"
#include "reco/ltr/tree_ensemble.hpp"
#include "reco/ltr/tree_grower.hpp"

namespace reco::inline RECO_ABI() {

/// What `lambda_mart::fit_unbiased` learns: trees, and the bias of positions that it found.
struct unbiased_trees {
  tree_ensemble model = {};
  position_bias bias = {};
};

/// What a fit may be told beside the data it learns from.
struct lambda_mart_extras {
  const ranking_data* validation = nullptr;    ///< judged after each tree; stops the fit where `early_stopping` says so
  std::vector<std::int32_t> categorical = {};  ///< features whose values are numbers of categories
  std::vector<std::int8_t> monotone = {};      ///< by feature: 1 the score never falls with it, -1 never rises, 0 free
  std::vector<double> propensities = {};       ///< by position: the chance that a user looked there
};

/// Gradient-boosted regression trees for ranking: LambdaMART (Burges, "From RankNet to LambdaRank to LambdaMART",
/// 2010), grown leaf by leaf from histograms as LightGBM grows them (Ke et al. 2017).
///
///     for each tree:   g, h <- derivatives of the objective by the scores           (objective_gradients)
///                      tree <- greedy, gain = G_L^2 / (H_L + l2) + G_R^2 / (H_R + l2) - G^2 / (H + l2)
///                      score(x) <- score(x) - learning_rate G_leaf(x) / (H_leaf(x) + l2)
///
///     const reco::ranking_data train = …, valid = …;
///     const auto trees = reco::lambda_mart{.trees = 500, .early_stopping = 50}.fit(train, {.validation = &valid},
///     {.executor = pool}); const double score = trees.predict(row);
///
/// `row_share` draws rows for each tree; `top_share` and `other_share` are GOSS instead: rows with the largest
/// gradients, and a draw from the others that stands for them all, once 1 / learning_rate trees have been learned from
/// all rows. Early stopping looks at NDCG@`stop_at` on the validation set, for `squared_error` and `logistic` at their
/// own loss, and keeps the trees up to the best. The answer does not depend on threads: gradients are added as whole
/// numbers.
///
/// Time O(trees rows (features depth / 2 + truncation)); memory a byte for each value and 2 KiB for each leaf and
/// feature. Not for many thousand sparse features: bins are held for absent values as well.
struct lambda_mart {
  ranking_objective objective = ranking_objective::lambdarank;
  std::int32_t trees = 100;
  double learning_rate = 0.1;
  std::int32_t leaves = 31;         ///< of a tree, at most
  std::int32_t max_depth = 0;       ///< 0: no limit
  std::int32_t bins = 255;          ///< of a feature, at most
  std::int32_t min_leaf_rows = 20;  ///< rows in a leaf, at least
  double min_leaf_weight = 1e-3;    ///< sum of hessians in a leaf, at least
  double l1 = 0;
  double l2 = 0;
  double min_gain = 0;       ///< of a split, at least
  double row_share = 1;      ///< of the rows, drawn for each tree
  double feature_share = 1;  ///< of the features, drawn for each tree
  double top_share = 1;      ///< GOSS: rows with the largest gradients; 1: no GOSS
  double other_share = 0.1;  ///< GOSS: rows drawn, as a share of all rows
  lambda_target target = lambda_target::ndcg;
  label_gain gain = label_gain::exponential;
  std::int32_t truncation = 30;  ///< pairs have a document among so many first
  bool normalize = true;
  double steepness = 1;              ///< of the logistic in pairs
  std::int32_t early_stopping = 0;   ///< trees without progress on the validation set; 0: learn all trees
  std::int32_t stop_at = 10;         ///< k of the NDCG that says so
  double category_smoothing = 10;    ///< added to a category's weight when categories are ordered
  std::int32_t max_categories = 32;  ///< that a split sends left
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "lambda_mart";
  static constexpr auto options() {
    using m = lambda_mart;
    return std::tuple{
        one_of("objective", &m::objective,
               {{"lambdarank", ranking_objective::lambdarank},
                {"rank_xendcg", ranking_objective::rank_xendcg},
                {"pairwise", ranking_objective::pairwise},
                {"squared_error", ranking_objective::squared_error},
                {"logistic", ranking_objective::logistic}}),
        at_least("trees", &m::trees, 1).search(50, 1000, search_scale::logarithmic),
        above("learning_rate", &m::learning_rate, 0).search(0.02, 0.3, search_scale::logarithmic),
        between("leaves", &m::leaves, 2, 4096).search(8, 128, search_scale::logarithmic),
        at_least("max_depth", &m::max_depth, 0),
        between("bins", &m::bins, 2, 255),
        at_least("min_leaf_rows", &m::min_leaf_rows, 1).search(5, 200, search_scale::logarithmic),
        at_least("min_leaf_weight", &m::min_leaf_weight, 0).search(1e-3, 10, search_scale::logarithmic),
        at_least("l1", &m::l1, 0),
        at_least("l2", &m::l2, 0).search(0.1, 30, search_scale::logarithmic),
        at_least("min_gain", &m::min_gain, 0),
        share("row_share", &m::row_share).search(0.3, 1),
        share("feature_share", &m::feature_share).search(0.1, 1),
        share("top_share", &m::top_share),
        between("other_share", &m::other_share, 0, 1),
        one_of("target", &m::target,
               {{"ndcg", lambda_target::ndcg}, {"map", lambda_target::map}, {"mrr", lambda_target::mrr}}),
        one_of("gain", &m::gain, {{"exponential", label_gain::exponential}, {"linear", label_gain::linear}}),
        at_least("truncation", &m::truncation, 1),
        any_value("normalize", &m::normalize),
        above("steepness", &m::steepness, 0),
        at_least("early_stopping", &m::early_stopping, 0),
        at_least("stop_at", &m::stop_at, 1),
        at_least("category_smoothing", &m::category_smoothing, 0),
        at_least("max_categories", &m::max_categories, 1),
        any_value("seed", &m::seed)};
  }
  friend bool operator==(const lambda_mart&, const lambda_mart&) = default;

  /// Throws `invalid_argument` for options out of range, for data without documents, and for extras that do not fit the
  /// data. `report().loss` is, after each tree, 1 - NDCG on the validation set, or the loss there; empty without one.
  [[nodiscard]] tree_ensemble fit(const ranking_data& data, const lambda_mart_extras& extras,
                                  const training& how = {}) const;
  [[nodiscard]] tree_ensemble fit(const ranking_data& data, const training& how) const {
    return fit(data, lambda_mart_extras{}, how);
  }
  [[nodiscard]] tree_ensemble fit(const ranking_data& data) const { return fit(data, lambda_mart_extras{}, {}); }

  /// Unbiased LambdaMART (Hu et al. 2019): labels are clicks, which depend on the positions where documents were shown.
  /// How much so is estimated beside the trees, anew after each of them, and taken out of the pairs that the next one
  /// learns from. `regularization` draws the bias to 1: 0 takes all of it, infinity none. Throws `invalid_argument` as
  /// `fit` does, for data without positions, for objectives without pairs, and where propensities are given.
  [[nodiscard]] unbiased_trees fit_unbiased(const ranking_data& clicks, double regularization = 0,
                                            const lambda_mart_extras& extras = {}, const training& how = {}) const;

 private:
  /// `bias`: what to begin with and what was found, where `regularization` says that it is estimated.
  [[nodiscard]] tree_ensemble fit_trees(const ranking_data& data, const lambda_mart_extras& extras, const training& how,
                                        position_bias& bias, std::optional<double> regularization) const;
  static constexpr option<lambda_mart, double> share(std::string_view option_name, double lambda_mart::*member) {
    auto o = between(option_name, member, 0, 1);
    o.low_open = true;
    return o;
  }
};
static_assert(options_are_complete<lambda_mart>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline void check_extras(const lambda_mart& e, const ranking_data& data, const lambda_mart_extras& extras) {
  const auto fail = [](const std::string& what) { fail_argument("lambda_mart: " + what); };
  if (data.documents() == 0) fail("there are no documents to learn from");
  if (!extras.monotone.empty() && extras.monotone.size() != static_cast<std::size_t>(data.features()))
    fail("monotone must say -1, 0 or 1 for each of " + to_text(data.features()) + " features, got " +
         to_text(extras.monotone.size()));
  for (std::size_t f = 0; f < extras.monotone.size(); ++f) {
    if (std::abs(extras.monotone[f]) > 1)
      fail("monotone must say -1, 0 or 1, got " + to_text(static_cast<int>(extras.monotone[f])) + " for feature " +
           to_text(f));
    if (extras.monotone[f] != 0 && std::find(extras.categorical.begin(), extras.categorical.end(),
                                             static_cast<std::int32_t>(f)) != extras.categorical.end())
      fail("feature " + to_text(f) + " is categorical and cannot be monotone");
  }
  if (extras.validation != nullptr && extras.validation->features() != data.features())
    fail("the validation set must have " + to_text(data.features()) + " features, as the data, got " +
         to_text(extras.validation->features()));
  if (e.early_stopping > 0 && extras.validation == nullptr) fail("early_stopping needs a validation set");
  if (e.top_share < 1 && e.row_share < 1) fail("top_share and row_share exclude each other");
  if (e.top_share < 1 && e.top_share + e.other_share > 1)
    fail("top_share and other_share must not add up to more than 1, got " + to_text(e.top_share + e.other_share));
}

/// The rows for one tree. GOSS multiplies the gradients of those that stand for others, and clears those left out.
inline std::vector<std::uint32_t> draw_rows(const lambda_mart& e, std::int32_t tree, std::span<float> gradients,
                                            std::span<float> hessians) {
  std::vector<std::uint32_t> rows;
  const bool goss = e.top_share < 1 && tree >= static_cast<std::int32_t>(1 / e.learning_rate);
  if (!goss && !(e.row_share < 1)) return rows;
  random_engine random(e.seed, 2 * (static_cast<std::uint64_t>(tree) + 1));
  const auto n = gradients.size();
  if (!goss) {
    for (std::size_t i = 0; i < n; ++i)
      if (bernoulli(random, e.row_share)) rows.push_back(static_cast<std::uint32_t>(i));
    if (rows.empty()) rows.push_back(0);
    return rows;
  }
  std::vector<float> sizes(n);
  for (std::size_t i = 0; i < n; ++i) sizes[i] = std::abs(gradients[i]);
  const auto top = std::min(n - 1, static_cast<std::size_t>(e.top_share * static_cast<double>(n)));
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(top), sizes.end(), std::greater<>());
  const float least = sizes[top];
  const double chance = std::min(1.0, e.other_share / (1 - e.top_share));
  for (std::size_t i = 0; i < n; ++i) {
    const bool large = std::abs(gradients[i]) > least;
    if (large || bernoulli(random, chance)) {
      rows.push_back(static_cast<std::uint32_t>(i));
      if (large) continue;
      gradients[i] /= static_cast<float>(chance);
      hessians[i] /= static_cast<float>(chance);
    } else {
      gradients[i] = hessians[i] = 0;
    }
  }
  if (rows.empty()) rows.push_back(0);
  return rows;
}

/// A 1 for each feature drawn; empty: all.
inline std::vector<char> draw_features(const lambda_mart& e, std::int32_t tree, std::int32_t features) {
  if (!(e.feature_share < 1)) return {};
  std::vector<std::int32_t> order(static_cast<std::size_t>(features));
  std::iota(order.begin(), order.end(), 0);
  random_engine random(e.seed, 2 * (static_cast<std::uint64_t>(tree) + 1) + 1);
  shuffle(random, std::span(order));
  std::vector<char> allowed(order.size(), 0);
  const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(e.feature_share * features)));
  for (std::size_t n = 0; n < std::min(count, order.size()); ++n) allowed[static_cast<std::size_t>(order[n])] = 1;
  return allowed;
}

/// What early stopping wants to be low.
inline double validation_loss(const lambda_mart& e, const ranking_data& data, std::span<const double> scores) {
  if (e.objective != ranking_objective::squared_error && e.objective != ranking_objective::logistic)
    return 1 - mean_ndcg(data, scores, e.stop_at, e.gain);
  double sum = 0;
  for (std::size_t d = 0; d < scores.size(); ++d) {
    const double label{data.labels()[d]}, s = scores[d];
    // -y log p - (1 - y) log(1 - p) = log(1 + exp(s)) - y s
    if (e.objective == ranking_objective::logistic)
      sum += std::max(s, 0.0) + std::log1p(std::exp(-std::abs(s))) - label * s;
    else sum += (s - label) * (s - label);
  }
  return scores.empty() ? 0 : sum / static_cast<double>(scores.size());
}

/// Adds what one tree says of each document.
inline void add_tree(const decision_tree& tree, const ranking_features& rows, std::span<double> scores,
                     executor_ref executor) {
  const tree_ensemble one(rows.features(), std::span(&tree, 1));
  const auto values = one.predict_all(rows, executor);
  for (std::size_t d = 0; d < values.size(); ++d) scores[d] += values[d];
}

}  // namespace detail

inline tree_ensemble lambda_mart::fit(const ranking_data& data, const lambda_mart_extras& extras,
                                      const training& how) const {
  position_bias bias{.clicked = extras.propensities};
  return fit_trees(data, extras, how, bias, std::nullopt);
}

inline unbiased_trees lambda_mart::fit_unbiased(const ranking_data& clicks, double regularization,
                                                const lambda_mart_extras& extras, const training& how) const {
  if (!(regularization >= 0))
    detail::fail_argument("lambda_mart: fit_unbiased needs a regularization of at least 0, got " +
                          detail::to_text(regularization));
  if (objective != ranking_objective::lambdarank && objective != ranking_objective::pairwise)
    detail::fail_argument("lambda_mart: fit_unbiased needs an objective of pairs, lambdarank or pairwise");
  if (!extras.propensities.empty())
    detail::fail_argument("lambda_mart: fit_unbiased estimates propensities: none may be given");
  if (clicks.documents() > 0 && clicks.positions().empty())
    detail::fail_argument("lambda_mart: fit_unbiased needs positions in the data");
  unbiased_trees out;
  out.model = fit_trees(clicks, extras, how, out.bias, regularization);
  return out;
}

inline tree_ensemble lambda_mart::fit_trees(const ranking_data& data, const lambda_mart_extras& extras,
                                            const training& how, position_bias& bias,
                                            std::optional<double> regularization) const {
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  check_options(*this);
  detail::check_extras(*this, data, extras);
  objective_gradients derivatives(data,
                                  {.objective = objective,
                                   .target = target,
                                   .gain = gain,
                                   .truncation = truncation,
                                   .normalize = normalize,
                                   .steepness = steepness,
                                   .seed = seed},
                                  bias);
  const feature_bins binned(data.matrix_of_features(), {.bins = bins, .seed = seed, .categorical = extras.categorical},
                            how.executor);
  tree_grower grower(binned,
                     {.leaves = leaves,
                      .max_depth = max_depth,
                      .split = {.l1 = l1,
                                .l2 = l2,
                                .min_gain = min_gain,
                                .min_leaf_weight = min_leaf_weight,
                                .min_leaf_rows = min_leaf_rows,
                                .category_smoothing = category_smoothing,
                                .max_categories = max_categories},
                      .monotone = extras.monotone},
                     how.executor);
  const auto n = static_cast<std::size_t>(data.documents());
  const double base = derivatives.first_score();
  const bool draws = row_share < 1 || feature_share < 1 || top_share < 1 || objective == ranking_objective::rank_xendcg;
  std::vector<double> scores(n, base), valid_scores;
  if (extras.validation != nullptr) valid_scores.assign(static_cast<std::size_t>(extras.validation->documents()), base);
  std::vector<float> gradients(n), hessians(n);
  quantised_gradients quantised;
  std::vector<decision_tree> grown;
  std::size_t best_trees = 0;
  double best_loss = std::numeric_limits<double>::infinity();
  fit_report report{.converged = false};
  for (std::int32_t t = 0; t < trees && !report.stopped; ++t) {
    derivatives.compute(scores, t, gradients, hessians, how.executor);
    const auto rows = detail::draw_rows(*this, t, gradients, hessians);
    const auto allowed = detail::draw_features(*this, t, data.features());
    quantise(gradients, hessians, quantised, how.executor);
    auto tree = grower.grow(quantised, rows, allowed);
    report.epochs = t + 1;
    if (tree.splits.empty() && !draws) {
      report.converged = true;  // no split gains anything, nor will one after the same scores
      break;
    }
    for (auto& leaf : tree.leaves) {
      leaf.value *= learning_rate;
      if (!std::isfinite(leaf.value))
        detail::fail_number("lambda_mart: a leaf of tree " + detail::to_text(t) +
                            " is not finite: labels or weights too large, or learning_rate too high");
    }
    grower.for_each_row([&](std::uint32_t row, std::size_t leaf) { scores[row] += tree.leaves[leaf].value; });
    if (regularization) {
      bias = derivatives.estimated_bias(scores, *regularization, how.executor);
      derivatives.set_bias(bias);
    }
    double loss = std::numeric_limits<double>::quiet_NaN();
    if (extras.validation != nullptr) {
      detail::add_tree(tree, extras.validation->matrix_of_features(), valid_scores, how.executor);
      loss = detail::validation_loss(*this, *extras.validation, valid_scores);
      report.loss.push_back(loss);
    }
    grown.push_back(std::move(tree));
    if (loss < best_loss) {
      best_loss = loss;
      best_trees = grown.size();
    }
    report.seconds = elapsed();
    if (how.observer) how.observer({t + 1, trees, loss, report.seconds});
    report.stopped = how.stop.stop_requested();
    if (early_stopping > 0 && grown.size() - best_trees >= static_cast<std::size_t>(early_stopping)) {
      report.converged = true;
      break;
    }
  }
  if (early_stopping > 0) grown.resize(best_trees);
  report.seconds = elapsed();
  return {data.features(), grown, base, std::move(report)};
}

}  // namespace reco
