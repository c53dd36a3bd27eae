// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/random.hpp"
#include "reco/base/training.hpp"
#include "reco/ltr/linear_ranker.hpp"
#include "reco/ltr/mean_ndcg.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// How a linear ranker goes down the gradient of a loss over the documents of a query; shared by ranknet, listnet,
/// listmle.
struct gradient_descent {
  int epochs = 100;
  double learning_rate = 0.02;
  double regularization = 1e-4;
  int batch = 16;
  int early_stopping = 15;
  int stop_at = 10;
  std::uint64_t seed = 0;
};

/// Mini-batches of queries in random order, steps by Adam (Kingma and Ba, 2015). `gradient(scores, labels, out)` gives
/// the loss of one query and its derivatives by the scores; L = mean over queries + regularization |w|² / 2. With a
/// validation set the weights of the epoch best by NDCG@stop_at are kept, and `early_stopping` epochs without progress
/// end the fit (0: never). O(epochs documents features); same bits on any number of threads (it uses one).
template <class Gradient>
[[nodiscard]] linear_ranker descend(std::string_view who, const gradient_descent& how_far, const ranking_data& train,
                                    const ranking_data* validation, const training& how, Gradient gradient);

// ---------------------------------------------------------------------------------------------------

template <class Gradient>
linear_ranker descend(std::string_view who, const gradient_descent& o, const ranking_data& train,
                      const ranking_data* validation, const training& how, Gradient gradient) {
  if (validation != nullptr && validation->features() != train.features())
    detail::fail_argument(std::string(who) + ": the validation set must have " + detail::to_text(train.features()) +
                          " features as the training set, got " + detail::to_text(validation->features()));
  const auto start = std::chrono::steady_clock::now();
  auto scale = feature_scale::of(train.matrix_of_features());
  const matrix<double> x = standardised(train.matrix_of_features(), scale);
  matrix<double> x_valid;
  if (validation != nullptr) x_valid = standardised(validation->matrix_of_features(), scale);

  const Eigen::Index features = train.features();
  column<double> w = column<double>::Zero(features), first = w, second = w, slope(features), best = w;
  std::vector<double> scores, by_score;
  std::vector<std::int32_t> order(static_cast<std::size_t>(train.queries()));
  std::iota(order.begin(), order.end(), 0);
  random_engine random(o.seed);
  fit_report report{.converged = false};
  double best_ndcg = -1;
  int since_best = 0;
  std::int64_t steps = 0;
  const double queries = std::max(1.0, static_cast<double>(train.queries()));
  while (report.epochs < o.epochs && !report.stopped && !report.converged) {
    shuffle(random, std::span(order));
    double loss = 0;
    for (std::size_t begin = 0; begin < order.size(); begin += static_cast<std::size_t>(o.batch)) {
      const auto end = std::min(order.size(), begin + static_cast<std::size_t>(o.batch));
      slope = o.regularization * w;
      for (std::size_t n = begin; n < end; ++n) {
        const auto from = train.begin_of(order[n]), size = train.size_of(order[n]);
        const auto rows = x.middleRows(from, size);
        scores.resize(static_cast<std::size_t>(size));
        by_score.assign(scores.size(), 0);
        Eigen::Map<column<double>>(scores.data(), size).noalias() = rows * w;
        loss += gradient(std::span<const double>(scores),
                         train.labels().subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(size)),
                         std::span<double>(by_score));
        slope.noalias() += rows.transpose() * Eigen::Map<const column<double>>(by_score.data(), size) /
                           static_cast<double>(end - begin);
      }
      // m <- b1 m + (1 - b1) g   v <- b2 v + (1 - b2) g²   w <- w - rate m^ / (sqrt v^ + eps)
      constexpr double b1 = 0.9, b2 = 0.999, tiny = 1e-8;
      ++steps;
      first = b1 * first + (1 - b1) * slope;
      second = b2 * second + (1 - b2) * slope.cwiseAbs2();
      const double unbias1 = 1 - std::pow(b1, static_cast<double>(steps)),
                   unbias2 = 1 - std::pow(b2, static_cast<double>(steps));
      w.array() -= o.learning_rate * (first.array() / unbias1) / ((second.array() / unbias2).sqrt() + tiny);
    }
    ++report.epochs;
    report.loss.push_back(loss / queries + o.regularization * w.squaredNorm() / 2);
    if (!w.allFinite())
      detail::fail_number(std::string(who) + ": weights were no longer finite in epoch " +
                          detail::to_text(report.epochs) + "; learning_rate is too large");
    if (validation != nullptr) {
      const column<double> s = x_valid * w;
      const double ndcg = mean_ndcg(*validation, {s.data(), static_cast<std::size_t>(s.size())}, o.stop_at);
      since_best = ndcg > best_ndcg ? 0 : since_best + 1;
      if (ndcg > best_ndcg) {
        best_ndcg = ndcg;
        best = w;
      }
      report.converged = o.early_stopping > 0 && since_best >= o.early_stopping;
    }
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (how.observer) how.observer({report.epochs, o.epochs, report.loss.back(), report.seconds});
    report.stopped = how.stop.stop_requested();
  }
  if (validation != nullptr) w = best;
  return {std::move(scale), std::vector<double>(w.data(), w.data() + features), 0, std::move(report)};
}

}  // namespace reco
