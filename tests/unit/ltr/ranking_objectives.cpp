// SPDX-License-Identifier: MIT
#include "reco/ltr/ranking_objectives.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_ranking.hpp"

using namespace reco_test;
using reco::lambda_target;
using reco::ranking_objective;

namespace {

struct derivatives {
  std::vector<float> g, h;
};

derivatives compute(const reco::ranking_data& data, const reco::objective_options& options,
                    const std::vector<double>& scores, reco::position_bias bias = {}, int round = 0,
                    reco::executor_ref executor = {}) {
  derivatives d{std::vector<float>(scores.size(), -1.0F), std::vector<float>(scores.size(), -1.0F)};
  reco::objective_gradients(data, options, std::move(bias)).compute(scores, round, d.g, d.h, executor);
  return d;
}

std::vector<double> random_scores(const reco::ranking_data& data, std::uint64_t seed, bool ties = false) {
  reco::random_engine random(seed, 9);
  std::vector<double> s;
  for (std::int32_t d = 0; d < data.documents(); ++d)
    s.push_back(ties ? std::round(reco::normal(random)) : reco::normal(random));
  return s;
}

double metric(lambda_target target, const std::vector<double>& labels, int truncation) {
  double dcg = 0, hits = 0, ap = 0, relevant = 0;
  for (const double label : labels) relevant += label > 0 ? 1 : 0;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    if (target == lambda_target::mrr && labels[r] > 0) return 1 / (static_cast<double>(r) + 1);
    dcg += (std::exp2(labels[r]) - 1) / std::log2(static_cast<double>(r) + 2);
    if (labels[r] > 0) ap += ++hits / (static_cast<double>(r) + 1);
  }
  if (target == lambda_target::mrr) return 0;
  if (target == lambda_target::map) return relevant > 0 ? ap / relevant : 0;
  auto ideal = labels;
  std::sort(ideal.begin(), ideal.end(), std::greater<>());
  double best = 0;
  for (std::size_t r = 0; r < ideal.size() && r < static_cast<std::size_t>(truncation); ++r)
    best += (std::exp2(ideal[r]) - 1) / std::log2(static_cast<double>(r) + 2);
  return best > 0 ? dcg / best : 0;
}

/// Every pair by itself: swap, measure, add.
derivatives naive_pairs(const reco::ranking_data& data, const reco::objective_options& o,
                        const std::vector<double>& scores, const reco::position_bias& bias = {}) {
  derivatives out{std::vector<float>(scores.size()), std::vector<float>(scores.size())};
  for (std::int32_t q = 0; q < data.queries(); ++q) {
    const auto begin = static_cast<std::size_t>(data.begin_of(q)), n = static_cast<std::size_t>(data.size_of(q));
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), begin);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    std::vector<double> labels, g(n), h(n);
    for (const auto d : order) labels.push_back(double{data.labels()[d]});
    const bool pairwise = o.objective == ranking_objective::pairwise;
    if (!pairwise && o.target != lambda_target::ndcg)
      for (auto& label : labels) label = label > 0 ? 1 : 0;
    double sum = 0;
    for (std::size_t i = 0; i < n && i < static_cast<std::size_t>(o.truncation); ++i)
      for (std::size_t j = i + 1; j < n; ++j) {
        if (labels[i] == labels[j]) continue;
        const auto high = labels[i] > labels[j] ? i : j, low = i + j - high;
        auto swapped = labels;
        std::swap(swapped[i], swapped[j]);
        double weight =
            pairwise ? 1 : std::abs(metric(o.target, labels, o.truncation) - metric(o.target, swapped, o.truncation));
        const double apart = scores[order[high]] - scores[order[low]];
        const auto position = [&](std::size_t r) { return static_cast<std::size_t>(data.positions()[order[r]]); };
        if (!bias.clicked.empty()) weight /= bias.clicked[position(high)];
        if (!bias.unclicked.empty()) weight /= bias.unclicked[position(low)];
        if (o.normalize && scores[order[0]] != scores[order[n - 1]]) weight /= 0.01 + std::abs(apart);
        const double rho = 1 / (1 + std::exp(o.steepness * apart));
        g[high] -= o.steepness * weight * rho;
        g[low] += o.steepness * weight * rho;
        h[high] += o.steepness * o.steepness * weight * rho * (1 - rho);
        h[low] += o.steepness * o.steepness * weight * rho * (1 - rho);
        sum += 2 * o.steepness * weight * rho;
      }
    const double share = o.normalize && sum > 0 ? std::log2(1 + sum) / sum : 1;
    for (std::size_t r = 0; r < n; ++r) {
      const double w = data.weights().empty() ? 1 : double{data.weights()[order[r]]};
      out.g[order[r]] = static_cast<float>(g[r] * share * w);
      out.h[order[r]] = static_cast<float>(h[r] * share * w);
    }
  }
  return out;
}

void check_near(const derivatives& got, const derivatives& expected) {
  for (std::size_t d = 0; d < got.g.size(); ++d) {
    CAPTURE(d);
    REQUIRE_THAT(static_cast<double>(got.g[d]), WithinAbs(static_cast<double>(expected.g[d]), 2e-5));
    REQUIRE_THAT(static_cast<double>(got.h[d]), WithinAbs(static_cast<double>(expected.h[d]), 2e-5));
  }
}

/// Derivatives of a loss by central differences against what is computed.
template <class Loss>
void check_differences(const reco::ranking_data& data, const reco::objective_options& o, std::vector<double> scores,
                       Loss loss, bool second) {
  const auto got = compute(data, o, scores);
  for (std::size_t d = 0; d < scores.size(); d += 3) {
    const double at = scores[d], step = 1e-3, middle = loss(scores);
    scores[d] = at + step;
    const double up = loss(scores);
    scores[d] = at - step;
    const double down = loss(scores);
    scores[d] = at;
    REQUIRE_THAT(static_cast<double>(got.g[d]), WithinAbs((up - down) / (2 * step), 1e-4));
    if (second) REQUIRE_THAT(static_cast<double>(got.h[d]), WithinAbs((up - 2 * middle + down) / (step * step), 1e-3));
  }
}

}  // namespace

TEST_CASE("pairs are weighed by what swapping them does to the metric, as written out pair by pair") {
  const auto target = GENERATE(lambda_target::ndcg, lambda_target::map, lambda_target::mrr);
  const auto objective = GENERATE(ranking_objective::lambdarank, ranking_objective::pairwise);
  const bool normalize = GENERATE(true, false);
  const int truncation = GENERATE(1, 5, 100);
  const auto data = random_ranking({.queries = 25, .most_documents = 45, .features = 3});
  const reco::objective_options o{
      .objective = objective, .target = target, .truncation = truncation, .normalize = normalize, .steepness = 1.5};
  CAPTURE(static_cast<int>(target), static_cast<int>(objective), normalize, truncation);
  for (const bool ties : {false, true}) {
    const auto scores = random_scores(data, 1, ties);
    check_near(compute(data, o, scores), naive_pairs(data, o, scores));
  }
  const std::vector<double> level(static_cast<std::size_t>(data.documents()), 0.25);
  check_near(compute(data, o, level), naive_pairs(data, o, level));
}

TEST_CASE("a pair counts for more where its better document was shown at a place that few look at") {
  const auto plain = random_ranking({.queries = 25, .most_documents = 20, .features = 3});
  reco::document_notes notes;
  for (std::int32_t d = 0; d < plain.documents(); ++d) {
    notes.positions.push_back((d * 7) % 4);
    notes.weights.push_back(static_cast<float>(1 + d % 3));
  }
  const auto data = random_ranking({.queries = 25, .most_documents = 20, .features = 3}, notes);
  const reco::position_bias propensities{.clicked = {1, 0.5, 0.3, 0.2}}, both{{1, 0.5, 0.3, 0.2}, {1, 0.9, 0.8, 0.7}};
  const auto scores = random_scores(data, 2);
  for (const bool normalize : {true, false}) {
    const reco::objective_options o{.normalize = normalize};
    check_near(compute(data, o, scores, propensities), naive_pairs(data, o, scores, propensities));
    check_near(compute(data, o, scores, both), naive_pairs(data, o, scores, both));
  }
}

TEST_CASE("the bias of positions is the loss of their pairs, as written out pair by pair", "[concurrent]") {
  auto [x, sizes] = random_features({.queries = 150, .most_documents = 12, .features = 3});
  const auto n = static_cast<std::size_t>(x.rows());
  std::vector<float> clicks;
  reco::document_notes notes;
  for (std::size_t d = 0; d < n; ++d) {
    clicks.push_back(d * 5 % 7 < 3 ? 1.0F : 0.0F);
    notes.positions.push_back(static_cast<std::int32_t>(d % 6 == 5 ? 8 : d % 6));  // nothing at 5, 6 and 7
  }
  const reco::ranking_data data(reco::ranking_features(std::move(x)), clicks, sizes, notes);
  const auto scores = random_scores(data, 4);
  const reco::position_bias before{{1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.3},
                                   {1, 1, 0.9, 0.9, 0.8, 0.8, 0.7, 0.7, 0.6}};
  const auto objective = GENERATE(ranking_objective::lambdarank, ranking_objective::pairwise);
  const reco::objective_options o{.objective = objective, .truncation = 100, .steepness = 1.3};

  std::vector<double> clicked(9), unclicked(9);
  for (std::int32_t q = 0; q < data.queries(); ++q) {
    const auto begin = static_cast<std::size_t>(data.begin_of(q)),
               end = begin + static_cast<std::size_t>(data.size_of(q));
    const auto rank = [&](std::size_t d) {
      std::size_t r = 0;
      for (auto other = begin; other < end; ++other) r += scores[other] > scores[d];
      return static_cast<double>(r);
    };
    double ideal = 0, seen = 0;
    for (auto d = begin; d < end; ++d)
      if (clicks[d] > 0) ideal += 1 / std::log2(seen++ + 2);
    for (auto i = begin; i < end; ++i)
      for (auto j = begin; j < end; ++j) {
        if (!(clicks[i] > clicks[j])) continue;
        const double change = std::abs(1 / std::log2(rank(i) + 2) - 1 / std::log2(rank(j) + 2)) / ideal;
        const double loss = (objective == ranking_objective::pairwise ? 1 : change) *
                            std::log(1 + std::exp(o.steepness * (scores[j] - scores[i])));
        const auto p = static_cast<std::size_t>(notes.positions[i]), r = static_cast<std::size_t>(notes.positions[j]);
        clicked[p] += loss / before.unclicked[r];
        unclicked[r] += loss / before.clicked[p];
      }
  }
  for (const double regularization : {0.0, 1.0}) {
    const reco::objective_gradients gradients(data, o, before);
    const auto got = gradients.estimated_bias(scores, regularization);
    for (const std::size_t p : {0U, 1U, 2U, 3U, 4U, 8U}) {
      CHECK_THAT(got.clicked[p], WithinRel(std::pow(clicked[p] / clicked[0], 1 / (1 + regularization)), 1e-5));
      CHECK_THAT(got.unclicked[p], WithinRel(std::pow(unclicked[p] / unclicked[0], 1 / (1 + regularization)), 1e-5));
    }
    CHECK(got.clicked[6] == 0.45);  // no pairs
    reco::thread_pool pool(3);
    CHECK(gradients.estimated_bias(scores, regularization, pool) == got);
  }
}

TEST_CASE("gradients of pairs are those of the logistic loss, weights apart") {
  const auto data = random_ranking({.queries = 6, .most_documents = 12, .features = 3});
  const auto loss = [&](const std::vector<double>& s) {
    double sum = 0;
    for (std::int32_t q = 0; q < data.queries(); ++q)
      for (auto i = data.begin_of(q); i < data.begin_of(q) + data.size_of(q); ++i)
        for (auto j = data.begin_of(q); j < data.begin_of(q) + data.size_of(q); ++j) {
          const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
          if (data.labels()[a] > data.labels()[b]) sum += std::log1p(std::exp(-2 * (s[a] - s[b])));
        }
    return sum;
  };
  check_differences(data,
                    {.objective = ranking_objective::pairwise, .truncation = 100, .normalize = false, .steepness = 2},
                    random_scores(data, 3), loss, true);
}

TEST_CASE("squared error and logistic have the derivatives of their losses") {
  auto plain = random_ranking({.queries = 10, .most_documents = 10, .features = 3});
  std::vector<float> clicks(plain.labels().begin(), plain.labels().end());
  for (auto& c : clicks) c = c > 1 ? 1.0F : c / 4;
  std::vector<float> weights;
  for (std::size_t d = 0; d < clicks.size(); ++d) weights.push_back(static_cast<float>(d % 3));
  const reco::ranking_data data(plain.matrix_of_features(), clicks, {plain.documents()}, {.weights = weights});
  const auto scores = random_scores(data, 4);
  const auto sum = [&](auto one) {
    return [&, one](const std::vector<double>& s) {
      double all = 0;
      for (std::size_t d = 0; d < s.size(); ++d) all += double{weights[d]} * one(s[d], double{clicks[d]});
      return all;
    };
  };
  check_differences(data, {.objective = ranking_objective::squared_error}, scores,
                    sum([](double s, double y) { return (s - y) * (s - y) / 2; }), true);
  check_differences(data, {.objective = ranking_objective::logistic}, scores,
                    sum([](double s, double y) { return std::log1p(std::exp(s)) - y * s; }), true);
  // The first score is where the sum of gradients is 0.
  for (const auto o : {ranking_objective::squared_error, ranking_objective::logistic}) {
    const double first = reco::objective_gradients(data, {.objective = o}).first_score();
    const auto at = compute(data, {.objective = o}, std::vector<double>(scores.size(), first));
    double g = 0;
    for (const float v : at.g) g += double{v};
    CHECK_THAT(g, WithinAbs(0, 1e-4));
  }
}

TEST_CASE("cross entropy pulls scores to the softmax of the gains") {
  const auto data = random_ranking({.queries = 8, .most_documents = 15, .features = 3});
  const reco::objective_options o{.objective = ranking_objective::rank_xendcg, .seed = 5};
  const auto scores = random_scores(data, 5);
  const auto got = compute(data, o, scores);
  // The first term of the series is the derivative of the cross entropy; what it leaves out is small where scores are
  // even.
  for (std::int32_t q = 0; q < data.queries(); ++q) {
    const auto begin = static_cast<std::size_t>(data.begin_of(q)), n = static_cast<std::size_t>(data.size_of(q));
    double sum = 0, all_h = 0;
    for (auto d = begin; d < begin + n; ++d) sum += std::exp(scores[d]);
    for (auto d = begin; d < begin + n; ++d) {
      const double rho = std::exp(scores[d]) / sum;
      CHECK_THAT(static_cast<double>(got.h[d]), WithinAbs(n > 1 ? rho * (1 - rho) : 0, 1e-6));
      all_h += double{got.h[d]};
    }
    CHECK((n == 1 || all_h > 0));
  }
  CHECK(compute(data, o, scores).g == got.g);
  CHECK(compute(data, o, scores, {}, 1).g != got.g);  // other numbers are drawn
  const reco::objective_options other{.objective = ranking_objective::rank_xendcg, .seed = 6};
  CHECK(compute(data, other, scores).g != got.g);
  // At scores that are the logarithms of the target there is no pull, whatever the draw: of two documents, the better
  // one is pushed up from level scores.
  const reco::ranking_data two(reco::ranking_features(reco::matrix<float>{{0}, {1}}), {3, 0}, {2});
  const auto pull = compute(two, o, {0, 0});
  CHECK(pull.g[0] < 0);
  CHECK(pull.g[1] > 0);
}

TEST_CASE("a query of one document or of equal labels has no gradient") {
  const reco::ranking_data data(reco::ranking_features(reco::matrix<float>(6, 1).setZero()), {3, 1, 1, 1, 0, 0},
                                {1, 3, 2});
  for (const auto o : {ranking_objective::lambdarank, ranking_objective::pairwise}) {
    const auto got = compute(data, {.objective = o}, {5, 1, 2, 3, 4, 5});
    CHECK(got.g == std::vector<float>(6, 0.0F));
    CHECK(got.h == std::vector<float>(6, 0.0F));
  }
  CHECK(compute(data, {.objective = ranking_objective::rank_xendcg}, {5, 1, 2, 3, 4, 5}).g[0] == 0);
}

TEST_CASE("gradients have the same bits on any number of threads", "[concurrent]") {
  const auto data = random_ranking({.queries = 300, .most_documents = 30, .features = 3});
  const auto scores = random_scores(data, 6);
  for (const auto objective :
       {ranking_objective::lambdarank, ranking_objective::rank_xendcg, ranking_objective::logistic}) {
    if (objective == ranking_objective::logistic) continue;
    const auto expected = compute(data, {.objective = objective}, scores);
    for (const unsigned threads : {2U, 5U}) {
      reco::thread_pool pool(threads);
      const auto got = compute(data, {.objective = objective}, scores, {}, 0, pool);
      CHECK(got.g == expected.g);
      CHECK(got.h == expected.h);
    }
  }
}

TEST_CASE("labels and propensities that an objective has no meaning for are refused") {
  const reco::matrix<float> x = reco::matrix<float>::Zero(2, 1);
  const reco::ranking_data large(reco::ranking_features(x), {200, 0}, {2}), two(reco::ranking_features(x), {2, 0}, {2});
  CHECK_THROWS_WITH(reco::objective_gradients(large, {}),
                    "lambda_mart: query 0 has a label whose gain 2^label - 1 is beyond 1e30; use gain linear");
  CHECK_NOTHROW(reco::objective_gradients(large, {.gain = reco::label_gain::linear}));
  CHECK_THROWS_WITH(reco::objective_gradients(two, {.objective = ranking_objective::logistic}),
                    "lambda_mart: objective logistic needs labels in 0..1, document 0 has 2");
  CHECK_THROWS_WITH(reco::objective_gradients(two, {}, {.clicked = {1, 0}}),
                    "lambda_mart: the propensity of position 1 must be above 0 and at most 1, got 0");
  CHECK_THROWS_WITH(reco::objective_gradients(two, {}, {.clicked = {1, 0.5}}),
                    "lambda_mart: propensities need positions in the data");
  const reco::ranking_data shown(reco::ranking_features(x), {2, 0}, {2}, {.positions = {0, 7}});
  CHECK_THROWS_WITH(reco::objective_gradients(shown, {}, {.clicked = {1, 0.5}}),
                    "lambda_mart: position 7 has no propensity; there are 2");
}
